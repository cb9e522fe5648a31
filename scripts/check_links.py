"""Check that every relative link and picture of the Markdown files leads to a file (and heading) that exists."""

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
_LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)(?:\s+\"[^\"]*\")?\)")
_HEADING = re.compile(r"^#+\s+(.*)$", re.MULTILINE)
_CODE = re.compile(r"```.*?```|`[^`\n]*`", re.DOTALL)


def anchors(text: str) -> set[str]:
    """Return the anchors a Markdown file offers, as the usual viewers make them."""
    headings = (re.sub(r"[`*_\[\]()]", "", heading).strip().lower() for heading in _HEADING.findall(text))
    return {re.sub(r"[^\w\- ]", "", heading).replace(" ", "-") for heading in headings}


def dead_links(path: Path) -> list[str]:
    """Return one line for each link of the file that leads nowhere."""
    text = path.read_text()
    dead = []
    for link in _LINK.findall(_CODE.sub("", text)):
        if re.match(r"[a-z]+:", link):
            continue
        target, _, anchor = link.partition("#")
        file = (path.parent / target).resolve() if target else path
        if not file.exists():
            dead.append(f"{path.relative_to(ROOT)}: {link}: there is no such file")
        elif anchor and file.suffix == ".md" and anchor not in anchors(file.read_text()):
            dead.append(f"{path.relative_to(ROOT)}: {link}: there is no such heading")
    return dead


def main() -> None:
    """Check the files that git knows; print what is dead and end with 1."""
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard", "*.md"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    files = [path for name in listed.stdout.splitlines() if (path := ROOT / name).exists()]
    dead = [line for path in files for line in dead_links(path)]
    sys.exit("\n".join(dead) or 0)


if __name__ == "__main__":
    main()
