"""Ask the registries for known vulnerabilities. A registry that does not answer is one line, no failure."""

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
AUDITS = {
    "Python": [
        "pip-audit",
        "--disable-pip",
        "--require-hashes",
        "-r",
        "requirements/run.txt",
        "-r",
        "requirements/traces.txt",
        "--progress-spinner",
        "off",
    ],
    "npm": ["npm", "--prefix", "web", "audit", "--omit=dev", "--audit-level=high"],
}
# Looked for first: the number of a vulnerability may well have a 404 in it.
_FOUND = re.compile(r"[1-9]\d* (known |\w+ severity )?vulnerabilit")
_UNREACHABLE = ("ConnectionError", "ServiceError", "ENOTFOUND", "ECONNREFUSED", "audit endpoint returned an error",
                "ENOAUDIT", "Max retries", "timed out", "Forbidden", "403", "404", "Bad Gateway")  # fmt: skip


def main() -> None:
    """Run both audits; end with 1 when one of them found something."""
    found = False
    for name, command in AUDITS.items():
        try:
            done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=120)
        except subprocess.TimeoutExpired:
            print(f"{name}: the registry does not answer; not checked")
            continue
        output = done.stdout + done.stderr
        if done.returncode == 0:
            print(f"{name}: no known vulnerability")
        elif not _FOUND.search(output) and any(word in output for word in _UNREACHABLE):
            print(f"{name}: the registry answers no audit from here; not checked")
        else:
            print(f"{name}:\n{output}")
            found = True
    sys.exit(found)


if __name__ == "__main__":
    main()
