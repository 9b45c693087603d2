//! What is known of a token once it has been accepted.

use crate::claims::Times;
use crate::json;
use crate::prelude::*;

/// A verified token. Exists only as the result of a verification.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct AccessToken {
    pub(crate) subject: String,
    pub(crate) client_id: String,
    pub(crate) token_id: Option<String>,
    pub(crate) scopes: Vec<String>,
    pub(crate) organization_id: Option<String>,
    pub(crate) actor: Option<String>,
    pub(crate) issuer: String,
    pub(crate) audience: Vec<String>,
    pub(crate) times: Times,
    pub(crate) payload: String,
    pub(crate) hazard: bool,
    /// Which key set it was verified with.
    pub(crate) generation: u64,
}

impl AccessToken {
    /// `sub`: the user's id, or the application's own for machine-to-machine tokens.
    pub fn subject(&self) -> &str {
        &self.subject
    }

    /// `client_id`: the application that asked for the token.
    pub fn client_id(&self) -> &str {
        &self.client_id
    }

    /// Whether an application acts for itself: Logto's own rule, `sub` equals `client_id`.
    pub fn is_machine(&self) -> bool {
        self.subject == self.client_id
    }

    /// `jti`.
    pub fn token_id(&self) -> Option<&str> {
        self.token_id.as_deref()
    }

    /// The granted scopes as the token lists them; `impliedScopes` count in requirements, not here.
    pub fn scopes(&self) -> &[String] {
        &self.scopes
    }

    /// The organization that the token is for: from `organization_id`, or from the audience of an organization token.
    pub fn organization_id(&self) -> Option<&str> {
        self.organization_id.as_deref()
    }

    /// `act` (RFC 8693 §4.1) as JSON text: who acts for the subject.
    pub fn actor(&self) -> Option<&str> {
        self.actor.as_deref()
    }

    /// `iss`.
    pub fn issuer(&self) -> &str {
        &self.issuer
    }

    /// `aud`, always as a list.
    pub fn audience(&self) -> &[String] {
        &self.audience
    }

    /// `exp`, in seconds since the epoch.
    pub fn expires_at(&self) -> f64 {
        self.times.exp.seconds
    }

    /// `iat`, in seconds since the epoch.
    pub fn issued_at(&self) -> Option<f64> {
        self.times.iat.as_ref().map(|iat| iat.seconds)
    }

    /// All claims, as the JSON text that was signed.
    pub fn claims_json(&self) -> &str {
        &self.payload
    }

    /// The summary that host languages build their own token from; the claims travel beside it as text. One line.
    pub fn summary_json(&self) -> String {
        self.write_summary(json::Object::new())
    }

    pub(crate) fn write_summary(&self, mut summary: json::Object) -> String {
        summary.text("subject", &self.subject);
        summary.text("clientId", &self.client_id);
        summary.boolean("isMachine", self.is_machine());
        summary.optional("tokenId", self.token_id.as_deref());
        summary.texts("scopes", &self.scopes);
        summary.optional("organizationId", self.organization_id.as_deref());
        // A line break in JSON text is always whitespace, and the summary has to stay on one line.
        let one_line = |text: &str| text.chars().filter(|c| !matches!(c, '\n' | '\r')).collect::<String>();
        let actor = self.actor.as_deref().map(one_line);
        summary.raw("actor", actor.as_deref().unwrap_or("null"));
        summary.text("issuer", &self.issuer);
        summary.texts("audience", &self.audience);
        summary.raw("expiresAt", &self.times.exp.text);
        summary.raw("issuedAt", self.times.iat.as_ref().map_or("null", |iat| &iat.text));
        summary.boolean("hazard", self.hazard);
        summary.finish()
    }
}
