//! `explain`: what each step of the pipeline saw. The steps are those of a verification, run to the end instead of to
//! the first refusal.

use crate::error::{Error, ErrorCode};
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
    /// The reason, when it failed.
    pub code: Option<ErrorCode>,
    /// What was there.
    pub seen: Option<String>,
    /// What should have been there.
    pub expected: Option<String>,
    /// What to look at first, when it failed.
    pub hint: Option<String>,
}

/// Every step of a verification. Contains claims, never the token or its signature.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// The refusal, exactly as `verify` gives it; `None` when the token is accepted.
    pub error: Option<Error>,
    /// All steps, in order.
    pub steps: Vec<StepReport>,
    /// The protected header's JSON text, unverified unless the signature step passed.
    pub header: Option<String>,
    /// The payload's JSON text, unverified unless the signature step passed.
    pub claims: Option<String>,
}

impl Report {
    /// The report as JSON, as every host language shows it.
    pub fn to_json(&self) -> String {
        let mut wire = json::Object::new();
        wire.text("verdict", if self.error.is_none() { "accepted" } else { "refused" });
        wire.optional("code", self.error.as_ref().map(|error| error.code().as_str()));
        wire.raw("error", self.error.as_ref().map(Error::to_json).as_deref().unwrap_or("null"));
        wire.raw("steps", &json::list(self.steps.iter().map(StepReport::to_json)));
        // The header has been read as JSON; the payload need not be any.
        wire.raw("header", self.header.as_deref().unwrap_or("null"));
        wire.optional("claims", self.claims.as_deref());
        wire.finish()
    }
}

impl StepReport {
    fn new(step: Step, status: StepStatus, seen: Option<String>) -> Self {
        Self { step, status, code: None, seen, expected: None, hint: None }
    }

    /// A step that passed, and what was there; an empty text says nothing.
    pub(crate) fn passed(step: Step, seen: String) -> Self {
        Self::new(step, StepStatus::Pass, Some(seen).filter(|seen| !seen.is_empty()))
    }

    pub(crate) fn not_reached(step: Step) -> Self {
        Self::new(step, StepStatus::NotReached, None)
    }

    pub(crate) fn failed(step: Step, error: &Error) -> Self {
        let seen = match (error.claim(), error.actual_value()) {
            (Some(claim), actual) => Some(concat(&[claim, ": ", actual.unwrap_or("(none)")])),
            (None, actual) => actual.map(str::to_owned),
        };
        Self {
            code: Some(error.code()),
            expected: error.expected_value().map(str::to_owned),
            hint: Some(error.hint().to_owned()),
            ..Self::new(step, StepStatus::Fail, seen)
        }
    }

    fn to_json(&self) -> String {
        let mut wire = json::Object::new();
        wire.text("step", self.step.name());
        wire.text("status", self.status.name());
        wire.optional("code", self.code.map(ErrorCode::as_str));
        wire.optional("seen", self.seen.as_deref());
        wire.optional("expected", self.expected.as_deref());
        wire.optional("hint", self.hint.as_deref());
        wire.finish()
    }
}
