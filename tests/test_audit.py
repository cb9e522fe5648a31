"""`make audit`: what was found fails, a registry that cannot be asked does not."""

import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[1] / "scripts/audit.py"


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("Found 1 known vulnerability in 1 package\nexample 1.0 CVE-2026-40412", 1),
        ("example  <1.2\nSeverity: high\nGHSA-4033-aaaa-404b\n1 high severity vulnerability", 1),
        ("3 vulnerabilities (1 moderate, 2 high)", 1),
        ("npm error audit endpoint returned an error: 404 Not Found", 0),
        ("ServiceError: 403 Client Error: Forbidden", 0),
        ("Traceback: something nobody foresaw", 1),
    ],
)
def test_a_finding_is_one_whatever_its_number(tmp_path: Path, said: str, code: int) -> None:
    for name in ("pip-audit", "npm"):
        command = tmp_path / name
        command.write_text(f"#!/bin/sh\ncat <<'EOF'\n{said}\nEOF\nexit 1\n")
        command.chmod(0o755)
    done = subprocess.run(
        [sys.executable, SCRIPT], env={"PATH": f"{tmp_path}:/usr/bin:/bin"}, capture_output=True, check=False
    )
    assert done.returncode == code
