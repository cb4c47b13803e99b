"""OUT-PII: lines that say of each person the same in the same way are a table, whatever stands between their words."""

import pytest

from filters.detect.parallel_lines import LEAST, parallel, pieces
from filters.detect.people_tables import judged
from filters.detect.text import Text


def people(raw: str) -> int:
    return max(
        (len(judged(grid, 100).people) for grid in parallel(Text("", raw, "content").cells, raw)), default=0
    )


NAMES = [("木下", "隆"), ("堀江", "美穂"), ("山内", "澄江"), ("青山", "千尋"), ("平井", "茂")]


@pytest.mark.parametrize(
    "line",
    [
        "原告　{0}　{1}（昭和5{n}年3月1日生）",
        "{n}. {0} {1}（03-3827-284{n}）→",
        "{0} {1}（保護者 {0} 恵）　090-1234-567{n}",
        "00123{n}{0}　{1}　　　1981030{n}03456789{n}0",
        "・{0} {1}さん（7{n}歳・要介護2）090-1234-567{n}",
        "{0} {1} 基本給 3{n}0,000円",
    ],
)
def test_people(line: str) -> None:
    text = "".join(f"{line.format(*name, n=n + 1)}\n" for n, name in enumerate(NAMES))
    assert people(text) == len(NAMES)


@pytest.mark.parametrize(
    "line",
    [
        "{0} {1}『経営の基礎』 199{n}年3月{n}日 発行 3,400円",
        "2015-03-0{n} 10:00:00 INFO worker-{n} started",
        "第{n} 丸山丸 198{n}年3月1日 進水 2{n},000トン",
        "みどり薬局 {0}店　03-3827-284{n}",
    ],
)
def test_others(line: str) -> None:
    text = "".join(f"{line.format(*name, n=n + 1)}\n" for n, name in enumerate(NAMES))
    assert people(text) == 0


def test_half_width_kana_between_figures() -> None:
    lines = ["678136ﾊﾀ ｶｽﾞﾔ      200311050223475845", "239960ﾔﾅｷﾞ ﾔｽﾋﾛ    198808260857649615"] * 2
    text = "".join(f"{line}\n" for line in [*lines, "695800ﾊﾏｸﾞﾁ ｻｸﾗ    198409280884769388"])
    assert people(text) == LEAST


def test_a_name_may_have_one_word_or_two() -> None:
    lines = [f"原告　{a}{'　' if n % 4 else ''}{b}（昭和5{n}年3月1日生）\n" for n, (a, b) in enumerate(NAMES)]
    assert people("".join(lines)) >= LEAST


def test_pieces() -> None:
    assert pieces("山内 澄江(090-1234-5678)") == [
        ("word", "山内"),
        ("next", "澄江"),
        ("sign", "("),
        ("phone", "090-1234-5678"),
        ("sign", ")"),
    ]
