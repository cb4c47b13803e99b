"""OUT-BCC: too many recipients to see each other's addresses."""

import pytest

from mail.compose import applied
from mail.message import Message
from tests.filters.mails import SENDER, examined, findings, plain


def people(count: int, domains: int) -> str:
    return ", ".join(f"p{n}@d{n % domains}.example" for n in range(count))


@pytest.mark.parametrize(
    ("to", "extra", "hit"),
    [
        (people(5, 2), "", False),
        (people(6, 2), "", True),
        (people(6, 1), "", True),
        (people(3, 3), "", True),
        (people(2, 2), "Cc: x@d2.example\r\n", True),
        (people(2, 2) + ", P0@D0.example", "Cc: p1@d1.example\r\n", False),
        (people(2, 2), "Cc: a@us.example, b@sister.example, c@x.us.example\r\n", False),
        ("A: " + people(3, 3) + ";", "", True),
    ],
)
def test_thresholds(to: str, extra: str, hit: bool) -> None:
    assert bool(findings("many_external", plain("x", to=to, extra=extra))) is hit


def test_settings() -> None:
    raw = plain("x", to=people(3, 3))
    assert not findings("many_external", raw, domains=4)
    assert not findings("many_external", raw, exempt_domains=("D0.example",))
    assert findings("many_external", raw, addresses=2, domains=9)


def test_the_copy_names_nobody() -> None:
    names = [f"p{n}@d{n}.example" for n in range(4)]
    raw = plain("x", to=", ".join(names))
    for copy in examined(raw, *names).copies:
        out = applied(raw, copy.edits)
        assert Message(out).first("to").text == f"<{SENDER}>"  # type: ignore[union-attr]
        assert not any(name.encode() in out for name in names)
