//! Refusals as values, their challenges, and the bearer token of a header.

use pyo3::prelude::*;
use pyo3::types::PyString;
use scopegate::challenge::Challenge;
use scopegate::{Error, ErrorCode};

/// An error of the core's table.
#[pyclass(frozen, module = "scopegate._core")]
#[derive(Clone)]
pub struct Refusal(Error);

impl From<Error> for Refusal {
    fn from(error: Error) -> Self {
        Self(error)
    }
}

impl From<ErrorCode> for Refusal {
    fn from(code: ErrorCode) -> Self {
        Self(code.into())
    }
}

/// What was asked for, or why it is refused.
#[derive(IntoPyObject)]
pub enum Judged<T> {
    Good(T),
    Refused(Refusal),
}

impl<T, E: Into<Refusal>> From<Result<T, E>> for Judged<T> {
    fn from(result: Result<T, E>) -> Self {
        match result {
            Ok(good) => Self::Good(good),
            Err(refused) => Self::Refused(refused.into()),
        }
    }
}

#[pymethods]
impl Refusal {
    #[getter]
    fn code(&self) -> &'static str {
        self.0.code().as_str()
    }

    #[getter]
    fn status(&self) -> Option<u16> {
        self.0.status()
    }

    #[getter]
    fn oauth_error(&self) -> Option<&'static str> {
        self.0.oauth_error()
    }

    #[getter]
    fn message(&self) -> &'static str {
        self.0.code().message()
    }

    #[getter]
    fn hint(&self) -> &str {
        self.0.hint()
    }

    #[getter]
    fn claim(&self) -> Option<&'static str> {
        self.0.claim()
    }

    #[getter]
    fn expected(&self) -> Option<&str> {
        self.0.expected_value()
    }

    #[getter]
    fn actual(&self) -> Option<&str> {
        self.0.actual_value()
    }

    #[getter]
    fn missing(&self) -> Vec<String> {
        self.0.missing().to_vec()
    }

    #[getter]
    fn retry_after(&self) -> Option<u64> {
        self.0.retry_after()
    }
}

/// Every code of the table with its status and OAuth error.
#[pyfunction]
pub fn codes() -> Vec<(&'static str, Option<u16>, Option<&'static str>)> {
    ErrorCode::all().map(|code| (code.as_str(), code.status(), code.oauth_error())).collect()
}

/// An error that the host found itself, in the words of the table; `internal` for a code that is not in it.
#[pyfunction]
#[pyo3(signature = (code, hint=None, retry_after=None))]
pub fn refusal(code: &str, hint: Option<String>, retry_after: Option<u64>) -> Refusal {
    let mut error = Error::from(named(code).unwrap_or(ErrorCode::Internal));
    if let Some(hint) = hint {
        error = error.with_hint(hint);
    }
    if let Some(seconds) = retry_after {
        error = error.with_retry_after(seconds);
    }
    Refusal(error)
}

/// The value of `WWW-Authenticate` (RFC 6750 §3) for an error by its code; `None` where no challenge applies.
#[pyfunction]
#[pyo3(signature = (code, missing, realm, resource_metadata, scopes))]
pub fn challenge(
    code: &str,
    missing: Vec<String>,
    realm: Option<String>,
    resource_metadata: Option<String>,
    scopes: Vec<String>,
) -> Option<String> {
    let error = Error::from(named(code)?).with_missing(missing);
    Challenge { realm, resource_metadata, scopes }.header(&error)
}

/// The token in an `Authorization` header, or why there is none (RFC 6750 §2.1).
#[pyfunction]
pub fn bearer_token(authorization: Option<&Bound<'_, PyString>>) -> Judged<String> {
    match authorization.map(|text| text.to_cow()).transpose() {
        Ok(text) => scopegate::bearer::token(text.as_deref()).map(str::to_owned).into(),
        // What is no Unicode is no token.
        Err(_) => Judged::Refused(ErrorCode::RequestInvalid.into()),
    }
}

fn named(code: &str) -> Option<ErrorCode> {
    ErrorCode::from_name(code)
}
