"""One figure of a benchmark, and what it is held against."""

import operator
from collections.abc import Callable
from typing import Any

import msgspec


class Row(msgspec.Struct, kw_only=True):
    """A measured figure.

    `target` is what the customer's document asks, `goal` what this product holds itself to (None: nothing is asked).
    `reference` is the same work done the bare way, or on a tenth of the data, on the same machine in the same run;
    `ratio` = value / reference.
    """

    name: str
    value: float
    unit: str
    target: float | None = None
    goal: float | None = None
    reference: float | None = None
    ratio: float | None = None
    met: bool | None = None
    note: str = ""


def at_most(name: str, value: float, unit: str, **against: Any) -> Row:
    """Return a figure that should stay within its goal, or within its target when it has no goal."""
    return _judged(Row(name=name, value=value, unit=unit, **against), operator.le)


def at_least(name: str, value: float, unit: str, **against: Any) -> Row:
    """Return a figure that should reach its goal, or its target when it has no goal."""
    return _judged(Row(name=name, value=value, unit=unit, **against), operator.ge)


def _judged(row: Row, holds: Callable[[float, float], bool]) -> Row:
    if row.reference:
        row.ratio = row.value / row.reference
    asked = row.goal if row.goal is not None else row.target
    if asked is not None:
        row.met = holds(row.value, asked)
    return row
