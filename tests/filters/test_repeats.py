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

SIZE = 40_000
KINDS: tuple[tuple[str, int], ...] = (
    ("1234 ", 1_700), ("12 ", 100), ("1 ", 100), ("1234-", 180), ("1234 5678 ", 1_700), ("123456789012 ", 700),
    ("123456789012,", 140), ("4111 1111 1111 1111 ", 4_130), ("4111\n", 4_460), ("card ", 2_850),
    ("カード番号\n", 3_350), ("マイナンバー ", 100), ("one two ", 100), ("password: ", 5_760), ("password: abc\n", 7_470),
    ("パスワード ", 800), ("the file ", 1_910), ("合言葉 ", 330), ("電話番号 ", 700), ("pw\n", 4_940), ("社外秘 ", 26_060),
    ("社外秘\n", 41_410), ("〒", 100), ("〒100-0001 ", 1_810), ("TEL ", 100), ("TEL:03-1234-5678 ", 6_500),
    ("FAX 00-1-2345678\n", 2_800), ("a@b ", 100), ("a@b.jp\n", 15_700), ("https://a ", 2_720),
    ("https://a.example/x ", 1_430), ("氏名\n", 2_020), ("氏名:", 100), ("電話\n", 2_020),
    ("-----BEGIN PRIVATE KEY-----\n", 6_930), ("api_key=", 3_300), ("(", 100), ("%41", 1_850),
    ("&#65;", 3_250), ("=?utf-8?b?QQ==?= ", 1_290),
)  # fmt: skip
"""(what is repeated, calls allowed for each kB in the dearer direction): a third above what it was. Tests examine each mail
twice, and what has a limit weighs more in 40 kB than in 1 MB.
Lists without tables (parallel_lines.py, block_records.py) made figures and addresses dearer by 5 to 10 %."""


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
    assert counted["calls"] + counted["c calls"] < 80 * MOST_WRONG
