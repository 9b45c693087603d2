from collections.abc import Mapping, Sequence
from typing import Any, final

@final
class KeysNeeded:
    @property
    def wait(self) -> bool: ...
    @property
    def fetch(self) -> int | None: ...

@final
class Refusal:
    @property
    def code(self) -> str: ...
    @property
    def status(self) -> int | None: ...
    @property
    def oauth_error(self) -> str | None: ...
    @property
    def message(self) -> str: ...
    @property
    def hint(self) -> str: ...
    @property
    def claim(self) -> str | None: ...
    @property
    def expected(self) -> str | None: ...
    @property
    def actual(self) -> str | None: ...
    @property
    def missing(self) -> list[str]: ...
    @property
    def retry_after(self) -> int | None: ...

@final
class Requirement:
    @staticmethod
    def compile(text: str) -> Requirement | Refusal: ...

@final
class AccessToken:
    """A verified access token: signature, issuer, audience, lifetime, permission model and required scopes all hold."""

    @property
    def subject(self) -> str:
        """``sub``: the user's id, or the application's for a machine-to-machine token."""

    @property
    def client_id(self) -> str:
        """``client_id``: the application the token was issued to."""

    @property
    def is_machine(self) -> bool:
        """Whether the application acts for itself (client credentials): ``sub`` equals ``client_id``."""

    @property
    def scopes(self) -> frozenset[str]:
        """The granted scopes, as the token lists them; ``implied_scopes`` are not added."""

    @property
    def organization_id(self) -> str | None:
        """The organization the token is confined to; ``None`` with the permission model ``"resource"``."""

    @property
    def actor(self) -> Mapping[str, Any] | None:
        """``act`` (RFC 8693 section 4.1): who acts on behalf of the subject, if anybody."""

    @property
    def issuer(self) -> str:
        """``iss``"""

    @property
    def audience(self) -> tuple[str, ...]:
        """``aud``"""

    @property
    def expires_at(self) -> float:
        """``exp``, in seconds since the Unix epoch."""

    @property
    def issued_at(self) -> float | None:
        """``iat``, in seconds since the Unix epoch, if the token says."""

    @property
    def token_id(self) -> str | None:
        """``jti``: the token's own id, if it has one."""

    @property
    def claims(self) -> Mapping[str, Any]:
        """All claims, as the issuer wrote them: unchecked but for the registered ones."""

@final
class IdToken:
    """A verified ID token: signature, issuer, application and lifetime hold. It proves a sign-in and grants nothing."""

    @property
    def subject(self) -> str:
        """``sub``: the user's id."""

    @property
    def client_id(self) -> str:
        """The application that asked for the sign-in."""

    @property
    def issuer(self) -> str:
        """``iss``"""

    @property
    def audience(self) -> tuple[str, ...]:
        """``aud``"""

    @property
    def expires_at(self) -> float:
        """``exp``, in seconds since the Unix epoch."""

    @property
    def issued_at(self) -> float | None:
        """``iat``, in seconds since the Unix epoch."""

    @property
    def claims(self) -> Mapping[str, Any]:
        """All claims, as the issuer wrote them."""

@final
class Core:
    @staticmethod
    def make(options: str, max_entries: int) -> Core | Refusal: ...
    def verify(
        self, token: str, requirement: Requirement, organization: str | None, now_ms: float
    ) -> AccessToken | IdToken | KeysNeeded | Refusal: ...
    def explain(
        self, token: str, requirement: Requirement, organization: str | None, now_ms: float
    ) -> str | KeysNeeded | Refusal: ...
    def preload(self, now_ms: float) -> KeysNeeded | Refusal | None: ...
    def check_scopes(self, requirement: Requirement, granted: frozenset[str]) -> Refusal | None: ...
    def keys_fetched(self, fetch: int, document: bytes, now_ms: float) -> Refusal | None: ...
    def keys_failed(self, fetch: int, now_ms: float) -> None: ...
    def restore_keys(self, document: bytes, fetched_at_ms: float, now_ms: float) -> Refusal | None: ...
    @property
    def jwks_uri(self) -> str | None: ...

def codes() -> list[tuple[str, int | None, str | None]]: ...
def refusal(code: str, hint: str | None = None, retry_after: int | None = None) -> Refusal: ...
def challenge(
    code: str,
    missing: Sequence[str],
    realm: str | None,
    resource_metadata: str | None,
    scopes: Sequence[str],
) -> str | None: ...
def bearer_token(authorization: str | None) -> str | Refusal: ...
def verify_signature(
    token: str, jwks: str, algorithms: Sequence[str] | None
) -> tuple[Mapping[str, Any], bytes] | Refusal: ...
