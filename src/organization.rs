//! Logto's three permission models: which audience and which organization a token must have.
//!
//! A token without `organization_id` carries the union of the scopes of all the user's organizations, so audience and
//! scope alone say nothing about one organization: each model fixes both `aud` and `organization_id`, and no model
//! takes tokens of another.

use crate::error::{Error, ErrorCode};
use crate::options::PermissionModel;
use crate::policy::Audience;
use crate::prelude::*;
use crate::text;

/// Before the organization's id in the audience of an organization token.
pub(crate) const URN_PREFIX: &str = "urn:logto:organization:";

/// The organization that a call is about fits the permission model: required in two of them, meaningless in the third.
pub(crate) fn check_requirement(model: PermissionModel, organization: Option<&str>) -> Result<(), Error> {
    match (model, organization) {
        (PermissionModel::Resource, None) => Ok(()),
        (PermissionModel::Resource, Some(_)) => Err(Error::config(
            "organization: not in the 'resource' permission model; use 'organization-resource' or 'organization'.",
        )),
        (_, Some(organization)) if !organization.is_empty() => Ok(()),
        _ => Err(Error::config("organization: this permission model needs its id on every call.")),
    }
}

/// `aud` (RFC 9068 §4: it must name this resource).
pub(crate) fn check_audience(allowed: &Audience, required: Option<&str>, found: &[String]) -> Result<(), Error> {
    let urn = required.map(|organization| text::concat(&[URN_PREFIX, organization]));
    let (fits, expected) = match allowed {
        Audience::OneOf(audiences) => (found.iter().any(|one| audiences.contains(one)), text::list(audiences)),
        Audience::Organization => {
            let urn = urn.clone().unwrap_or_default();
            (matches!(found, [only] if *only == urn), urn)
        }
    };
    if fits {
        return Ok(());
    }
    let of_another = urn.is_some_and(|urn| found.iter().any(|one| one.starts_with(URN_PREFIX) && *one != urn));
    let code = if of_another { ErrorCode::OrganizationMismatch } else { ErrorCode::AudienceMismatch };
    let error = Error::new(code).with_claim("aud").expected(&expected).actual(&text::list(found));
    match (allowed, code) {
        (Audience::OneOf(audiences), ErrorCode::AudienceMismatch) => {
            Err(match found.iter().find_map(|one| audience_hint(one, audiences)) {
                Some(hint) => error.with_hint(hint),
                None => error,
            })
        }
        _ => Err(error),
    }
}

/// The likely cause, where the audience gives it away.
fn audience_hint(found: &str, audiences: &[String]) -> Option<&'static str> {
    let slash = |a: &str, b: &str| a.strip_suffix("/") == Some(b) || b.strip_suffix("/") == Some(a);
    if found.starts_with(URN_PREFIX) {
        Some(
            "This is an organization token (from getOrganizationToken). Call getAccessToken(resource, organizationId), or use the 'organization' permission model.",
        )
    } else if found == "urn:logto:resource:organizations" {
        Some(
            "This token is for Logto's own organization resource, not for this API. Call getAccessToken('<API identifier>').",
        )
    } else if audiences.iter().any(|audience| slash(found, audience)) {
        Some("The two differ by a trailing slash only: write audience exactly as the API identifier in Logto.")
    } else {
        None
    }
}

/// `organization_id`, once `aud` fits.
pub(crate) fn check_organization_id(
    model: PermissionModel,
    required: Option<&str>,
    found: Option<&str>,
) -> Result<(), Error> {
    let error = |code: ErrorCode| Error::new(code).with_claim("organization_id");
    match (model, found) {
        (PermissionModel::Resource | PermissionModel::Organization, None) => Ok(()),
        (PermissionModel::Resource | PermissionModel::Organization, Some(found)) => {
            Err(error(ErrorCode::OrganizationUnexpected).actual(found))
        }
        (PermissionModel::OrganizationResource, None) => {
            Err(error(ErrorCode::OrganizationMissing).expected(required.unwrap_or_default()))
        }
        (PermissionModel::OrganizationResource, Some(found)) if Some(found) == required => Ok(()),
        (PermissionModel::OrganizationResource, Some(found)) => {
            Err(error(ErrorCode::OrganizationMismatch).expected(required.unwrap_or_default()).actual(found))
        }
    }
}
