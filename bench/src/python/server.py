"""A FastAPI API behind one of the guards: ``server.py GUARD TENANT-JSON``, on a free port that it prints.

Each guard demands a valid token with the scope ``read:posts``.
"""

import json
import socket
import sys
from typing import Annotated, Any

import httpx
import uvicorn
from fastapi import Depends, FastAPI, HTTPException, Security, status
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from jose import jwt

from scopegate.fastapi import RequireAuth

SCOPE = "read:posts"
Tenant = dict[str, str]


def unguarded(_tenant: Tenant) -> list[Any]:
    return []


def scopegate(tenant: Tenant) -> list[Any]:
    auth = RequireAuth(issuer=tenant["issuer"], audience=tenant["audience"], jwks_uri=tenant["jwksUri"])
    return [Security(auth, scopes=[SCOPE])]


def tutorial(tenant: Tenant) -> list[Any]:
    """As Logto's tutorial for FastAPI has it, but for the algorithm: it allows RS256 only."""
    bearer = HTTPBearer()

    async def authenticate(credentials: Annotated[HTTPAuthorizationCredentials, Depends(bearer)]) -> dict[str, Any]:
        async with httpx.AsyncClient() as client:
            jwks = (await client.get(tenant["jwksUri"])).json()
        try:
            return jwt.decode(
                credentials.credentials,
                jwks,
                algorithms=[tenant["alg"]],
                audience=tenant["audience"],
                issuer=tenant["issuer"],
            )
        except Exception as error:
            raise HTTPException(status.HTTP_401_UNAUTHORIZED, "Invalid token") from error

    def authorize(user: Annotated[dict[str, Any], Depends(authenticate)]) -> dict[str, Any]:
        if SCOPE not in user.get("scope", "").split():
            raise HTTPException(403, "Insufficient scope")
        return user

    return [Depends(authorize)]


GUARDS = {"none": unguarded, "scopegate": scopegate, "fastapi+python-jose": tutorial}

app = FastAPI()


@app.get("/posts", dependencies=GUARDS[sys.argv[1]](json.loads(sys.argv[2])))
async def posts() -> list[dict[str, str]]:
    return [{"id": "1", "title": "Hello"}]


listener = socket.create_server(("127.0.0.1", 0))
print(f"listening on {listener.getsockname()[1]}.", flush=True)
uvicorn.Server(uvicorn.Config(app, log_level="warning", access_log=False)).run(sockets=[listener])
