//! What a verifier is told: the options of every host language, in one place.

use crate::error::Error;
use crate::json::{self, Value};
use crate::prelude::*;
use crate::text::concat;

/// Logto's three permission models (each names what a token must look like).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum PermissionModel {
    /// Global API resource: `aud` is the resource, `organization_id` must be absent.
    #[default]
    Resource,
    /// Organization-level API resource: `aud` is the resource, `organization_id` must be the required organization.
    OrganizationResource,
    /// Organization permissions: `aud` is exactly `urn:logto:organization:<required organization>`.
    Organization,
}

/// What to do with tokens that were obtained on behalf of somebody (`act`, RFC 8693 §4.1).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ActorPolicy {
    /// Take them; the actor is reported.
    #[default]
    Allow,
    /// Refuse them with `actor_not_allowed`.
    Forbid,
}

/// Which kind of token is verified. An API guard takes access tokens and nothing else.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum TokenUse {
    /// JWT access tokens (RFC 9068).
    #[default]
    Access,
    /// ID tokens (OpenID Connect Core §2): `aud` is `clientId`, `typ` is absent or `JWT`.
    Id,
}

/// One string or a list of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OneOrMany {
    /// One.
    One(String),
    /// Several.
    Many(Vec<String>),
}

impl OneOrMany {
    pub(crate) fn as_slice(&self) -> &[String] {
        match self {
            OneOrMany::One(one) => core::slice::from_ref(one),
            OneOrMany::Many(many) => many,
        }
    }
}

impl From<&str> for OneOrMany {
    fn from(one: &str) -> Self {
        OneOrMany::One(one.to_owned())
    }
}

impl From<String> for OneOrMany {
    fn from(one: String) -> Self {
        OneOrMany::One(one)
    }
}

impl<S: Into<String>> From<Vec<S>> for OneOrMany {
    fn from(many: Vec<S>) -> Self {
        OneOrMany::Many(many.into_iter().map(Into::into).collect())
    }
}

/// The `typ` a token must have.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum TypePolicy {
    /// `at+jwt` (RFC 9068 §2.1): Logto puts it on every access token and on nothing else.
    #[default]
    AccessToken,
    /// Another media type.
    Exactly(String),
    /// An explicit opt-out: `typ` is not looked at, so tokens meant for other purposes may pass.
    Unchecked,
}

/// When the key set is loaded and how long it serves. All durations are in seconds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct KeyRefresh {
    /// A key set younger than this is used without a thought; then one background refresh runs. Default 600.
    pub ttl: f64,
    /// An unknown `kid` causes a refresh at most once in this time. Default 30.
    pub cooldown: f64,
    /// How long after `ttl` a key set still serves while the issuer cannot be reached. Default 86,400.
    pub stale_for: f64,
    /// The wait after a first failed refresh; it doubles with each failure. Default 1.
    pub min_backoff: f64,
    /// The longest wait between failed refreshes. Default 60.
    pub max_backoff: f64,
    /// A refresh of which nothing is heard for this long counts as lost, and another may start. Default 10.
    pub lease: f64,
}

impl Default for KeyRefresh {
    fn default() -> Self {
        Self { ttl: 600.0, cooldown: 30.0, stale_for: 86_400.0, min_backoff: 1.0, max_backoff: 60.0, lease: 10.0 }
    }
}

/// The options of a [`Verifier`](crate::Verifier). An option that is `None` has its default; one that is given is
/// checked, and what is missing, empty or contradictory is `config_invalid`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Options {
    /// The Logto endpoint, such as `https://tenant.logto.app`; the issuer is `<endpoint>/oidc`. Or give `issuer`.
    pub endpoint: Option<String>,
    /// The issuers to accept, compared exactly. With custom domains one tenant has several, over one key set.
    pub issuer: Option<OneOrMany>,
    /// The API resource indicators to accept, compared exactly.
    pub audience: Option<OneOrMany>,
    /// Logto's permission model. Default [`PermissionModel::Resource`].
    pub permission_model: Option<PermissionModel>,
    /// Where the key set is. Default `<first issuer>/jwks`.
    pub jwks_uri: Option<String>,
    /// A fixed key set, as JSON text; nothing is fetched then.
    pub jwks: Option<String>,
    /// Allowed algorithms. Default ES384, RS256, ES256, ES512, PS256.
    pub algorithms: Option<Vec<String>>,
    /// The expected `typ`.
    pub typ: TypePolicy,
    /// How far clocks may differ, in seconds (0 to 600). Default 5.
    pub clock_tolerance: Option<f64>,
    /// Greatest age of a token since `iat`, in seconds. Default: no limit but `exp`.
    pub max_token_age: Option<f64>,
    /// The applications that may call (`client_id`). Default: all.
    pub client_ids: Option<Vec<String>>,
    /// What to do with `act`. Default [`ActorPolicy::Allow`].
    pub actor: Option<ActorPolicy>,
    /// Scopes that include others, such as `admin:all` → `read:posts`.
    pub implied_scopes: Option<Vec<(String, Vec<String>)>>,
    /// Longest token that is looked at, in bytes. Default 16,384.
    pub max_token_length: Option<f64>,
    /// The life cycle of the key set.
    pub key_refresh: Option<KeyRefresh>,
    /// Which kind of token is verified. Default [`TokenUse::Access`].
    pub token_use: Option<TokenUse>,
    /// For ID tokens: the application's id, which `aud` must be.
    pub client_id: Option<String>,
}

impl Options {
    /// Reads options written as JSON, with the names of the TypeScript API.
    ///
    /// # Errors
    /// `config_invalid` for an unknown option, or one of the wrong type. `null` is a wrong type everywhere but for
    /// `typ`: it is what `JSON.stringify` makes of `NaN`, and no check may vanish because of that.
    pub fn from_json(json: &str) -> Result<Self, Error> {
        let mut options = Self::default();
        read(json, &mut |name, value, raw| {
            match name {
                "endpoint" => options.endpoint = Some(text(value)?),
                "issuer" => options.issuer = Some(one_or_many(value)?),
                "audience" => options.audience = Some(one_or_many(value)?),
                "permissionModel" => {
                    options.permission_model = Some(match text(value)?.as_str() {
                        "resource" => PermissionModel::Resource,
                        "organization-resource" => PermissionModel::OrganizationResource,
                        "organization" => PermissionModel::Organization,
                        _ => return Err("'resource', 'organization-resource' or 'organization'"),
                    });
                }
                "jwksUri" => options.jwks_uri = Some(text(value)?),
                "jwks" => options.jwks = Some(raw.to_owned()),
                "algorithms" => options.algorithms = Some(texts(value)?),
                "typ" => {
                    options.typ = match value {
                        Value::Null => TypePolicy::Unchecked,
                        value => TypePolicy::Exactly(text(value)?),
                    }
                }
                "clockTolerance" => options.clock_tolerance = Some(number(value)?),
                "maxTokenAge" => options.max_token_age = Some(number(value)?),
                "clientIds" => options.client_ids = Some(texts(value)?),
                "actor" => {
                    options.actor = Some(match text(value)?.as_str() {
                        "allow" => ActorPolicy::Allow,
                        "forbid" => ActorPolicy::Forbid,
                        _ => return Err("'allow' or 'forbid'"),
                    });
                }
                "impliedScopes" => options.implied_scopes = Some(implied_scopes(raw)?),
                "maxTokenLength" => options.max_token_length = Some(number(value)?),
                "keyRefresh" => options.key_refresh = Some(KeyRefresh::from_json(raw)?),
                "tokenUse" => {
                    options.token_use = Some(match text(value)?.as_str() {
                        "access" => TokenUse::Access,
                        "id" => TokenUse::Id,
                        _ => return Err("'access' or 'id'"),
                    });
                }
                "clientId" => options.client_id = Some(text(value)?),
                _ => return Err(UNKNOWN),
            }
            Ok(())
        })
        .map(|()| options)
    }
}

impl KeyRefresh {
    fn from_json(json: &str) -> Result<Self, &'static str> {
        let mut refresh = Self::default();
        read(json, &mut |name, value, _| {
            let member = match name {
                "ttl" => &mut refresh.ttl,
                "cooldown" => &mut refresh.cooldown,
                "staleFor" => &mut refresh.stale_for,
                "minBackoff" => &mut refresh.min_backoff,
                "maxBackoff" => &mut refresh.max_backoff,
                "lease" => &mut refresh.lease,
                _ => return Err(UNKNOWN),
            };
            *member = number(value)?;
            Ok(())
        })
        .map_err(|_| "an object of numbers: ttl, cooldown, staleFor, minBackoff, maxBackoff, lease")?;
        Ok(refresh)
    }
}

/// What is expected of an option that does not exist.
const UNKNOWN: &str = "left out: there is no such option";

/// Reads an object of options. `each` fails with what it expected.
fn read<'a>(
    json: &'a str,
    each: &mut dyn FnMut(&str, Value<'a>, &'a str) -> Result<(), &'static str>,
) -> Result<(), Error> {
    let mut wrong = None;
    let read = json::object(json, &mut |name, value, raw| match each(&name, value, raw) {
        Ok(()) => Some(()),
        Err(expected) => {
            wrong = Some(Error::config(concat(&[name.as_ref(), " must be ", expected, "."])));
            None
        }
    });
    match (read, wrong) {
        (_, Some(wrong)) => Err(wrong),
        (None, None) => Err(Error::config("The options must be an object.")),
        (Some(_), None) => Ok(()),
    }
}

fn text(value: Value<'_>) -> Result<String, &'static str> {
    match value {
        Value::Text(text) => Ok(text.into_owned()),
        _ => Err("a string"),
    }
}

fn texts(value: Value<'_>) -> Result<Vec<String>, &'static str> {
    match value {
        Value::Texts(texts) => Ok(texts.into_iter().map(Into::into).collect()),
        _ => Err("a list of strings"),
    }
}

fn one_or_many(value: Value<'_>) -> Result<OneOrMany, &'static str> {
    match value {
        Value::Text(one) => Ok(OneOrMany::One(one.into_owned())),
        many => texts(many).map(OneOrMany::Many).map_err(|_| "a string or a list of strings"),
    }
}

fn number(value: Value<'_>) -> Result<f64, &'static str> {
    match value {
        Value::Number(number) => Ok(json::number(number)),
        _ => Err("a number"),
    }
}

/// Reads `impliedScopes`: an object of lists of scopes.
pub(crate) fn implied_scopes(json: &str) -> Result<Vec<(String, Vec<String>)>, &'static str> {
    let mut implied = Vec::new();
    json::object(json, &mut |scope, value, _| {
        implied.push((scope.into_owned(), texts(value).ok()?));
        Some(())
    })
    .ok_or("an object of lists of scopes")?;
    Ok(implied)
}
