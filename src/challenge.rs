//! The `WWW-Authenticate` challenge (RFC 6750 §3, RFC 9728 §5.1).

use crate::error::{Error, ErrorCode};
use crate::json;
use crate::prelude::*;
use crate::text::{concat, joined};

/// What a challenge says besides the error.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Challenge {
    /// The protection space, shown to people.
    pub realm: Option<String>,
    /// The URL of this resource's metadata document (RFC 9728).
    pub resource_metadata: Option<String>,
    /// The scopes that the resource needs, for challenges other than `insufficient_scope` (which lists what lacks).
    pub scopes: Vec<String>,
}

impl Challenge {
    /// Reads `{"realm", "resourceMetadata", "scopes"}`, where all may be absent; `None` for what is no such object.
    pub fn from_json(json: &str) -> Option<Self> {
        let members = json::object(json)?;
        // Whatever is there has to be of its type.
        let text =
            |name| members.get(name).map_or(Some(None), |value| json::text(value).map(|text| Some(text.into_owned())));
        Some(Self {
            realm: text("realm")?,
            resource_metadata: text("resourceMetadata")?,
            scopes: members.get("scopes").map_or(Some(Vec::new()), json::texts)?,
        })
    }

    /// The header's value, or `None` when the error calls for no challenge (an outage is not the client's fault).
    pub fn header(&self, error: &Error) -> Option<String> {
        if !matches!(error.status(), Some(400..=403)) {
            return None;
        }
        let mut header = String::from("Bearer");
        let mut add = |name: &str, value: &str| {
            let before = if header.len() == "Bearer".len() { " " } else { ", " };
            header.push_str(&concat(&[before, name, "=\"", value, "\""]));
        };
        if let Some(realm) = &self.realm {
            add("realm", &quoted(realm));
        }
        if let Some(code) = error.oauth_error() {
            add("error", code);
            add("error_description", error.code().message());
        }
        let scopes = match error.code() {
            ErrorCode::ScopeInsufficient => error.missing(),
            _ => &self.scopes,
        };
        let scopes = joined(&mut scopes.iter().map(String::as_str).filter(|scope| is_scope_token(scope)), " ");
        if !scopes.is_empty() {
            add("scope", &scopes);
        }
        if let Some(url) = &self.resource_metadata {
            add("resource_metadata", &quoted(url));
        }
        Some(header)
    }
}

/// The inside of a quoted-string (RFC 9110 §5.6.4). What a header cannot carry is left out, so nothing can end the
/// header early.
fn quoted(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len());
    for c in text.chars().filter(|c| matches!(c, ' '..='~')) {
        if matches!(c, '"' | '\\') {
            quoted.push('\\');
        }
        quoted.push(c);
    }
    quoted
}

/// RFC 6749 §3.3. Logto's scope names may hold more than that; such a one stays out of the header.
fn is_scope_token(scope: &str) -> bool {
    !scope.is_empty() && scope.bytes().all(|byte| matches!(byte, 0x21 | 0x23..=0x5b | 0x5d..=0x7e))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn header(code: ErrorCode, challenge: &Challenge) -> Option<String> {
        challenge.header(&code.into())
    }

    #[test]
    fn no_error_code_without_credentials() {
        assert_eq!(header(ErrorCode::TokenMissing, &Challenge::default()).as_deref(), Some("Bearer"));
        let challenge = Challenge {
            realm: Some("blog".into()),
            resource_metadata: Some("https://api.yourapp.com/.well-known/oauth-protected-resource".into()),
            scopes: vec!["read:posts".into()],
        };
        assert_eq!(
            header(ErrorCode::TokenMissing, &challenge).as_deref(),
            Some(
                "Bearer realm=\"blog\", scope=\"read:posts\", resource_metadata=\"https://api.yourapp.com/.well-known/oauth-protected-resource\""
            )
        );
    }

    #[test]
    fn outages_are_no_challenge() {
        for code in [ErrorCode::KeysUnavailable, ErrorCode::Internal, ErrorCode::ConfigInvalid] {
            assert_eq!(header(code, &Challenge::default()), None, "{code}");
        }
    }

    #[test]
    fn nothing_breaks_out_of_the_header() {
        let challenge = Challenge { realm: Some("a\"b\\c\r\nX: y\u{e9}".into()), ..Challenge::default() };
        assert_eq!(header(ErrorCode::TokenMissing, &challenge).as_deref(), Some(r#"Bearer realm="a\"b\\cX: y""#));
        let missing = ["읽기:글", "a\"b", "c\\d", "e,f", "<x>"].map(str::to_owned).to_vec();
        let error = Error::new(ErrorCode::ScopeInsufficient).with_missing(missing);
        let header = Challenge::default().header(&error).expect("a challenge");
        assert!(header.ends_with(r#"scope="e,f <x>""#), "{header}");
    }
}
