//! A key set (RFC 7517 §5) and the choice of the key for a token.

use alloc::sync::Arc;

use crate::algorithm::{Algorithm, AllowList};
use crate::crypto::{self, Engine};
use crate::error::{Error, ErrorCode};
use crate::json;
use crate::jwk::{Jwk, PublicKey, Unusable};
use crate::prelude::*;
use crate::text::concat;

/// Longest JWKS document that is read, in bytes.
pub const MAX_JWKS_BYTES: usize = 512 * 1024;
/// Most keys that a JWKS may hold.
pub const MAX_KEYS: usize = 64;

/// A key that was set aside, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RejectedKey {
    /// The key's id, where it could be read.
    pub kid: Option<String>,
    /// What is wrong with it.
    pub reason: Unusable,
}

/// The usable keys of a JWKS. Bad keys are set aside without losing the good ones.
#[derive(Debug, Default)]
pub struct KeySet {
    keys: Vec<Arc<PublicKey>>,
    rejected: Vec<RejectedKey>,
}

/// Why no key was chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NoKey {
    /// No key has this `kid`, or none fits a token without one: a refresh may help.
    Unknown,
    /// The key is there but cannot be used for this token.
    Mismatch(&'static str),
}

impl NoKey {
    pub(crate) fn into_error(self) -> Error {
        match self {
            NoKey::Unknown => ErrorCode::KeyNotFound.into(),
            NoKey::Mismatch(reason) => Error::new(ErrorCode::KeyMismatch).with_claim("kid").actual(reason),
        }
    }
}

impl KeySet {
    /// Reads a JWKS document with the default signature engine.
    ///
    /// # Errors
    /// `keys_unavailable`, with the reason as [`Error::actual_value`], when the document is too long, is not a JWKS, or
    /// holds more than [`MAX_KEYS`] keys.
    pub fn from_json(document: &[u8]) -> Result<Self, Error> {
        Self::import(document, crypto::default_engine(), None)
    }

    /// Reads a key set that was given as an option, for a signature engine.
    ///
    /// # Errors
    /// `config_invalid`, with the reason in the hint, for what [`KeySet::from_json`] refuses.
    pub fn from_option(jwks: &str, engine: &dyn Engine) -> Result<Self, Error> {
        Self::import(jwks.as_bytes(), engine, None)
            .map_err(|error| Error::config(concat(&["jwks: ", error.actual_value().unwrap_or_default(), "."])))
    }

    /// Keys that `previous` holds already are taken over from it: their tables need not be built again.
    pub(crate) fn import(document: &[u8], engine: &dyn Engine, previous: Option<&KeySet>) -> Result<Self, Error> {
        let unusable = |reason: &str| Error::new(ErrorCode::KeysUnavailable).actual(reason);
        if document.len() > MAX_JWKS_BYTES {
            return Err(unusable("the JWKS is larger than 512 KiB"));
        }
        let text = core::str::from_utf8(document).map_err(|_| unusable("the JWKS is not UTF-8"))?;
        let members = json::outline(text).ok_or_else(|| unusable("the JWKS is not a JSON object"))?;
        let texts =
            members.get("keys").and_then(json::array).ok_or_else(|| unusable("the JWKS has no array \"keys\""))?;
        if texts.len() > MAX_KEYS {
            return Err(unusable("the JWKS holds more than 64 keys"));
        }
        let mut set = KeySet::default();
        for text in texts {
            set.add(text, engine, previous);
        }
        Ok(set)
    }

    fn add(&mut self, text: &str, engine: &dyn Engine, previous: Option<&KeySet>) {
        let imported = Jwk::parse(text).and_then(|jwk| {
            // The same key listed twice is one key, and no reason to call its kid ambiguous.
            if self.keys.iter().any(|key| key.is(&jwk)) {
                return Ok(None);
            }
            if let Some(known) = previous.and_then(|set| set.keys.iter().find(|key| key.is(&jwk))) {
                return Ok(Some(Arc::clone(known)));
            }
            let kid = jwk.kid.clone();
            jwk.import(engine).map(|key| Some(Arc::new(key))).map_err(|reason| (kid, reason))
        });
        match imported {
            Ok(key) => self.keys.extend(key),
            Err((kid, reason)) => self.rejected.push(RejectedKey { kid, reason }),
        }
    }

    /// The usable keys.
    pub fn keys(&self) -> impl ExactSizeIterator<Item = &PublicKey> {
        self.keys.iter().map(AsRef::as_ref)
    }

    /// The keys that were set aside.
    pub fn rejected(&self) -> &[RejectedKey] {
        &self.rejected
    }

    pub(crate) fn has_kid(&self, kid: &str) -> bool {
        self.keys().any(|key| key.kid() == Some(kid)) || self.rejected.iter().any(|key| key.kid.as_deref() == Some(kid))
    }

    /// Whether both hold the same keys in the same order.
    pub(crate) fn same_keys(&self, other: &KeySet) -> bool {
        self.keys.len() == other.keys.len() && self.keys.iter().zip(&other.keys).all(|(a, b)| Arc::ptr_eq(a, b))
    }

    /// Whether any key could verify a token of an allowed algorithm.
    pub(crate) fn usable_with(&self, allowed: &AllowList) -> bool {
        self.keys().any(|key| key.fits_any(allowed))
    }

    /// The key for a token: by `kid`, or without one the only key that fits the algorithm.
    pub(crate) fn select(&self, kid: Option<&str>, algorithm: &Algorithm) -> Result<&Arc<PublicKey>, NoKey> {
        let named = |key: &&Arc<PublicKey>| kid.is_none_or(|kid| key.kid() == Some(kid));
        let mut fitting = self.keys.iter().filter(named).filter(|key| key.fits(algorithm));
        match (fitting.next(), fitting.next()) {
            (Some(key), None) => Ok(key),
            (Some(_), Some(_)) => Err(NoKey::Mismatch(match kid {
                Some(_) => "several keys of the set bear this kid",
                None => "the token names no kid, and several keys fit",
            })),
            (None, _) => Err(match kid {
                Some(kid) if self.keys().any(|key| key.kid() == Some(kid)) => {
                    NoKey::Mismatch("the key is for another algorithm")
                }
                Some(kid) => self
                    .rejected
                    .iter()
                    .find(|key| key.kid.as_deref() == Some(kid))
                    .map_or(NoKey::Unknown, |key| NoKey::Mismatch(key.reason.reason())),
                None => NoKey::Unknown,
            }),
        }
    }
}
