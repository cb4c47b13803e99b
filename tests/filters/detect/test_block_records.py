"""OUT-PII: one person in each block of lines is a table."""

import pytest

from filters.detect.block_records import in_blocks
from filters.detect.people_tables import judged
from filters.detect.text import Text

NAMES = ["木下 隆", "堀江 美穂", "山内 澄江", "青山 千尋", "平井 茂"]


def people(raw: str) -> int:
    return max(
        (len(judged(grid, 100).people) for grid in in_blocks(Text("", raw, "content").cells, raw)), default=0
    )


@pytest.mark.parametrize(
    "block",
    [
        "{name}\n198{n}/3/1\n東京都港区芝公園1-{n}\n\n",
        "No.{n}\n{name}\n090-1234-567{n}\n----------\n",
        "■ {name}\n　生年月日 198{n}/3/1\n　診断 喘息\n",
        "お名前＝{name}\nご連絡先＝090-1234-567{n}\nお悩み＝相続\n\n",
        "({n}) {name}\n090-1234-567{n}\n",
    ],
)
def test_people(block: str) -> None:
    text = "".join(block.format(name=name, n=n + 1) for n, name in enumerate(NAMES))
    assert people(text) == len(NAMES)


@pytest.mark.parametrize(
    "block",
    [
        "みどり薬局 {n}号店\n東京都港区芝公園1-{n}\n03-3827-284{n}\n\n",
        "第{n}章\n本文は次のとおりです。\n以上\n\n",
        "foo {n}\nbar\n\n",
    ],
)
def test_others(block: str) -> None:
    assert people("".join(block.format(n=n + 1) for n in range(5))) == 0
