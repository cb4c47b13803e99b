"""Files of transfers for a bank: each record of kind 2 pays somebody."""

import re2

from filters.detect.persons import records
from filters.detect.text import Text
from filters.detect.transfers import HEADER, paid

PAID = [("ｵｸﾑﾗ ｼｵﾘ", "1358038"), ("ｴｸﾞﾁ ﾕｳﾄ", "4397360"), ("ｷﾀﾉ ｹﾝ", "2210456"), ("ﾔｼﾞﾏ ｼｭﾝ", "9004517")]


def file(charset: str = "cp932") -> str:
    lines = [f"12100{'':115}"]
    for name, account in PAID:
        lines.append(f"20417{'ｾﾄｳﾁ':15}419{'ﾎﾝﾃﾝ':15}{'':4}1{account}{name:30}{250000:010}{'':30}")
    return "\r\n".join([*lines, f"8{4:06}{1_000_000:012}", "9"]).encode("cp932").decode(charset)


def test_who_is_paid_and_into_which_account() -> None:
    text = Text("2/F.DAT", file(), "content")
    assert [row for row, _, _ in paid(text.cells, text.raw)] == PAID
    assert re2.search(HEADER, text.flat)


def test_each_is_a_record_whatever_the_charset_was_taken_for() -> None:
    for charset in ("cp932", "latin-1"):
        text = Text("2/F.DAT", file(charset), "content")
        assert len(records(text.cells, text.raw, fields=True).records) == len(PAID)


def test_other_lines_of_digits_pay_nobody() -> None:
    text = "\n".join(f"2{n:04} {n:07} {n:010}" for n in range(20))
    assert paid(text, text) == []
