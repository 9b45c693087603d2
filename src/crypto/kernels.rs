//! The default engine: signature kernels that import a key once, with everything that can be computed beforehand, and
//! then verify in variable time. Everything they see is public.

use scopegate_kernels::ecdsa::EcdsaKey;
use scopegate_kernels::ed25519::Ed25519Key;
use scopegate_kernels::rsa::{RsaKey, RsaScheme};

use super::{Engine, KeyMaterial, Verdict, VerifyingKey};
use crate::algorithm::{Algorithm, Family};
use crate::prelude::*;

/// scopegate's own kernels.
#[derive(Clone, Copy, Debug)]
pub struct Kernels;

impl Engine for Kernels {
    fn name(&self) -> &'static str {
        "kernels"
    }

    fn import(&self, material: &KeyMaterial) -> Option<Box<dyn VerifyingKey>> {
        match material {
            KeyMaterial::Ec { curve, x, y } => Some(Box::new(EcdsaKey::new(*curve, x, y)?)),
            KeyMaterial::Rsa { n, e } => Some(Box::new(RsaKey::new(n, e)?)),
            KeyMaterial::Ed25519 { x } => Some(Box::new(Ed25519Key::new(x)?)),
        }
    }
}

impl VerifyingKey for EcdsaKey {
    fn verify(&self, algorithm: &'static Algorithm, message: &[u8], signature: &[u8]) -> Verdict {
        self.verify_digest(&algorithm.hash.digest(message), signature).into()
    }

    fn table_bytes(&self) -> usize {
        EcdsaKey::table_bytes(self)
    }
}

impl VerifyingKey for RsaKey {
    fn verify(&self, algorithm: &'static Algorithm, message: &[u8], signature: &[u8]) -> Verdict {
        let scheme = match algorithm.family {
            Family::RsaPkcs1 => RsaScheme::Pkcs1,
            Family::RsaPss => RsaScheme::Pss,
            _ => return Verdict::Invalid,
        };
        RsaKey::verify(self, scheme, algorithm.hash, &algorithm.hash.digest(message), signature).into()
    }
}

impl VerifyingKey for Ed25519Key {
    fn verify(&self, _: &'static Algorithm, message: &[u8], signature: &[u8]) -> Verdict {
        Ed25519Key::verify(self, message, signature).into()
    }

    fn table_bytes(&self) -> usize {
        Ed25519Key::table_bytes(self)
    }
}
