"""IN-SIGNATURE: signatures that cannot be true."""

import pytest

from filters.inbound.signature import possible
from tests.filters.inbound.arriving import TO, look, mail, weight


def signed(
    address: str = "tanaka@koyo-denki.example", tel: str = "03-1234-5678", fax: str = "03-1234-5679"
) -> str:
    return (
        "お世話になっております。\n見積書の件です。\n\n--------------------\n株式会社光陽電機 営業部 田中\n"
        f"TEL：{tel} FAX：{fax}\nE-mail：{address}\n--------------------\n"
    )


def test_the_address_of_somebody_else_is_seen() -> None:
    assert weight("signature", mail(signed(), sender="tanaka@gmail.com")) == 2
    assert weight("signature", mail(signed("tanaka@other.example"))) == 1


@pytest.mark.parametrize(
    "tel", ["03-123-5678", "090-0234-5678", "0120-12-34567", "００－１２３４－５６７８９"]
)
def test_a_number_that_cannot_be_is_seen(tel: str) -> None:
    assert look("signature", mail(signed(tel=tel)))


def test_one_number_for_telephone_and_fax_is_seen() -> None:
    assert weight("signature", mail(signed(fax="03 (1234) 5678"))) == 2


@pytest.mark.parametrize(
    "label", ["TEL/FAX", "TEL・FAX", "Tel & Fax", "電話/FAX", "TEL＆FAX：", "TEL(FAX兼用)"]
)
def test_one_label_for_both_is_honest(label: str) -> None:
    text = "よろしくお願いいたします。\n-----\n株式会社光陽電機 田中\n" + f"{label} 03-1234-5678\n"
    assert not look("signature", mail(text))


@pytest.mark.parametrize(("tel", "seen"), [("00-1234-5678", True), ("(00)1234-5678", True), ("000-1234-5678", True),
                                           ("0049 30 1234567", False), ("00 49 30 123456", False), ("+49 30 123456", False)])  # fmt: skip
def test_no_number_begins_with_nothing(tel: str, seen: bool) -> None:
    assert bool(look("signature", mail(signed(tel=tel)))) is seen


@pytest.mark.parametrize(
    ("line", "sender", "seen"),
    [
        ("株式会社光陽電機 営業部 田中", "tanaka@kouyou.example", True),
        ("光陽電機株式会社", "tanaka@kouyou.example", True),
        ("Mercari, Inc.", "support@kouyou.example", True),
        ("株式会社メルカリ", "support@mercari.jp", False),
        ("株式会社光陽電機サービス", "tanaka@kouyou.example", False),
        ("光陽電機様のお取引先", "tanaka@kouyou.example", False),
        ("株式会社光陽電機", "tanaka@koyo-denki.example", False),
        ("株式会社光陽電機", "sato@us.example", False),
    ],
)
def test_an_organisation_under_anothers_domain_is_seen(line: str, sender: str, seen: bool) -> None:
    raw = mail(f"資料をお送りします。\n-----\n{line}\nTEL 03-1234-5678\n", sender=sender)
    assert bool(look("signature", raw)) is seen


def test_true_signatures_pass() -> None:
    assert not look("signature", mail(signed()))
    assert not look("signature", mail(signed("info@sales.koyo-denki.example")))
    assert not look("signature", mail("返信です。\n> " + signed("a@other.example").replace("\n", "\n> ")))


@pytest.mark.parametrize(
    ("number", "expected"),
    [("0312345678", True), ("09012345678", True), ("0120123456", True), ("08001234567", True), ("+4930123456", True),
     ("031234567", False), ("0901234567", False), ("0501234567", False), ("08000234567", True)],
)  # fmt: skip
def test_the_numbering_plan(number: str, expected: bool) -> None:
    assert possible(number) is expected


def test_what_a_form_sends_back_is_not_a_signature() -> None:
    form = "自動返信メール\nお申し込みを受け付けました。\n\n-----\nお名前: {name}\n携帯TEL: 050634575214\nメールアドレス: {address}\n住所: 1-2-3\n"
    assert look("signature", mail(form.format(name="田中", address="tanaka@x.example")))
    assert not look("signature", mail(form.format(name="佐藤", address=TO)))
