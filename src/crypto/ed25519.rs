//! Ed25519 (RFC 8032) by ed25519-dalek, in its strict form: S < L, and neither the key nor R of small order, so that
//! every implementation that accepts a signature here accepts it alike.

use ed25519_dalek::{Signature, VerifyingKey as Ed25519Key};

use super::{Verdict, VerifyingKey};
use crate::algorithm::Algorithm;

pub(super) fn import(x: &[u8; 32]) -> Option<Box<dyn VerifyingKey>> {
    let key = Ed25519Key::from_bytes(x).ok().filter(|key| !key.is_weak())?;
    Some(Box::new(Key(key)))
}

struct Key(Ed25519Key);

impl VerifyingKey for Key {
    fn verify(&self, _: &'static Algorithm, message: &[u8], signature: &[u8]) -> Verdict {
        Signature::from_slice(signature).is_ok_and(|signature| self.0.verify_strict(message, &signature).is_ok()).into()
    }
}
