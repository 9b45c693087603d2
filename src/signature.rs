//! The signature step when the host performs it: what it is asked, and what it answers.

use crate::algorithm::Algorithm;
use crate::crypto::{ASKS_HOST, Verdict};
use crate::error::{Error, ErrorCode};
use crate::jwk::PublicKey;
use crate::prelude::*;

/// A question to the host: does the signature of this token hold under this key? What is signed are the bytes of the
/// token before its last dot, and the signature is base64url after it; the core has checked the form of both.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignatureRequest {
    /// Names the key material (its RFC 7638 thumbprint): equal ids are equal keys, so an imported key can be kept.
    pub key: String,
    /// The key as a JWK.
    pub jwk: String,
    /// The algorithm.
    pub algorithm: &'static Algorithm,
}

/// The host's answer to a [`SignatureRequest`]. It is about one token, one key and one algorithm; for any other the core
/// asks again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignatureAnswer<'a> {
    /// [`SignatureRequest::key`].
    pub key: &'a str,
    /// The name of [`SignatureRequest::algorithm`].
    pub algorithm: &'a str,
    /// Whether the signature holds; `None` when the host refuses the key itself (a point that is not on its curve).
    pub valid: Option<bool>,
}

/// The result of the step, or the question that has to be put to the host first.
pub(crate) fn check(
    key: &PublicKey,
    algorithm: &'static Algorithm,
    signing_input: &str,
    signature: &[u8],
    answer: Option<&SignatureAnswer<'_>>,
) -> Result<Result<(), Error>, SignatureRequest> {
    let verdict = match key.check(algorithm, signing_input.as_bytes(), signature) {
        Verdict::AskHost if ASKS_HOST => {
            let answer = answer.filter(|answer| answer.key == key.thumbprint() && answer.algorithm == algorithm.name);
            let Some(answer) = answer else {
                return Err(SignatureRequest { key: key.thumbprint().to_owned(), jwk: key.to_jwk(), algorithm });
            };
            let Some(valid) = answer.valid else {
                let unusable = Error::new(ErrorCode::KeyMismatch).with_claim("kid");
                return Ok(Err(unusable.actual("not a valid key of its type")));
            };
            Verdict::from(valid)
        }
        verdict => verdict,
    };
    Ok(if verdict == Verdict::Valid { Ok(()) } else { Err(ErrorCode::SignatureInvalid.into()) })
}
