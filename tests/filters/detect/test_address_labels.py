"""Address labels, several in a row of a sheet."""

from filters.detect.address_labels import labels
from filters.detect.persons import records
from filters.detect.text import Text

NAMES = ["土屋 俊 様", "瀬尾 浩司 様", "工藤 奈緒 様", "飯島 悠斗 様", "北川 智子 様", "田所 哲也 様"]
TOWNS = [f"岩手県盛岡市大通3-4-{n}" for n in range(1, 7)]


def sheet(names: list[str], towns: list[str]) -> Text:
    rows = []
    for at in range(0, len(names), 3):
        rows += [
            "〒020-0022\t〒862-0950\t〒370-0841",
            "\t".join(towns[at : at + 3]),
            "\t".join(names[at : at + 3]),
            "",
        ]
    return Text("2/a.xlsx", "\n".join(rows), "content")


def test_names_and_addresses_across() -> None:
    text = sheet(NAMES, TOWNS)
    told = [(name.replace(" ", ""), town) for name, town in zip(NAMES, TOWNS, strict=True)]
    assert [row for row, _, _ in labels(text.cells)] == told
    assert len(records(text.cells, text.raw, fields=True).records) == len(NAMES)


def test_companies_and_few_addresses_are_none() -> None:
    assert labels(sheet([f"株式会社{n}商事 様" for n in range(6)], TOWNS).cells) == []
    assert labels(sheet(NAMES, [TOWNS[0], "", "", "", "", ""]).cells) == []
