//! What a verifier is told: the options of every host language, in one place.

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer};

use crate::error::Error;

/// Logto's three permission models (each names what a token must look like).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
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
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ActorPolicy {
    /// Take them; the actor is reported.
    #[default]
    Allow,
    /// Refuse them with `actor_not_allowed`.
    Forbid,
}

/// Which kind of token is verified. An API guard takes access tokens and nothing else.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum TokenUse {
    /// JWT access tokens (RFC 9068).
    #[default]
    Access,
    /// ID tokens (OpenID Connect Core §2): `aud` is `clientId`, `typ` is absent or `JWT`.
    Id,
}

/// One string or a list of them.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
pub enum OneOrMany {
    /// One.
    One(String),
    /// Several.
    Many(Vec<String>),
}

impl OneOrMany {
    pub(crate) fn as_slice(&self) -> &[String] {
        match self {
            OneOrMany::One(one) => std::slice::from_ref(one),
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
#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
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
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Options {
    /// The Logto endpoint, such as `https://tenant.logto.app`; the issuer is `<endpoint>/oidc`. Or give `issuer`.
    #[serde(deserialize_with = "given")]
    pub endpoint: Option<String>,
    /// The issuers to accept, compared exactly. With custom domains one tenant has several, over one key set.
    #[serde(deserialize_with = "given")]
    pub issuer: Option<OneOrMany>,
    /// The API resource indicators to accept, compared exactly.
    #[serde(deserialize_with = "given")]
    pub audience: Option<OneOrMany>,
    /// Logto's permission model. Default [`PermissionModel::Resource`].
    #[serde(deserialize_with = "given")]
    pub permission_model: Option<PermissionModel>,
    /// Where the key set is. Default `<first issuer>/jwks`.
    #[serde(deserialize_with = "given")]
    pub jwks_uri: Option<String>,
    /// A fixed key set, as JSON text; nothing is fetched then.
    #[serde(deserialize_with = "json_text")]
    pub jwks: Option<String>,
    /// Allowed algorithms. Default ES384, RS256, ES256, ES512, PS256.
    #[serde(deserialize_with = "given")]
    pub algorithms: Option<Vec<String>>,
    /// The expected `typ`.
    #[serde(deserialize_with = "type_policy")]
    pub typ: TypePolicy,
    /// How far clocks may differ, in seconds (0 to 600). Default 5.
    #[serde(deserialize_with = "given")]
    pub clock_tolerance: Option<f64>,
    /// Greatest age of a token since `iat`, in seconds. Default: no limit but `exp`.
    #[serde(deserialize_with = "given")]
    pub max_token_age: Option<f64>,
    /// The applications that may call (`client_id`). Default: all.
    #[serde(deserialize_with = "given")]
    pub client_ids: Option<Vec<String>>,
    /// What to do with `act`. Default [`ActorPolicy::Allow`].
    #[serde(deserialize_with = "given")]
    pub actor: Option<ActorPolicy>,
    /// Scopes that include others, such as `admin:all` → `read:posts`.
    #[serde(deserialize_with = "given")]
    pub implied_scopes: Option<BTreeMap<String, Vec<String>>>,
    /// Longest token that is looked at, in bytes. Default 16,384.
    #[serde(deserialize_with = "given")]
    pub max_token_length: Option<f64>,
    /// The life cycle of the key set.
    #[serde(deserialize_with = "given")]
    pub key_refresh: Option<KeyRefresh>,
    /// Which kind of token is verified. Default [`TokenUse::Access`].
    #[serde(deserialize_with = "given")]
    pub token_use: Option<TokenUse>,
    /// For ID tokens: the application's id, which `aud` must be.
    #[serde(deserialize_with = "given")]
    pub client_id: Option<String>,
}

impl Options {
    /// Reads options written as JSON, with the names of the TypeScript API.
    ///
    /// # Errors
    /// `config_invalid` for an unknown option, or one of the wrong type. `null` is a wrong type everywhere but for
    /// `typ`: it is what `JSON.stringify` makes of `NaN`, and no check may vanish because of that.
    pub fn from_json(json: &str) -> Result<Self, Error> {
        serde_json::from_str(json).map_err(|error| {
            // Without the position, which means nothing to somebody who wrote an object.
            let message = error.to_string();
            Error::config(message.split(" at line ").next().unwrap_or_default().to_owned())
        })
    }
}

fn given<'de, D: Deserializer<'de>, T: Deserialize<'de>>(deserializer: D) -> Result<Option<T>, D::Error> {
    T::deserialize(deserializer).map(Some)
}

fn json_text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    let raw = Box::<serde_json::value::RawValue>::deserialize(deserializer)?;
    Ok(Some(raw.get().to_owned()))
}

fn type_policy<'de, D: Deserializer<'de>>(deserializer: D) -> Result<TypePolicy, D::Error> {
    Ok(Option::<String>::deserialize(deserializer)?.map_or(TypePolicy::Unchecked, TypePolicy::Exactly))
}
