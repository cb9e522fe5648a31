"""The same mix by Locust, to check our percentiles. PEOPLE names the file of those who are signed in."""

import os
from pathlib import Path

import msgspec
from locust import FastHttpUser, constant_throughput, task

from bench.load.community import Person
from bench.load.mix import Sender, encoded

_people = iter(msgspec.json.decode(Path(os.environ["PEOPLE"]).read_bytes(), type=list[Person]))


class Somebody(FastHttpUser):
    """One person, 100 requests a minute; waits for each answer (closed loop)."""

    wait_time = constant_throughput(100 / 60)
    host = os.environ["ADDRESS"]

    def on_start(self) -> None:
        """Take the next person."""
        person = next(_people)
        self.sender = Sender(person, 1)
        self.token = {"Authorization": f"Bearer {person.token}", "Content-Type": "application/json"}

    @task
    def request(self) -> None:
        """Send the next request of the mix."""
        call = self.sender.next()
        with self.client.request(
            call.method, call.path, params=dict(call.params), data=encoded(call),
            headers={**self.token, **call.headers}, name=call.name, catch_response=True,
        ) as answer:  # fmt: skip
            if answer.ok and call.note:
                call.note(answer.headers)
