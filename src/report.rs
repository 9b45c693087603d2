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
const STEPS: [(Step, &str); 18] = [
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
    fn new(step: Step, status: StepStatus) -> Self {
        Self { step, status, code: None, seen: None, expected: None, hint: None }
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

/// Watches the pipeline. For `verify` it lets the first refusal end the run; for `explain` it writes everything down
/// and lets the run go on as far as it can.
#[derive(Default)]
pub(crate) struct Recorder(Option<Report>);

impl Recorder {
    pub(crate) fn fail_fast() -> Self {
        Self(None)
    }

    pub(crate) fn collecting() -> Self {
        Self(Some(Report { error: None, steps: Vec::new(), header: None, claims: None }))
    }

    /// Takes the result of a step. `Ok(None)` happens only while collecting: the step failed, and the run goes on.
    pub(crate) fn check<T>(
        &mut self,
        step: Step,
        result: Result<T, Error>,
        seen: impl FnOnce(&T) -> String,
    ) -> Result<Option<T>, Error> {
        match result {
            Ok(value) => {
                if self.0.is_some() {
                    self.passed(step, seen(&value));
                }
                Ok(Some(value))
            }
            Err(error) => self.failed(step, error).map(|()| None),
        }
    }

    fn passed(&mut self, step: Step, seen: String) {
        let Some(report) = &mut self.0 else { return };
        let seen = Some(seen).filter(|seen| !seen.is_empty());
        report.steps.push(StepReport { seen, ..StepReport::new(step, StepStatus::Pass) });
    }

    fn failed(&mut self, step: Step, error: Error) -> Result<(), Error> {
        let Some(report) = &mut self.0 else { return Err(error) };
        report.steps.push(StepReport {
            code: Some(error.code()),
            seen: match (error.claim(), error.actual_value()) {
                (Some(claim), Some(actual)) => Some(concat(&[claim, ": ", actual])),
                (Some(claim), None) => Some(concat(&[claim, ": (none)"])),
                (None, actual) => actual.map(str::to_owned),
            },
            expected: error.expected_value().map(str::to_owned),
            hint: Some(error.hint().to_owned()),
            ..StepReport::new(step, StepStatus::Fail)
        });
        report.error.get_or_insert(error);
        Ok(())
    }

    pub(crate) fn header(&mut self, text: &str) {
        if let Some(report) = &mut self.0 {
            report.header = Some(text.to_owned());
        }
    }

    pub(crate) fn claims(&mut self, payload: &[u8]) {
        if let Some(report) = &mut self.0 {
            report.claims = core::str::from_utf8(payload).ok().map(str::to_owned);
        }
    }

    /// The report, with a row for every step.
    pub(crate) fn finish(self) -> Option<Report> {
        let mut report = self.0?;
        let mut recorded = core::mem::take(&mut report.steps);
        report.steps = STEPS
            .into_iter()
            .map(|(step, _)| match recorded.iter().position(|row| row.step == step) {
                Some(index) => recorded.swap_remove(index),
                None => StepReport::new(step, StepStatus::NotReached),
            })
            .collect();
        Some(report)
    }
}
