//! The registered claims (RFC 7519 §4.1, RFC 9068 §2.2, RFC 8693 §4, RFC 7800 §3.1), typed. A claim of the wrong type
//! is an error, never "absent".

use crate::distinct::distinct;
use crate::error::{Error, ErrorCode};
use crate::json::{self, Members};
use crate::options::ActorPolicy;
use crate::policy::Policy;
use crate::prelude::*;
use crate::text;

/// The claims of a token, as they stand in the payload.
#[derive(Debug)]
pub(crate) struct Claims<'a> {
    members: Members<'a>,
    /// All of them, as they were signed.
    pub(crate) text: &'a str,
}

/// The times of a token.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Times {
    pub(crate) exp: NumericDate,
    pub(crate) nbf: Option<NumericDate>,
    pub(crate) iat: Option<NumericDate>,
}

/// RFC 7519 §2: seconds since the epoch, possibly with a fraction.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct NumericDate {
    pub(crate) seconds: f64,
    /// As the token writes it.
    pub(crate) text: String,
}

impl<'a> Claims<'a> {
    pub(crate) fn parse(payload: &'a [u8]) -> Result<Self, Error> {
        let text = core::str::from_utf8(payload).map_err(|_| ErrorCode::TokenMalformed)?;
        let members = json::object(text).ok_or(ErrorCode::TokenMalformed)?;
        Ok(Self { members, text })
    }

    /// A member bears a name that is dangerous to JavaScript programs.
    pub(crate) fn hazard(&self) -> bool {
        self.members.hazard
    }

    /// A claim that is a non-empty string when it is there.
    fn text(&self, name: &'static str) -> Result<Option<String>, Error> {
        let Some(value) = self.members.get(name) else { return Ok(None) };
        match json::text(value) {
            Some(text) if !text.is_empty() => Ok(Some(text.into_owned())),
            _ => Err(Error::claim_invalid(name, "a non-empty string", shown(value))),
        }
    }

    fn required_text(&self, name: &'static str) -> Result<String, Error> {
        self.text(name)?.ok_or_else(|| Error::claim_missing(name))
    }

    /// A NumericDate that is there must be one.
    fn date(&self, name: &'static str) -> Result<Option<NumericDate>, Error> {
        let Some(value) = self.members.get(name) else { return Ok(None) };
        let actual = match json::number(value) {
            Some(seconds) if seconds.is_finite() && seconds >= 0.0 => {
                return Ok(Some(NumericDate { seconds, text: value.to_owned() }));
            }
            Some(_) => value,
            None => shown(value),
        };
        Err(Error::claim_invalid(name, "seconds since the epoch", actual))
    }

    /// `iss` is exactly one of the configured issuers.
    pub(crate) fn issuer(&self, issuers: &[String]) -> Result<String, Error> {
        let issuer = self.required_text("iss")?;
        if issuers.contains(&issuer) {
            return Ok(issuer);
        }
        Err(Error::new(ErrorCode::IssuerMismatch).with_claim("iss").expected(&text::list(issuers)).actual(&issuer))
    }

    /// `aud`: a string, or a list of strings that is not empty.
    pub(crate) fn audience(&self) -> Result<Vec<String>, Error> {
        let value = self.members.get("aud").ok_or_else(|| Error::claim_missing("aud"))?;
        let audience = match json::text(value) {
            Some(one) => vec![one.into_owned()],
            None => json::texts(value).unwrap_or_default(),
        };
        if audience.is_empty() || audience.iter().any(String::is_empty) {
            return Err(Error::claim_invalid("aud", "a string or a list of strings", shown(value)));
        }
        Ok(audience)
    }

    pub(crate) fn subject(&self) -> Result<String, Error> {
        self.required_text("sub")
    }

    pub(crate) fn token_id(&self) -> Result<Option<String>, Error> {
        self.text("jti")
    }

    /// `client_id`, and whether that application may call.
    pub(crate) fn client(&self, allowed: Option<&[String]>) -> Result<String, Error> {
        let client_id = self.required_text("client_id")?;
        if allowed.is_none_or(|allowed| allowed.contains(&client_id)) {
            return Ok(client_id);
        }
        Err(Error::new(ErrorCode::ClientNotAllowed).with_claim("client_id").actual(&client_id))
    }

    /// Whether there is a claim that Logto's ID tokens never have, and its access tokens do.
    pub(crate) fn has_marks_of_access_token(&self) -> bool {
        self.members.get("client_id").is_some() || self.members.get("scope").is_some()
    }

    /// The authorized party of an ID token (OpenID Connect Core §3.1.3.7, 4 and 5), and no mark of an access token.
    pub(crate) fn id_token_party(&self, audience: &[String], client_id: &str) -> Result<(), Error> {
        if self.has_marks_of_access_token() {
            return Err(Error::new(ErrorCode::TokenTypeMismatch)
                .with_hint("This looks like an access token. Verify the token from getIdToken() here."));
        }
        match self.text("azp")? {
            Some(azp) if azp != client_id => Err(Error::claim_invalid("azp", client_id, &azp)),
            None if audience.len() > 1 => Err(Error::claim_missing("azp")),
            _ => Ok(()),
        }
    }

    /// `nonce` of an ID token, if the request sent one (OpenID Connect Core §3.1.3.7, 11).
    pub(crate) fn check_nonce(&self, expected: Option<&str>) -> Result<(), Error> {
        let found = self.text("nonce")?;
        match (expected, found) {
            (Some(_), None) => Err(Error::claim_missing("nonce")),
            (Some(expected), Some(found)) if found != expected => {
                Err(Error::claim_invalid("nonce", "the nonce of the request", "another one"))
            }
            _ => Ok(()),
        }
    }

    /// `exp` alone, which need not be there.
    pub(crate) fn expiry(&self) -> Result<Option<NumericDate>, Error> {
        self.date("exp")
    }

    /// `exp`, `nbf` and `iat`.
    pub(crate) fn times(&self, iat_required: bool) -> Result<Times, Error> {
        let exp = self.date("exp")?.ok_or_else(|| Error::claim_missing("exp"))?;
        let (nbf, iat) = (self.date("nbf")?, self.date("iat")?);
        if iat_required && iat.is_none() {
            return Err(Error::claim_missing("iat"));
        }
        Ok(Times { exp, nbf, iat })
    }

    /// Refuses every `cnf`: a proof of possession that is not checked protects nobody (RFC 7800 §3.1).
    pub(crate) fn check_confirmation(&self) -> Result<(), Error> {
        match self.members.get("cnf") {
            Some(_) => Err(Error::new(ErrorCode::ConfirmationUnsupported).with_claim("cnf")),
            None => Ok(()),
        }
    }

    /// `act`, as JSON text.
    pub(crate) fn actor(&self, policy: ActorPolicy) -> Result<Option<String>, Error> {
        let Some(actor) = self.members.get("act") else { return Ok(None) };
        if policy == ActorPolicy::Forbid {
            return Err(Error::new(ErrorCode::ActorNotAllowed).with_claim("act"));
        }
        match json::kind(actor) {
            "an object" => Ok(Some(actor.to_owned())),
            _ => Err(Error::claim_invalid("act", "an object", shown(actor))),
        }
    }

    /// `organization_id`; one that is there must be a non-empty string.
    pub(crate) fn organization_id(&self) -> Result<Option<String>, Error> {
        self.text("organization_id")
    }

    /// The granted scopes: absent, `null` and `""` all grant nothing.
    pub(crate) fn scopes(&self) -> Result<Vec<String>, Error> {
        let value = self.members.get("scope").unwrap_or("null");
        match json::text(value) {
            Some(scope) => Ok(distinct(&crate::scope::split(&scope).collect::<Vec<_>>())),
            None if value == "null" => Ok(Vec::new()),
            None => Err(Error::claim_invalid("scope", "a string", shown(value))),
        }
    }
}

impl Times {
    /// Compares with the clock; `now` in seconds.
    pub(crate) fn check(&self, policy: &Policy, now: f64) -> Result<(), Error> {
        let tolerance = policy.clock_tolerance;
        let error = |code: ErrorCode, claim, date: &NumericDate| {
            Err(Error::new(code)
                .with_claim(claim)
                .expected(&text::concat(&["the time is ", &text::decimal(now as u64)]))
                .actual(&date.text))
        };
        if now - tolerance >= self.exp.seconds {
            return error(ErrorCode::TokenExpired, "exp", &self.exp);
        }
        match &self.nbf {
            Some(nbf) if now + tolerance < nbf.seconds => return error(ErrorCode::TokenNotYetValid, "nbf", nbf),
            _ => {}
        }
        match (&self.iat, policy.max_token_age) {
            (Some(iat), _) if now + tolerance < iat.seconds => error(ErrorCode::TokenIssuedInFuture, "iat", iat),
            (Some(iat), Some(most)) if now - tolerance > iat.seconds + most => {
                error(ErrorCode::TokenTooOld, "iat", iat)
            }
            _ => Ok(()),
        }
    }
}

/// What to call a value in an error.
fn shown(value: &str) -> &'static str {
    match value {
        "\"\"" => "an empty string",
        "[]" => "an empty list",
        other => json::kind(other),
    }
}
