//! The pipeline: a token goes through [`Run::pass`] from top to bottom, one [`Step`] after another. `verify` ends with the
//! first refusal, `explain` takes every step that the failures before it leave something to look at.

use alloc::sync::Arc;
use core::cell::OnceCell;

use crate::algorithm::Algorithm;
use crate::claims::Claims;
use crate::error::{Error, ErrorCode};
use crate::jwk::PublicKey;
use crate::jws::{Header, Parts};
use crate::key_store::{KeyLookup, KeyStore};
use crate::options::TokenUse;
use crate::organization;
use crate::policy::{Audience, Policy};
use crate::prelude::*;
use crate::report::{Report, STEPS, Step, StepReport, StepStatus};
use crate::requirement::Requirement;
use crate::signature::{self, SignatureAnswer};
use crate::text::{self, concat, decimal};
use crate::token::AccessToken;
use crate::verifier::{Outcome, need_keys};

/// What is judged, and by what.
#[derive(Clone, Copy)]
pub(crate) struct Judgement<'j> {
    pub(crate) policy: &'j Policy,
    pub(crate) keys: &'j KeyStore,
    pub(crate) token: &'j str,
    pub(crate) requirement: &'j Requirement,
    /// Milliseconds since the epoch.
    pub(crate) now_ms: u64,
    /// What the host said of the signature.
    pub(crate) answer: Option<&'j SignatureAnswer<'j>>,
}

impl<'j> Judgement<'j> {
    /// The first refusal, or what there is to do.
    pub(crate) fn outcome(self) -> Result<Outcome, Error> {
        let parts = OnceCell::new();
        let mut run = self.start(&parts)?;
        for (step, _) in STEPS {
            let passed = run.pass(step)?;
            if let Some(need) = run.need {
                return Ok(need);
            }
            if !passed {
                // Never: only after a failure is a step not reached.
                return Err(ErrorCode::Internal.into());
            }
        }
        Ok(Outcome::Accepted(Arc::new(run.accepted)))
    }

    /// What each step saw; the inner `Err` is what has to be done first.
    pub(crate) fn report(self) -> Result<Result<Report, Outcome>, Error> {
        let parts = OnceCell::new();
        let mut run = self.start(&parts)?;
        let mut report = Report { steps: Vec::new(), header: None, claims: None };
        for (step, _) in STEPS {
            let passed = run.pass(step);
            if let Some(need) = run.need {
                return Ok(Err(need));
            }
            report.steps.push(match passed {
                Ok(true) => StepReport::new(step, StepStatus::Pass, run.seen(step)),
                Ok(false) => StepReport::new(step, StepStatus::NotReached, String::new()),
                Err(error) => StepReport::failed(step, error),
            });
        }
        if let Some(parts) = parts.get() {
            report.header = run.header.is_some().then(|| parts.header.clone());
            report.claims = core::str::from_utf8(&parts.payload).ok().map(str::to_owned);
        }
        Ok(Ok(report))
    }

    /// Fails for a requirement that no token could meet.
    fn start<'p>(self, parts: &'p OnceCell<Parts<'j>>) -> Result<Run<'j, 'p>, Error> {
        let Self { policy, requirement, .. } = self;
        organization::check_requirement(policy.model, requirement.organization.as_deref())?;
        if requirement.nonce.is_some() && policy.token_use == TokenUse::Access {
            return Err(Error::config("nonce: access tokens have none."));
        }
        let accepted = AccessToken::default();
        Ok(Run { judged: self, parts, header: None, algorithm: None, key: None, claims: None, need: None, accepted })
    }
}

/// How far a token has come.
struct Run<'j, 'p> {
    judged: Judgement<'j>,
    parts: &'p OnceCell<Parts<'j>>,
    header: Option<Header<'p>>,
    algorithm: Option<&'static Algorithm>,
    key: Option<Arc<PublicKey>>,
    claims: Option<Claims<'p>>,
    /// What the host has to do before this step can be taken.
    need: Option<Outcome>,
    /// What the steps have found. It is a token when all of them have passed.
    accepted: AccessToken,
}

impl Run<'_, '_> {
    /// Takes a step. `false`: an earlier failure has left nothing to look at.
    fn pass(&mut self, step: Step) -> Result<bool, Error> {
        let Judgement { policy, keys, token, requirement, now_ms, answer } = self.judged;
        let organization = requirement.organization.as_deref();
        let accepted = &mut self.accepted;

        // Limits and compact serialization.
        if step == Step::Length {
            return check_length(token, policy.max_token_length).map(|()| true);
        }
        if step == Step::Structure && token.len() <= policy.max_token_length {
            let parts = Parts::parse(token)?;
            return Ok(self.parts.set(parts).is_ok());
        }
        let Some(parts) = self.parts.get() else { return Ok(false) };

        // Protected header, key, signature (RFC 7515 §5.2).
        match (step, &self.header, self.algorithm, &self.key) {
            (Step::Header, ..) => self.header = Some(Header::parse(&parts.header)?),
            (Step::Type, Some(header), ..) => check_type(header, policy)?,
            (Step::Algorithm, Some(header), ..) => self.algorithm = Some(header.check_algorithm(&policy.algorithms)?),
            (Step::Critical, Some(header), ..) => header.check_critical()?,
            (Step::Key, Some(header), Some(algorithm), _) => {
                match keys.find(header.kid.as_deref(), algorithm, now_ms)? {
                    KeyLookup::Fetch(fetch) => self.need = Some(need_keys(fetch)),
                    KeyLookup::Found(key, generation) => {
                        self.key = Some(key);
                        accepted.generation = generation;
                    }
                }
            }
            (Step::Signature, _, Some(algorithm), Some(key)) => {
                match signature::check(key, algorithm, parts.signing_input, &parts.signature, answer) {
                    Ok(verdict) => verdict?,
                    Err(question) => self.need = Some(Outcome::NeedSignature(Box::new(question))),
                }
            }
            (Step::Payload, ..) => {
                let claims = Claims::parse(&parts.payload)?;
                #[cfg(not(all(feature = "wasm", target_arch = "wasm32")))]
                {
                    accepted.payload = claims.text.to_owned();
                }
                accepted.hazard = claims.hazard();
                self.claims = Some(claims);
            }
            _ => return self.pass_claims(step, organization),
        }
        Ok(true)
    }

    /// The steps that look at claims, organization and scopes.
    fn pass_claims(&mut self, step: Step, organization: Option<&str>) -> Result<bool, Error> {
        let Judgement { policy, requirement, now_ms, .. } = self.judged;
        let accepted = &mut self.accepted;
        let Some(claims) = &self.claims else { return Ok(false) };
        match step {
            Step::Issuer => accepted.issuer = claims.issuer(&policy.issuers)?,
            Step::Audience => {
                accepted.audience = claims.audience()?;
                organization::check_audience(&policy.audience, organization, &accepted.audience)?;
            }
            Step::Subject => {
                accepted.subject = claims.subject()?;
                accepted.token_id = claims.token_id()?;
            }
            Step::Client => accepted.client_id = client(claims, policy, &accepted.audience, requirement)?,
            Step::Time => {
                accepted.times = claims.times(policy.token_use == TokenUse::Id || policy.max_token_age.is_some())?;
                accepted.times.check(policy, now_ms as f64 / 1000.0)?;
            }
            Step::Confirmation => claims.check_confirmation()?,
            Step::Actor => accepted.actor = claims.actor(policy.actor)?,
            Step::Organization => {
                organization::check_organization_id(policy.model, organization, claims.organization_id()?.as_deref())?;
                // Both models that take an organization have just compared the token with it.
                accepted.organization_id = organization.map(str::to_owned);
            }
            Step::Scope => {
                accepted.scopes = claims.scopes()?;
                requirement.check_scopes(&policy.implied, &accepted.scopes)?;
            }
            _ => return Ok(false),
        }
        Ok(true)
    }

    /// What a step that passed saw.
    fn seen(&self, step: Step) -> String {
        let accepted = &self.accepted;
        let found = |name: Option<&str>| name.unwrap_or_default().to_owned();
        match step {
            Step::Length => bytes(self.judged.token.len()),
            Step::Type => found(self.header.as_ref().map(|header| header.typ.as_deref().unwrap_or("(none)"))),
            Step::Algorithm | Step::Signature => found(self.algorithm.map(|algorithm| algorithm.name)),
            Step::Key => self.key.as_ref().map_or_else(String::new, |key| {
                concat(&[&key.description(), " (kid ", key.kid().unwrap_or("none"), ")"])
            }),
            Step::Issuer => accepted.issuer.clone(),
            Step::Audience => text::list(&accepted.audience),
            Step::Subject => accepted.subject.clone(),
            Step::Client => accepted.client_id.clone(),
            Step::Time => {
                let exp = &accepted.times.exp;
                let left = exp.seconds - self.judged.now_ms as f64 / 1000.0;
                concat(&["exp: ", &exp.text, " (in ", &decimal(left as u64), " s)"])
            }
            Step::Actor => found(accepted.actor()),
            Step::Organization => found(accepted.organization_id()),
            Step::Scope => text::joined_with(&accepted.scopes, " "),
            _ => String::new(),
        }
    }
}

fn bytes(length: usize) -> String {
    concat(&[&decimal(length as u64), " bytes"])
}

fn check_length(token: &str, most: usize) -> Result<(), Error> {
    if token.len() <= most {
        return Ok(());
    }
    Err(Error::new(ErrorCode::TokenTooLarge).expected(&bytes(most)).actual(&bytes(token.len())))
}

fn check_type(header: &Header<'_>, policy: &Policy) -> Result<(), Error> {
    match (policy.token_use, &policy.typ) {
        // Logto's ID tokens have `typ: JWT` before 1.42, and none since.
        (TokenUse::Id, _) if header.typ.is_none() => Ok(()),
        (TokenUse::Id, _) => header.check_type("JWT"),
        (TokenUse::Access, Some(expected)) => header.check_type(expected),
        (TokenUse::Access, None) => Ok(()),
    }
}

/// The application that the token is for, after it was checked that it may be.
fn client(
    claims: &Claims<'_>,
    policy: &Policy,
    audience: &[String],
    requirement: &Requirement,
) -> Result<String, Error> {
    match (policy.token_use, &policy.audience) {
        (TokenUse::Id, Audience::OneOf(own)) => {
            let client_id = own.first().map(String::as_str).unwrap_or_default();
            claims.id_token_party(audience, client_id)?;
            claims.check_nonce(requirement.nonce.as_deref())?;
            Ok(client_id.to_owned())
        }
        _ => claims.client(policy.client_ids.as_deref()),
    }
}
