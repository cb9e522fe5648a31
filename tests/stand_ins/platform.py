"""A platform that signs its own tokens and serves its key set over HTTP."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from uuid import UUID

import jwt
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from jwt.algorithms import ECAlgorithm, OKPAlgorithm, RSAAlgorithm

_KINDS = {"RS256": RSAAlgorithm, "ES256": ECAlgorithm, "EdDSA": OKPAlgorithm}
ISSUER, AUDIENCE = "https://platform.example", "maintenance"


class Platform:
    """Keys by name, and what the key server answers."""

    def __init__(self) -> None:
        self.keys: dict[str, Any] = {}
        self.algorithms: dict[str, str] = {}
        self.answer: bytes | None = None
        self.fetched = 0
        self.url = ""

    def add_rsa(self, name: str) -> None:
        """Make an RS256 key and publish it."""
        self.keys[name], self.algorithms[name] = rsa.generate_private_key(65537, 2048), "RS256"

    def add_ec(self, name: str) -> None:
        """Make an ES256 key and publish it."""
        self.keys[name], self.algorithms[name] = ec.generate_private_key(ec.SECP256R1()), "ES256"

    def add_ed(self, name: str) -> None:
        """Make an EdDSA key and publish it."""
        self.keys[name], self.algorithms[name] = ed25519.Ed25519PrivateKey.generate(), "EdDSA"

    def token(self, name: str, user_id: UUID, now: datetime, key: Any = None, **claims: Any) -> str:
        """Return a token signed with the named key; `claims` replace the usual ones, None removes one."""
        usual = {
            "sub": str(user_id), "iss": ISSUER, "aud": AUDIENCE, "typ": "access", "iat": now,
            "exp": now + timedelta(hours=1), **claims,
        }  # fmt: skip
        kept = {claim: value for claim, value in usual.items() if value is not None}
        return jwt.encode(
            kept, key or self.keys[name], self.algorithms.get(name, "RS256"), headers={"kid": name}
        )

    def key_set(self) -> bytes:
        """Return the published key set."""
        published = []
        for name, key in self.keys.items():
            kind = _KINDS[self.algorithms[name]]
            published.append({**kind.to_jwk(key.public_key(), as_dict=True), "kid": name, "use": "sig"})
        return json.dumps({"keys": published}).encode()

    @contextmanager
    def serving(self, port: int = 0) -> Iterator[None]:
        """Serve the key set at `url`."""
        platform = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                platform.fetched += 1
                body = platform.answer if platform.answer is not None else platform.key_set()
                self.send_response(200)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 the base class names it so
                """Stay quiet."""

        with ThreadingHTTPServer(("127.0.0.1", port), Handler) as server:
            self.url = f"http://127.0.0.1:{server.server_port}/jwks.json"
            thread = threading.Thread(target=server.serve_forever, args=(0.01,))
            thread.start()
            try:
                yield
            finally:
                server.shutdown()
                thread.join()
