"""The previous release's code runs on this one's schema, so that code goes back alone when a release is bad."""

import subprocess
from pathlib import Path

from tests.e2e.product import Product
from tests.e2e.test_logs import ADMIN, PASSWORD, eventually, plan_overdue, prepare

ROOT = Path(__file__).parents[2]


def git(*arguments: str) -> list[str]:
    """Return the words that git prints."""
    done = subprocess.run(["git", *arguments], cwd=ROOT, check=True, capture_output=True, text=True)
    return done.stdout.split()


def previous_release() -> str:
    """Return the newest tag before this commit; up to the second release there is none: then the commit itself."""
    here = git("tag", "--points-at", "HEAD")
    tags = git("tag", "--list", "v*", "--merged", "HEAD", "--sort=-version:refname")
    return next((tag for tag in tags if tag not in here), "HEAD")


def unpack(release: str, folder: Path) -> Path:
    """Return the folder of a release's modules."""
    folder.mkdir()
    archive = subprocess.run(["git", "archive", release, "src"], cwd=ROOT, check=True, capture_output=True)
    subprocess.run(["tar", "x", "-C", folder], input=archive.stdout, check=True)
    return folder / "src"


async def test_it_plans_logs_and_delivers_on_the_new_schema(tmp_path: Path) -> None:
    product = Product(tmp_path / "data")
    prepare(product)
    product.environment["PYTHONPATH"] = str(unpack(previous_release(), tmp_path / "code"))
    with product.running():
        admin = product.sign_in(ADMIN, PASSWORD)
        plan = plan_overdue(admin)
        run = admin.post("/api/maintenance/alerts/generate").json()["run_id"]
        await eventually(lambda: admin.get(f"/api/maintenance/alerts/runs/{run}").json()["sent"] == 2)
        assert admin.get("/api/notifications").json()["unread"] == 1
        logged = admin.post("/api/maintenance/logs", json={"schedule_id": plan, "notes": "New tyres"})
        assert logged.status_code == 201
        for path in ("schedules", "logs", "alerts", "alerts/deliveries"):
            assert len(admin.get(f"/api/maintenance/{path}").json()["items"]) >= 1
