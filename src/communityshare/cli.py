"""The command line. No rules in it: every command reads the settings and calls one function."""

import asyncio
import signal
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Annotated, Any, TypeVar

import typer
from rich.console import Console

from communityshare.infra.embedded_postgres import EmbeddedPostgresError
from communityshare.infra.errors import AppError
from communityshare.infra.processes import ChildError
from communityshare.infra.settings import SettingsError

app = typer.Typer(
    name="communityshare",
    help="CommunityShare Maintenance: plans, alerts and records for communities that share things.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
user_app = typer.Typer(help="Create and change users.", no_args_is_help=True)
flag_app = typer.Typer(help="Show and switch feature flags.", no_args_is_help=True)
app.add_typer(user_app, name="user")
app.add_typer(flag_app, name="flag")

T = TypeVar("T")
console = Console(stderr=True, highlight=False)


@app.command()
def run(
    demo: Annotated[
        bool, typer.Option("--demo", help="load the demo community and enable the feature")
    ] = False,
) -> None:
    """Start everything: database, migrations, API with user interface, Notification Service, worker."""
    from communityshare.supervisor import run_everything

    run_everything(demo=demo)


@app.command()
def api() -> None:
    """Serve the API and the user interface on HOST:PORT."""
    from communityshare.serve import serve_api

    serve_api()


@app.command()
def notifications() -> None:
    """Serve the Notification Service on HOST:PORT."""
    from communityshare.serve import serve_notifications

    serve_notifications()


@app.command()
def worker() -> None:
    """Work through jobs: the daily check, deliveries, upkeep."""
    from communityshare.worker import work

    work()


@app.command()
def migrate() -> None:
    """Bring the database to the newest schema; parked tables come back with their rows."""
    from communityshare.infra.runtime import runtime
    from communityshare.migrations.runner import HISTORIES, upgrade

    with runtime() as settings, _progress("Migrating", len(HISTORIES)) as advance:
        upgrade(settings.database_url or "", advance)


@app.command()
def rollback(
    to: Annotated[
        str, typer.Option("--to", metavar="REV", help="revision of the maintenance history, or base")
    ] = "m0001",
) -> None:
    """Take the feature's tables out of sight, with their rows kept for the next `migrate`."""
    from communityshare.infra.runtime import runtime
    from communityshare.migrations.runner import downgrade

    with runtime() as settings:
        downgrade(settings.database_url or "", to)
    console.print(
        f"Rolled back to {to}. What came after it is parked with its rows; `communityshare migrate` brings it back.",
        soft_wrap=True,
    )


@app.command()
def check(
    at: Annotated[
        str | None, typer.Option("--at", metavar="INSTANT", help="as if it were this instant (RFC 3339)")
    ] = None,
    wait: Annotated[bool, typer.Option("--wait/--no-wait", help="work through the deliveries first")] = True,
) -> None:
    """Run the daily check once and print its metrics as one JSON line."""
    from communityshare.check import run_check

    print(run_check(at, wait=wait))  # noqa: T201 the command's result


@app.command()
def demo() -> None:
    """Load the demo community into an empty database and enable the feature."""
    from communityshare.demo.load import load_demo
    from communityshare.infra.runtime import runtime
    from communityshare.migrations.runner import make_ready

    with runtime() as settings:
        make_ready(settings)
        loaded = load_demo(settings)
    console.print("The demo community is loaded." if loaded else "The demo community was there already.")


@app.command()
def backup(file: Path) -> None:
    """Write the embedded database and the photos to FILE, while everything runs."""
    from communityshare.backup import backup as write
    from communityshare.infra.runtime import runtime

    with runtime() as settings, console.status("Backing up …"):
        write(settings, file)
    console.print(f"Wrote {file}.")


@app.command()
def restore(file: Path) -> None:
    """Bring a backup back into an empty data folder."""
    from communityshare.backup import restore as bring_back
    from communityshare.infra.runtime import runtime

    with runtime() as settings, console.status("Restoring …"):
        bring_back(settings, file)
    console.print(f"Restored {file}.")


@app.command()
def settings() -> None:
    """List every setting with its value and meaning."""
    from communityshare.infra.settings import describe

    print(describe())  # noqa: T201 the command's result


@app.command()
def openapi() -> None:
    """Print the OpenAPI document."""
    from communityshare.app import openapi_document

    print(openapi_document())  # noqa: T201 the command's result


_Phone = Annotated[str | None, typer.Option(help="number for SMS, such as +4930123456")]


@user_app.command("create")
def user_create(
    email: str,
    name: Annotated[str, typer.Option(help="the name others see")],
    role: Annotated[str, typer.Option(help="admin, maintenance_coordinator or member")],
    premium: Annotated[bool, typer.Option("--premium", help="may receive SMS")] = False,
    phone: _Phone = None,
) -> None:
    """Create a user. The password is asked for, or read as the first line of standard input."""
    from communityshare.accounts import commands

    password = _read_password()
    user = _in_database(commands.create(email, name, role, premium=premium, phone=phone, password=password))
    console.print(f"Created {user.email} as {user.role}.")


@user_app.command("set")
def user_set(
    email: str,
    role: Annotated[str | None, typer.Option(help="admin, maintenance_coordinator or member")] = None,
    active: Annotated[
        bool | None, typer.Option("--enable/--disable", help="whether the user may sign in")
    ] = None,
    phone: _Phone = None,
) -> None:
    """Change a user's role or phone number, or disable or enable the user."""
    from communityshare.accounts import commands

    user = _in_database(commands.change(email, role=role, active=active, phone=phone))
    console.print(f"{user.email}: {user.role}, {'enabled' if user.active else 'disabled'}.")


@user_app.command("password")
def user_password(email: str) -> None:
    """Give a user a new password, asked for or the first line of standard input. Every session of theirs ends."""
    from communityshare.accounts import commands

    user = _in_database(commands.replace_password(email, _read_password()))
    console.print(f"{user.email} has a new password and is signed out everywhere.")


@flag_app.command("list")
def flag_list() -> None:
    """List the flags."""
    from communityshare.infra import queries

    for name, enabled in _in_database(queries.flag_states).items():
        print(f"{name}\t{'enabled' if enabled else 'disabled'}")  # noqa: T201 the command's result


@flag_app.command("enable")
def flag_enable(name: str) -> None:
    """Switch a flag on."""
    _switch(name, enabled=True)


@flag_app.command("disable")
def flag_disable(name: str) -> None:
    """Switch a flag off."""
    _switch(name, enabled=False)


def _switch(name: str, *, enabled: bool) -> None:
    from communityshare.infra.flags import switch

    _in_database(lambda connection: switch(connection, name, enabled=enabled))
    console.print(f"{name} is {'enabled' if enabled else 'disabled'}.")


def _in_database(use: Callable[[Any], Awaitable[T]]) -> T:
    from communityshare.infra.runtime import in_transaction, runtime
    from communityshare.migrations.runner import make_ready

    with runtime() as settings:
        make_ready(settings)
        return asyncio.run(in_transaction(settings, use))


def _read_password() -> str:
    if sys.stdin.isatty():
        return typer.prompt("Password", hide_input=True, confirmation_prompt=True, err=True)
    return sys.stdin.readline().rstrip("\n")


def _progress(title: str, total: int) -> Any:
    from communityshare.infra.progress import progress

    return progress(console, title, total)


def main() -> None:
    """Run the command line; every foreseen error is one line on standard error and exit code 1."""
    from psycopg import OperationalError
    from psycopg.errors import UndefinedTable

    signal.signal(signal.SIGTERM, _end)
    try:
        app()
    except (SettingsError, EmbeddedPostgresError, ChildError) as error:
        _fail(str(error))
    except AppError as error:
        _fail(error.detail)
    except UndefinedTable:
        _fail("The feature's tables are not there; run `communityshare migrate`.")
    except OperationalError as error:
        _fail(f"The database cannot be reached: {str(error).strip().splitlines()[-1]}")
    except UnicodeEncodeError:
        _fail("What was given holds bytes that are no UTF-8.")
    except OSError as error:
        _fail(f"{error.filename}: {error.strerror}" if error.filename else str(error))
    except KeyboardInterrupt:
        sys.exit(130)


def _end(number: int, _frame: object) -> None:
    # Killed on the spot, a command would leave behind the database and the service that it started.
    sys.exit(128 + number)


def _fail(text: str) -> None:
    for line in text.splitlines():
        console.print(f"communityshare: {line}", markup=False, soft_wrap=True)
    sys.exit(1)
