//! Where a verifier's keys are: a fixed set, or one that the host keeps fetching.

use alloc::sync::Arc;

use crate::algorithm::{Algorithm, AllowList};
use crate::crypto::Engine;
use crate::error::{Error, ErrorCode};
use crate::jwk::PublicKey;
use crate::keys::{KeySet, NoKey, RejectedKey};
use crate::lock::Lock;
use crate::policy::{KeySource, Policy};
use crate::prelude::*;
use crate::refresh::{Fetch, KeyCache, Keys, UnknownKid};
use crate::text::{concat, joined};

/// What a fetched key set brought.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeysChanged {
    /// Whether the set differs from the one before.
    pub changed: bool,
    /// How many different sets there have been.
    pub generation: u64,
    /// How many keys are usable.
    pub keys: usize,
    /// Keys that were set aside.
    pub rejected: Vec<RejectedKey>,
}

/// The keys of one verifier.
pub(crate) struct KeyStore {
    engine: &'static dyn Engine,
    algorithms: AllowList,
    source: Source,
}

enum Source {
    Fixed(Arc<KeySet>),
    Remote(Lock<KeyCache>),
}

/// What a look for a key came to.
pub(crate) enum KeyLookup {
    /// The key, and the generation of the set that it is from.
    Found(Arc<PublicKey>, u64),
    Fetch(Fetch),
}

impl KeyStore {
    pub(crate) fn new(policy: &Policy, engine: &'static dyn Engine) -> Result<Self, Error> {
        let algorithms = policy.algorithms.clone();
        let source = match &policy.key_source {
            KeySource::Remote { .. } => Source::Remote(Lock::new(KeyCache::new(&policy.key_refresh))),
            KeySource::Fixed { jwks } => {
                let set = KeySet::from_option(jwks, engine)?;
                if !set.usable_with(&algorithms) {
                    return Err(Error::config(no_usable_key("jwks", &set)));
                }
                Source::Fixed(Arc::new(set))
            }
        };
        Ok(Self { engine, algorithms, source })
    }

    pub(crate) fn engine(&self) -> &'static dyn Engine {
        self.engine
    }

    /// The key for a token, or what has to be fetched first.
    pub(crate) fn find(&self, kid: Option<&str>, algorithm: &Algorithm, now: u64) -> Result<KeyLookup, Error> {
        let cache = match &self.source {
            Source::Fixed(set) => {
                return set
                    .select(kid, algorithm)
                    .map(|key| KeyLookup::Found(Arc::clone(key), 0))
                    .map_err(NoKey::into_error);
            }
            Source::Remote(cache) => cache,
        };
        let mut cache = cache.lock();
        let set = match cache.acquire(Some(kid.unwrap_or_default()), now) {
            Keys::Ready(set) => set,
            Keys::Fetch(fetch) => return Ok(KeyLookup::Fetch(fetch)),
            Keys::Unavailable { retry_after_ms } => return Err(unavailable(retry_after_ms)),
        };
        match set.select(kid, algorithm) {
            Ok(key) => Ok(KeyLookup::Found(Arc::clone(key), cache.generation())),
            Err(mismatch @ NoKey::Mismatch(_)) => Err(mismatch.into_error()),
            Err(NoKey::Unknown) => match cache.unknown_kid(kid.unwrap_or_default(), now) {
                UnknownKid::Fetch(fetch) => Ok(KeyLookup::Fetch(fetch)),
                UnknownKid::NotFound => Err(NoKey::Unknown.into_error()),
                UnknownKid::Unavailable { retry_after_ms } => Err(unavailable(retry_after_ms)),
            },
        }
    }

    /// Which set would serve at this time without any fetch being due: what was verified with the same set before need
    /// not look for its key again. `None` sends the caller to [`KeyStore::find`].
    pub(crate) fn settled_generation(&self, now: u64) -> Option<u64> {
        match &self.source {
            Source::Fixed(_) => Some(0),
            Source::Remote(cache) => cache.lock().settled_generation(now),
        }
    }

    /// What to do so that a set is in hand; `None` when one is.
    pub(crate) fn preload(&self, now: u64) -> Result<Option<Fetch>, Error> {
        let Source::Remote(cache) = &self.source else { return Ok(None) };
        match cache.lock().acquire(None, now) {
            Keys::Ready(_) => Ok(None),
            Keys::Fetch(fetch) => Ok(Some(fetch)),
            Keys::Unavailable { retry_after_ms } => Err(unavailable(retry_after_ms)),
        }
    }

    pub(crate) fn fetched(&self, fetch: u64, document: &[u8], now: u64) -> Result<KeysChanged, Error> {
        let cache = self.remote()?;
        let previous = cache.lock().current().cloned();
        // Outside the lock: building tables takes a while, and other threads go on with the old set.
        let imported = self.import(document, previous.as_deref());
        let mut cache = cache.lock();
        match imported {
            Ok(set) => {
                let before = cache.generation();
                let (keys, rejected) = (set.keys().len(), set.rejected().to_vec());
                cache.fetched(fetch, set, now);
                let generation = cache.generation();
                Ok(KeysChanged { changed: generation != before, generation, keys, rejected })
            }
            Err(error) => {
                cache.failed(fetch, now);
                Err(error)
            }
        }
    }

    pub(crate) fn failed(&self, fetch: u64, now: u64) {
        if let Source::Remote(cache) = &self.source {
            cache.lock().failed(fetch, now);
        }
    }

    pub(crate) fn restore(&self, document: &[u8], fetched_at: u64, now: u64) -> Result<(), Error> {
        let cache = self.remote()?;
        let previous = cache.lock().current().cloned();
        let set = self.import(document, previous.as_deref())?;
        cache.lock().restore(set, fetched_at, now);
        Ok(())
    }

    /// Whether a set that was fetched then may be taken for what the issuer has now.
    pub(crate) fn would_be_fresh(&self, fetched_at: u64, now: u64) -> bool {
        matches!(&self.source, Source::Remote(cache) if cache.lock().would_be_fresh(fetched_at, now))
    }

    fn remote(&self) -> Result<&Lock<KeyCache>, Error> {
        match &self.source {
            Source::Remote(cache) => Ok(cache),
            Source::Fixed(_) => Err(Error::config("jwks: a fixed key set is never fetched.")),
        }
    }

    fn import(&self, document: &[u8], previous: Option<&KeySet>) -> Result<KeySet, Error> {
        let set = KeySet::import(document, self.engine, previous)?;
        if !set.usable_with(&self.algorithms) {
            return Err(Error::new(ErrorCode::KeysUnavailable).actual(&no_usable_key("the JWKS", &set)));
        }
        Ok(set)
    }
}

fn no_usable_key(what: &str, set: &KeySet) -> String {
    let mut reasons = set.rejected().iter().map(|key| key.reason.reason());
    match reasons.len() {
        0 => concat(&[what, " has no key for an allowed algorithm."]),
        _ => concat(&[what, " has no usable key: ", &joined(&mut reasons, "; "), "."]),
    }
}

fn unavailable(retry_after_ms: u64) -> Error {
    Error::new(ErrorCode::KeysUnavailable).with_retry_after(retry_after_ms.div_ceil(1000).max(1))
}
