"""What hostile mails cost an examination that repeat one thing without end, in counted calls.

Whatever a rule looks for, the same again is looked at once: 1 MB of "1234 " took 28 million calls. Linear is not enough, as a
count for each repeat is what a hostile mail is made for; so the table says how many there may be for each kB, of which most
are C calls that find the next one.
"""

import random

import pytest

from bench.examine import checkpoint
from bench.stand import counting
from bench.stand.mails import OUTSIDER, SENDER, mail, part
from filters.detect.number_context import MOST_WRONG, numbers
from filters.examine import run

SIZE = 100_000
KINDS: tuple[tuple[str, int], ...] = (
    ("1234 ", 60), ("12 ", 60), ("1 ", 60), ("1234-", 60), ("1234 5678 ", 60), ("123456789012 ", 60), ("123456789012,", 60),
    ("4111 1111 1111 1111 ", 450), ("4111\n", 300), ("card ", 60), ("カード番号\n", 300), ("マイナンバー ", 60), ("one two ", 60),
    ("password: ", 1_300), ("password: abc\n", 1_300), ("パスワード ", 400), ("the file ", 400), ("合言葉 ", 400), ("電話番号 ", 60), ("pw\n", 400),
    ("社外秘 ", 4_400), ("社外秘\n", 2_200), ("〒", 60), ("〒100-0001 ", 700), ("TEL ", 60), ("TEL:03-1234-5678 ", 4_000), ("FAX 00-1-2345678\n", 1_200),
    ("a@b ", 60), ("a@b.jp,", 6_500), ("https://a ", 1_100), ("https://a.example/x ", 600), ("氏名\n", 60), ("氏名:", 60), ("電話\n", 60),
    ("-----BEGIN PRIVATE KEY-----\n", 300), ("api_key=", 1_500), ("(", 60), ("%41", 700), ("&#65;", 900), ("=?utf-8?b?QQ==?= ", 60),
)  # fmt: skip
"""(what is repeated, calls allowed for each kB in the dearer direction)."""


@pytest.mark.parametrize(("unit", "allowed"), KINDS, ids=[repr(unit)[1:-1] for unit, _ in KINDS])
def test_what_repeats_is_looked_at_once(unit: str, allowed: int) -> None:
    text = unit * (SIZE // len(unit.encode()))
    for way in ("outbound", "inbound"):
        facts, prepared = checkpoint(way)
        between = (SENDER, OUTSIDER) if way == "outbound" else (OUTSIDER, SENDER)
        raw = mail(1, *between, [part(text.encode(), "text/plain; charset=utf-8")])
        run(raw, facts, prepared)  # tables are made
        counted = counting.calls(lambda raw=raw, facts=facts, prepared=prepared: run(raw, facts, prepared))
        calls = counted["calls"] + counted["c calls"]
        assert calls < allowed * SIZE // 1000, f"{way}: {calls * 1000 // SIZE} for each kB"


@pytest.mark.parametrize("between", [" ", "-", "\n", ", ", "\t"])
@pytest.mark.parametrize("digits", [4, 12, 16])
def test_numbers_that_never_repeat_have_a_limit_in_any_writing(digits: int, between: str) -> None:
    """Beyond it one that stands behind its name is found all the same."""
    chance = random.Random(digits)
    most = 10**digits
    many = between.join(f"{chance.randrange(most):0{digits}}" for _ in range(1_000_000 // (digits + 1)))
    text = f"{many}\nカード番号 4111 1111 1111 1111\n"
    seen: list[str] = []
    counted = counting.calls(
        lambda: seen.extend(n.digits for n in numbers(text, "", frozenset(["number", "apart"])) if n.sure)
    )
    assert "4111111111111111" in seen
    assert counted["calls"] + counted["c calls"] < 50 * MOST_WRONG
