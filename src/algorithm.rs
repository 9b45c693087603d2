//! One row per JWS algorithm (RFC 7518 §3.1, RFC 8037 §3.1). Everything below is handed a row and lists no names again.

use core::fmt;

use crate::prelude::*;
use crate::text;
pub use scopegate_kernels::{Curve, Hash};

/// How a signature is made, and with which kind of key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Family {
    /// RSASSA-PKCS1-v1_5.
    RsaPkcs1,
    /// RSASSA-PSS with MGF1 over the same hash and a salt as long as the hash (RFC 7518 §3.5).
    RsaPss,
    /// ECDSA; the signature is r ‖ s, each as long as the field.
    Ecdsa(Curve),
    /// Ed25519 (RFC 8032).
    Ed25519,
}

/// A JWS algorithm. Symmetric ones and `none` do not exist here.
#[derive(Debug, PartialEq, Eq)]
pub struct Algorithm {
    /// The `alg` value.
    pub name: &'static str,
    /// How the signature is made.
    pub family: Family,
    /// The message's hash; Ed25519 hashes by itself, with SHA-512.
    pub hash: Hash,
    /// Whether the algorithm is allowed unless `algorithms` says otherwise.
    pub default: bool,
}

const fn row(name: &'static str, family: Family, hash: Hash, default: bool) -> Algorithm {
    Algorithm { name, family, hash, default }
}

/// Every algorithm there is. Defaults: what a Logto tenant can issue (ES384 unless an administrator changed it).
pub static ALGORITHMS: [Algorithm; 10] = [
    row("ES384", Family::Ecdsa(Curve::P384), Hash::Sha384, true),
    row("RS256", Family::RsaPkcs1, Hash::Sha256, true),
    row("ES256", Family::Ecdsa(Curve::P256), Hash::Sha256, true),
    row("ES512", Family::Ecdsa(Curve::P521), Hash::Sha512, true),
    row("PS256", Family::RsaPss, Hash::Sha256, true),
    row("RS384", Family::RsaPkcs1, Hash::Sha384, false),
    row("RS512", Family::RsaPkcs1, Hash::Sha512, false),
    row("PS384", Family::RsaPss, Hash::Sha384, false),
    row("PS512", Family::RsaPss, Hash::Sha512, false),
    row("EdDSA", Family::Ed25519, Hash::Sha512, false),
];

impl Algorithm {
    /// The algorithm with exactly this `alg` value.
    pub fn from_name(name: &str) -> Option<&'static Algorithm> {
        ALGORITHMS.iter().find(|algorithm| algorithm.name == name)
    }
}

impl fmt::Display for Algorithm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}

/// The allow-list of a verifier.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct AllowList(Vec<&'static Algorithm>);

impl Default for AllowList {
    fn default() -> Self {
        Self(ALGORITHMS.iter().filter(|algorithm| algorithm.default).collect())
    }
}

impl AllowList {
    /// Fails with the first name that is no algorithm of the table.
    pub(crate) fn from_names<'a>(names: &[&'a str]) -> Result<Self, &'a str> {
        let mut list = Vec::new();
        for name in names {
            list.push(Algorithm::from_name(name).ok_or(*name)?);
        }
        Ok(Self(list))
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(crate) fn find(&self, name: &str) -> Option<&'static Algorithm> {
        self.0.iter().copied().find(|algorithm| algorithm.name == name)
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &'static Algorithm> {
        self.0.iter().copied()
    }

    pub(crate) fn names(&self) -> String {
        text::joined(&mut self.iter().map(|algorithm| algorithm.name), ", ")
    }
}
