//! What a verifier is told: the options of every host language, in one place.

use alloc::borrow::Cow;

use crate::error::Error;
use crate::json::{self, Members};
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
        let mut read = Reader::new(json)?;
        let typ = match read.get("typ") {
            None => TypePolicy::AccessToken,
            Some("null") => TypePolicy::Unchecked,
            Some(_) => TypePolicy::Exactly(read.text("typ").unwrap_or_default()),
        };
        let options = Self {
            endpoint: read.text("endpoint"),
            issuer: read.one_or_many("issuer"),
            audience: read.one_or_many("audience"),
            permission_model: match read.choice(
                "permissionModel",
                &["resource", "organization-resource", "organization"],
                "'resource', 'organization-resource' or 'organization'",
            ) {
                Some(0) => Some(PermissionModel::Resource),
                Some(1) => Some(PermissionModel::OrganizationResource),
                Some(_) => Some(PermissionModel::Organization),
                None => None,
            },
            jwks_uri: read.text("jwksUri"),
            jwks: read.get("jwks").map(str::to_owned),
            algorithms: read.texts("algorithms"),
            typ,
            clock_tolerance: read.number("clockTolerance"),
            max_token_age: read.number("maxTokenAge"),
            client_ids: read.texts("clientIds"),
            actor: match read.choice("actor", &["allow", "forbid"], "'allow' or 'forbid'") {
                Some(0) => Some(ActorPolicy::Allow),
                Some(_) => Some(ActorPolicy::Forbid),
                None => None,
            },
            implied_scopes: read.as_expected("impliedScopes", implied_scopes, "an object of lists of scopes"),
            max_token_length: read.number("maxTokenLength"),
            key_refresh: read.as_expected("keyRefresh", KeyRefresh::from_json, KEY_REFRESH),
            token_use: match read.choice("tokenUse", &["access", "id"], "'access' or 'id'") {
                Some(0) => Some(TokenUse::Access),
                Some(_) => Some(TokenUse::Id),
                None => None,
            },
            client_id: read.text("clientId"),
        };
        read.wrong.map_or(Ok(options), Err)
    }
}

impl KeyRefresh {
    fn from_json(json: &str) -> Option<Self> {
        let mut refresh = Self::default();
        for (name, value) in json::object(json)?.list {
            let member = match name.as_ref() {
                "ttl" => &mut refresh.ttl,
                "cooldown" => &mut refresh.cooldown,
                "staleFor" => &mut refresh.stale_for,
                "minBackoff" => &mut refresh.min_backoff,
                "maxBackoff" => &mut refresh.max_backoff,
                "lease" => &mut refresh.lease,
                _ => return None,
            };
            *member = json::number(value)?;
        }
        Some(refresh)
    }
}

/// Every option.
const NAMES: [&str; 17] = [
    "endpoint",
    "issuer",
    "audience",
    "permissionModel",
    "jwksUri",
    "jwks",
    "algorithms",
    "typ",
    "clockTolerance",
    "maxTokenAge",
    "clientIds",
    "actor",
    "impliedScopes",
    "maxTokenLength",
    "keyRefresh",
    "tokenUse",
    "clientId",
];

const KEY_REFRESH: &str = "an object of numbers: ttl, cooldown, staleFor, minBackoff, maxBackoff, lease";

/// Reads options by their names. What is not as it has to be counts as not there, and is noted.
struct Reader<'a> {
    members: Members<'a>,
    /// What was wrong first.
    wrong: Option<Error>,
}

impl<'a> Reader<'a> {
    fn new(json: &'a str) -> Result<Self, Error> {
        let members = json::object(json).ok_or_else(|| Error::config("The options must be an object."))?;
        let mut reader = Self { members, wrong: None };
        if let Some((name, _)) = reader.members.list.iter().find(|(name, _)| !NAMES.contains(&name.as_ref())) {
            reader.wrong = Some(must_be(name, "left out: there is no such option"));
        }
        Ok(reader)
    }

    fn get(&self, name: &str) -> Option<&'a str> {
        self.members.get(name)
    }

    /// What `read` makes of the option.
    fn as_expected<T>(&mut self, name: &str, read: fn(&'a str) -> Option<T>, expected: &str) -> Option<T> {
        let made = read(self.get(name)?);
        self.note(name, made.is_some(), expected);
        made
    }

    fn note(&mut self, name: &str, is_right: bool, expected: &str) {
        if !is_right && self.wrong.is_none() {
            self.wrong = Some(must_be(name, expected));
        }
    }

    fn text(&mut self, name: &str) -> Option<String> {
        self.as_expected(name, text, "a string")
    }

    fn texts(&mut self, name: &str) -> Option<Vec<String>> {
        self.as_expected(name, json::texts, "a list of strings")
    }

    fn number(&mut self, name: &str) -> Option<f64> {
        self.as_expected(name, json::number, "a number")
    }

    fn one_or_many(&mut self, name: &str) -> Option<OneOrMany> {
        let read = |value| text(value).map(OneOrMany::One).or_else(|| json::texts(value).map(OneOrMany::Many));
        self.as_expected(name, read, "a string or a list of strings")
    }

    /// Which of the choices it is.
    fn choice(&mut self, name: &str, choices: &[&str], expected: &str) -> Option<usize> {
        let chosen = json::text(self.get(name)?);
        let place = choices.iter().position(|choice| chosen.as_deref() == Some(*choice));
        self.note(name, place.is_some(), expected);
        place
    }
}

fn must_be(name: &str, expected: &str) -> Error {
    Error::config(concat(&[name, " must be ", expected, "."]))
}

fn text(value: &str) -> Option<String> {
    json::text(value).map(Cow::into_owned)
}

/// Reads `impliedScopes`: an object of lists of scopes.
pub(crate) fn implied_scopes(json: &str) -> Option<Vec<(String, Vec<String>)>> {
    let mut implied = Vec::new();
    for (scope, value) in json::object(json)?.list {
        implied.push((scope.into_owned(), json::texts(value)?));
    }
    Some(implied)
}
