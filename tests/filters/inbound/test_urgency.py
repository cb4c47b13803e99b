"""IN-THEME: words that rush and threaten."""

import pytest

from tests.filters.inbound.arriving import look, mail, weight


@pytest.mark.parametrize(
    "text",
    ["24時間以内にご確認がない場合、アカウントをロックさせていただきます。", "至急お電話ください。ご利用いただけなくなります。",
     "Act now or your account will be suspended within 24 hours.", "Ihr Zugang wird gesperrt, klicken Sie hier", "Clique aqui em 24 horas"],
)  # fmt: skip
def test_several_words_of_urgency_weigh_two(text: str) -> None:
    assert weight("urgency", mail(text)) == 2


def test_one_weighs_one_and_is_quoted() -> None:
    (finding,) = look("urgency", mail("お客様の口座は永久に停止。ご都合のよいときに資料をご覧ください。"))
    assert finding.weight == 1
    assert "永久に停止" in finding.evidence[0].quote


def test_what_ordinary_mail_says_too_counts_from_two() -> None:
    assert not look("urgency", mail("下記urlから資料をご覧ください。"))
    assert weight("urgency", mail("至急ご確認ください。下記urlから資料をご覧ください。")) == 1


def test_a_deadline_with_a_threat_in_one_sentence_is_seen() -> None:
    assert weight("urgency", mail("Renew today, otherwise the service ends.")) == 1
    assert not look("urgency", mail("See you today. Otherwise I write on Monday."))


def test_calm_mails_pass() -> None:
    assert not look("urgency", mail())
