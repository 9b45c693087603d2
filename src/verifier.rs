//! A verifier: one policy, and the keys that go with it. How a token is judged is in [`crate::pipeline`].

use alloc::sync::Arc;

use crate::crypto::{self, Engine};
use crate::error::Error;
use crate::key_store::{KeyStore, KeysChanged};
use crate::options::{Options, TokenUse};
use crate::pipeline::Judgement;
use crate::policy::{KeySource, Policy};
use crate::prelude::*;
use crate::refresh::Fetch;
use crate::report::Report;
use crate::requirement::Requirement;
use crate::signature::{SignatureAnswer, SignatureRequest};
use crate::token::AccessToken;

/// What to do after a call of [`Verifier::verify`] that refused nothing.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Outcome {
    /// The token is valid and meets the requirement.
    Accepted(Arc<AccessToken>),
    /// Keys are to be loaded.
    NeedKeys {
        /// `true`: perform (or await) the fetch, then call again. `false`: start the fetch, and call again at once: the
        /// keys in hand still serve.
        wait: bool,
        /// The fetch to perform, and to report with [`Verifier::keys_fetched`] or [`Verifier::keys_failed`]. `None`:
        /// one is under way; call again when it has been reported.
        fetch: Option<u64>,
    },
    /// The engine leaves signatures to the host: check this one, then call [`Verifier::verify_answered`].
    NeedSignature(Box<SignatureRequest>),
}

pub(crate) fn need_keys(Fetch { wait, id }: Fetch) -> Outcome {
    Outcome::NeedKeys { wait, fetch: id }
}

/// Verifies tokens by one policy. Does no I/O and reads no clock; may be shared between threads.
pub struct Verifier {
    policy: Policy,
    keys: KeyStore,
}

impl core::fmt::Debug for Verifier {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Verifier")
            .field("policy", &self.policy)
            .field("engine", &self.keys.engine().name())
            .finish_non_exhaustive()
    }
}

impl Verifier {
    /// A verifier with the default signature engine.
    ///
    /// # Errors
    /// `config_invalid`, with the reason as the hint.
    pub fn new(options: &Options) -> Result<Self, Error> {
        Self::with_engine(options, crypto::default_engine())
    }

    /// A verifier with a given signature engine.
    ///
    /// # Errors
    /// As [`Verifier::new`].
    pub fn with_engine(options: &Options, engine: &'static dyn Engine) -> Result<Self, Error> {
        let policy = Policy::new(options)?;
        Ok(Self { keys: KeyStore::new(&policy, engine)?, policy })
    }

    /// Where the host has to fetch the key set; `None` with a fixed one.
    pub fn jwks_uri(&self) -> Option<&str> {
        match &self.policy.key_source {
            KeySource::Remote { jwks_uri } => Some(jwks_uri),
            KeySource::Fixed { .. } => None,
        }
    }

    /// Judges a token at the time `now_ms` (milliseconds since the epoch).
    ///
    /// # Errors
    /// The refusal; `config_invalid` when the requirement's organization does not go with the permission model.
    pub fn verify(&self, token: &str, requirement: &Requirement, now_ms: u64) -> Result<Outcome, Error> {
        self.verify_answered(token, requirement, now_ms, None)
    }

    /// [`Verifier::verify`] after the host has answered [`Outcome::NeedSignature`] for this very token.
    ///
    /// # Errors
    /// As [`Verifier::verify`].
    pub fn verify_answered(
        &self,
        token: &str,
        requirement: &Requirement,
        now_ms: u64,
        answer: Option<&SignatureAnswer<'_>>,
    ) -> Result<Outcome, Error> {
        let judgement = Judgement { policy: &self.policy, keys: &self.keys, token, requirement, now_ms, answer };
        judgement.outcome()
    }

    /// The same steps as [`Verifier::verify`], all of them, each with what it saw. The inner `Err` asks for keys or for a
    /// signature as `verify` does.
    ///
    /// # Errors
    /// `config_invalid` for a requirement that does not go with the permission model.
    pub fn explain(
        &self,
        token: &str,
        requirement: &Requirement,
        now_ms: u64,
    ) -> Result<Result<Report, Outcome>, Error> {
        self.explain_answered(token, requirement, now_ms, None)
    }

    /// [`Verifier::explain`] after the host has answered [`Outcome::NeedSignature`] for this very token.
    ///
    /// # Errors
    /// As [`Verifier::explain`].
    pub fn explain_answered(
        &self,
        token: &str,
        requirement: &Requirement,
        now_ms: u64,
        answer: Option<&SignatureAnswer<'_>>,
    ) -> Result<Result<Report, Outcome>, Error> {
        let judgement = Judgement { policy: &self.policy, keys: &self.keys, token, requirement, now_ms, answer };
        judgement.report()
    }

    /// Whether this verifier, which has accepted `token` before, would accept it again now: the same checks but for
    /// those whose result cannot have changed as long as the key set is the same. `false` may also mean that only a full
    /// verification can tell.
    #[cfg(not(all(feature = "module", target_arch = "wasm32")))]
    pub(crate) fn still_accepts(&self, token: &AccessToken, requirement: &Requirement, now_ms: u64) -> bool {
        self.still_accepts_in(token, requirement, requirement.organization.as_deref(), now_ms)
    }

    /// [`Verifier::still_accepts`] with the organization apart from the rest of the requirement.
    pub(crate) fn still_accepts_in(
        &self,
        token: &AccessToken,
        requirement: &Requirement,
        organization: Option<&str>,
        now_ms: u64,
    ) -> bool {
        organization == token.organization_id.as_deref()
            && requirement.nonce.is_none()
            && self.keys.settled_generation(now_ms) == Some(token.generation)
            && token.times.check(&self.policy, now_ms as f64 / 1000.0).is_ok()
            && requirement.missing(&self.policy.implied, &token.scopes).is_empty()
    }

    /// Judges the scopes of a token that was accepted before, by another requirement; only its scopes count here.
    ///
    /// # Errors
    /// `scope_insufficient`.
    pub fn check_scopes(&self, requirement: &Requirement, granted: &[String]) -> Result<(), Error> {
        requirement.check_scopes(&self.policy.implied, granted)
    }

    /// Loads the key set before the first token comes. `None` when a set is in hand.
    ///
    /// # Errors
    /// `keys_unavailable` when it is too early for another attempt.
    pub fn preload(&self, now_ms: u64) -> Result<Option<Outcome>, Error> {
        Ok(self.keys.preload(now_ms)?.map(need_keys))
    }

    /// Reports the answer to a fetch: the body of the JWKS document.
    ///
    /// # Errors
    /// `keys_unavailable` when the document is no usable key set; that counts as a failed fetch.
    pub fn keys_fetched(&self, fetch: u64, document: &[u8], now_ms: u64) -> Result<KeysChanged, Error> {
        self.keys.fetched(fetch, document, now_ms)
    }

    /// Reports that a fetch failed: no answer, a status other than 200, a redirect, too large, too late.
    pub fn keys_failed(&self, fetch: u64, now_ms: u64) {
        self.keys.failed(fetch, now_ms);
    }

    /// Whether a key set fetched at `fetched_at_ms` would be within its TTL: an older one must not decide before the issuer
    /// was asked. `false` with a fixed key set.
    pub fn would_be_fresh(&self, fetched_at_ms: u64, now_ms: u64) -> bool {
        self.keys.would_be_fresh(fetched_at_ms, now_ms)
    }

    /// Puts back a key set that was fetched at `fetched_at_ms`, so that a new instance need not fetch it again.
    ///
    /// # Errors
    /// `keys_unavailable` when the document is no usable key set.
    pub fn restore_keys(&self, document: &[u8], fetched_at_ms: u64, now_ms: u64) -> Result<(), Error> {
        self.keys.restore(document, fetched_at_ms, now_ms)
    }

    /// Which kind of token this verifier takes.
    pub fn token_use(&self) -> TokenUse {
        self.policy.token_use
    }
}
