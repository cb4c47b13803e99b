"""OUT-PII: lists without names, and what is none."""

import pytest

from tests.filters.mails import attached, findings, plain

ADDRESSES = [f"c{n}@d{n % 7}.example" for n in range(31)]
PHONES = [f"03-{n:04}-{n * 7:04}" for n in range(1001, 1032)]
ABROAD = [f"+44 20 7946 {n:04}" for n in range(31)]


@pytest.mark.parametrize(
    ("lines", "what"),
    [(ADDRESSES, "addresses"), (PHONES, "phones"), (ABROAD, "phones"), (PHONES[:15] + ABROAD[:16], "phones")],
)
def test_more_than_so_many(lines: list[str], what: str) -> None:
    for text in ("\n".join(lines), ",".join(lines), "; ".join(lines)):
        (found,) = findings("contact_list", plain(text))
        assert (found.values["what"], found.values["count"]) == (what, "31")
        assert not findings("contact_list", plain(text.replace(lines[0], "")))
    assert "c0@" not in findings("contact_list", plain("\n".join(ADDRESSES)))[0].evidence[0].quote


def test_files_count_together_with_the_text() -> None:
    halves = "\n".join(ADDRESSES[:16]), "\n".join(ADDRESSES[16:]).encode()
    assert findings("contact_list", attached(("list.csv", halves[1]), body=halves[0]))


def test_accounts() -> None:
    lines = "\n".join(f"普通 {n:07}" for n in range(1234500, 1234511))
    assert findings("contact_list", plain(lines))[0].values["what"] == "accounts"
    assert not findings("contact_list", plain(lines), accounts=11)


def test_who_takes_part_does_not_count() -> None:
    text = "\n".join(ADDRESSES)
    assert not findings("contact_list", plain(text), *ADDRESSES)
    assert not findings("contact_list", plain("差出人: x\n宛先: " + "; ".join(ADDRESSES) + "\n件名: x"))
    ours = [f"p{n}@us.example" for n in range(40)]
    assert not findings("contact_list", plain("\n".join(ours)))


@pytest.mark.parametrize(
    "line",
    [
        "注文番号 0312-{0:06}-1",
        "INV-2026-{0:05}",
        "version 1.{0}.0",
        "2026-01-{0:02}",
        "0120-{0:03}-{0:03}",
        "部品 03{0:04}",
    ],
)
def test_other_numbers(line: str) -> None:
    assert not findings("contact_list", plain("\n".join(line.format(n) for n in range(100))))
