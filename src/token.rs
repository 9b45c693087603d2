//! What is known of a token once it has been accepted.

use crate::claims::Times;
#[cfg(feature = "wasm")]
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
    /// JavaScript reads the claims from the token that it has.
    #[cfg(not(all(feature = "wasm", target_arch = "wasm32")))]
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
    #[cfg(not(all(feature = "wasm", target_arch = "wasm32")))]
    pub fn claims_json(&self) -> &str {
        &self.payload
    }

    /// What JavaScript builds its own token from, as a JSON array after `prefix`; it reads the claims from the token. The
    /// order is that of `Summary` in `js/src/token.ts`.
    #[cfg(feature = "wasm")]
    pub(crate) fn summary(&self, prefix: &str) -> String {
        let mut summary = json::List::after(prefix);
        summary.text(&self.subject);
        summary.text(&self.client_id);
        summary.boolean(self.is_machine());
        summary.texts(&self.scopes);
        summary.optional(self.organization_id.as_deref());
        summary.raw(self.actor.as_deref().unwrap_or("null"));
        summary.text(&self.issuer);
        summary.texts(&self.audience);
        summary.raw(&self.times.exp.text);
        summary.raw(self.times.iat.as_ref().map_or("null", |iat| &iat.text));
        summary.optional(self.token_id.as_deref());
        summary.boolean(self.hazard);
        summary.finish()
    }
}
