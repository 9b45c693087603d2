//! The reference engine: RustCrypto through `jsonwebtoken`, and its `p521` and `rsa` crates for what that leaves out
//! (P-521, and RSA moduli over 4096 bits), and ed25519-dalek in its strict form (S < L, neither the key nor R of small
//! order). Slow, widely reviewed, and the oracle that other engines are tested against.

use jsonwebtoken::crypto::rust_crypto::DEFAULT_PROVIDER;
use jsonwebtoken::{Algorithm as JwtAlgorithm, DecodingKey};
use p521::ecdsa::signature::Verifier;
use rsa_reference::{BigUint, RsaPublicKey};
use sha2_reference::{Sha256, Sha384, Sha512};

use super::{Engine, KeyMaterial, Verdict, VerifyingKey};
use crate::algorithm::{Algorithm, Curve, Family, Hash};
use crate::base64url;
use crate::prelude::*;

/// The largest modulus that `jsonwebtoken`'s RSA takes, in bytes.
const JSONWEBTOKEN_RSA_MAX: usize = 512;

/// RustCrypto as a signature engine.
#[derive(Clone, Copy, Debug)]
pub struct Reference;

enum Key {
    Jwt(DecodingKey),
    LargeRsa(RsaPublicKey),
    P521(p521::ecdsa::VerifyingKey),
    Ed25519(ed25519_dalek::VerifyingKey),
}

impl Engine for Reference {
    fn name(&self) -> &'static str {
        "reference"
    }

    fn import(&self, material: &KeyMaterial) -> Option<Box<dyn VerifyingKey>> {
        let key = match material {
            KeyMaterial::Ed25519 { x } => {
                Key::Ed25519(ed25519_dalek::VerifyingKey::from_bytes(x).ok().filter(|key| !key.is_weak())?)
            }
            KeyMaterial::Ec { curve: Curve::P521, x, y } => {
                let point: Vec<u8> = [&[4], x.as_slice(), y.as_slice()].concat();
                Key::P521(p521::ecdsa::VerifyingKey::from_sec1_bytes(&point).ok()?)
            }
            KeyMaterial::Ec { curve, x, y } => {
                let key = DecodingKey::from_ec_components(&base64url::encode(x), &base64url::encode(y)).ok()?;
                let algorithm = if *curve == Curve::P256 { JwtAlgorithm::ES256 } else { JwtAlgorithm::ES384 };
                (DEFAULT_PROVIDER.verifier_factory)(&algorithm, &key).ok()?;
                Key::Jwt(key)
            }
            KeyMaterial::Rsa { n, e } if n.len() <= JSONWEBTOKEN_RSA_MAX => {
                Key::Jwt(DecodingKey::from_rsa_raw_components(n, e))
            }
            KeyMaterial::Rsa { n, e } => {
                let (n, e) = (BigUint::from_bytes_be(n), BigUint::from_bytes_be(e));
                Key::LargeRsa(RsaPublicKey::new_with_max_size(n, e, 8192).ok()?)
            }
        };
        Some(Box::new(key))
    }
}

impl VerifyingKey for Key {
    fn verify(&self, algorithm: &'static Algorithm, message: &[u8], signature: &[u8]) -> Verdict {
        self.holds(algorithm, message, signature).into()
    }
}

impl Key {
    fn holds(&self, algorithm: &'static Algorithm, message: &[u8], signature: &[u8]) -> bool {
        match self {
            Key::Jwt(key) => {
                let Ok(name) = algorithm.name.parse::<JwtAlgorithm>() else { return false };
                let Ok(verifier) = (DEFAULT_PROVIDER.verifier_factory)(&name, key) else { return false };
                verifier.verify(message, &signature.to_vec()).is_ok()
            }
            Key::P521(key) => p521::ecdsa::Signature::from_slice(signature)
                .is_ok_and(|signature| key.verify(message, &signature).is_ok()),
            Key::Ed25519(key) => ed25519_dalek::Signature::from_slice(signature)
                .is_ok_and(|signature| key.verify_strict(message, &signature).is_ok()),
            Key::LargeRsa(key) => match algorithm.hash {
                Hash::Sha256 => verify_large_rsa::<Sha256>(key, algorithm, message, signature),
                Hash::Sha384 => verify_large_rsa::<Sha384>(key, algorithm, message, signature),
                Hash::Sha512 => verify_large_rsa::<Sha512>(key, algorithm, message, signature),
            },
        }
    }
}

fn verify_large_rsa<H>(key: &RsaPublicKey, algorithm: &Algorithm, message: &[u8], signature: &[u8]) -> bool
where
    H: sha2_reference::Digest
        + sha2_reference::digest::DynDigest
        + rsa_reference::pkcs8::AssociatedOid
        + Send
        + Sync
        + 'static,
{
    let digest = H::digest(message);
    match algorithm.family {
        Family::RsaPkcs1 => key.verify(rsa_reference::Pkcs1v15Sign::new::<H>(), &digest, signature).is_ok(),
        Family::RsaPss => key.verify(rsa_reference::Pss::new::<H>(), &digest, signature).is_ok(),
        _ => false,
    }
}
