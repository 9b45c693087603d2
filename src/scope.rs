//! Scopes (RFC 6749 §3.3), requirements over them, and what is missing.

use crate::error::Error;
use crate::json;
use crate::prelude::*;
use crate::text;

/// Deepest nesting of `allOf` / `anyOf`.
const MAX_DEPTH: usize = 16;

/// Which scopes a token must have. `allOf` and `anyOf` nest at will.
///
/// In JSON: `"a"`, `["a", "b"]` (all of), `{"allOf": [...]}` or `{"anyOf": [...]}`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ScopeRequirement {
    /// This scope.
    Scope(String),
    /// Every one of these.
    AllOf(Vec<ScopeRequirement>),
    /// At least one of these.
    AnyOf(Vec<ScopeRequirement>),
}

impl From<&str> for ScopeRequirement {
    fn from(scope: &str) -> Self {
        ScopeRequirement::Scope(scope.to_owned())
    }
}

impl From<String> for ScopeRequirement {
    fn from(scope: String) -> Self {
        ScopeRequirement::Scope(scope)
    }
}

/// All of them.
impl<T: Into<ScopeRequirement>, const N: usize> From<[T; N]> for ScopeRequirement {
    fn from(all: [T; N]) -> Self {
        ScopeRequirement::all_of(all)
    }
}

/// All of them.
impl<T: Into<ScopeRequirement>> From<Vec<T>> for ScopeRequirement {
    fn from(all: Vec<T>) -> Self {
        ScopeRequirement::all_of(all)
    }
}

impl ScopeRequirement {
    /// Every one of these.
    pub fn all_of(parts: impl IntoIterator<Item = impl Into<ScopeRequirement>>) -> Self {
        ScopeRequirement::AllOf(parts.into_iter().map(Into::into).collect())
    }

    /// At least one of these.
    pub fn any_of(parts: impl IntoIterator<Item = impl Into<ScopeRequirement>>) -> Self {
        ScopeRequirement::AnyOf(parts.into_iter().map(Into::into).collect())
    }

    /// Reads a requirement written as JSON.
    ///
    /// # Errors
    /// `config_invalid` when it is none.
    pub fn from_json(json: &str) -> Result<Self, Error> {
        from_json(json).ok_or_else(|| Error::config("scopes: a string, a list, allOf(…) or anyOf(…)."))
    }

    /// An empty list or an impossible scope would silently require nothing, or something nobody can have.
    pub(crate) fn check(&self) -> Result<(), Error> {
        self.check_at(0)
    }

    fn check_at(&self, depth: usize) -> Result<(), Error> {
        match self {
            ScopeRequirement::Scope(scope) => check_scope_name(scope),
            _ if depth >= MAX_DEPTH => Err(Error::config("scopes: allOf / anyOf are nested too deep.")),
            ScopeRequirement::AllOf(parts) | ScopeRequirement::AnyOf(parts) => {
                if parts.is_empty() {
                    return Err(Error::config("scopes: an empty list requires nothing; leave scopes out to say so."));
                }
                parts.iter().try_for_each(|part| part.check_at(depth + 1))
            }
        }
    }

    /// The scopes that lack, or none when the requirement is met. Of an `anyOf` the alternative that lacks the fewest
    /// counts, the first of equals: asking for what it names is enough.
    pub(crate) fn missing<'r>(&'r self, has: &dyn Fn(&str) -> bool) -> Vec<&'r str> {
        match self {
            ScopeRequirement::Scope(scope) if has(scope) => Vec::new(),
            ScopeRequirement::Scope(scope) => vec![scope],
            ScopeRequirement::AllOf(parts) => {
                let mut missing: Vec<&str> = Vec::new();
                for part in parts {
                    for scope in part.missing(has) {
                        if !missing.contains(&scope) {
                            missing.push(scope);
                        }
                    }
                }
                missing
            }
            ScopeRequirement::AnyOf(parts) => {
                let mut fewest: Option<Vec<&str>> = None;
                for part in parts {
                    let missing = part.missing(has);
                    if fewest.as_ref().is_none_or(|fewest| missing.len() < fewest.len()) {
                        fewest = Some(missing);
                    }
                }
                fewest.unwrap_or_default()
            }
        }
    }
}

/// A scope of Logto is any text without whitespace.
pub(crate) fn check_scope_name(scope: &str) -> Result<(), Error> {
    if scope.is_empty() {
        return Err(Error::config("scopes: a scope is empty."));
    }
    if scope.chars().any(char::is_whitespace) {
        return Err(Error::config("scopes: a scope contains whitespace; give several scopes as a list."));
    }
    Ok(())
}

/// Reads a requirement; its depth is bounded by that of JSON.
fn from_json(json: &str) -> Option<ScopeRequirement> {
    if let Some(scope) = json::text(json) {
        return Some(ScopeRequirement::Scope(scope.into_owned()));
    }
    let members = json::object(json);
    let (kind, list) = match members.as_ref().map(|members| members.list.as_slice()) {
        None => ("allOf", json),
        Some([(kind, list)]) => (kind.as_ref(), *list),
        Some(_) => return None,
    };
    let mut parts = Vec::new();
    for part in json::array(list)? {
        parts.push(from_json(part)?);
    }
    match kind {
        "allOf" => Some(ScopeRequirement::AllOf(parts)),
        "anyOf" => Some(ScopeRequirement::AnyOf(parts)),
        _ => None,
    }
}

/// Splits a `scope` claim on any run of spaces; order and repetition carry no meaning.
pub(crate) fn split(scope: &str) -> impl Iterator<Item = &str> {
    text::split(scope, b' ').filter(|part| !part.is_empty())
}

/// What each scope implies, because Logto has no wildcards: `admin:all` is only a name until this says more.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct ImpliedScopes(Vec<(String, Vec<String>)>);

impl ImpliedScopes {
    /// Follows implications of implications, so that a look-up needs no recursion.
    pub(crate) fn new(direct: &[(String, Vec<String>)]) -> Result<Self, Error> {
        let mut closed = Vec::new();
        for (scope, implied) in direct {
            check_scope_name(scope)?;
            if implied.is_empty() {
                return Err(Error::config("impliedScopes: a scope implies nothing."));
            }
            let mut all: Vec<String> = Vec::new();
            let mut open: Vec<&String> = implied.iter().collect();
            while let Some(next) = open.pop() {
                check_scope_name(next)?;
                if !all.contains(next) {
                    all.push(next.clone());
                    open.extend(implied_by(direct, next));
                }
            }
            closed.push((scope.clone(), all));
        }
        Ok(Self(closed))
    }

    /// Whether `granted` contains `wanted` or a scope that implies it.
    pub(crate) fn has(&self, granted: &[String], wanted: &str) -> bool {
        granted.iter().any(|scope| scope == wanted || implied_by(&self.0, scope).iter().any(|scope| scope == wanted))
    }
}

fn implied_by<'i>(implied: &'i [(String, Vec<String>)], scope: &str) -> &'i [String] {
    implied.iter().find(|(name, _)| name == scope).map_or(&[], |(_, implied)| implied)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn requirement(json: &str) -> ScopeRequirement {
        ScopeRequirement::from_json(json).expect("a requirement")
    }

    fn missing(json: &str, granted: &[&str]) -> Vec<String> {
        let requirement = requirement(json);
        requirement.missing(&|scope| granted.contains(&scope)).into_iter().map(str::to_owned).collect()
    }

    #[test]
    fn what_is_missing_is_listed_once_and_in_order() {
        assert_eq!(missing(r#""a""#, &["a"]), [""; 0]);
        assert_eq!(missing(r#"["a","b","a","c"]"#, &["b"]), ["a", "c"]);
        assert_eq!(missing(r#"{"anyOf":["a",["b","c"]]}"#, &["c"]), ["a"]);
        assert_eq!(missing(r#"{"anyOf":[["a","d"],["b","c"]]}"#, &["c"]), ["b"]);
        assert_eq!(missing(r#"{"anyOf":["a","b"]}"#, &["b"]), [""; 0]);
        assert_eq!(missing(r#"{"allOf":["x",{"anyOf":["a","b"]}]}"#, &[]), ["x", "a"]);
    }

    #[test]
    fn requirements_that_mean_nothing_are_refused() {
        for bad in [r#"[]"#, r#"{"anyOf":[]}"#, r#"["a",[]]"#, r#""""#, r#""a b""#, r#"["a\tb"]"#] {
            assert!(requirement(bad).check().is_err(), "{bad}");
        }
        for bad in ["1", "null", "{}", r#"{"anyOf":"a"}"#, r#"{"anyOf":["a"],"allOf":["b"]}"#, "[null]"] {
            assert!(ScopeRequirement::from_json(bad).is_err(), "{bad}");
        }
        let deep = format!("{}\"a\"{}", "[".repeat(20), "]".repeat(20));
        assert!(requirement(&deep).check().is_err());
    }

    #[test]
    fn implications_are_followed_and_may_be_circular() {
        let direct = [("admin", vec!["write"]), ("write", vec!["read"]), ("read", vec!["admin"])];
        let direct = direct.into_iter().map(|(k, v)| (k.to_owned(), v.into_iter().map(str::to_owned).collect()));
        let implied = ImpliedScopes::new(&direct.collect::<Vec<_>>()).expect("implications");
        assert!(implied.has(&["admin".to_owned()], "read"));
        assert!(!implied.has(&["other".to_owned()], "read"));
    }

    #[test]
    fn any_run_of_spaces_separates() {
        assert_eq!(split("  a   b ").collect::<Vec<_>>(), ["a", "b"]);
        assert_eq!(split("").count(), 0);
    }
}
