"""Expectations as files: what is wrong with one is said, all at once."""

import datetime
from pathlib import Path

import msgspec
import pytest

from config.policy import ConfigError
from gateway.command.expectations import Expected, read_expected, write_expected

AT = datetime.datetime(2026, 11, 30, 10)
RULES = ("credential", "many_external")
ONE = Expected("a b.eml", "outbound", "taro@us.example", ("a@p.example", "b@p.example"),
               {"a@p.example": "bcc + delay 5m", "any": "deliver"}, ("credential",))  # fmt: skip


@pytest.mark.parametrize("name", ["e.toml", "e.csv"])
def test_what_is_written_is_read_again(tmp_path: Path, name: str) -> None:
    quoted = Expected('say "x",\n極秘.eml', "inbound", verdicts={"any": "hold"})
    write_expected(tmp_path / name, [ONE, quoted], AT)
    assert read_expected(tmp_path / name, RULES) == [
        msgspec.structs.replace(each, at=AT) for each in (ONE, quoted)
    ]


def test_a_spreadsheet_s_rows_of_one_file_belong_together(tmp_path: Path) -> None:
    (tmp_path / "e.csv").write_bytes(
        "\ufefffile,recipient,verdict,rules,at\r\na.eml,x@p.example,hold,credential many_external,2026-11-30T10:00:00\r\n"
        "a.eml,,deliver,,\r\n".encode()
    )
    (each,) = read_expected(tmp_path / "e.csv", RULES)
    assert each.verdicts == {"x@p.example": "hold", "any": "deliver"}
    assert each.rules == ("credential", "many_external")
    assert each.at == datetime.datetime(2026, 11, 30, 10)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[[mails]\n", "e.toml: "),
        ('[[mails]]\nfile = "a.eml"\nverdict = "hold"\n', "a.eml: no such key: verdict"),
        ('[[mails]]\nfile = "a.eml"\nrules = ["credentials"]\n', 'there is no rule credentials; did you mean "credential"'),
        ('[[mails]]\nas = "outbound"\n', "mail 1: Object missing required field `file`"),
        ('[[mails]]\nfile = "a.eml"\nas = "out"\n', 'as: "outbound" or "inbound"'),
        ('mail = 1\n', "unknown field `mail`"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said(tmp_path: Path, text: str, told: str) -> None:
    (tmp_path / "e.toml").write_text(text)
    with pytest.raises(ConfigError) as error:
        read_expected(tmp_path / "e.toml", RULES)
    assert told in str(error.value)


def test_a_file_that_is_there_is_not_written_over(tmp_path: Path) -> None:
    (tmp_path / "e.toml").write_text("mine")
    with pytest.raises(ConfigError):
        write_expected(tmp_path / "e.toml", [ONE], AT)
    assert (tmp_path / "e.toml").read_text() == "mine"
