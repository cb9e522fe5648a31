"""compose.yaml against what it refers to: settings that exist, files that exist, hosts that are services."""

import json
import re
import shlex
import subprocess
from pathlib import Path

import msgspec
import obstore
import yaml
from obstore.store import S3Store

from communityshare.infra.processes import free_port
from communityshare.infra.settings import Settings

from .conftest import PRODUCT, ROOT, Start, wait_for_port

COMPOSE = yaml.safe_load((ROOT / "compose.yaml").read_text())
SERVICES = COMPOSE["services"]
KNOWN = {field.encode_name for field in msgspec.structs.fields(Settings)}
# Without one of these, several processes on several machines do not make one product.
NEEDED = {
    "DATABASE_URL", "REDIS_URL", "NOTIFICATIONS_URL", "NOTIFICATIONS_TOKEN", "JWT_SECRET", "HOST", "PORT", "S3_BUCKET",
    "PUBLIC_URL", "TRUSTED_PROXIES", "COMMUNITY_TIMEZONE", "METRICS_PORT",
}  # fmt: skip
OURS = {"api", "worker", "notifications", "migrate"}


def hosts_in(text: str) -> set[str]:
    """Return the host of every `host:port` that is no address and no placeholder."""
    return set(re.findall(r"(?<![\w.$/])([a-z][a-z-]+):\d{2,5}\b", text))


def image_settings() -> set[str]:
    """Return what the image sets for every process."""
    (line,) = re.findall(r"^ENV (.+?[^\\])$", (ROOT / "deploy/container/Dockerfile").read_text(), re.M | re.S)
    return set(re.findall(r"(\w+)=", line))


def prepared_settings() -> set[str]:
    """Return what prepare.sh writes for every process, the secret ones."""
    prepare = (ROOT / "deploy/compose/prepare.sh").read_text()
    (written,) = re.findall(r'app\.env" <<EOF\n(.+?)^EOF', prepare, re.M | re.S)
    return set(re.findall(r"^([A-Z0-9_]+)=", written, re.M))


def test_every_setting_is_one_of_the_products() -> None:
    environment, prepared = set(SERVICES["api"]["environment"]), prepared_settings()
    assert environment | prepared <= KNOWN
    assert environment | prepared | image_settings() >= NEEDED | {"SMTP_URL", "S3_ACCESS_KEY_ID"}
    # Where both give it, what compose.yaml says counts: a change of app.env would have no effect.
    assert environment & prepared == set()


def test_every_setting_of_the_image_is_one_of_the_products() -> None:
    ours = {name for name in image_settings() if not name.startswith("PYTHON")}
    assert ours <= KNOWN
    assert ours >= {"HOST", "PORT", "METRICS_PORT"}


def test_every_setting_on_aws_is_one_of_the_products() -> None:
    source = (ROOT / "deploy/aws/stacks/tasks.py").read_text()
    given = set(re.findall(r'^            "([A-Z0-9_]+)":', source, re.M))
    assert given - {"PGUSER", "PGPASSWORD"} <= KNOWN  # these two are read by libpq
    assert given >= NEEDED | {"CLOUDWATCH_METRICS", "EMAIL_FROM"}
    providers = json.loads((ROOT / "deploy/aws/config.json").read_text())["provider_secrets"]
    assert set(providers) <= KNOWN - given


def test_every_file_that_is_mounted_exists() -> None:
    sources = [v.split(":")[0] for service in SERVICES.values() for v in service.get("volumes", [])]
    files = [source for source in sources if source.startswith("./") and "secrets" not in source]
    assert len(files) >= 9
    assert [file for file in files if not (ROOT / file).exists()] == []


def spoken_to() -> dict[str, set[str]]:
    """Return whom each service connects to, by what its settings say."""
    prometheus = (ROOT / "deploy/monitoring/prometheus.yml").read_text()
    scraped = yaml.safe_load(prometheus)["scrape_configs"][0]["dns_sd_configs"][0]["names"]
    prepared = (ROOT / "deploy/compose/prepare.sh").read_text()
    addresses = r"//(?:[^@/\s]+@)?([a-z-]+):\d+"  # of postgresql://user:password@host:5432/name, the host
    return {
        "nginx": hosts_in((ROOT / "deploy/nginx/upstreams.conf").read_text()),
        "prometheus": hosts_in(prometheus) | set(scraped),
        "grafana": set(
            re.findall(addresses, (ROOT / "deploy/monitoring/grafana/datasource.yml").read_text())
        ),
    } | {name: set(re.findall(addresses, f"{SERVICES[name]['environment']} {prepared}")) for name in OURS}


def test_every_host_is_a_service() -> None:
    hosts = spoken_to()
    assert set.union(*hosts.values()) <= set(SERVICES)
    assert hosts["nginx"] == {"api", "notifications", "store"}
    assert hosts["api"] == {"notifications", "valkey", "store", "postgres", "mail"}


def test_who_speaks_to_whom_shares_a_network() -> None:
    """Elsewhere a name cannot even be looked up."""
    apart = {
        (name, host)
        for name, hosts in spoken_to().items()
        for host in hosts
        if not set(SERVICES[name]["networks"]) & set(SERVICES[host]["networks"])
    }
    assert apart == set()


def test_the_store_takes_the_keys_that_were_prepared(start: Start, tmp_path: Path) -> None:
    subprocess.run([ROOT / "deploy/compose/prepare.sh", tmp_path], check=True, capture_output=True)
    prepared = {
        name: dict(line.split("=", 1) for line in shlex.split((tmp_path / name).read_text()))
        for name in ("app.env", "store.env")
    }
    port, command = free_port(), SERVICES["store"]["command"]
    moved = {":9000": f"127.0.0.1:{port}", "/data": str(tmp_path / "data")}
    (tmp_path / "data" / "photos").mkdir(parents=True)
    start(
        PRODUCT.with_name("rclone"), *(moved.get(word, word) for word in command), env=prepared["store.env"]
    )
    wait_for_port(port)
    keys = prepared["app.env"]
    photos = S3Store(
        "photos",
        config={
            "endpoint": f"http://127.0.0.1:{port}",
            "region": "us-east-1",
            "access_key_id": keys["S3_ACCESS_KEY_ID"],
            "secret_access_key": keys["S3_SECRET_ACCESS_KEY"],
        },
        client_options={"allow_http": True},
    )
    obstore.put(photos, "a", b"picture")
    assert obstore.get(photos, "a").bytes().to_bytes() == b"picture"


def test_who_ends_is_waited_for_by_name() -> None:
    """`up --wait` takes the end of any other container for a failure, even with exit code 0."""
    once = {name for name, service in SERVICES.items() if service["restart"] == "no"}
    waited_for = {
        name
        for service in SERVICES.values()
        for name, how in service.get("depends_on", {}).items()
        if how["condition"] == "service_completed_successfully"
    }
    assert once == waited_for == {"migrate", "bucket"}


def test_the_database_counts_as_healthy_only_where_others_reach_it() -> None:
    """While the image prepares an empty volume, its server answers on the socket alone, and then ends."""
    check = SERVICES["postgres"]["healthcheck"]["test"]
    assert check[check.index("-h") + 1] == "127.0.0.1"


def test_nginx_follows_replicas_that_come_and_go() -> None:
    """A container that is made anew may get another address; nginx would send everybody to the old one."""
    upstreams = (ROOT / "deploy/nginx/upstreams.conf").read_text()
    assert re.search(r"^resolver 127\.0\.0\.11 valid=\d+s", upstreams, re.M)
    for name in ("api", "notifications", "store"):
        (group,) = re.findall(rf"^upstream {name} {{(.+?)^}}", upstreams, re.M | re.S)
        assert f"zone {name} " in group
        assert re.search(rf"server {name}:\d+ resolve\b", group)
    release = re.fullmatch(r"nginx:(\d+)\.(\d+)-alpine", SERVICES["nginx"]["image"])
    assert release
    assert (int(release[1]), int(release[2])) >= (1, 28)  # older ones cannot


def test_every_container_is_hardened() -> None:
    for name, service in SERVICES.items():
        assert service["read_only"] is True, name
        assert service["cap_drop"] == ["ALL"], name
        assert service["security_opt"] == ["no-new-privileges:true"], name


def test_the_document_s_numbers() -> None:
    assert [SERVICES[name]["deploy"]["replicas"] for name in ("api", "worker")] == [2, 2]
    assert SERVICES["nginx"]["ports"] == ["443:443", "80:80"]
    open_ports = [p for n, s in SERVICES.items() if n != "nginx" for p in s.get("ports", [])]
    assert all(port.startswith("127.0.0.1:") for port in open_ports)
