//! The bearer token in an `Authorization` header (RFC 6750 §2.1, RFC 9110 §11.4).

use crate::error::{Error, ErrorCode};
use crate::text::{cut, split};

/// Takes the token out of the header's value. The scheme's case does not matter.
///
/// # Errors
/// `token_missing` when there is no header, or it is for another scheme; `request_invalid` when it is for this scheme
/// but does not hold exactly one token.
pub fn token(authorization: Option<&str>) -> Result<&str, Error> {
    let value = without_spaces(authorization.unwrap_or_default());
    let (scheme, rest) = cut(value, &is_space).unwrap_or((value, ""));
    if !scheme.eq_ignore_ascii_case("bearer") {
        // Two headers that an intermediary joined with a comma are two credentials, whatever their schemes.
        let joined = split(value, b',').skip(1).any(|part| starts_with_scheme(without_spaces(part)));
        let code = if joined { ErrorCode::RequestInvalid } else { ErrorCode::TokenMissing };
        return Err(code.into());
    }
    let token = without_spaces(rest);
    if token.is_empty() || !token.bytes().all(is_token68) {
        return Err(ErrorCode::RequestInvalid.into());
    }
    Ok(token)
}

/// Optional whitespace of a field value (RFC 9110 §5.6.3).
fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t')
}

/// The text without such whitespace around it.
fn without_spaces(text: &str) -> &str {
    let start = text.bytes().position(|byte| !is_space(byte)).unwrap_or(0);
    let end = text.bytes().rposition(|byte| !is_space(byte)).map_or(start, |last| last + 1);
    text.get(start..end).unwrap_or_default()
}

fn starts_with_scheme(part: &str) -> bool {
    cut(part, &is_space).is_some_and(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))
}

fn is_token68(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-._~+/=".contains(&byte)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_token_of_the_bearer_scheme() {
        for header in ["Bearer a.b.c", "bearer a.b.c", "BEARER   a.b.c", "  Bearer\ta.b.c "] {
            assert_eq!(token(Some(header)), Ok("a.b.c"), "{header:?}");
        }
        let refusals = [
            (None, "token_missing"),
            (Some(""), "token_missing"),
            (Some("Basic dXNlcjpwYXNz"), "token_missing"),
            (Some("a.b.c"), "token_missing"),
            (Some("Bearera.b.c"), "token_missing"),
            (Some("Bearer"), "request_invalid"),
            (Some("Bearer "), "request_invalid"),
            (Some("Bearer a.b.c d"), "request_invalid"),
            (Some("Bearer a.b.c, Bearer d.e.f"), "request_invalid"),
            (Some("Basic eDp5, Bearer d.e.f"), "request_invalid"),
            (Some("Basic eDp5,\tbearer\td.e.f"), "request_invalid"),
            (Some("Bearer \"a.b.c\""), "request_invalid"),
            (Some("Bearer a.b.c\u{e9}"), "request_invalid"),
        ];
        for (header, code) in refusals {
            assert_eq!(token(header).map_err(|error| error.code().as_str()), Err(code), "{header:?}");
        }
    }
}
