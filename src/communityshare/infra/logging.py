"""Structured logs: one JSON line an event on standard output, with the correlation id of its request or job."""

import logging
import re
import sys
from functools import cache
from typing import Any

import msgspec
import structlog
from structlog.contextvars import bind_contextvars, clear_contextvars
from structlog.tracebacks import ExceptionDictTransformer

from communityshare.infra import correlation

LEVELS = {"ERROR": logging.ERROR, "WARN": logging.WARNING, "INFO": logging.INFO, "DEBUG": logging.DEBUG}
_HIDDEN = ("token", "password", "secret", "authorization", "cookie", "html", "text", "photo_url", "signature")

log: structlog.stdlib.BoundLogger = structlog.get_logger()


def _hide_secrets(_logger: Any, _method: str, event: dict[str, Any]) -> dict[str, Any]:
    for key in event:
        if _is_secret(key):
            event[key] = "[hidden]"
    return event


@cache
def _is_secret(key: str) -> bool:
    return any(word in key.lower() for word in _HIDDEN)


def _correlate(_logger: Any, _method: str, event: dict[str, Any]) -> dict[str, Any]:
    if correlation_id := correlation.current():
        event.setdefault("correlation_id", correlation_id)
    return event


# PostgreSQL's second line quotes the row or the value that it refused: a mail's body, a password's hash.
_QUOTED_VALUES = re.compile(r"\n(DETAIL|CONTEXT):.*", re.DOTALL)


def _cut_values(_logger: Any, _method: str, event: dict[str, Any]) -> dict[str, Any]:
    for key, value in event.items():
        if isinstance(value, str) and "\n" in value:
            event[key] = _QUOTED_VALUES.sub("", value)
    for told in event.get("exception") or ():
        told["exc_value"] = _QUOTED_VALUES.sub("", told["exc_value"])
    return event


def _json(event: Any, **_: Any) -> str:
    return msgspec.json.encode(event, enc_hook=repr).decode()


def configure(level: str, service: str) -> None:
    """Send our own events and those of the libraries to standard output as JSON lines.

    A command's standard output is its result, so its events go to standard error.
    """
    stream = sys.stderr if service == "cli" else sys.stdout
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        _correlate,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _hide_secrets,
        # Local variables hold tokens and bodies: they stay out of the log.
        structlog.processors.ExceptionRenderer(ExceptionDictTransformer(show_locals=False)),
        _cut_values,
    ]
    structlog.configure(
        processors=[*shared, structlog.processors.JSONRenderer(_json)],
        wrapper_class=structlog.make_filtering_bound_logger(LEVELS[level]),
        logger_factory=structlog.WriteLoggerFactory(stream),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(stream)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer(_json),
            ],
            foreign_pre_chain=[structlog.stdlib.ExtraAdder(), *shared],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    # Libraries tell every poll and connection at INFO; theirs start at WARN unless somebody debugs. A command says
    # itself, in one line, what they would warn of.
    quiet = logging.ERROR if service == "cli" else logging.WARNING
    least = LEVELS[level] if level in {"ERROR", "DEBUG"} else quiet
    root.setLevel(least)
    # Some libraries set a level of their own, which would let through what the root would not.
    handler.setLevel(least)
    clear_contextvars()
    bind_contextvars(service=service)
