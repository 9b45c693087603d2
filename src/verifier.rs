//! The pipeline: a token goes through [`Verifier::run`] from top to bottom.

use alloc::sync::Arc;

use crate::claims::Claims;
use crate::crypto::{self, Engine};
use crate::error::{Error, ErrorCode};
use crate::jws::{Header, Parts};
use crate::key_store::{KeyLookup, KeyStore, KeysChanged};
use crate::options::{Options, TokenUse};
use crate::organization;
use crate::policy::{KeySource, Policy};
use crate::prelude::*;
use crate::refresh::Fetch;
use crate::report::{Recorder, Report, Step};
use crate::requirement::Requirement;
use crate::scope::ScopeRequirement;
use crate::signature::{self, SignatureAnswer, SignatureRequest};
use crate::text;
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

fn bytes(length: usize) -> String {
    text::concat(&[&text::decimal(length as u64), " bytes"])
}

fn need_keys(Fetch { wait, id }: Fetch) -> Outcome {
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
        // Without an outcome there was a failure, which only a collecting recorder lets pass.
        self.run(token, requirement, now_ms, answer, &mut Recorder::fail_fast())?.ok_or(ErrorCode::Internal.into())
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
        let mut recorder = Recorder::collecting();
        match self.run(token, requirement, now_ms, answer, &mut recorder)? {
            Some(need @ (Outcome::NeedKeys { .. } | Outcome::NeedSignature(_))) => Ok(Err(need)),
            _ => recorder.finish().map(Ok).ok_or_else(|| ErrorCode::Internal.into()),
        }
    }

    fn run(
        &self,
        token: &str,
        requirement: &Requirement,
        now_ms: u64,
        answer: Option<&SignatureAnswer<'_>>,
        recorder: &mut Recorder,
    ) -> Result<Option<Outcome>, Error> {
        let policy = &self.policy;
        let organization = requirement.organization.as_deref();
        organization::check_requirement(policy.model, organization)?;
        if requirement.nonce.is_some() && policy.token_use == TokenUse::Access {
            return Err(Error::config("nonce: access tokens have none."));
        }

        // Limits and compact serialization.
        recorder.check(Step::Length, self.check_length(token), |()| bytes(token.len()))?;
        if token.len() > policy.max_token_length {
            return Ok(None);
        }
        let Some(parts) = recorder.check(Step::Structure, Parts::parse(token), |_| String::new())? else {
            return Ok(None);
        };

        // Protected header, key, signature.
        let generation = match self.check_signature(&parts, now_ms, answer, recorder)? {
            Ok(generation) => generation,
            Err(need) => return Ok(Some(need)),
        };

        // Claims.
        recorder.claims(&parts.payload);
        let Some(claims) = recorder.check(Step::Payload, Claims::parse(&parts.payload), |_| String::new())? else {
            return Ok(None);
        };
        let issuer = recorder.check(Step::Issuer, claims.issuer(&policy.issuers), |issuer| (*issuer).to_owned())?;
        let audience = claims.audience().and_then(|audience| {
            organization::check_audience(&policy.audience, organization, &audience).map(|()| audience)
        });
        let audience = recorder.check(Step::Audience, audience, |audience| text::list(audience))?;
        let subject = claims.subject().and_then(|subject| Ok((subject, claims.token_id()?)));
        let subject = recorder.check(Step::Subject, subject, |(subject, _)| (*subject).to_owned())?;
        let client = self.check_client(&claims, audience.as_deref(), requirement.nonce.as_deref());
        let client_id = recorder.check(Step::Client, client, Clone::clone)?;
        let now = now_ms as f64 / 1000.0;
        let times = claims
            .times(policy.token_use == TokenUse::Id || policy.max_token_age.is_some())
            .and_then(|times| times.check(policy, now).map(|()| times));
        let times = recorder.check(Step::Time, times, |times| {
            text::concat(&["exp: ", &times.exp.text, " (in ", &text::decimal((times.exp.seconds - now) as u64), " s)"])
        })?;
        recorder.check(Step::Confirmation, claims.check_confirmation(), |()| String::new())?;
        let actor =
            recorder.check(Step::Actor, claims.actor(policy.actor), |actor| actor.unwrap_or_default().to_owned())?;

        // Organization and scopes.
        let member = claims
            .organization_id()
            .and_then(|found| organization::check_organization_id(policy.model, organization, found));
        recorder.check(Step::Organization, member, |()| organization.unwrap_or_default().to_owned())?;
        let scopes = claims.scopes().and_then(|granted| self.check_scopes(requirement, &granted).map(|()| granted));
        let scopes = recorder.check(Step::Scope, scopes, |granted| text::joined_with(granted, " "))?;

        let (
            Some(issuer),
            Some(audience),
            Some((subject, token_id)),
            Some(client_id),
            Some(times),
            Some(actor),
            Some(scopes),
        ) = (issuer, audience, subject, client_id, times, actor, scopes)
        else {
            return Ok(None);
        };
        Ok(Some(Outcome::Accepted(Arc::new(AccessToken {
            subject: subject.to_owned(),
            client_id,
            token_id: token_id.map(str::to_owned),
            scopes,
            // Both models that take an organization have just compared the token with it.
            organization_id: organization.map(str::to_owned),
            actor: actor.map(str::to_owned),
            issuer: issuer.to_owned(),
            audience,
            times,
            hazard: claims.hazard,
            generation,
            payload: claims.text.to_owned(),
        }))))
    }

    /// The steps of JWS (RFC 7515 §5.2). Returns the generation of the key set, or what the host has to do first.
    fn check_signature(
        &self,
        parts: &Parts<'_>,
        now_ms: u64,
        answer: Option<&SignatureAnswer<'_>>,
        recorder: &mut Recorder,
    ) -> Result<Result<u64, Outcome>, Error> {
        let Some(header) = recorder.check(Step::Header, Header::parse(&parts.header), |_| String::new())? else {
            return Ok(Ok(0));
        };
        recorder.header(&parts.header);
        let found = |value: Option<&str>| value.unwrap_or("(none)").to_owned();
        recorder.check(Step::Type, self.check_type(&header), |()| found(header.typ.as_deref()))?;
        let algorithm = header.check_algorithm(&self.policy.algorithms);
        let algorithm = recorder.check(Step::Algorithm, algorithm, |row| row.name.to_owned())?;
        recorder.check(Step::Critical, header.check_critical(), |()| String::new())?;
        let Some(algorithm) = algorithm else { return Ok(Ok(0)) };

        let key = match self.keys.find(header.kid.as_deref(), algorithm, now_ms) {
            Ok(KeyLookup::Fetch(fetch)) => return Ok(Err(need_keys(fetch))),
            Ok(KeyLookup::Found(key, generation)) => Ok((key, generation)),
            Err(error) => Err(error),
        };
        let key = recorder.check(Step::Key, key, |(key, _)| {
            text::concat(&[&key.description(), " (kid ", key.kid().unwrap_or("none"), ")"])
        })?;
        let Some((key, generation)) = key else { return Ok(Ok(0)) };
        match signature::check(&key, algorithm, parts.signing_input, &parts.signature, answer) {
            Ok(verdict) => recorder.check(Step::Signature, verdict, |()| algorithm.name.to_owned())?,
            Err(question) => return Ok(Err(Outcome::NeedSignature(Box::new(question)))),
        };
        Ok(Ok(generation))
    }

    fn check_length(&self, token: &str) -> Result<(), Error> {
        if token.len() <= self.policy.max_token_length {
            return Ok(());
        }
        Err(Error::new(ErrorCode::TokenTooLarge)
            .expected(bytes(self.policy.max_token_length))
            .actual(bytes(token.len())))
    }

    fn check_type(&self, header: &Header<'_>) -> Result<(), Error> {
        match (self.policy.token_use, &self.policy.typ) {
            // Logto's ID tokens have `typ: JWT` before 1.42, and none since.
            (TokenUse::Id, _) if header.typ.is_none() => Ok(()),
            (TokenUse::Id, _) => header.check_type("JWT"),
            (TokenUse::Access, Some(expected)) => header.check_type(expected),
            (TokenUse::Access, None) => Ok(()),
        }
    }

    fn check_client(
        &self,
        claims: &Claims<'_>,
        audience: Option<&[String]>,
        nonce: Option<&str>,
    ) -> Result<String, Error> {
        match self.policy.token_use {
            TokenUse::Access => claims.client(self.policy.client_ids.as_deref()).map(str::to_owned),
            TokenUse::Id => {
                let crate::policy::Audience::OneOf(own) = &self.policy.audience else {
                    return Err(ErrorCode::Internal.into());
                };
                let client_id = own.first().map(String::as_str).unwrap_or_default();
                claims.id_token_party(audience.unwrap_or_default(), client_id)?;
                claims.check_nonce(nonce)?;
                Ok(client_id.to_owned())
            }
        }
    }

    /// Whether this verifier, which has accepted `token` before, would accept it again now: the same checks but for
    /// those whose result cannot have changed as long as the key set is the same. `false` may also mean that only a full
    /// verification can tell.
    #[cfg(not(feature = "module"))]
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
            && requirement.scopes.as_ref().is_none_or(|scopes| self.missing(scopes, &token.scopes).is_empty())
    }

    fn missing<'r>(&self, required: &'r ScopeRequirement, granted: &[String]) -> Vec<&'r str> {
        required.missing(&|scope| self.policy.implied.has(granted, scope))
    }

    /// Judges the scopes of a token that was accepted before, by another requirement; only its scopes count here.
    ///
    /// # Errors
    /// `scope_insufficient`.
    pub fn check_scopes(&self, requirement: &Requirement, granted: &[String]) -> Result<(), Error> {
        let Some(required) = &requirement.scopes else { return Ok(()) };
        let missing = self.missing(required, granted);
        if missing.is_empty() {
            return Ok(());
        }
        let missing: Vec<String> = missing.into_iter().map(str::to_owned).collect();
        Err(Error::new(ErrorCode::ScopeInsufficient)
            .with_claim("scope")
            .expected(text::joined_with(&missing, " "))
            .actual(text::joined_with(granted, " "))
            .with_missing(missing))
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
