//! `explain`: what each step of the pipeline saw. The steps are those of a verification, run to the end instead of to
//! the first refusal.

use serde::Serialize;
use serde_json::value::RawValue;

use crate::error::{Error, ErrorCode};

/// The steps, in the order in which they run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
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

const STEPS: [Step; 18] = [
    Step::Length,
    Step::Structure,
    Step::Header,
    Step::Type,
    Step::Algorithm,
    Step::Critical,
    Step::Key,
    Step::Signature,
    Step::Payload,
    Step::Issuer,
    Step::Audience,
    Step::Subject,
    Step::Client,
    Step::Time,
    Step::Confirmation,
    Step::Actor,
    Step::Organization,
    Step::Scope,
];

/// How a step ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum StepStatus {
    /// As it should be.
    Pass,
    /// A reason to refuse.
    Fail,
    /// Could not be looked at, because of an earlier failure.
    NotReached,
}

/// One step of a [`Report`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct StepReport {
    /// Which step.
    pub step: Step,
    /// How it ended.
    pub status: StepStatus,
    /// The reason, when it failed.
    #[serde(serialize_with = "code_name")]
    pub code: Option<ErrorCode>,
    /// What was there.
    pub seen: Option<String>,
    /// What should have been there.
    pub expected: Option<String>,
    /// What to look at first, when it failed.
    pub hint: Option<String>,
}

fn code_name<S: serde::Serializer>(code: &Option<ErrorCode>, serializer: S) -> Result<S::Ok, S::Error> {
    code.map(ErrorCode::as_str).serialize(serializer)
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
        #[derive(Serialize)]
        struct Wire<'a> {
            verdict: &'static str,
            code: Option<&'static str>,
            error: Option<&'a Error>,
            steps: &'a [StepReport],
            header: Option<&'a RawValue>,
            claims: Option<&'a str>,
        }
        let wire = Wire {
            verdict: if self.error.is_none() { "accepted" } else { "refused" },
            code: self.error.as_ref().map(|error| error.code().as_str()),
            error: self.error.as_ref(),
            steps: &self.steps,
            header: self.header.as_deref().and_then(|text| serde_json::from_str(text).ok()),
            claims: self.claims.as_deref(),
        };
        serde_json::to_string(&wire).unwrap_or_default()
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
        let Some(report) = &mut self.0 else { return result.map(Some) };
        let mut row = StepReport { step, status: StepStatus::Pass, code: None, seen: None, expected: None, hint: None };
        match result {
            Ok(value) => {
                row.seen = Some(seen(&value)).filter(|seen| !seen.is_empty());
                report.steps.push(row);
                Ok(Some(value))
            }
            Err(error) => {
                row.status = StepStatus::Fail;
                row.code = Some(error.code());
                row.seen = match (error.claim(), error.actual_value()) {
                    (Some(claim), Some(actual)) => Some(format!("{claim}: {actual}")),
                    (Some(claim), None) => Some(format!("{claim}: (none)")),
                    (None, actual) => actual.map(str::to_owned),
                };
                row.expected = error.expected_value().map(str::to_owned);
                row.hint = Some(error.hint().to_owned());
                report.steps.push(row);
                report.error.get_or_insert(error);
                Ok(None)
            }
        }
    }

    pub(crate) fn header(&mut self, text: &str) {
        if let Some(report) = &mut self.0 {
            report.header = Some(text.to_owned());
        }
    }

    pub(crate) fn claims(&mut self, payload: &[u8]) {
        if let Some(report) = &mut self.0 {
            report.claims = std::str::from_utf8(payload).ok().map(str::to_owned);
        }
    }

    /// The report, with a row for every step.
    pub(crate) fn finish(self) -> Option<Report> {
        let mut report = self.0?;
        let mut recorded = std::mem::take(&mut report.steps);
        report.steps = STEPS
            .into_iter()
            .map(|step| match recorded.iter().position(|row| row.step == step) {
                Some(index) => recorded.swap_remove(index),
                None => StepReport {
                    step,
                    status: StepStatus::NotReached,
                    code: None,
                    seen: None,
                    expected: None,
                    hint: None,
                },
            })
            .collect();
        Some(report)
    }
}
