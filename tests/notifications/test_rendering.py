"""What recipients read, against golden files: delete one and run the tests to have it written anew."""

from pathlib import Path
from typing import Any

import pytest

from communityshare.notifications import rendering

GOLDEN = Path(__file__).parent / "golden"
BASE = "https://share.example.org"
DIGEST = """\
**3 things need you.**

| Thing | Plan | Due |
|---|---|---|
| [Cordless drill](/schedules/1) | inspection | 1 March, overdue |
| Trailer | brakes | tomorrow |

- bring gloves
- <b>raw HTML</b> & <script>alert(1)</script>
"""
ALERTS = r"""Here is what needs you. Times are in Europe/Berlin.

- [inspection of Saws \& drills \[old\]](/schedules/1), due on Saturday at 10:00, **11 days overdue** (escalation)
- [check of Tent\_2 \*red\*](/schedules/2), due on Thursday, 26 November 2026 at 10:00
- and [5 more](/schedules)
"""
MAILS: dict[str, dict[str, Any]] = {
    "one-alert": {"subject": "Overdue: cordless drill", "text": "The **inspection** was due on 1 March.",
                  "url": "/schedules/42"},
    "digest": {"subject": "3 things need you", "text": DIGEST, "url": "/schedules?status=overdue"},
    "alerts": {"subject": "7 maintenance tasks need you: 1 overdue", "text": ALERTS, "url": "/schedules"},
    "own-html": {"subject": "Welcome", "text": "Welcome!", "url": None,
                 "html": '<h2 style="x">Welcome</h2><img src="https://t.example/p.gif"><a href="javascript:x()">a</a>'},
}  # fmt: skip


@pytest.mark.parametrize("name", MAILS)
def test_mail_looks_as_it_did(name: str) -> None:
    mail = rendering.mail(**{"html": None, **MAILS[name]}, name="Ada <Lovelace>", base_url=BASE)
    same_as_golden(f"{name}.txt", mail.text)
    same_as_golden(f"{name}.html", mail.html)


def same_as_golden(name: str, text: str) -> None:
    file = GOLDEN / name
    if not file.exists():
        file.write_text(text)
        pytest.fail(f"{file} was not there; look at what was written now")
    assert text == file.read_text()


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "[x](javascript:alert(1))", "![x](http://t/p.gif)",
        "<a href='data:text/html,x'>x</a>", '[x](" onmouseover="alert(1))', "<iframe src=//evil></iframe>",
        "<svg/onload=x>",
    ],
)  # fmt: skip
def test_nothing_but_formatting_survives(hostile: str) -> None:
    allowed = ("<p>", "</p>", "<br>", "<a ", "</a>", "\n")
    for html in (rendering.markdown(hostile, BASE), rendering.sanitise(hostile, BASE)):
        rest = html
        for tag in allowed:
            rest = rest.replace(tag, "")
        assert "<" not in rest
        assert 'href="javascript' not in html
        assert 'href="data' not in html


@pytest.mark.parametrize(
    ("url", "link"),
    [
        ("/schedules/1", f"{BASE}/schedules/1"),
        ("https://other.example/x", "https://other.example/x"),
    ],
)
def test_links_become_absolute(url: str, link: str) -> None:
    assert rendering.absolute(url, BASE) == link


def test_an_sms_is_cut_before_its_link() -> None:
    short = rendering.sms(subject="Overdue: drill", text=" Soon. ", url="/s/1", base_url=BASE)
    assert short == f"Overdue: drill\nSoon.\n{BASE}/s/1"
    long = rendering.sms(subject="Overdue: drill", text="x" * 1000, url="/s/1", base_url=BASE)
    assert len(long) == rendering.SMS_LIMIT
    assert long.endswith(f"x…\n{BASE}/s/1")
    assert rendering.sms(subject="A", text="b", url=None, base_url=BASE) == "A\nb"


def test_an_sms_says_a_thing_once_and_without_marks() -> None:
    text = r"1 task is overdue: check of Saws \& drills, **today**, [here](/x)"
    short = rendering.sms(subject="1 task is overdue", text=text, url=None, base_url=BASE)
    assert short == f"1 task is overdue: check of Saws & drills, today, here\n  {BASE}/x"


@pytest.mark.parametrize(
    "text",
    [
        "2 ** 3 ** 4",
        "a [b] (c)",
        "[a](b c)",
        r"C:\temp",
        "5 * 3",
        "**",
        "[](x)",
        "a_b",
        ("**a " * 25_000).strip(),
    ],
)
def test_what_is_no_markup_stays(text: str) -> None:
    assert rendering.plain(text, BASE) == text


def test_what_is_escaped_is_shown_as_it_was_meant() -> None:
    assert rendering.plain(r"\[x\](y) \*\*b\*\* C:\\temp", BASE) == r"[x](y) **b** C:\temp"


@pytest.mark.parametrize("address", ["http://[x", "https://[::1", "//[", "mailto:a@b.example"])
def test_an_address_that_is_none_is_shown_as_it_was_written(address: str) -> None:
    text = f"See [this]({address})."
    assert rendering.plain(text, "") == f"See this.\n  {address}"
    assert rendering.mail(subject="A", text=text, html=None, url=None, name="B", base_url=BASE).text
    assert rendering.sms(subject="A", text="b", url=address, base_url="").endswith(address)
