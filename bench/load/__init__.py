"""500 people at the API at once, 100,000 schedules and 500,000 logs; API, database and Redis on two cores."""

from rich.console import Console

from bench import stage
from bench.load import bare, community, crosscheck
from bench.load.community import Person
from bench.load.generator import Outcome, drive, percentile, saturate
from bench.load.mix import Sender
from bench.rows import Row, at_least, at_most
from communityshare.accounts.policy import Role
from communityshare.infra.progress import progress

_RATE = 500 * 100 / 60  # what the limit of 100 a minute lets 500 people send
_NO_LIMIT = {"RATE_LIMIT_PER_MINUTE": "1000000"}
_FIRST_STEP, _FACTOR, _STEPS, _STEP_SECONDS = 300.0, 1.3, 8, 5.0
_CLOSED = 5  # seconds
_PATIENT = 200.0  # milliseconds, the document's p95


def rows() -> list[Row]:
    """Measure and return the figures."""
    with (
        progress(Console(stderr=True), "load", 6) as step,
        stage.fresh_database() as database,
        stage.redis() as shared,
    ):
        url = database["DATABASE_URL"]
        environment = {**database, **shared}
        step("seeding")
        with stage.on_cores(stage.server_cores()):
            community.seed(url)
        with stage.api(environment) as address:
            step("500 people, 100 requests a minute each")
            # Every connection plans every statement once: after a start that takes some seconds of both cores.
            drive(address, community.sign_in(url, group=2), per_second=_RATE * 0.9, seconds=30)
            people = community.sign_in(url)
            outcome = drive(address, people, per_second=_RATE, seconds=60)
        found = _of_all(outcome)
        with stage.api(environment, **_NO_LIMIT) as address:
            step("bare SELECTs")
            found += _against_bare(url, address, people)
            step("the same by Locust")
            found.append(_by_locust(url, address))
            step("highest rate")
            found.append(_highest_rate(url, address))
        step("done")
    return found


def _of_all(outcome: Outcome) -> list[Row]:
    times, errors = outcome.all_times(), outcome.errors.total()
    slowest = sorted(((percentile(of, 0.95), name) for name, of in outcome.times.items()), reverse=True)
    note = "p95 of the slowest: " + ", ".join(f"{name} {value:.0f} ms" for value, name in slowest[:3])
    what = "500 users:"
    return [
        at_most(f"{what} p95", percentile(times, 0.95), "ms", target=_PATIENT, goal=60.0, note=note),
        at_most(f"{what} p50", percentile(times, 0.5), "ms"),
        at_most(f"{what} p99", percentile(times, 0.99), "ms"),
        at_least(f"{what} answers", len(times) / outcome.seconds, "req/s", goal=_RATE * 0.99),
        at_most(f"{what} errors", errors, "", goal=0, note="; ".join(dict(outcome.errors.most_common(2)))),
    ]


def _against_bare(url: str, address: str, people: list[Person]) -> list[Row]:
    coordinators = [person for person in people if person.role is Role.COORDINATOR][:16]
    kinds = (
        ("list of 50 schedules", Sender.first_page, bare.first_page),
        ("one schedule", Sender.get_schedule, bare.one_schedule),
    )
    found: list[Row] = []
    for name, kind, ask in kinds:
        reference = bare.per_second(url, ask, coordinators, seconds=_CLOSED)
        value = saturate(address, coordinators, kind, seconds=_CLOSED)
        note = "reference: pgbench, the same SELECT prepared"
        found.append(at_least(f"{name}, 16 users", value, "req/s", reference=reference, note=note))
    return found


def _by_locust(url: str, address: str) -> Row:
    theirs = crosscheck.p95(address, community.sign_in(url), seconds=10)
    ours = percentile(drive(address, community.sign_in(url), per_second=_RATE, seconds=10).all_times(), 0.95)
    note = "reference: Locust in the same minute; it waits for each answer before the next request"
    return at_most("p95 by our generator and by Locust", ours, "ms", reference=theirs, note=note)


def _highest_rate(url: str, address: str) -> Row:
    best, rate = 0.0, _FIRST_STEP
    for _ in range(_STEPS):
        outcome = drive(address, community.sign_in(url), per_second=rate, seconds=_STEP_SECONDS)
        if outcome.errors or percentile(outcome.all_times(), 0.95) >= _PATIENT:
            break
        best, rate = rate, rate * _FACTOR
    return at_least(
        "highest rate with p95 < 200 ms", best, "req/s", goal=_RATE, note=f"steps of {_FACTOR - 1:.0%}"
    )
