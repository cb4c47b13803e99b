"""The checkpoint's answer is plain data, bytes included."""

import msgspec

from filters.examined import Copy, Examined
from filters.verdict import Verdict
from mail.compose import Edit


def test_an_answer_survives_the_border() -> None:
    answer = Examined(
        copies=(Copy((0, 2), Verdict(delay=5), (Edit(0, 3, b"\x00\xff"),), "domain"),), headers=b"X: 1\r\n"
    )
    assert msgspec.json.decode(msgspec.json.encode(answer), type=Examined) == answer
