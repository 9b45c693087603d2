//! A refusal: a code of the table and what is known about the case.

use alloc::borrow::Cow;
use core::fmt;

use super::ErrorCode;
use crate::json;
use crate::prelude::*;

/// Claim values come from outside: what an error quotes of them is cut at this many characters.
const QUOTE_LIMIT: usize = 200;

/// Text from outside, cut to a number of characters and without control characters.
pub(crate) fn quoted(text: &str, limit: usize) -> String {
    let mut quoted = String::new();
    for (place, c) in text.chars().enumerate() {
        if place == limit {
            quoted.push('…');
            break;
        }
        quoted.push(if c.is_control() { '\u{fffd}' } else { c });
    }
    quoted
}

/// A refusal: its [`ErrorCode`] and what is known about it. Never contains the token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error(Box<Detail>);

#[derive(Clone, Debug, PartialEq, Eq)]
struct Detail {
    code: ErrorCode,
    claim: Option<&'static str>,
    expected: Option<String>,
    actual: Option<String>,
    missing: Vec<String>,
    retry_after: Option<u64>,
    hint: Option<Cow<'static, str>>,
}

impl From<ErrorCode> for Error {
    fn from(code: ErrorCode) -> Self {
        Self::new(code)
    }
}

impl Error {
    pub(crate) fn new(code: ErrorCode) -> Self {
        Self(Box::new(Detail {
            code,
            claim: None,
            expected: None,
            actual: None,
            missing: Vec::new(),
            retry_after: None,
            hint: None,
        }))
    }

    pub(crate) fn config(hint: impl Into<Cow<'static, str>>) -> Self {
        Self::new(ErrorCode::ConfigInvalid).with_hint(hint)
    }

    pub(crate) fn claim_invalid(claim: &'static str, expected: &str, actual: &str) -> Self {
        Self::new(ErrorCode::ClaimInvalid).with_claim(claim).expected(expected).actual(actual)
    }

    pub(crate) fn claim_missing(claim: &'static str) -> Self {
        Self::new(ErrorCode::ClaimMissing).with_claim(claim)
    }

    pub(crate) fn with_claim(mut self, claim: &'static str) -> Self {
        self.0.claim = Some(claim);
        self
    }

    pub(crate) fn expected(mut self, expected: &str) -> Self {
        self.0.expected = Some(expected.to_owned());
        self
    }

    /// What was found, cut to a safe length and without control characters: it may end up on a terminal.
    pub(crate) fn actual(mut self, actual: &str) -> Self {
        self.0.actual = Some(quoted(actual, QUOTE_LIMIT));
        self
    }

    /// The same with the scopes that lack: for hosts that restore an error.
    #[must_use]
    pub fn with_missing(mut self, missing: Vec<String>) -> Self {
        self.0.missing = missing;
        self
    }

    /// The same with the seconds until another attempt makes sense: for hosts that find the fault themselves.
    #[must_use]
    pub fn with_retry_after(mut self, seconds: u64) -> Self {
        self.0.retry_after = Some(seconds);
        self
    }

    /// The same with a hint that knows more than the table: for hosts that find the fault themselves.
    #[must_use]
    pub fn with_hint(mut self, hint: impl Into<Cow<'static, str>>) -> Self {
        self.0.hint = Some(hint.into());
        self
    }

    /// The stable reason.
    pub fn code(&self) -> ErrorCode {
        self.0.code
    }

    /// The HTTP status to answer with, see [`ErrorCode::status`].
    pub fn status(&self) -> Option<u16> {
        self.0.code.status()
    }

    /// The `error` of an RFC 6750 challenge, see [`ErrorCode::oauth_error`].
    pub fn oauth_error(&self) -> Option<&'static str> {
        self.0.code.oauth_error()
    }

    /// What to look at first.
    pub fn hint(&self) -> &str {
        self.0.hint.as_deref().unwrap_or_else(|| self.0.code.hint())
    }

    /// The claim or header parameter that the error is about.
    pub fn claim(&self) -> Option<&'static str> {
        self.0.claim
    }

    /// What was expected.
    pub fn expected_value(&self) -> Option<&str> {
        self.0.expected.as_deref()
    }

    /// What was there instead, cut to a safe length.
    pub fn actual_value(&self) -> Option<&str> {
        self.0.actual.as_deref()
    }

    /// The scopes that lack, for `scope_insufficient`.
    pub fn missing(&self) -> &[String] {
        &self.0.missing
    }

    /// Seconds until another attempt makes sense, for `keys_unavailable`.
    pub fn retry_after(&self) -> Option<u64> {
        self.0.retry_after
    }

    /// The wire form that every host language turns into its own exception.
    pub fn to_json(&self) -> String {
        let mut wire = json::Object::new();
        wire.text("code", self.code().as_str());
        match self.status() {
            Some(status) => wire.integer("status", status.into()),
            None => wire.raw("status", "null"),
        }
        wire.optional("oauthError", self.oauth_error());
        wire.text("message", self.code().message());
        wire.text("hint", self.hint());
        let optional = [("claim", self.claim()), ("expected", self.expected_value()), ("actual", self.actual_value())];
        for (name, value) in optional {
            if let Some(value) = value {
                wire.text(name, value);
            }
        }
        if !self.0.missing.is_empty() {
            wire.texts("missing", &self.0.missing);
        }
        if let Some(seconds) = self.0.retry_after {
            wire.integer("retryAfter", seconds);
        }
        wire.finish()
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.0.code, self.0.code.message())?;
        if let Some(claim) = self.0.claim {
            write!(f, " ({claim})")?;
        }
        Ok(())
    }
}

impl core::error::Error for Error {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quoted_values_are_cut_and_harmless() {
        let error = Error::new(ErrorCode::IssuerMismatch).actual(&"é".repeat(5000));
        assert_eq!(error.actual_value().map(|s| s.chars().count()), Some(QUOTE_LIMIT + 1));
        let error = Error::new(ErrorCode::IssuerMismatch).actual("a\r\n\u{1b}[31mb");
        assert_eq!(error.actual_value(), Some("a\u{fffd}\u{fffd}\u{fffd}[31mb"));
    }
}
