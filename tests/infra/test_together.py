"""Those who ask while one question is under way share the next; each gets their own answer, and its errors."""

import asyncio
from collections.abc import Sequence

from communityshare.infra.together import Together


class Service:
    """Doubles numbers, when it is let; keeps what it was asked."""

    def __init__(self) -> None:
        self.asked: list[list[int]] = []
        self.open = asyncio.Event()

    async def double(self, numbers: Sequence[int]) -> list[int]:
        """Answer."""
        self.asked.append(list(numbers))
        await self.open.wait()
        if 0 in numbers:
            raise ZeroDivisionError
        return [2 * number for number in numbers]


async def _turns() -> None:
    for _ in range(3):
        await asyncio.sleep(0)


async def test_who_comes_meanwhile_goes_along_with_the_next() -> None:
    service = Service()
    double = Together(service.double)
    first = asyncio.create_task(double(1))
    await _turns()
    others = [asyncio.create_task(double(number)) for number in (2, 3, 4)]
    await _turns()
    assert service.asked == [[1]]
    service.open.set()
    assert await asyncio.gather(first, *others) == [2, 4, 6, 8]
    assert service.asked == [[1], [2, 3, 4]]


async def test_one_who_hangs_up_takes_nobody_along() -> None:
    service = Service()
    double = Together(service.double)
    asked = [asyncio.create_task(double(number)) for number in (1, 2)]
    await _turns()
    asked[0].cancel()
    service.open.set()
    assert await asked[1] == 4


async def test_an_error_reaches_those_who_asked_together_and_nobody_else() -> None:
    service = Service()
    service.open.set()
    double = Together(service.double)
    answers = await asyncio.gather(double(0), double(1), return_exceptions=True)
    assert [type(answer) for answer in answers] == [ZeroDivisionError] * 2
    assert await double(3) == 6
