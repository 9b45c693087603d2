//! What a token says of itself, with no signature checked: for programs that only choose what to show.
//!
//! Nothing here verifies, and nothing here makes an [`AccessToken`](crate::AccessToken). Whoever holds a token can change
//! all that is read here.

use crate::claims::Claims;
use crate::error::{Error, ErrorCode};
use crate::json;
use crate::jws::{Header, Parts};
use crate::options::{PermissionModel, implied_scopes};
use crate::organization;
use crate::policy::{ACCESS_TOKEN_TYPE, Audience};
use crate::prelude::*;
use crate::scope::{self, ImpliedScopes, ScopeRequirement};
use crate::text;

/// Logto's back-channel logout token (OpenID Connect Back-Channel Logout §2.4).
const LOGOUT_TOKEN_TYPE: &str = "logout+jwt";

/// Kinds that are told by the form of the string, by the error that a verifier has for them.
const FOREIGN: [(ErrorCode, &str); 4] = [
    (ErrorCode::TokenOpaque, "opaque"),
    (ErrorCode::TokenPersonal, "personal"),
    (ErrorCode::TokenSubject, "subject"),
    (ErrorCode::TokenEncrypted, "encrypted"),
];

/// What kind of token this looks like: `access`, `id`, `logout`, `jwt` (any other), `opaque`, `personal`, `subject`,
/// `encrypted` or `unknown`.
pub fn kind(token: &str) -> &'static str {
    let named = Parts::parse(token).and_then(|parts| {
        let header = Header::parse(&parts.header)?;
        Ok(kind_of(&header, &Claims::parse(&parts.payload)?))
    });
    named.unwrap_or_else(|error| {
        FOREIGN.iter().find(|(code, _)| *code == error.code()).map_or("unknown", |(_, name)| name)
    })
}

fn kind_of(header: &Header<'_>, claims: &Claims<'_>) -> &'static str {
    let is = |typ: &str| header.check_type(typ).is_ok();
    if is(ACCESS_TOKEN_TYPE) {
        "access"
    } else if is(LOGOUT_TOKEN_TYPE) {
        "logout"
    } else if (header.typ.is_none() || is("JWT")) && !claims.has_marks_of_access_token() {
        "id"
    } else {
        "jwt"
    }
}

/// What an access token is expected to be for.
#[derive(Clone, Copy, Debug)]
pub struct Expected<'a> {
    /// The API resource.
    pub audience: &'a str,
    /// The organization, or none.
    pub organization: Option<&'a str>,
}

/// Reads a token. With an expectation it has to be an access token for that resource and organization, with a lifetime.
/// The answer is a JSON object on one line, then the claims as they stand in the token.
///
/// # Errors
/// The code that a verifier would refuse with for the same reason. That there is none proves nothing.
pub fn decode(token: &str, expected: Option<Expected<'_>>) -> Result<String, Error> {
    let parts = Parts::parse(token)?;
    let header = Header::parse(&parts.header)?;
    let claims = Claims::parse(&parts.payload)?;
    if let Some(expected) = expected {
        header.check_type(ACCESS_TOKEN_TYPE)?;
        let audience = Audience::OneOf(vec![expected.audience.to_owned()]);
        organization::check_audience(&audience, expected.organization, &claims.audience()?)?;
        let model = match expected.organization {
            Some(_) => PermissionModel::OrganizationResource,
            None => PermissionModel::Resource,
        };
        organization::check_organization_id(model, expected.organization, claims.organization_id()?.as_deref())?;
        claims.expiry()?.ok_or_else(|| Error::claim_missing("exp"))?;
    }
    let mut summary = json::Object::new();
    summary.text("kind", kind_of(&header, &claims));
    summary.text("header", &parts.header);
    summary.texts("scopes", &claims.scopes()?);
    summary.optional("organizationId", claims.organization_id()?.as_deref());
    summary.raw("expiresAt", claims.expiry()?.as_ref().map_or("null", |exp| &exp.text));
    summary.boolean("hazard", claims.hazard());
    Ok(text::concat(&[&summary.finish(), "\n", claims.text]))
}

/// The scopes that lack, as a JSON list: those of `requirement` (JSON, see [`ScopeRequirement::from_json`]) that are
/// neither in `granted` (separated by spaces) nor implied by one that is. `implied` is a JSON object of lists.
///
/// # Errors
/// `config_invalid` for a requirement or implications that no verifier takes.
pub fn missing_scopes(requirement: &str, granted: &str, implied: &str) -> Result<String, Error> {
    let requirement = ScopeRequirement::from_json(requirement)?;
    requirement.check()?;
    let implied =
        implied_scopes(implied).ok_or_else(|| Error::config("impliedScopes: an object of lists of scopes."))?;
    let implied = ImpliedScopes::new(&implied)?;
    let granted: Vec<String> = scope::split(granted).map(str::to_owned).collect();
    let missing = requirement.missing(&|scope| implied.has(&granted, scope));
    Ok(json::list(missing.into_iter().map(json::quoted)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base64url::encode;

    const API: &str = "https://api.yourapp.com";

    fn token(header: &str, claims: &str) -> String {
        format!("{}.{}.AA", encode(header.as_bytes()), encode(claims.as_bytes()))
    }

    fn access(claims: &str) -> String {
        token(r#"{"alg":"ES384","typ":"at+jwt"}"#, claims)
    }

    fn refusal(token: &str, organization: Option<&str>) -> Option<&'static str> {
        decode(token, Some(Expected { audience: API, organization })).err().map(|error| error.code().as_str())
    }

    #[test]
    fn kinds_are_told_apart() {
        let id = r#"{"sub":"u","aud":"app"}"#;
        let cases = [
            (access("{}"), "access"),
            (token(r#"{"alg":"ES384","typ":"application/AT+JWT"}"#, "{}"), "access"),
            (token(r#"{"alg":"ES384"}"#, id), "id"),
            (token(r#"{"alg":"ES384","typ":"JWT"}"#, id), "id"),
            (token(r#"{"alg":"ES384","typ":"JWT"}"#, r#"{"client_id":"app"}"#), "jwt"),
            (token(r#"{"alg":"ES384","typ":"logout+jwt"}"#, id), "logout"),
            (token(r#"{"alg":"ES384","typ":"dpop+jwt"}"#, id), "jwt"),
            ("a".repeat(43), "opaque"),
            ("pat_0123456789".to_owned(), "personal"),
            ("sub_0123456789".to_owned(), "subject"),
            ("a.b.c.d.e".to_owned(), "encrypted"),
            ("hello".to_owned(), "unknown"),
            (token("[]", "{}"), "unknown"),
            (access("1"), "unknown"),
            (String::new(), "unknown"),
        ];
        for (token, expected) in cases {
            assert_eq!(kind(&token), expected, "{token}");
        }
    }

    #[test]
    fn a_token_is_held_against_what_it_should_be_for() {
        let plain = access(&format!(r#"{{"aud":"{API}","exp":2,"scope":"a b"}}"#));
        let member = access(&format!(r#"{{"aud":"{API}","exp":2,"organization_id":"acme"}}"#));
        let id = token("{}", &format!(r#"{{"aud":"{API}","exp":2}}"#));
        let cases = [
            (&plain, None, None),
            (&member, Some("acme"), None),
            (&plain, Some("acme"), Some("organization_missing")),
            (&member, None, Some("organization_unexpected")),
            (&member, Some("globex"), Some("organization_mismatch")),
            (&id, None, Some("token_type_mismatch")),
            (&access(r#"{"aud":"https://other","exp":2}"#), None, Some("audience_mismatch")),
            (&access(&format!(r#"{{"aud":"{API}"}}"#)), None, Some("claim_missing")),
            (&access(&format!(r#"{{"aud":"{API}","exp":2,"scope":["a"]}}"#)), None, Some("claim_invalid")),
            (&"a".repeat(43), None, Some("token_opaque")),
        ];
        for (token, organization, expected) in cases {
            assert_eq!(refusal(token, organization), expected, "{token} {organization:?}");
        }
    }

    #[test]
    fn what_is_read_is_what_the_token_says() {
        let read = decode(&access(r#"{"exp":2.5,"scope":" b  a b","organization_id":"acme","__proto__":1}"#), None);
        let expected = concat!(
            r#"{"kind":"access","header":"{\"alg\":\"ES384\",\"typ\":\"at+jwt\"}","scopes":["b","a"],"#,
            r#""organizationId":"acme","expiresAt":2.5,"hazard":true}"#,
            "\n",
            r#"{"exp":2.5,"scope":" b  a b","organization_id":"acme","__proto__":1}"#
        );
        assert_eq!(read.as_deref(), Ok(expected));
    }

    #[test]
    fn missing_scopes_are_those_of_a_verifier() {
        let cases = [
            (r#""a""#, "a b", "{}", Ok("[]")),
            (r#"["a","c","d"]"#, "a b", "{}", Ok(r#"["c","d"]"#)),
            (r#"{"anyOf":["c","b"]}"#, "a b", "{}", Ok("[]")),
            (r#""read""#, "admin", r#"{"admin":["write"],"write":["read"]}"#, Ok("[]")),
            (r#""a\"b""#, "", "{}", Ok(r#"["a\"b"]"#)),
            (r#""a""#, "", r#"{"a":1}"#, Err("config_invalid")),
            ("[]", "a", "{}", Err("config_invalid")),
            ("1", "a", "{}", Err("config_invalid")),
        ];
        for (requirement, granted, implied, expected) in cases {
            let missing = missing_scopes(requirement, granted, implied);
            let missing = missing.as_deref().map_err(|error| error.code().as_str());
            assert_eq!(missing, expected, "{requirement} {granted} {implied}");
        }
    }
}
