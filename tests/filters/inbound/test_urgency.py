"""IN-THEME: words that hurry and threaten."""

import pytest

from tests.filters.inbound.arriving import look, mail, weight


@pytest.mark.parametrize(
    "text",
    ["24時間以内にご確認がない場合、アカウントをロックさせていただきます。", "至急お電話ください。ご利用いただけなくなります。",
     "Act now or your account will be suspended within 24 hours.", "Ihr Zugang wird gesperrt, klicken Sie hier", "Clique aqui em 24 horas"],
)  # fmt: skip
def test_several_words_of_haste_weigh_two(text: str) -> None:
    assert weight("urgency", mail(text)) == 2


def test_one_weighs_one_and_is_quoted() -> None:
    (finding,) = look("urgency", mail("ご都合のよいときに。下記urlから資料をご覧ください。"))
    assert finding.weight == 1
    assert "下記url" in finding.evidence[0].quote


def test_calm_mails_pass() -> None:
    assert not look("urgency", mail())
