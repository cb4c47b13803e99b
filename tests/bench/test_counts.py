"""What an examination may cost, in calls: a change that makes it 3 % dearer says so here, and why it is worth that."""

import sys

import pytest

from bench.counts import Counts, counts, of
from bench.examine import checkpoint
from bench.stand.mails import OUTSIDER, SENDER, mail, part
from filters import ruleset
from filters.facts import Facts, Origin
from mail.envelope import Envelope, ForwardPath

MOST = {
    ("inbound", "10 kB text"): Counts(python=1077, c=1223, re2=5, encodes=13),
    ("inbound", "html page"): Counts(python=4281, c=13096, re2=8, encodes=35),
    ("inbound", "docx"): Counts(python=1574, c=2124, re2=5, encodes=16),
    ("outbound", "10 kB text"): Counts(python=397, c=449, re2=3, encodes=3),
    ("outbound", "html page"): Counts(python=1004, c=2347, re2=3, encodes=4),
    ("outbound", "docx"): Counts(python=797, c=1095, re2=6, encodes=9),
}
"""Python 3.11: later ones call less. They are lowered when something became cheaper."""
MAY_GROW = 1.03


@pytest.fixture(autouse=True)
def as_in_operation(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ruleset, "COMPARING", False)


@pytest.mark.skipif(sys.version_info[:2] != (3, 11), reason="the figures are those of Python 3.11")
@pytest.mark.parametrize(("way", "kind"), MOST)
def test_an_examination_does_not_become_dearer(way: str, kind: str) -> None:
    found, most = counts(way, kind), MOST[way, kind]
    for name in Counts.__struct_fields__:
        assert getattr(found, name) <= getattr(most, name) * MAY_GROW, f"{name}: {found}"


def test_counting_twice_gives_the_same() -> None:
    first, again = (counts("outbound", "10 kB text") for _ in range(2))
    for name in Counts.__struct_fields__:
        assert abs(getattr(first, name) - getattr(again, name)) <= 0.003 * getattr(first, name)


@pytest.mark.parametrize("way", ["inbound", "outbound"])
def test_recipients_cost_what_they_are(way: str) -> None:
    """A list that is made again for each of them would be a hundred times this."""
    for_each = []
    for recipients in (100, 1100):
        sender, domain = (SENDER, "partner.example") if way == "outbound" else (OUTSIDER, "example.co.jp")
        paths = tuple(ForwardPath(f"person{n}@{domain}") for n in range(recipients))
        facts = Facts(
            way,
            Origin(way, "192.0.2.1"),
            Envelope(sender, paths),
            fresh_passphrase="7KQM-X2RD-94TB-WPHE-3CJY",
        )
        files = [
            part(b"x", "text/plain; charset=utf-8"),
            part("社外秘".encode(), "text/plain; charset=utf-8", "a.txt"),
        ]
        found = of([mail(n, sender, "a@b.example", files) for n in range(4)], facts, checkpoint(way)[1])
        for_each.append(found.python + found.c)
    assert (for_each[1] - for_each[0]) / 1000 < 80
