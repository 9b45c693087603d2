//! JWS compact serialization and the protected header (RFC 7515 §3.1, §4.1).

use alloc::borrow::Cow;

use crate::algorithm::{Algorithm, AllowList};
use crate::base64url;
use crate::error::{Error, ErrorCode};
use crate::json;
use crate::keys::{KeySet, NoKey};
use crate::prelude::*;
use crate::signature::{self, SignatureAnswer, SignatureRequest};
use crate::text::{cut, cut_last, split};

/// Length of Logto's opaque access tokens.
const OPAQUE_LEN: usize = 43;

/// A token taken apart, nothing in it believed yet.
pub(crate) struct Parts<'a> {
    /// What the signature covers: the first two segments with the dot between them.
    pub(crate) signing_input: &'a str,
    /// The JSON text of the protected header.
    pub(crate) header: String,
    pub(crate) payload: Vec<u8>,
    pub(crate) signature: Vec<u8>,
}

impl<'a> Parts<'a> {
    /// Splits and decodes; what is no JWS is named, where it can be told what it is.
    pub(crate) fn parse(token: &'a str) -> Result<Self, Error> {
        Self::read(token).ok_or_else(|| foreign(token))
    }

    fn read(token: &'a str) -> Option<Self> {
        let (signing_input, signature) = cut_last(token, b'.')?;
        // Another dot in what follows would be none of base64url's characters.
        let (header, payload) = cut(signing_input, &|byte| byte == b'.')?;
        Some(Self {
            signing_input,
            header: String::from_utf8(base64url::decode(header)?).ok()?,
            payload: base64url::decode(payload)?,
            signature: base64url::decode(signature)?,
        })
    }
}

/// The error for a string that is no JWS.
fn foreign(token: &str) -> Error {
    let is_token_text = |text: &str| text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_');
    let code = match token.bytes().filter(|&b| b == b'.').count() {
        0 if token.starts_with("pat_") && is_token_text(token) => ErrorCode::TokenPersonal,
        0 if token.starts_with("sub_") && is_token_text(token) => ErrorCode::TokenSubject,
        0 if token.len() == OPAQUE_LEN && is_token_text(token) => ErrorCode::TokenOpaque,
        4 if split(token, b'.').all(is_token_text) => ErrorCode::TokenEncrypted,
        _ => ErrorCode::TokenMalformed,
    };
    code.into()
}

/// The protected header's members that a verifier acts on. `jwk`, `jku`, `x5u` and `x5c` are not among them: a token
/// cannot bring its own key.
#[derive(Debug)]
pub(crate) struct Header<'a> {
    pub(crate) alg: Option<Cow<'a, str>>,
    pub(crate) typ: Option<Cow<'a, str>>,
    pub(crate) kid: Option<Cow<'a, str>>,
    critical: bool,
}

impl<'a> Header<'a> {
    pub(crate) fn parse(text: &'a str) -> Result<Self, Error> {
        let members = json::object(text).ok_or(ErrorCode::TokenMalformed)?;
        let text_of = |name: &'static str| match (members.get(name), members.text(name)) {
            (Some(value), None) => Err(Error::new(ErrorCode::TokenMalformed)
                .with_claim(name)
                .expected("a string")
                .actual(json::kind(value))),
            (_, text) => Ok(text),
        };
        let critical = ["crit", "b64"].iter().any(|name| members.get(name).is_some());
        Ok(Self { alg: text_of("alg")?, typ: text_of("typ")?, kid: text_of("kid")?, critical })
    }

    /// `typ` equals the expected media type; case and the prefix `application/` do not matter (RFC 7515 §4.1.9).
    pub(crate) fn check_type(&self, expected: &str) -> Result<(), Error> {
        let found = self.typ.as_deref();
        if found.is_some_and(|typ| same_media_type(typ, expected)) {
            return Ok(());
        }
        Err(Error::new(ErrorCode::TokenTypeMismatch)
            .with_claim("typ")
            .expected(expected)
            .actual(found.unwrap_or("(none)")))
    }

    /// `alg` is on the allow-list.
    pub(crate) fn check_algorithm(&self, allowed: &AllowList) -> Result<&'static Algorithm, Error> {
        let found = self.alg.as_deref();
        found.and_then(|name| allowed.find(name)).ok_or_else(|| {
            Error::new(ErrorCode::AlgorithmNotAllowed)
                .with_claim("alg")
                .expected(&allowed.names())
                .actual(found.unwrap_or("(none)"))
        })
    }

    /// No extension that must be understood: none is.
    pub(crate) fn check_critical(&self) -> Result<(), Error> {
        if self.critical { Err(ErrorCode::CriticalHeaderUnsupported.into()) } else { Ok(()) }
    }
}

fn same_media_type(found: &str, expected: &str) -> bool {
    fn strip(typ: &str) -> &str {
        match typ.get(..12) {
            Some(prefix) if prefix.eq_ignore_ascii_case("application/") => typ.get(12..).unwrap_or(typ),
            _ => typ,
        }
    }
    strip(found).eq_ignore_ascii_case(strip(expected))
}

/// A JWS whose signature holds. Says nothing about claims, audience or time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VerifiedJws {
    /// The JSON text of the protected header.
    pub header: String,
    /// The payload as it was signed.
    pub payload: Vec<u8>,
}

/// The JWS step alone (RFC 7515 §5.2): algorithm allow-list, key choice, signature. `algorithms` of `None` means the
/// default allow-list.
///
/// # Errors
/// The codes of the table up to `signature_invalid`; `config_invalid` for an unknown or empty allow-list; `internal` if
/// the keys were imported with the engine [`Host`](crate::crypto::Host).
pub fn verify_signature(token: &str, keys: &KeySet, algorithms: Option<&[&str]>) -> Result<VerifiedJws, Error> {
    verify_signature_answered(token, keys, algorithms, None)?.map_err(|_| ErrorCode::Internal.into())
}

/// [`verify_signature`], where the host may have to check the signature.
pub(crate) fn verify_signature_answered(
    token: &str,
    keys: &KeySet,
    algorithms: Option<&[&str]>,
    answer: Option<&SignatureAnswer<'_>>,
) -> Result<Result<VerifiedJws, SignatureRequest>, Error> {
    let allowed = crate::policy::allow_list(algorithms)?;
    let parts = Parts::parse(token)?;
    let header = Header::parse(&parts.header)?;
    let algorithm = header.check_algorithm(&allowed)?;
    header.check_critical()?;
    let key = keys.select(header.kid.as_deref(), algorithm).map_err(NoKey::into_error)?;
    match signature::check(key, algorithm, parts.signing_input, &parts.signature, answer) {
        Ok(verdict) => verdict.map(|()| Ok(VerifiedJws { payload: parts.payload, header: parts.header })),
        Err(request) => Ok(Err(request)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(token: &str) -> ErrorCode {
        Parts::parse(token).err().map_or(ErrorCode::Internal, |error| error.code())
    }

    #[test]
    fn what_is_no_jws_is_named() {
        assert_eq!(code(&"a".repeat(43)), ErrorCode::TokenOpaque);
        assert_eq!(code(&"a".repeat(42)), ErrorCode::TokenMalformed);
        assert_eq!(code("pat_0123456789abcdefghijklmnopqrstuv"), ErrorCode::TokenPersonal);
        assert_eq!(code("sub_0123456789abcdefghijk"), ErrorCode::TokenSubject);
        assert_eq!(code("a.b.c.d.e"), ErrorCode::TokenEncrypted);
        for bad in ["", ".", "a.b", "a.b.c.d", "....é", "e30.e30", "e30=.e30.e30", "e30.e30.e3 0", "e30.e31.e30"] {
            assert_eq!(code(bad), ErrorCode::TokenMalformed, "{bad}");
        }
        assert!(Parts::parse("e30.e30.").is_ok());
    }

    #[test]
    fn media_types_compare_without_case_and_prefix() {
        for typ in ["at+jwt", "AT+JWT", "application/at+jwt", "Application/at+JWT"] {
            assert!(same_media_type(typ, "at+jwt"), "{typ}");
        }
        for typ in ["JWT", "at+jwt2", "application/", "at", "", "application/application/at+jwt"] {
            assert!(!same_media_type(typ, "at+jwt"), "{typ}");
        }
    }
}
