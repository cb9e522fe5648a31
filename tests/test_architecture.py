"""The walls of the house: who may import whom, and where SQL, roles and commits stand."""

import ast
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "src" / "communityshare"
SOURCES = sorted(PACKAGE.rglob("*.py"))
DOMAINS = {"accounts", "resources", "admin", "maintenance", "notifications", "jobs", "demo", "migrations"}


def _name(path: Path) -> str:
    return path.relative_to(PACKAGE).as_posix()


def _imports(path: Path) -> Iterator[str]:
    """Yield the rooms of our package that a file imports, wherever in the file it does."""
    for node in ast.walk(ast.parse(path.read_text())):
        names: list[str] = []
        if isinstance(node, ast.ImportFrom) and node.module:
            names = [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
        elif isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        for name in names:
            if name.startswith("communityshare."):
                yield name.split(".")[1]


def _intrusions(room: str, never: set[str]) -> dict[str, set[str]]:
    """Return which files of a room import a room they must not know."""
    files = {_name(path): never & {*_imports(path)} for path in SOURCES if _name(path).startswith(f"{room}/")}
    return {name: found for name, found in files.items() if found}


def _offenders(pattern: str, allowed: str) -> list[str]:
    return [
        f"{_name(path)}:{number}: {line.strip()}"
        for path in SOURCES
        if not re.fullmatch(allowed, _name(path))
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if re.search(pattern, line)
    ]


def test_infra_imports_no_domain() -> None:
    assert _intrusions("infra", DOMAINS) == {}


@pytest.mark.parametrize(
    ("room", "never"),
    [
        ("maintenance", {"notifications", "demo", "admin"}),
        ("notifications", {"maintenance", "resources", "demo", "admin"}),
        ("accounts", {"maintenance", "notifications", "resources", "demo", "admin"}),
        ("resources", {"maintenance", "notifications", "demo", "admin"}),
        ("admin", {"maintenance", "notifications", "demo"}),
    ],
)  # fmt: skip
def test_rooms_keep_apart(room: str, never: set[str]) -> None:
    assert _intrusions(room, never) == {}


def test_nobody_imports_the_notification_service() -> None:
    wrong = [
        _name(path)
        for path in SOURCES
        if not _name(path).startswith("notifications/") and "notifications" in {*_imports(path)}
    ]
    assert wrong == []


def test_sql_stands_in_queries() -> None:
    allowed = r"(.*/)?queries\.py|infra/db\.py|infra/embedded_postgres\.py|migrations/.*|demo/.*|backup\.py"
    assert _offenders(r"\.(execute|executemany)\(|(connection|cursor)\.copy\(", allowed) == []


def test_figures_are_made_where_it_is_decided_where_they_are_kept() -> None:
    made = r"^from prometheus_client import .*\b(Counter|Gauge|Histogram|Summary)\b"
    assert _offenders(made, r"infra/counting\.py") == []


def test_roles_are_compared_in_the_policy_only() -> None:
    compared = r"(is|not|[=!]=|in) Role\.[A-Z]|\.role\s*(==|!=|is|in)\b"
    compared += r"|[=!]= ?[\"'](admin|maintenance_coordinator|member)[\"']"
    wrong = _offenders(compared, r"accounts/policy\.py|demo/.*|(.*/)?queries\.py")
    assert wrong == []


def test_only_the_edges_commit() -> None:
    assert _offenders(r"\.(commit|rollback)\(\)", r"migrations/runner\.py") == []
    edges = r"infra/(transaction|runtime)\.py|notifications/.*|jobs/.*|maintenance/alerts/.*|demo/.*"
    edges += r"|worker\.py|check\.py|backup\.py"
    assert _offenders(r"\.transaction\(\)", edges) == []


def _committed() -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.splitlines()
    return [ROOT / name for name in listed if (ROOT / name).is_file()]


def test_no_registry_address_is_committed() -> None:
    registry = re.compile(
        rb"(pypi\.org/simple|files\.pythonhosted\.org|registry\.npmjs\.org|--(extra-)?index-url|\"resolved\": \"http)"
    )
    own = Path(__file__)
    wrong = [
        str(path.relative_to(ROOT))
        for path in _committed()
        if path != own and registry.search(path.read_bytes())
    ]
    assert wrong == []


def test_files_and_functions_stay_short() -> None:
    files = {_name(path): lines for path in SOURCES if (lines := len(path.read_text().splitlines())) >= 450}
    assert files == {}
    lengths = {
        f"{_name(path)}:{node.name}": (node.end_lineno or node.lineno) - node.lineno + 1
        for path in SOURCES
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }
    assert {name: lines for name, lines in lengths.items() if lines > 60} == {}
    short = sum(lines < 32 for lines in lengths.values())
    assert short / len(lengths) > 0.9
