"""``python -m blog`` serves the API on loopback."""

import os
import socket

import uvicorn

from blog.app import create_app

listener = socket.create_server(("127.0.0.1", int(os.environ.get("PORT", "3000"))))
print(f"listening on http://127.0.0.1:{listener.getsockname()[1]}", flush=True)
uvicorn.Server(uvicorn.Config(create_app(), log_level="warning")).run(sockets=[listener])
