"""IN-LANGUAGE: how points add up; texts both ways are in test_language.py."""

import pytest

from tests.filters.inbound.arriving import look, mail, weight


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ご確認ください。心配しないでください。", 0),
        ("親愛なるお客様、ご確認ください。", 1),
        ("親愛なるお客様、心配しないでください。", 2),
        ("親愛なるお客様、あなたのアカウントは停止です。さもなければ削除します。", 3),
    ],
)
def test_points_make_the_weight(text: str, expected: int) -> None:
    assert weight("unnatural_japanese", mail(text)) == expected


def test_what_is_wrong_is_quoted_with_its_place() -> None:
    (finding,) = look("unnatural_japanese", mail("次の件です。親愛なるお客様、ご注意してください。"))
    assert [e.quote for e in finding.evidence] == ["親愛なる", "ご注意してください"]
    assert finding.evidence[0].offset == 6
    assert finding.values["words"] == "親愛なる」「ご注意してください"


def test_a_quoted_mail_is_not_the_authors() -> None:
    assert not look(
        "unnatural_japanese", mail("下の件です。\n> 親愛なるお客様\n> あなたのアカウントは停止されました。")
    )


@pytest.mark.parametrize("piece", ["私は", "添付", "あなたは", " を", "あ,", "ありがとう\n", "《", "どうぞ"])
def test_a_long_text_is_read_to_its_end(piece: str) -> None:
    look("unnatural_japanese", mail("あ" + piece * 20_000))
