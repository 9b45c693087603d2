//! What one verifier accepts: the options, checked once, so that no check can be skipped later.

use core::ops::RangeInclusive;

use crate::algorithm::AllowList;
use crate::error::{Error, quoted};
use crate::options::{ActorPolicy, KeyRefresh, Options, PermissionModel, TokenUse, TypePolicy};
use crate::prelude::*;
use crate::scope::ImpliedScopes;
use crate::text::{self, concat};

const DEFAULT_CLOCK_TOLERANCE: f64 = 5.0;
const DEFAULT_MAX_TOKEN_LENGTH: usize = 16 * 1024;
/// Above this, base64url decoding and JSON reading would be a cheap way to keep a server busy.
const TOKEN_LENGTHS: RangeInclusive<f64> = 256.0..=1024.0 * 1024.0;
/// Thirty days.
const MAX_REFRESH: f64 = 30.0 * 86_400.0;
/// No algorithm's name is longer than this many characters; what is, may be a token in the wrong place.
const QUOTE_LIMIT: usize = 20;
pub(crate) const ACCESS_TOKEN_TYPE: &str = "at+jwt";

/// The `aud` that a token must have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Audience {
    /// One of these resources (or the client id, for ID tokens).
    OneOf(Vec<String>),
    /// The URN of the organization that each requirement names.
    Organization,
}

/// Where the keys come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum KeySource {
    Remote { jwks_uri: String },
    Fixed { jwks: String },
}

#[derive(Clone, Debug)]
pub(crate) struct Policy {
    pub(crate) token_use: TokenUse,
    pub(crate) issuers: Vec<String>,
    pub(crate) audience: Audience,
    pub(crate) model: PermissionModel,
    pub(crate) key_source: KeySource,
    pub(crate) algorithms: AllowList,
    /// `None` only after an explicit opt-out (or for ID tokens, which have a rule of their own).
    pub(crate) typ: Option<String>,
    /// Seconds.
    pub(crate) clock_tolerance: f64,
    /// Seconds.
    pub(crate) max_token_age: Option<f64>,
    pub(crate) client_ids: Option<Vec<String>>,
    pub(crate) actor: ActorPolicy,
    pub(crate) implied: ImpliedScopes,
    pub(crate) max_token_length: usize,
    pub(crate) key_refresh: KeyRefresh,
}

impl Policy {
    pub(crate) fn new(options: &Options) -> Result<Self, Error> {
        let token_use = options.token_use.unwrap_or_default();
        let model = options.permission_model.unwrap_or_default();
        check_token_use(options, token_use)?;
        let issuers = issuers(options)?;
        Ok(Self {
            token_use,
            audience: audience(options, token_use, model)?,
            model,
            key_source: key_source(options, &issuers)?,
            issuers,
            algorithms: allow_list(
                options
                    .algorithms
                    .as_ref()
                    .map(|names| names.iter().map(String::as_str).collect::<Vec<_>>())
                    .as_deref(),
            )?,
            typ: typ(&options.typ, token_use)?,
            clock_tolerance: within("clockTolerance", options.clock_tolerance, 0.0..=600.0, "0 to 600")?
                .unwrap_or(DEFAULT_CLOCK_TOLERANCE),
            max_token_age: within("maxTokenAge", options.max_token_age, 1.0..=f64::MAX, "1 on")?,
            client_ids: options.client_ids.clone().map(|ids| non_empty("clientIds", ids)).transpose()?,
            actor: options.actor.unwrap_or_default(),
            implied: ImpliedScopes::new(options.implied_scopes.as_deref().unwrap_or_default())?,
            max_token_length: within("maxTokenLength", options.max_token_length, TOKEN_LENGTHS, "256 to 1048576")?
                .map_or(DEFAULT_MAX_TOKEN_LENGTH, |bytes| bytes as usize),
            key_refresh: key_refresh(options)?,
        })
    }
}

/// The allow-list of `names`, or the default one.
pub(crate) fn allow_list(names: Option<&[&str]>) -> Result<AllowList, Error> {
    let Some(names) = names else { return Ok(AllowList::default()) };
    let list = AllowList::from_names(names).map_err(|name| {
        let name = quoted(name, QUOTE_LIMIT);
        Error::config(concat(&["algorithms: \"", &name, "\" is not supported; none and HS* can never be allowed."]))
    })?;
    if list.is_empty() { Err(Error::config("algorithms is empty.")) } else { Ok(list) }
}

fn check_token_use(options: &Options, token_use: TokenUse) -> Result<(), Error> {
    let for_access_tokens = [
        options.audience.is_some(),
        options.permission_model.is_some(),
        options.client_ids.is_some(),
        options.typ != TypePolicy::AccessToken,
        options.actor.is_some(),
        options.implied_scopes.is_some(),
    ];
    match token_use {
        TokenUse::Access if options.client_id.is_some() => {
            Err(Error::config("clientId is for ID tokens; clientIds limits which applications may call."))
        }
        TokenUse::Id if for_access_tokens.contains(&true) => Err(Error::config(
            "ID tokens have a clientId, and no audience, permissionModel, clientIds, typ, actor or impliedScopes.",
        )),
        _ => Ok(()),
    }
}

fn issuers(options: &Options) -> Result<Vec<String>, Error> {
    match (&options.endpoint, &options.issuer) {
        (Some(_), Some(_)) => Err(Error::config("Give either endpoint or issuer, not both.")),
        (None, None) => Err(Error::config(
            "endpoint (or issuer) is missing: the Logto endpoint, such as https://<tenant>.logto.app.",
        )),
        (Some(endpoint), None) => {
            let endpoint = endpoint.strip_suffix("/").unwrap_or(endpoint);
            check_url("endpoint", endpoint)?;
            if endpoint.ends_with("/") {
                return Err(Error::config("endpoint ends in several slashes."));
            }
            if endpoint.ends_with("/oidc") {
                return Err(Error::config("endpoint: leave out /oidc, or give the whole URL as issuer."));
            }
            Ok(vec![concat(&[endpoint, "/oidc"])])
        }
        (None, Some(issuers)) => {
            let issuers = non_empty("issuer", issuers.as_slice().to_vec())?;
            for issuer in &issuers {
                check_url("issuer", issuer)?;
                if issuer.ends_with("/oidc/") {
                    return Err(Error::config("issuer: Logto's issuer ends in /oidc, without a slash after it."));
                }
            }
            Ok(issuers)
        }
    }
}

fn audience(options: &Options, token_use: TokenUse, model: PermissionModel) -> Result<Audience, Error> {
    if token_use == TokenUse::Id {
        let client_id =
            options.client_id.clone().ok_or_else(|| Error::config("clientId is missing: the application's id."))?;
        return non_empty("clientId", vec![client_id]).map(Audience::OneOf);
    }
    match (model, &options.audience) {
        (PermissionModel::Organization, None) => Ok(Audience::Organization),
        (PermissionModel::Organization, Some(_)) => {
            Err(Error::config("audience: leave it out in the 'organization' permission model."))
        }
        (_, None) => Err(Error::config("audience is missing: the API identifier (resource indicator) in Logto.")),
        (_, Some(audience)) => {
            let audience = non_empty("audience", audience.as_slice().to_vec())?;
            if audience.iter().any(|one| one.starts_with(crate::organization::URN_PREFIX)) {
                return Err(Error::config("audience: for organization URNs use permissionModel: 'organization'."));
            }
            Ok(Audience::OneOf(audience))
        }
    }
}

fn key_source(options: &Options, issuers: &[String]) -> Result<KeySource, Error> {
    match (&options.jwks, &options.jwks_uri) {
        (Some(_), Some(_)) => Err(Error::config("Give either jwks or jwksUri, not both.")),
        (Some(_), None) if options.key_refresh.is_some() => {
            Err(Error::config("keyRefresh: a fixed jwks is never fetched."))
        }
        (Some(jwks), None) => Ok(KeySource::Fixed { jwks: jwks.clone() }),
        (None, Some(uri)) => {
            check_url("jwksUri", uri)?;
            Ok(KeySource::Remote { jwks_uri: uri.clone() })
        }
        (None, None) => Ok(KeySource::Remote {
            jwks_uri: concat(&[issuers.first().map(String::as_str).unwrap_or_default(), "/jwks"]),
        }),
    }
}

fn typ(policy: &TypePolicy, token_use: TokenUse) -> Result<Option<String>, Error> {
    match policy {
        _ if token_use == TokenUse::Id => Ok(None),
        TypePolicy::AccessToken => Ok(Some(ACCESS_TOKEN_TYPE.to_owned())),
        TypePolicy::Unchecked => Ok(None),
        TypePolicy::Exactly(typ) => match text::is_blank(typ) {
            true => Err(Error::config("typ is empty; null is the way not to check it.")),
            false => Ok(Some(typ.clone())),
        },
    }
}

fn key_refresh(options: &Options) -> Result<KeyRefresh, Error> {
    let refresh = options.key_refresh.unwrap_or_default();
    let limits = [
        ("keyRefresh.ttl", refresh.ttl, 1.0, "1 to 2592000"),
        ("keyRefresh.cooldown", refresh.cooldown, 1.0, "1 to 2592000"),
        ("keyRefresh.staleFor", refresh.stale_for, 0.0, "0 to 2592000"),
        ("keyRefresh.minBackoff", refresh.min_backoff, 0.1, "0.1 to 2592000"),
        ("keyRefresh.maxBackoff", refresh.max_backoff, refresh.min_backoff, "minBackoff to 2592000"),
        ("keyRefresh.lease", refresh.lease, 1.0, "1 to 2592000"),
    ];
    for (name, value, least, limits) in limits {
        within(name, Some(value), least..=MAX_REFRESH, limits)?;
    }
    Ok(refresh)
}

/// A finite number within its limits, which are given in words, too.
fn within(name: &str, value: Option<f64>, range: RangeInclusive<f64>, limits: &str) -> Result<Option<f64>, Error> {
    match value {
        Some(value) if !range.contains(&value) => {
            Err(Error::config(concat(&[name, " must be a number from ", limits, "."])))
        }
        checked => Ok(checked),
    }
}

fn non_empty(name: &str, values: Vec<String>) -> Result<Vec<String>, Error> {
    if values.is_empty() || values.iter().any(|value| text::is_blank(value)) {
        return Err(Error::config(concat(&[name, " is empty."])));
    }
    Ok(values)
}

/// `https`, or `http` on loopback; no credentials, query or fragment that an issuer cannot have (RFC 8414 §2).
fn check_url(name: &str, url: &str) -> Result<(), Error> {
    let refuse = |why: &str| Err(Error::config(concat(&[name, " ", why])));
    let (secure, rest) = match (url.strip_prefix("https://"), url.strip_prefix("http://")) {
        (Some(rest), _) => (true, rest),
        (_, Some(rest)) => (false, rest),
        _ => return refuse("must be an https:// URL."),
    };
    if url.chars().any(|c| c.is_whitespace() || c.is_control() || matches!(c, '#' | '\\')) {
        return refuse("must be a URL without whitespace, fragment or backslash.");
    }
    if name != "jwksUri" && url.bytes().any(|byte| byte == b'?') {
        return refuse("must be a URL without a query.");
    }
    let authority = text::cut(rest, &|byte| matches!(byte, b'/' | b'?')).map_or(rest, |(authority, _)| authority);
    if authority.is_empty() || authority.bytes().any(|byte| byte == b'@') {
        return refuse("must be a URL with a host and without credentials.");
    }
    if !secure && !is_loopback(authority) {
        return refuse("must be https://; http:// is for loopback addresses only.");
    }
    Ok(())
}

fn is_loopback(authority: &str) -> bool {
    if let Some(port) = authority.strip_prefix("[::1]") {
        return port.is_empty() || port.starts_with(":");
    }
    let host = text::cut(authority, &|byte| byte == b':').map_or(authority, |(host, _)| host);
    // A host of nothing but digits and dots is an IPv4 address or no host at all.
    let is_number = host.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    host.eq_ignore_ascii_case("localhost") || (is_number && host.starts_with("127."))
}

#[cfg(test)]
mod tests {
    use super::*;

    const BASE: &str = r#""endpoint":"https://t.logto.app","audience":"https://api.yourapp.com""#;

    fn policy(json: &str) -> Result<Policy, Error> {
        Options::from_json(json).and_then(|options| Policy::new(&options))
    }

    fn with(more: &str) -> Result<Policy, Error> {
        policy(&format!("{{{BASE}{more}}}"))
    }

    #[test]
    fn defaults_are_secure() {
        let policy = with("").expect("a policy");
        assert_eq!(policy.issuers, ["https://t.logto.app/oidc"]);
        assert_eq!(policy.key_source, KeySource::Remote { jwks_uri: "https://t.logto.app/oidc/jwks".to_owned() });
        assert_eq!(policy.typ.as_deref(), Some("at+jwt"));
        assert_eq!(policy.algorithms.names(), "ES384, RS256, ES256, ES512, PS256");
        assert_eq!((policy.clock_tolerance, policy.max_token_length), (5.0, 16_384));
    }

    #[test]
    fn nothing_is_silently_not_checked() {
        let bad = [
            r#"{}"#,
            r#"{"endpoint":"https://t.logto.app"}"#,
            r#"{"audience":"a"}"#,
            r#"{"endpoint":"","audience":"a"}"#,
            r#"{"endpoint":"https://t.logto.app","audience":""}"#,
            r#"{"endpoint":"https://t.logto.app","audience":[]}"#,
            r#"{"endpoint":"https://t.logto.app","audience":["a",""]}"#,
            r#"{"endpoint":"https://t.logto.app","audience":null}"#,
            r#"{"endpoint":"https://t.logto.app","issuer":"https://t.logto.app/oidc","audience":"a"}"#,
            r#"{"endpoint":"https://t.logto.app/oidc","audience":"a"}"#,
            r#"{"endpoint":"https://t.logto.app//","audience":"a"}"#,
            r#"{"endpoint":"http://t.logto.app","audience":"a"}"#,
            r#"{"endpoint":"http://127.0.0.1.evil.com","audience":"a"}"#,
            r#"{"endpoint":"http://localhost@evil.com","audience":"a"}"#,
            r#"{"endpoint":"http://[::1].evil.com","audience":"a"}"#,
            r#"{"endpoint":"ftp://t","audience":"a"}"#,
            r#"{"endpoint":"https://","audience":"a"}"#,
            r#"{"issuer":[],"audience":"a"}"#,
            r#"{"issuer":"https://t.logto.app/oidc/","audience":"a"}"#,
            r#"{"endpoint":"https://t.logto.app","audience":"urn:logto:organization:x"}"#,
            r#"{"endpoint":"https://t.logto.app","permissionModel":"organization","audience":"a"}"#,
            r#"{"endpoint":"https://t.logto.app","tokenUse":"id"}"#,
            r#"{"endpoint":"https://t.logto.app","tokenUse":"id","clientId":"a","audience":"b"}"#,
        ];
        for json in bad {
            assert_eq!(policy(json).map(|_| ()).map_err(|e| e.code().as_str()), Err("config_invalid"), "{json}");
        }
        let bad = [
            r#","algorithms":[]"#,
            r#","algorithms":["HS256"]"#,
            r#","algorithms":["none"]"#,
            r#","algorithms":["es384"]"#,
            r#","typ":"""#,
            r#","typ":1"#,
            r#","clockTolerance":-1"#,
            r#","clockTolerance":601"#,
            r#","clockTolerance":null"#,
            r#","clockTolerance":"5""#,
            r#","maxTokenAge":0"#,
            r#","clientIds":[]"#,
            r#","clientIds":null"#,
            r#","clientIds":"a""#,
            r#","clientId":"a""#,
            r#","nonce":"a""#,
            r#","actor":"deny""#,
            r#","permissionModel":"global""#,
            r#","impliedScopes":{"admin":[]}"#,
            r#","impliedScopes":{"admin":["a b"]}"#,
            r#","maxTokenLength":10"#,
            r#","jwks":{"keys":[]},"jwksUri":"https://t.logto.app/oidc/jwks""#,
            r#","jwks":{"keys":[]},"keyRefresh":{}"#,
            r#","keyRefresh":{"ttl":0}"#,
            r#","keyRefresh":{"minBackoff":10,"maxBackoff":5}"#,
            r#","keyRefresh":{"tll":5}"#,
            r#","jwksUri":"http://10.0.0.1/jwks""#,
            r#","audiences":["x"]"#,
        ];
        for more in bad {
            assert_eq!(with(more).map(|_| ()).map_err(|e| e.code().as_str()), Err("config_invalid"), "{more}");
        }
    }

    #[test]
    fn a_token_in_the_wrong_place_is_not_repeated() {
        let error = with(&format!(r#","algorithms":["{}"]"#, "x".repeat(43))).map(|_| ()).expect_err("a refusal");
        let hint = format!("algorithms: \"{}…\" is not supported; none and HS* can never be allowed.", "x".repeat(20));
        assert_eq!(error.hint(), hint);
    }

    #[test]
    fn loopback_and_custom_urls_are_taken() {
        for url in [
            "http://localhost:3001",
            "http://127.0.0.1:3001",
            "http://127.9.9.9",
            "http://[::1]:3001",
            "https://d/auth",
        ] {
            assert!(policy(&format!(r#"{{"endpoint":"{url}","audience":"a"}}"#)).is_ok(), "{url}");
        }
        assert!(with(r#","jwksUri":"http://localhost/x?y=1","typ":null"#).is_ok_and(|policy| policy.typ.is_none()));
        assert!(policy(r#"{"endpoint":"https://t","tokenUse":"id","clientId":"app"}"#).is_ok());
        assert!(policy(r#"{"endpoint":"https://t","permissionModel":"organization"}"#).is_ok());
    }
}
