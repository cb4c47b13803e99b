"""IN-SPOOF: a text that speaks for somebody else."""

from tests.filters.inbound.arriving import look, mail

LURE = "アカウントの利用を一時的に制限しました。本人確認をお願いします。Amazonをご利用いただきありがとうございます。Amazonアカウント"


def test_a_text_in_the_name_of_a_brand_is_seen() -> None:
    (finding,) = look("borrowed_name", mail(LURE, sender="support <x@evil.example>"))
    assert finding.values["name"] == "Amazon"
    assert look(
        "borrowed_name",
        mail("ご利用確認をお願いします", subject="【三井住友カード】ご利用確認", sender="x@evil.example"),
    )


def test_the_brand_and_small_talk_pass() -> None:
    assert not look("borrowed_name", mail(LURE, sender="Amazon <auto@amazon.co.jp>"))
    assert not look("borrowed_name", mail("AmazonとAmazonの株を買いました。", sender="x@friend.example"))
