"""The runbooks against what they speak of: alerts, commands, compose.yaml, the stacks on AWS.

No container engine and no AWS account takes part, so names are what can be held against each other.
"""

import re
import subprocess

import pytest
import yaml

from .conftest import PRODUCT, ROOT

PAGES = sorted((ROOT / "docs/runbooks").glob("*.md"))
STACKS = "\n".join(file.read_text() for file in (ROOT / "deploy/aws/stacks").glob("*.py"))
ON_AWS = {"api", "worker", "notifications", "migrate"}


def written(pattern: str) -> set[str]:
    """Return what the runbooks write at the place of the pattern's group."""
    return {name for page in PAGES for name in re.findall(pattern, page.read_text())}


def test_every_alert_stands_on_its_page_and_every_page_knows_its_alerts() -> None:
    rules = yaml.safe_load((ROOT / "deploy/monitoring/rules.yml").read_text())
    alerts = {r["alert"]: r["annotations"]["runbook"] for group in rules["groups"] for r in group["rules"]}
    for alert, page in alerts.items():
        assert f"`{alert}`" in (ROOT / page).read_text(), alert
    alarms = dict(re.findall(r'_alarm\("(\w+)",.+?runbook="([\w-]+)"', STACKS, re.S))
    assert {name: alerts[name] for name in alarms} == {n: f"docs/runbooks/{p}.md" for n, p in alarms.items()}
    named = {name for page in PAGES for line in re.findall(r"^Alerts?: (.+?)\.", page.read_text(), re.M | re.S)
             for name in re.findall(r"`([A-Z]\w+)`", line)}  # fmt: skip
    assert named == set(alerts)


@pytest.mark.parametrize("command", sorted(written(r"(?m)(?:^|`)cs ([a-z]+)")))
def test_every_command_is_one_of_the_products(command: str) -> None:
    done = subprocess.run([PRODUCT, command, "--help"], capture_output=True, check=False, timeout=60)
    assert done.returncode == 0


def test_compose_knows_every_service() -> None:
    lines = written(r"docker compose (?:exec|ps|logs|up|stop|start|restart|run)\b([^`#&|\n]*)")
    options = r"(?:--(?:since|tail|scale) \S+|-\S+)"
    words = [re.sub(options, "", line.replace(" -T", "")).split() for line in lines]
    services = set(yaml.safe_load((ROOT / "compose.yaml").read_text())["services"])
    first = {line[0] for line in words if line} - {"NAME"}
    assert len(first) >= 4
    assert first <= services
    assert written(r"--scale (\w+)=") <= services
    assert written(r"-v communityshare_(\w+):") <= set(
        yaml.safe_load((ROOT / "compose.yaml").read_text())["volumes"]
    )


def test_aws_knows_every_name() -> None:
    assert written(r"--cluster (\w+)") == {"communityshare"}
    assert 'cluster_name="communityshare"' in STACKS
    services = written(r"--services? (\w+)") | written(r"for service in ([a-z]+)")
    assert services <= ON_AWS
    assert set(re.findall(r'self\._service\("(\w+)"', STACKS)) >= services
    assert written(r"--task-definition (\S+):PREVIOUS") == {"communityshare-api"}
    assert 'family=f"communityshare-{command}"' in STACKS
    assert written(r"aws logs tail (\S+)") <= {f"/communityshare/{name}" for name in ON_AWS}
    assert written(r"--secret-id (\w+)/") == {"communityshare"}
    secrets = {"JWT_SECRET", "NOTIFICATIONS_TOKEN", "VALKEY_PASSWORD", "REDIS_URL"}
    assert secrets <= set(re.findall(r'"(?:communityshare/)?([A-Z_]{9,})"', STACKS))
    assert 'secret_name="communityshare/database"' in STACKS


def test_every_setting_that_is_named_exists() -> None:
    shown = subprocess.run([PRODUCT, "settings"], capture_output=True, text=True, check=True, timeout=60)
    known = set(re.findall(r"^([A-Z0-9_]+)=", shown.stdout, re.M))
    named = written(r"`([A-Z][A-Z0-9]*_[A-Z0-9_]+)`") - {"VALKEY_PASSWORD"}  # AWS: part of REDIS_URL
    placeholders = {"SECURITY_GROUP"}
    assert named - placeholders <= known
