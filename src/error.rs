//! Every way a token, a request or a configuration can be refused: one table, the same codes in every language.

mod refusal;

use core::fmt;

pub use refusal::Error;
pub(crate) use refusal::quoted;

/// One row of the error table.
struct Row {
    code: ErrorCode,
    name: &'static str,
    status: Option<u16>,
    oauth_error: Option<&'static str>,
    message: &'static str,
    hint: &'static str,
}

const INVALID_TOKEN: Option<&str> = Some("invalid_token");
const INSUFFICIENT_SCOPE: Option<&str> = Some("insufficient_scope");

macro_rules! error_table {
    ($($(#[$doc:meta])* $variant:ident, $name:literal, $status:expr, $oauth:expr, $message:literal, $hint:literal;)*) => {
        /// A stable reason for a refusal. The names ([`ErrorCode::as_str`]) are the same in TypeScript and Python.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum ErrorCode {
            $($(#[$doc])* $variant,)*
        }

        /// In the order of the enum: a row is found by its discriminant.
        const TABLE: &[Row] = &[
            $(Row { code: ErrorCode::$variant, name: texts_of(ErrorCode::$variant, $name), status: $status, oauth_error: $oauth, message: texts_of(ErrorCode::$variant, $message), hint: texts_of(ErrorCode::$variant, $hint) },)*
        ];
    };
}

/// The module that only reads tokens carries the texts of what it can raise.
const fn texts_of(code: ErrorCode, text: &'static str) -> &'static str {
    const READS_ONLY: bool = cfg!(all(target_arch = "wasm32", feature = "claims", not(feature = "wasm")));
    match code {
        _ if !READS_ONLY => text,
        ErrorCode::TokenMalformed
        | ErrorCode::TokenOpaque
        | ErrorCode::TokenPersonal
        | ErrorCode::TokenSubject
        | ErrorCode::TokenEncrypted
        | ErrorCode::TokenTypeMismatch
        | ErrorCode::ClaimMissing
        | ErrorCode::ClaimInvalid
        | ErrorCode::AudienceMismatch
        | ErrorCode::OrganizationUnexpected
        | ErrorCode::OrganizationMissing
        | ErrorCode::OrganizationMismatch
        | ErrorCode::ConfigInvalid
        | ErrorCode::Internal => text,
        _ => "",
    }
}

error_table! {
    /// The request carries no credentials at all (RFC 6750 §3: a challenge without an error code).
    TokenMissing, "token_missing", Some(401), None,
        "no access token was sent",
        "Send the header \"Authorization: Bearer <access token>\".";
    /// More than one token, a malformed `Authorization` header (RFC 6750 §3.1), or a request that does not name the one
    /// organization it is about.
    RequestInvalid, "request_invalid", Some(400), Some("invalid_request"),
        "the request is malformed",
        "Send exactly one header \"Authorization: Bearer <access token>\".";
    /// Not three strict base64url segments, or JSON that is invalid or has duplicate members.
    TokenMalformed, "token_malformed", Some(401), INVALID_TOKEN,
        "the token is not a well-formed JWT",
        "A Logto access token has three base64url parts separated by dots; was it cut, quoted or changed on its way, or is it the text undefined?";
    /// Longer than `maxTokenLength`.
    TokenTooLarge, "token_too_large", Some(401), INVALID_TOKEN,
        "the token is longer than the limit",
        "Move bulky custom claims out of the token, or raise maxTokenLength and every server's header limit.";
    /// Logto's opaque access token (43 characters, no dots).
    TokenOpaque, "token_opaque", Some(401), INVALID_TOKEN,
        "the token is opaque, not a JWT",
        "The client asked for no API resource. Call getAccessToken('<API identifier>'), and list the identifier under resources in the Logto SDK configuration.";
    /// A Logto personal access token (`pat_…`).
    TokenPersonal, "token_personal", Some(401), INVALID_TOKEN,
        "the token is a personal access token",
        "Exchange it for an access token first, with this API as the resource (token exchange grant, RFC 8693).";
    /// A Logto subject token (`sub_…`).
    TokenSubject, "token_subject", Some(401), INVALID_TOKEN,
        "the token is a subject token",
        "Exchange it for an access token first, with this API as the resource (token exchange grant, RFC 8693).";
    /// Five segments: a JWE (RFC 7516).
    TokenEncrypted, "token_encrypted", Some(401), INVALID_TOKEN,
        "the token is encrypted",
        "Logto issues no encrypted tokens; this one comes from somewhere else.";
    /// The protected header's `typ` is not the expected one (RFC 9068 §4).
    TokenTypeMismatch, "token_type_mismatch", Some(401), INVALID_TOKEN,
        "the token is not an access token",
        "This looks like an ID token, or a token for another purpose. Send the token from getAccessToken('<API identifier>'), not the one from getIdToken().";
    /// `alg` is not on the allow-list.
    AlgorithmNotAllowed, "algorithm_not_allowed", Some(401), INVALID_TOKEN,
        "the signature algorithm is not allowed",
        "Logto signs with ES384, or RS256 after a rotation to RSA. Leave algorithms out, or list what the tenant uses; none and HS* can never be allowed.";
    /// A critical header extension that nobody here understands (RFC 7515 §4.1.11), or `b64` (RFC 7797).
    CriticalHeaderUnsupported, "critical_header_unsupported", Some(401), INVALID_TOKEN,
        "the token uses an unsupported critical header",
        "Logto issues no crit or b64 headers; this one comes from somewhere else.";
    /// The key set has no such key after every refresh that was permitted.
    KeyNotFound, "key_not_found", Some(401), INVALID_TOKEN,
        "no key of the issuer matches the token",
        "The issuer does not publish the token's key (any more, or yet): sign in again, or check that endpoint and jwksUri name the tenant that issued it.";
    /// The key's type, curve, `use`, `key_ops` or `alg` does not fit the token.
    KeyMismatch, "key_mismatch", Some(401), INVALID_TOKEN,
        "the key does not fit the token's algorithm",
        "The key is of another type, not meant for signatures, or unusable; compare what jwksUri serves with the issuer's JWKS.";
    /// The signature does not verify.
    SignatureInvalid, "signature_invalid", Some(401), INVALID_TOKEN,
        "the signature is invalid",
        "The token was changed after it was signed, or was signed by another tenant.";
    /// A required claim is absent.
    ClaimMissing, "claim_missing", Some(401), INVALID_TOKEN,
        "a required claim is missing",
        "Access tokens of Logto always carry iss, aud, sub, client_id and exp; was this one made by hand?";
    /// A claim has the wrong type or an impossible value.
    ClaimInvalid, "claim_invalid", Some(401), INVALID_TOKEN,
        "a claim is invalid",
        "Its type or value is impossible; look at the tenant's custom claims script.";
    /// `iss` is none of the configured issuers.
    IssuerMismatch, "issuer_mismatch", Some(401), INVALID_TOKEN,
        "the token comes from another issuer",
        "The issuer is the Logto endpoint that the client used, plus /oidc. With a custom domain list both: issuer: ['https://<tenant>.logto.app/oidc', 'https://<custom domain>/oidc']. If only the token's begins with http, set TRUST_PROXY_HEADER=1 at Logto.";
    /// `aud` is none of the configured audiences.
    AudienceMismatch, "audience_mismatch", Some(401), INVALID_TOKEN,
        "the token is meant for another audience",
        "audience must equal the API identifier in Logto byte for byte (a trailing slash counts), and the client must ask for that resource.";
    /// `client_id` is not in `clientIds`.
    ClientNotAllowed, "client_not_allowed", Some(401), INVALID_TOKEN,
        "the client is not allowed to call this API",
        "Add the application's id to clientIds, or call with an application that is listed there.";
    /// `exp` has passed.
    TokenExpired, "token_expired", Some(401), INVALID_TOKEN,
        "the token has expired",
        "Ask the SDK for a fresh token before each call: it refreshes an expired one.";
    /// `nbf` lies in the future.
    TokenNotYetValid, "token_not_yet_valid", Some(401), INVALID_TOKEN,
        "the token is not valid yet",
        "Logto sets no nbf; look at the tenant's custom claims script, and compare this machine's clock with the issuer's.";
    /// `iat` lies in the future.
    TokenIssuedInFuture, "token_issued_in_future", Some(401), INVALID_TOKEN,
        "the token was issued in the future",
        "Compare this machine's clock with the issuer's.";
    /// Older than `maxTokenAge`.
    TokenTooOld, "token_too_old", Some(401), INVALID_TOKEN,
        "the token is older than allowed",
        "Sign in again, or raise maxTokenAge.";
    /// An `organization_id` where none may be.
    OrganizationUnexpected, "organization_unexpected", Some(401), INVALID_TOKEN,
        "the token belongs to an organization",
        "Call getAccessToken(resource) without an organization id, or use the 'organization-resource' permission model.";
    /// No `organization_id` where one is needed.
    OrganizationMissing, "organization_missing", Some(401), INVALID_TOKEN,
        "the token belongs to no organization",
        "Call getAccessToken(resource, organizationId), and request the scope urn:logto:scope:organizations at sign-in.";
    /// Another organization's token.
    OrganizationMismatch, "organization_mismatch", Some(403), INSUFFICIENT_SCOPE,
        "the token belongs to another organization",
        "Ask for a token of the request's own organization: getAccessToken(resource, organizationId).";
    /// `act` although `actor` is `'forbid'`.
    ActorNotAllowed, "actor_not_allowed", Some(403), INSUFFICIENT_SCOPE,
        "acting on behalf of somebody is not allowed here",
        "The token comes from a token exchange with an actor (impersonation). Call with the user's own token, or set actor: 'allow'.";
    /// A `cnf` claim that cannot be checked (RFC 7800): refused rather than ignored.
    ConfirmationUnsupported, "confirmation_unsupported", Some(401), INVALID_TOKEN,
        "the token is bound to a key that cannot be checked",
        "Logto issues no sender-constrained tokens (DPoP, mTLS); look at the tenant's custom claims script.";
    /// The scope requirement is not met; `missing` lists what lacks.
    ScopeInsufficient, "scope_insufficient", Some(403), INSUFFICIENT_SCOPE,
        "the token lacks a required scope",
        "Grant the permission through a role, list it under scopes in the Logto SDK configuration, and sign in again: what was not requested at sign-in is in no token. User organization tokens need the resource urn:logto:resource:organizations requested, too.";
    /// No usable key set, and the issuer cannot be reached: an outage, not a bad token.
    KeysUnavailable, "keys_unavailable", Some(503), None,
        "the issuer's keys cannot be loaded",
        "Check that this server reaches the JWKS (endpoint or jwksUri): DNS, TLS, proxy, container-internal addresses.";
    /// An option or a requirement is missing, empty or contradictory.
    ConfigInvalid, "config_invalid", None, None,
        "the configuration is invalid",
        "Correct the option that is named.";
    /// A fault in the core itself.
    Internal, "internal", Some(500), None,
        "internal error",
        "This is a defect in scopegate; please report it.";
}

impl ErrorCode {
    fn row(self) -> &'static Row {
        // The macro makes enum and table together, so the row is always there; the fallback only keeps this total.
        TABLE.get(self as usize).unwrap_or(&FALLBACK)
    }

    /// Every code, in the order of the table.
    pub fn all() -> impl Iterator<Item = ErrorCode> {
        TABLE.iter().map(|row| row.code)
    }

    /// The code with this name.
    pub fn from_name(name: &str) -> Option<ErrorCode> {
        TABLE.iter().find(|row| row.name == name).map(|row| row.code)
    }

    /// The stable name, such as `"token_expired"`.
    pub fn as_str(self) -> &'static str {
        self.row().name
    }

    /// The HTTP status to answer with; `None` for `config_invalid`, which is no answer to a request.
    pub fn status(self) -> Option<u16> {
        self.row().status
    }

    /// The `error` of an RFC 6750 challenge, where one applies.
    pub fn oauth_error(self) -> Option<&'static str> {
        self.row().oauth_error
    }

    /// One line that says what is wrong, without any data of the token.
    pub fn message(self) -> &'static str {
        self.row().message
    }

    /// What to look at first: the likely cause at Logto, and the remedy.
    pub fn hint(self) -> &'static str {
        self.row().hint
    }
}

static FALLBACK: Row = Row {
    code: ErrorCode::Internal,
    name: "internal",
    status: Some(500),
    oauth_error: None,
    message: "internal error",
    hint: "",
};

impl fmt::Display for ErrorCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_finds_its_own_row() {
        for (index, row) in TABLE.iter().enumerate() {
            assert_eq!(row.code as usize, index);
            assert_eq!(row.code.as_str(), row.name);
            assert!(!row.hint.is_empty());
        }
        assert_eq!(TABLE.len(), 32);
    }

    #[test]
    fn messages_fit_into_an_error_description() {
        // RFC 6750 §3: error_description may hold %x20-21 / %x23-5B / %x5D-7E only.
        for code in ErrorCode::all() {
            assert!(code.message().bytes().all(|b| matches!(b, 0x20..=0x21 | 0x23..=0x5b | 0x5d..=0x7e)), "{code}");
        }
    }
}
