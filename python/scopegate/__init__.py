"""Verify Logto access tokens, and decide by scope, role and organization what their bearer may do.

One core, written in Rust and shared with the JavaScript package, makes every decision; Python fetches the keys, reads
the clock and speaks HTTP.

>>> verifier = Verifier(endpoint="https://tenant.logto.app", audience="https://api.yourapp.com")
>>> verifier.permission_model
'resource'
"""

from scopegate._core import AccessToken, IdToken
from scopegate.errors import ErrorCode, OAuthError, ScopegateError
from scopegate.id_token import averify_id_token, verify_id_token
from scopegate.options import IdTokenOptions, KeyRefresh, PermissionModel, TokenCache, VerifierOptions
from scopegate.report import Report, ReportStep
from scopegate.requirement import AllOf, AnyOf, ScopeRequirement, all_of, any_of
from scopegate.signature import VerifiedSignature, verify_signature
from scopegate.verifier import Verifier

__all__ = [
    "AccessToken",
    "AllOf",
    "AnyOf",
    "ErrorCode",
    "IdToken",
    "IdTokenOptions",
    "KeyRefresh",
    "OAuthError",
    "PermissionModel",
    "Report",
    "ReportStep",
    "ScopeRequirement",
    "ScopegateError",
    "TokenCache",
    "VerifiedSignature",
    "Verifier",
    "VerifierOptions",
    "all_of",
    "any_of",
    "averify_id_token",
    "verify_id_token",
    "verify_signature",
]
