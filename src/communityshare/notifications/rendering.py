"""What a recipient reads: mail and SMS from templates. Raw HTML of a message never survives."""

import re
from functools import cache
from pathlib import Path
from typing import Any

import css_inline
import msgspec
import nh3
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from markdown_it import MarkdownIt

PREFERENCES_PATH = "/notifications/preferences"
SMS_LIMIT = 480  # three segments of GSM 03.38 characters
_TAGS = {
    "a", "blockquote", "br", "code", "em", "h1", "h2", "h3", "h4", "hr", "li", "ol", "p", "pre", "strong",
    "table", "tbody", "td", "th", "thead", "tr", "ul",
}  # fmt: skip
_MARKDOWN = MarkdownIt("commonmark", {"html": False, "breaks": True}).enable("table")
# A backslash before any of them takes its meaning away.
_LINK = re.compile(r"(?<!\\)\[((?:\\.|[^\\\[\]])+)\]\(([^\s()]+)\)")
_STRONG = re.compile(r"(?<![\\*])\*\*(?=\S)((?:\\.|[^*\\]|\*(?!\*))+)(?<=\S)\*\*")
_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")
_INLINER = css_inline.CSSInliner(keep_at_rules=True, load_remote_stylesheets=False)


class Mail(msgspec.Struct, frozen=True):
    """A mail as the recipient sees it."""

    subject: str
    text: str
    html: str
    preferences_url: str


def sanitise(html: str, base_url: str) -> str:
    """Return `html` with nothing but plain formatting and absolute links to http, https and mailto."""
    return nh3.clean(
        html,
        tags=_TAGS,
        attributes={"a": {"href"}},
        url_schemes={"http", "https", "mailto"},
        url_relative=("rewrite_with_base", base_url),
    )


def markdown(text: str, base_url: str) -> str:
    """Return Markdown as safe HTML; raw HTML in it is shown as the characters it is made of."""
    return sanitise(_MARKDOWN.render(text), base_url)


def plain(text: str, base_url: str) -> str:
    """Return Markdown for a reader who sees characters only: no backslashes, a link's address below its line."""
    return "\n".join(_plain_line(line, base_url) for line in text.strip().splitlines())


def _plain_line(line: str, base_url: str) -> str:
    addresses = [absolute(found, base_url) for _, found in _LINK.findall(line)]
    words = _ESCAPED.sub(r"\1", _STRONG.sub(r"\1", _LINK.sub(r"\1", line)))
    return "\n  ".join([words, *addresses])


def mail(*, subject: str, text: str, html: str | None, url: str | None, name: str, base_url: str) -> Mail:
    """Put a message into the service's layout; `url` becomes an absolute link."""
    preferences_url = base_url + PREFERENCES_PATH
    values = {
        "subject": subject,
        "name": name,
        "text": plain(text, base_url),
        "body": sanitise(html, base_url) if html else markdown(text, base_url),
        "link": url and absolute(url, base_url),
        "preferences_url": preferences_url,
    }
    page = _INLINER.inline(_render("email.html", values))
    return Mail(subject, _render("email.txt", values), page, preferences_url)


def sms(*, subject: str, text: str, url: str | None, base_url: str) -> str:
    """Return subject, text and link as one SMS; a long text is cut, the link never."""
    tail = f"\n{absolute(url, base_url)}" if url else ""
    told = plain(text, base_url)
    words = told if told.startswith(subject) else f"{subject}\n{told}"
    room = SMS_LIMIT - len(tail)
    return (words if len(words) <= room else words[: room - 1].rstrip() + "…") + tail


def absolute(url: str, base_url: str) -> str:
    """Return `url`, a path of ours or an address, as a link that works outside of the product."""
    return base_url + url if url.startswith("/") else url


def _render(template: str, values: dict[str, Any]) -> str:
    return _templates().get_template(template).render(values)


@cache
def _templates() -> Environment:
    return Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=select_autoescape(["html"]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
