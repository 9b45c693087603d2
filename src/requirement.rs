//! What a call demands of a token, besides being valid.

use alloc::borrow::Cow;

use crate::error::{Error, ErrorCode};
use crate::options::TokenUse;
use crate::prelude::*;
use crate::scope::{ImpliedScopes, ScopeRequirement};
use crate::text;

/// What a call demands of the token, besides being valid.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Requirement {
    pub(crate) scopes: Option<ScopeRequirement>,
    pub(crate) organization: Option<String>,
    pub(crate) nonce: Option<String>,
}

impl Requirement {
    /// No demand but validity.
    pub fn none() -> Self {
        Self::default()
    }

    /// These scopes.
    ///
    /// # Errors
    /// `config_invalid` for an empty list, an empty scope, or one with whitespace in it.
    pub fn scopes(scopes: impl Into<ScopeRequirement>) -> Result<Self, Error> {
        let scopes = scopes.into();
        scopes.check()?;
        Ok(Self { scopes: Some(scopes), ..Self::default() })
    }

    /// Reads JSON text: `null` for none, or scopes as [`ScopeRequirement::from_json`] takes them.
    ///
    /// # Errors
    /// `config_invalid`.
    pub fn from_json(text: &str) -> Result<Self, Error> {
        match text {
            "null" => Ok(Self::none()),
            _ => ScopeRequirement::from_json(text).and_then(Self::scopes),
        }
    }

    /// This organization; which claim it is compared with depends on the permission model.
    #[must_use]
    pub fn in_organization(mut self, organization: impl Into<String>) -> Self {
        self.organization = Some(organization.into());
        self
    }

    /// The `nonce` of the authentication request, for ID tokens; access tokens have none.
    #[must_use]
    pub fn with_nonce(mut self, nonce: impl Into<String>) -> Self {
        self.nonce = Some(nonce.into());
        self
    }

    /// The scopes that lack, or none when the requirement is met.
    pub(crate) fn missing(&self, implied: &ImpliedScopes, granted: &[String]) -> Vec<&str> {
        self.scopes.as_ref().map_or_else(Vec::new, |required| required.missing(&|scope| implied.has(granted, scope)))
    }

    /// No scope lacks.
    pub(crate) fn check_scopes(&self, implied: &ImpliedScopes, granted: &[String]) -> Result<(), Error> {
        let missing: Vec<String> = self.missing(implied, granted).into_iter().map(str::to_owned).collect();
        if missing.is_empty() {
            return Ok(());
        }
        Err(Error::new(ErrorCode::ScopeInsufficient)
            .with_claim("scope")
            .expected(&text::joined_with(&missing, " "))
            .actual(&text::joined_with(granted, " "))
            .with_missing(missing))
    }

    /// The requirement of one call, which names something besides scopes: the organization, or the nonce where ID tokens
    /// are verified.
    pub fn for_call(&self, token_use: TokenUse, named: Option<String>) -> Cow<'_, Self> {
        match (named, token_use) {
            (None, _) => Cow::Borrowed(self),
            (Some(organization), TokenUse::Access) => Cow::Owned(self.clone().in_organization(organization)),
            (Some(nonce), TokenUse::Id) => Cow::Owned(self.clone().with_nonce(nonce)),
        }
    }
}
