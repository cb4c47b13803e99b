"""OUT-BCC: too many recipients to see each other's addresses."""

import pytest

from filters.facts import Acquaintances
from mail.compose import applied
from mail.message import Message
from tests.filters.mails import SENDER, examined, findings, plain, recalled


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
        (people(6, 2).replace(",", ""), "", True),
        (f"=?utf-8?q?{people(6, 2).replace('@', '=40').replace(', ', '=2C')}?=", "", True),
        ("a@us.example", f"Resent-To: {people(6, 2)}\r\n", True),
    ],
)
def test_thresholds(to: str, extra: str, hit: bool) -> None:
    assert bool(findings("many_external", plain("x", to=to, extra=extra))) is hit


THREE = [f"p{n}@d{n}.example" for n in range(3)]
CIRCLE = frozenset(THREE)


@pytest.mark.parametrize(
    ("to", "envelope", "stood", "hit"),
    [
        (THREE, THREE, (CIRCLE,), False),
        ([a.upper() for a in THREE], THREE, (CIRCLE,), False),
        ([*THREE, "a@us.example", "b@sister.example"], THREE, (CIRCLE,), False),  # our own are no outsiders
        (THREE, THREE, (CIRCLE | {"q@e.example"},), False),
        (THREE, [*THREE, "new@e.example"], (CIRCLE,), True),  # in Bcc, and would read the others
        ([*THREE, "new@e.example"], THREE, (CIRCLE,), True),
        (THREE, THREE, (), True),
        (THREE, THREE, (frozenset(THREE[:2]), frozenset(THREE[1:])), True),  # never stood together
    ],
)
def test_a_known_thread_without_a_new_outsider(
    to: list[str], envelope: list[str], stood: tuple[frozenset[str], ...], hit: bool
) -> None:
    raw = plain("x", to=", ".join(to))
    memory = Acquaintances(stood=stood)
    assert bool(recalled("many_external", raw, *envelope, memory=memory)) is hit
    assert recalled("many_external", raw, *envelope, memory=memory, known_thread=False)


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
