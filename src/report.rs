//! `explain`: what each step of the pipeline saw. The steps are those of a verification, run to the end instead of to
//! the first refusal.

use crate::error::Error;
use crate::json;
use crate::prelude::*;
use crate::text::concat;

/// The steps, in the order in which they run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Step {
    /// The token is not longer than the limit.
    Length,
    /// Three strict base64url segments.
    Structure,
    /// The protected header is a strict JSON object.
    Header,
    /// `typ`.
    Type,
    /// `alg` is on the allow-list.
    Algorithm,
    /// No critical extension.
    Critical,
    /// A key of the issuer fits.
    Key,
    /// The signature holds.
    Signature,
    /// The payload is a strict JSON object.
    Payload,
    /// `iss`.
    Issuer,
    /// `aud`.
    Audience,
    /// `sub`.
    Subject,
    /// `client_id` (for ID tokens: `azp` and `nonce`).
    Client,
    /// `exp`, `nbf`, `iat`.
    Time,
    /// `cnf`.
    Confirmation,
    /// `act`.
    Actor,
    /// `organization_id`.
    Organization,
    /// `scope`.
    Scope,
}

/// Every step with its name, in their order.
pub(crate) const STEPS: [(Step, &str); 18] = [
    (Step::Length, "length"),
    (Step::Structure, "structure"),
    (Step::Header, "header"),
    (Step::Type, "type"),
    (Step::Algorithm, "algorithm"),
    (Step::Critical, "critical"),
    (Step::Key, "key"),
    (Step::Signature, "signature"),
    (Step::Payload, "payload"),
    (Step::Issuer, "issuer"),
    (Step::Audience, "audience"),
    (Step::Subject, "subject"),
    (Step::Client, "client"),
    (Step::Time, "time"),
    (Step::Confirmation, "confirmation"),
    (Step::Actor, "actor"),
    (Step::Organization, "organization"),
    (Step::Scope, "scope"),
];

impl Step {
    /// The name, such as `"issuer"`.
    pub fn name(self) -> &'static str {
        STEPS.iter().find(|(step, _)| *step == self).map_or("", |(_, name)| name)
    }
}

/// How a step ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum StepStatus {
    /// As it should be.
    Pass,
    /// A reason to refuse.
    Fail,
    /// Could not be looked at, because of an earlier failure.
    NotReached,
}

impl StepStatus {
    /// The name, such as `"not_reached"`.
    pub fn name(self) -> &'static str {
        match self {
            StepStatus::Pass => "pass",
            StepStatus::Fail => "fail",
            StepStatus::NotReached => "not_reached",
        }
    }
}

/// One step of a [`Report`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StepReport {
    /// Which step.
    pub step: Step,
    /// How it ended.
    pub status: StepStatus,
    /// What was there.
    pub seen: Option<String>,
    /// The reason, when it failed: with what should have been there, and what to look at first.
    pub error: Option<Error>,
}

/// Every step of a verification. Contains claims, never the token or its signature.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// All steps, in order.
    pub steps: Vec<StepReport>,
    /// The protected header's JSON text, unverified unless the signature step passed.
    pub header: Option<String>,
    /// The payload's JSON text, unverified unless the signature step passed.
    pub claims: Option<String>,
}

impl Report {
    /// The refusal, exactly as `verify` gives it; `None` when the token is accepted.
    pub fn error(&self) -> Option<&Error> {
        self.steps.iter().find_map(|row| row.error.as_ref())
    }

    /// The report as JSON, as every host language shows it.
    pub fn to_json(&self) -> String {
        let error = self.error();
        let mut wire = json::Object::new();
        wire.text("verdict", if error.is_none() { "accepted" } else { "refused" });
        wire.optional("code", error.map(|error| error.code().as_str()));
        wire.raw("error", error.map(Error::to_json).as_deref().unwrap_or("null"));
        wire.raw("steps", &json::list(self.steps.iter().map(StepReport::to_json)));
        // The header has been read as JSON; the payload need not be any.
        wire.raw("header", self.header.as_deref().unwrap_or("null"));
        wire.optional("claims", self.claims.as_deref());
        wire.finish()
    }
}

impl StepReport {
    /// A step and how it ended; an empty text says nothing of what it saw.
    pub(crate) fn new(step: Step, status: StepStatus, seen: String) -> Self {
        Self { step, status, seen: Some(seen).filter(|seen| !seen.is_empty()), error: None }
    }

    pub(crate) fn failed(step: Step, error: Error) -> Self {
        let actual = error.actual_value();
        let seen = match error.claim() {
            Some(claim) => concat(&[claim, ": ", actual.unwrap_or("(none)")]),
            None => actual.unwrap_or_default().to_owned(),
        };
        Self { error: Some(error), ..Self::new(step, StepStatus::Fail, seen) }
    }

    fn to_json(&self) -> String {
        let error = self.error.as_ref();
        let mut wire = json::Object::new();
        wire.text("step", self.step.name());
        wire.text("status", self.status.name());
        wire.optional("code", error.map(|error| error.code().as_str()));
        wire.optional("seen", self.seen.as_deref());
        wire.optional("expected", error.and_then(Error::expected_value));
        wire.optional("hint", error.map(Error::hint));
        wire.finish()
    }
}
