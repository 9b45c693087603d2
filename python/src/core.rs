//! One verifier.

use std::borrow::Cow;
use std::sync::Arc;

use pyo3::prelude::*;
use pyo3::types::{PyFrozenSet, PyString};
use scopegate::options::TokenUse;
use scopegate::time::milliseconds;
use scopegate::{CachingVerifier, ErrorCode, Options, Outcome, Verifier};

use crate::refusal::{Judged, Refusal};
use crate::token::{AccessToken, IdToken};

/// What the host has to do before it asks again.
#[pyclass(frozen, get_all, module = "scopegate._core")]
pub struct KeysNeeded {
    /// Whether the verdict has to wait for the keys; otherwise asking again at once gives it.
    wait: bool,
    /// The fetch that the asker has to perform, or `None` when another one is under way.
    fetch: Option<u64>,
}

/// A compiled scope requirement.
#[pyclass(frozen, module = "scopegate._core")]
pub struct Requirement(scopegate::Requirement);

#[pymethods]
impl Requirement {
    /// Compiles JSON text: `null`, `"a"`, `["a", "b"]` (all of), `{"allOf": […]}` or `{"anyOf": […]}`.
    #[staticmethod]
    fn compile(text: &str) -> Judged<Self> {
        scopegate::Requirement::from_json(text).map(Self).into()
    }
}

/// The answer about a token.
#[derive(IntoPyObject)]
pub enum Answer {
    Accepted(AccessToken),
    Identified(IdToken),
    Keys(KeysNeeded),
    Refused(Refusal),
}

/// The answer about a token that is examined.
#[derive(IntoPyObject)]
pub enum Explained {
    /// The report as JSON.
    Report(String),
    Keys(KeysNeeded),
    Refused(Refusal),
}

/// A verifier in the core's own terms. It may be used by any number of threads.
#[pyclass(frozen, module = "scopegate._core")]
pub struct Core(CachingVerifier);

impl Core {
    fn required<'r>(
        &self,
        requirement: &'r Requirement,
        organization: Option<String>,
    ) -> Cow<'r, scopegate::Requirement> {
        requirement.0.for_call(self.0.verifier().token_use(), organization)
    }

    fn accepted(&self, token: Arc<scopegate::AccessToken>) -> Answer {
        match self.0.verifier().token_use() {
            TokenUse::Access => Answer::Accepted(AccessToken::new(token)),
            TokenUse::Id => Answer::Identified(IdToken::new(token)),
        }
    }
}

/// What an outcome without a token asks for. The engine of this build checks signatures itself.
fn needed(outcome: &Outcome) -> Result<KeysNeeded, Refusal> {
    match outcome {
        Outcome::NeedKeys { wait, fetch } => Ok(KeysNeeded { wait: *wait, fetch: *fetch }),
        _ => Err(ErrorCode::Internal.into()),
    }
}

#[pymethods]
impl Core {
    /// Makes a verifier of options as JSON text, which remembers at most `max_entries` tokens.
    #[staticmethod]
    fn make(options: &str, max_entries: usize) -> Judged<Self> {
        let verifier = Options::from_json(options).and_then(|options| Verifier::new(&options));
        verifier.map(|verifier| Self(CachingVerifier::new(verifier, max_entries))).into()
    }

    /// Judges a token. `organization` is the nonce when ID tokens are verified.
    fn verify(
        &self,
        py: Python<'_>,
        token: &Bound<'_, PyString>,
        requirement: &Requirement,
        organization: Option<String>,
        now_ms: f64,
    ) -> Answer {
        let Ok(token) = token.to_cow() else { return Answer::Refused(ErrorCode::TokenMalformed.into()) };
        let now = match milliseconds(now_ms) {
            Ok(now) => now,
            Err(error) => return Answer::Refused(error.into()),
        };
        let required = self.required(requirement, organization);
        if let Some(known) = self.0.recall(&token, &required, now) {
            return self.accepted(known);
        }
        match py.detach(|| self.0.verify_anew(&token, &required, now)) {
            Ok(Outcome::Accepted(token)) => self.accepted(token),
            Ok(need) => needed(&need).map_or_else(Answer::Refused, Answer::Keys),
            Err(error) => Answer::Refused(error.into()),
        }
    }

    /// Examines a token step by step.
    fn explain(
        &self,
        py: Python<'_>,
        token: &Bound<'_, PyString>,
        requirement: &Requirement,
        organization: Option<String>,
        now_ms: f64,
    ) -> Explained {
        // What is no Unicode is shown to the core as what it refuses for the same reason.
        let token = token.to_cow().unwrap_or_default();
        let required = self.required(requirement, organization);
        let explained =
            milliseconds(now_ms).and_then(|now| py.detach(|| self.0.verifier().explain(&token, &required, now)));
        match explained {
            Ok(Ok(report)) => Explained::Report(report.to_json()),
            Ok(Err(need)) => needed(&need).map_or_else(Explained::Refused, Explained::Keys),
            Err(error) => Explained::Refused(error.into()),
        }
    }

    /// `None` when a key set is in hand.
    fn preload(&self, now_ms: f64) -> Option<Judged<KeysNeeded>> {
        match milliseconds(now_ms).and_then(|now| self.0.verifier().preload(now)) {
            Ok(need) => need.as_ref().map(|need| needed(need).into()),
            Err(error) => Some(Judged::Refused(error.into())),
        }
    }

    /// Whether the scopes of an accepted token meet a requirement: `None`, or the refusal.
    fn check_scopes(&self, requirement: &Requirement, granted: &Bound<'_, PyFrozenSet>) -> PyResult<Option<Refusal>> {
        let granted = granted.iter().map(|scope| scope.extract()).collect::<PyResult<Vec<String>>>()?;
        Ok(self.0.verifier().check_scopes(&requirement.0, &granted).err().map(Refusal::from))
    }

    /// The answer to a fetch: `None`, or why it is no usable key set; the core then counts the fetch as failed.
    fn keys_fetched(&self, py: Python<'_>, fetch: u64, document: &[u8], now_ms: f64) -> Option<Refusal> {
        let fetched =
            milliseconds(now_ms).and_then(|now| py.detach(|| self.0.verifier().keys_fetched(fetch, document, now)));
        fetched.err().map(Refusal::from)
    }

    /// A fetch failed.
    fn keys_failed(&self, fetch: u64, now_ms: f64) {
        if let Ok(now) = milliseconds(now_ms) {
            self.0.verifier().keys_failed(fetch, now);
        }
    }

    /// Puts back a key set that was fetched at `fetched_at_ms`: `None`, or why it is not usable.
    fn restore_keys(&self, py: Python<'_>, document: &[u8], fetched_at_ms: f64, now_ms: f64) -> Option<Refusal> {
        let restored = milliseconds(fetched_at_ms).and_then(|fetched_at| {
            let now = milliseconds(now_ms)?;
            py.detach(|| self.0.verifier().restore_keys(document, fetched_at, now))
        });
        restored.err().map(Refusal::from)
    }

    /// Where the key set is; `None` for a fixed one.
    #[getter]
    fn jwks_uri(&self) -> Option<&str> {
        self.0.verifier().jwks_uri()
    }
}
