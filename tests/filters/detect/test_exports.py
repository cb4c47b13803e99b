"""Exports of password stores, and other tables with such a column."""

import pytest

from filters.detect.exports import exported
from filters.detect.text import Text
from tests.filters.mails import attached, findings, plain

WORD = "Zq9!mm" + "K2xv"
EXPORTS = [
    f"name,url,username,password,note\nbank,https://bank.example/,sato,{WORD},\n",
    f'"Account","Login Name","Password","Web Site","Comments"\n"Bank","sato","{WORD}","https://bank.example",""\n',
    f"Title;Username;Password\nBank;sato;{WORD}\n",
    f"サービス\tログインID\tパスワード\n会計\tsato\t{WORD}\n",
]


@pytest.mark.parametrize("text", EXPORTS)
def test_each_export_is_held(text: str) -> None:
    cells = Text("1", text, "content").cells
    (at,) = exported(cells)
    assert at == cells.index("\n") + 1
    (finding,) = findings("credential", attached(("export.csv", text.encode())))
    assert finding.values["what"] == "connection"
    assert WORD not in repr(finding)


@pytest.mark.parametrize(
    "text",
    [
        "username,password\n",
        "username,password\nsato,\n",
        "username,password\nsato,********\n",
        "username,password\nsato,<your password>\n",
        "name,password policy,owner\nbank,twelve characters,sato\n",
        "Enter your user name, password, and the code, then press OK.\n1, 2, 3\n",
    ],
)
def test_headings_and_places_to_fill_are_none(text: str) -> None:
    assert list(exported(text)) == []
    assert findings("credential", plain(text)) == []
