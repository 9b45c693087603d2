//! The registered claims (RFC 7519 §4.1, RFC 9068 §2.2, RFC 8693 §4, RFC 7800 §3.1), typed. A claim of the wrong type
//! is an error, never "absent".

use crate::distinct::distinct;
use crate::error::{Error, ErrorCode};
use crate::json::{self, Value};
use crate::options::ActorPolicy;
use crate::policy::Policy;
use crate::prelude::*;
use crate::text;

/// The claims a verifier acts on, as they stand in the payload.
#[derive(Debug, Default)]
pub(crate) struct Claims<'a> {
    iss: Option<Value<'a>>,
    sub: Option<Value<'a>>,
    aud: Option<Value<'a>>,
    exp: Option<Value<'a>>,
    nbf: Option<Value<'a>>,
    iat: Option<Value<'a>>,
    jti: Option<Value<'a>>,
    client_id: Option<Value<'a>>,
    scope: Option<Value<'a>>,
    organization_id: Option<Value<'a>>,
    azp: Option<Value<'a>>,
    nonce: Option<Value<'a>>,
    act: Option<(Value<'a>, &'a str)>,
    cnf: Option<Value<'a>>,
    /// All of them, as they were signed.
    pub(crate) text: &'a str,
    /// A member bears a name that is dangerous to JavaScript programs.
    pub(crate) hazard: bool,
}

/// The times of a token.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Times {
    pub(crate) exp: NumericDate,
    pub(crate) nbf: Option<NumericDate>,
    pub(crate) iat: Option<NumericDate>,
}

/// RFC 7519 §2: seconds since the epoch, possibly with a fraction.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct NumericDate {
    pub(crate) seconds: f64,
    /// As the token writes it.
    pub(crate) text: String,
}

impl<'a> Claims<'a> {
    pub(crate) fn parse(payload: &'a [u8]) -> Result<Self, Error> {
        let text = core::str::from_utf8(payload).map_err(|_| ErrorCode::TokenMalformed)?;
        let mut claims = Self { text, ..Self::default() };
        let hazard = json::object(text, &mut |name, value, raw| {
            let slot = match name.as_ref() {
                "iss" => &mut claims.iss,
                "sub" => &mut claims.sub,
                "aud" => &mut claims.aud,
                "exp" => &mut claims.exp,
                "nbf" => &mut claims.nbf,
                "iat" => &mut claims.iat,
                "jti" => &mut claims.jti,
                "client_id" => &mut claims.client_id,
                "scope" => &mut claims.scope,
                "organization_id" => &mut claims.organization_id,
                "azp" => &mut claims.azp,
                "nonce" => &mut claims.nonce,
                "cnf" => &mut claims.cnf,
                "act" => {
                    claims.act = Some((value, raw));
                    return Some(());
                }
                _ => return Some(()),
            };
            *slot = Some(value);
            Some(())
        });
        claims.hazard = hazard.ok_or(ErrorCode::TokenMalformed)?;
        Ok(claims)
    }

    /// `iss` is exactly one of the configured issuers.
    pub(crate) fn issuer(&self, issuers: &[String]) -> Result<&str, Error> {
        let issuer = required(text("iss", &self.iss)?, "iss")?;
        if issuers.iter().any(|allowed| allowed == issuer) {
            return Ok(issuer);
        }
        Err(Error::new(ErrorCode::IssuerMismatch).with_claim("iss").expected(text::list(issuers)).actual(issuer))
    }

    /// `aud`: a string, or a list of strings that is not empty.
    pub(crate) fn audience(&self) -> Result<Vec<String>, Error> {
        match &self.aud {
            None => Err(Error::claim_missing("aud")),
            Some(Value::Text(one)) if !one.is_empty() => Ok(vec![one.as_ref().to_owned()]),
            Some(Value::Texts(many)) if !many.is_empty() && many.iter().all(|one| !one.is_empty()) => {
                Ok(many.iter().map(|one| one.as_ref().to_owned()).collect())
            }
            Some(other) => Err(Error::claim_invalid("aud", "a string or a list of strings", shown(other))),
        }
    }

    pub(crate) fn subject(&self) -> Result<&str, Error> {
        required(text("sub", &self.sub)?, "sub")
    }

    pub(crate) fn client_id(&self) -> Result<Option<&str>, Error> {
        text("client_id", &self.client_id)
    }

    pub(crate) fn token_id(&self) -> Result<Option<&str>, Error> {
        text("jti", &self.jti)
    }

    /// `client_id`, and whether that application may call.
    pub(crate) fn client(&self, allowed: Option<&[String]>) -> Result<&str, Error> {
        let client_id = required(self.client_id()?, "client_id")?;
        match allowed {
            Some(allowed) if !allowed.iter().any(|one| one == client_id) => {
                Err(Error::new(ErrorCode::ClientNotAllowed).with_claim("client_id").actual(client_id))
            }
            _ => Ok(client_id),
        }
    }

    /// Whether there is a claim that Logto's ID tokens never have, and its access tokens do.
    pub(crate) fn has_marks_of_access_token(&self) -> bool {
        self.client_id.is_some() || self.scope.is_some()
    }

    /// The authorized party of an ID token (OpenID Connect Core §3.1.3.7, 4 and 5), and no mark of an access token.
    pub(crate) fn id_token_party(&self, audience: &[String], client_id: &str) -> Result<(), Error> {
        if self.has_marks_of_access_token() {
            return Err(Error::new(ErrorCode::TokenTypeMismatch)
                .with_hint("This looks like an access token. Verify the token from getIdToken() here."));
        }
        match text("azp", &self.azp)? {
            Some(azp) if azp != client_id => Err(Error::claim_invalid("azp", client_id, azp)),
            None if audience.len() > 1 => Err(Error::claim_missing("azp")),
            _ => Ok(()),
        }
    }

    /// `nonce` of an ID token, if the request sent one (OpenID Connect Core §3.1.3.7, 11).
    pub(crate) fn check_nonce(&self, expected: Option<&str>) -> Result<(), Error> {
        let found = text("nonce", &self.nonce)?;
        match expected {
            Some(expected) if required(found, "nonce")? != expected => {
                Err(Error::claim_invalid("nonce", "the nonce of the request", "another one"))
            }
            _ => Ok(()),
        }
    }

    /// `exp` alone, which need not be there.
    pub(crate) fn expiry(&self) -> Result<Option<NumericDate>, Error> {
        numeric_date("exp", &self.exp)
    }

    /// `exp`, `nbf` and `iat` against the clock; `now` in seconds. At `exp` a token has expired (RFC 7519 §4.1.4).
    pub(crate) fn times(&self, iat_required: bool) -> Result<Times, Error> {
        let exp = required(numeric_date("exp", &self.exp)?, "exp")?;
        let nbf = numeric_date("nbf", &self.nbf)?;
        let iat = numeric_date("iat", &self.iat)?;
        if iat_required && iat.is_none() {
            return Err(Error::claim_missing("iat"));
        }
        Ok(Times { exp, nbf, iat })
    }

    /// Refuses every `cnf`: a proof of possession that is not checked protects nobody (RFC 7800 §3.1).
    pub(crate) fn check_confirmation(&self) -> Result<(), Error> {
        match self.cnf {
            Some(_) => Err(Error::new(ErrorCode::ConfirmationUnsupported).with_claim("cnf")),
            None => Ok(()),
        }
    }

    /// `act`, as JSON text.
    pub(crate) fn actor(&self, policy: ActorPolicy) -> Result<Option<&'a str>, Error> {
        match (&self.act, policy) {
            (None, _) => Ok(None),
            (Some(_), ActorPolicy::Forbid) => Err(Error::new(ErrorCode::ActorNotAllowed).with_claim("act")),
            (Some((Value::Object, raw)), ActorPolicy::Allow) => Ok(Some(*raw)),
            (Some((other, _)), ActorPolicy::Allow) => Err(Error::claim_invalid("act", "an object", shown(other))),
        }
    }

    /// `organization_id`; one that is there must be a non-empty string.
    pub(crate) fn organization_id(&self) -> Result<Option<&str>, Error> {
        text("organization_id", &self.organization_id)
    }

    /// The granted scopes: absent, `null` and `""` all grant nothing.
    pub(crate) fn scopes(&self) -> Result<Vec<String>, Error> {
        match &self.scope {
            None | Some(Value::Null) => Ok(Vec::new()),
            Some(Value::Text(scope)) => Ok(distinct(&crate::scope::split(scope).collect::<Vec<_>>())),
            Some(other) => Err(Error::claim_invalid("scope", "a string", shown(other))),
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
                .expected(text::concat(&["the time is ", &text::decimal(now as u64)]))
                .actual(date.text.clone()))
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

fn required<T>(claim: Option<T>, name: &'static str) -> Result<T, Error> {
    claim.ok_or_else(|| Error::claim_missing(name))
}

/// A claim that is a non-empty string when it is there.
fn text<'c>(name: &'static str, claim: &'c Option<Value<'_>>) -> Result<Option<&'c str>, Error> {
    match claim {
        None => Ok(None),
        Some(Value::Text(text)) if !text.is_empty() => Ok(Some(text)),
        Some(other) => Err(Error::claim_invalid(name, "a non-empty string", shown(other))),
    }
}

/// A NumericDate that is there must be one.
fn numeric_date(name: &'static str, claim: &Option<Value<'_>>) -> Result<Option<NumericDate>, Error> {
    let actual = match claim {
        None => return Ok(None),
        Some(Value::Number(text)) => {
            let seconds = json::number(text);
            if seconds.is_finite() && seconds >= 0.0 {
                return Ok(Some(NumericDate { seconds, text: (*text).to_owned() }));
            }
            text
        }
        Some(other) => shown(other),
    };
    Err(Error::claim_invalid(name, "seconds since the epoch", actual))
}

fn shown(value: &Value<'_>) -> &'static str {
    match value {
        Value::Text(text) if text.is_empty() => "an empty string",
        Value::Texts(list) if list.is_empty() => "an empty list",
        other => other.kind(),
    }
}
