"""Verifying ID tokens: the proof of a sign-in, for the application that asked for it."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable
from typing import TYPE_CHECKING, cast

from scopegate import _core
from scopegate._loader import Ask, Loader, asking
from scopegate.errors import host_error
from scopegate.options import ID_OPTIONS, IdTokenOptions, split
from scopegate.requirement import UNSET, Unset, checked_organization, compiled

if TYPE_CHECKING:
    from typing_extensions import Unpack

__all__ = ["averify_id_token", "verify_id_token"]

_MOST_LOADERS = 32
"""Applications are few; a caller that makes up options for each call must not fill the memory."""

_loaders: OrderedDict[Hashable, Loader] = OrderedDict()


def verify_id_token(token: str, *, nonce: str | Unset = UNSET, **options: Unpack[IdTokenOptions]) -> _core.IdToken:
    """Verifies an ID token (OpenID Connect Core section 3.1.3.7).

    A function of its own, so that no option of an API's verifier can make it accept ID tokens. The issuer's keys are
    kept between calls with the same options (for ``fetch`` and ``clock``: the same functions).

    :param nonce: the ``nonce`` of the authentication request; give it whenever one was sent.
    :raises ScopegateError: as :meth:`scopegate.Verifier.verify`; ``claim_invalid`` for another nonce.
    """
    loader, ask = _prepare(token, nonce, options)
    return cast("_core.IdToken", loader.settle(ask))


async def averify_id_token(
    token: str, *, nonce: str | Unset = UNSET, **options: Unpack[IdTokenOptions]
) -> _core.IdToken:
    """As :func:`verify_id_token`, for coroutines."""
    loader, ask = _prepare(token, nonce, options)
    return cast("_core.IdToken", await loader.settle_async(ask))


def _prepare(
    token: object, nonce: object, options: IdTokenOptions
) -> tuple[Loader, Ask[_core.AccessToken | _core.IdToken]]:
    made = split(options, ID_OPTIONS, "id")
    wanted = checked_organization(nonce, "nonce")
    key = (made.core, made.fetch, made.clock)
    loader = _loaders.get(key)
    if loader is None:
        loader = _loaders[key] = Loader(made)
        while len(_loaders) > _MOST_LOADERS:
            _loaders.popitem(last=False)
    if not isinstance(token, str):
        raise host_error("token_malformed", "Give the token as a str.")
    return loader, asking(token, compiled(UNSET), wanted)
