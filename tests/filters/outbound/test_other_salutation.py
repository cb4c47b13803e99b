"""OUT-MISSEND: greetings of others."""

import pytest

from config.policy import Organisation
from filters.facts import Acquaintances
from tests.filters.mails import plain, recalled, written_to

TODA = "m.toda@ishikari.example"
OURS = Organisation(
    domains=("us.example",), partners={"ishikari.example": "石狩信用金庫", "maruyama.example": "円山会計"}
)
MEMORY = Acquaintances({TODA: written_to("戸田正和", "戸田")}, {"ishikari.example": written_to()})


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("円山先生\n試算表の件です。", True),
        ("円山会計 戸田様\n試算表の件です。", True),
        ("円山会計 御中\n試算表の件です。", True),
        ("円山会計\n円山様\n試算表の件です。", True),
        ("Dear James,\nthe figures are below.", False),
        ("戸田様\n試算表の件です。", False),
        ("とださま\n試算表の件です。", False),
        ("石狩信用金庫 御中\n試算表の件です。", False),
        ("株式会社石狩信用金庫\n融資課 戸田様\n試算表の件です。", False),
        ("各位\n試算表の件です。", False),
        ("試算表の件です。円山先生には別にお送りします。", False),
        ("お客様各位\n休業のお知らせです。", False),
    ],
)
def test_whom_the_mail_greets(text: str, found: bool) -> None:
    sights = recalled("other_salutation", plain(text, to=TODA), TODA, memory=MEMORY, organisation=OURS)
    assert [f.about for f in sights] == ([(TODA,)] if found else [])


def test_a_colleague_in_the_mail_may_be_greeted() -> None:
    raw = plain("三宅さん\n転送します。", to=f"=?utf-8?b?5LiJ5a6F?= <miyake@us.example>, {TODA}")
    assert not recalled("other_salutation", raw, "miyake@us.example", TODA, memory=MEMORY, organisation=OURS)


def test_who_has_no_name_says_nothing() -> None:
    assert not recalled("other_salutation", plain("円山先生", to=TODA), TODA, memory=Acquaintances())


def test_in_latin_letters() -> None:
    erik = "erik.berg@lindqvist.example"
    memory = Acquaintances({erik: written_to("erikberg")})
    assert not recalled("other_salutation", plain("Dear Erik,\nx", to=erik), erik, memory=memory)
    assert not recalled("other_salutation", plain("Dear Mr. Berg,\nx", to=erik), erik, memory=memory)
    assert recalled("other_salutation", plain("Dear James,\nx", to=erik), erik, memory=memory)
    assert not recalled("other_salutation", plain("Dear all,\nx", to=erik), erik, memory=memory)
