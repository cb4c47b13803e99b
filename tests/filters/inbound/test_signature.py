"""IN-SIGNATURE: signatures that cannot be true."""

import pytest

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
                                           ("0049 30 1234567", False), ("00 49 30 123456", False), ("+49 30 123456", False),
                                           ("03-0123-4567", True), ("045-012-3456", True), ("011-23-45", True),
                                           ("00-86-755-12345678", False), ("00-12-345678", True)])  # fmt: skip
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


def named(*lines: str) -> bytes:
    return mail("資料をお送りします。\n\n-----\n" + "\n".join(lines) + "\n", sender="tanaka@kouyou.example")


@pytest.mark.parametrize("line", ["株式会社関所商事 総務部", "関所商事株式会社", "(株)関所商事"])
def test_whoever_signs_as_ourselves_from_outside_is_seen(line: str) -> None:
    raw = named(line, "佐藤", "TEL 03-1234-5678")
    assert weight("signature", raw) == 2
    own = mail(f"資料です。\n-----\n{line}\nTEL 03-1234-5678\n", sender=TO)
    assert not look("signature", own)


@pytest.mark.parametrize(
    "lines",
    [
        ("株式会社関所商事 御中", "TEL 03-1234-5678"),
        ("株式会社関所商事", "佐藤様", "お世話になっております。", "TEL 03-1234-5678"),
        ("ご請求先", "株式会社関所商事", "〒100-0001", "TEL 03-1234-5678"),
        ("株式会社関所商事サービス", "TEL 03-1234-5678"),
        ("株式会社関所商事", "よろしくお願いします"),
    ],
)
def test_whoever_writes_to_us_or_about_us_is_none(lines: tuple[str, ...]) -> None:
    assert not look("signature", named(*lines))


@pytest.mark.parametrize(
    ("sender", "site", "seen"),
    [
        ("tanaka@kouyou.example", "https://www.aoba-shoji.example/", 1),
        ("tanaka@aoba.example", "https://www.aoba-shoji.example/", 0),
        ("tanaka@aobamail.example", "https://www.aoba-shoji.example/", 0),
        ("tanaka@gmail.com", "https://www.aoba-shoji.example/", 0),
        ("tanaka@kouyou.example", "https://www.facebook.com/aoba", 0),
        ("tanaka@kouyou.example", "https://www.sister.example/", 0),
        ("tanaka@kouyou.example", "https://www.aoba-shoji.example/ https://event.other.example/", 0),
    ],
)
def test_a_companys_site_elsewhere_weighs_little(sender: str, site: str, seen: int) -> None:
    raw = mail(f"資料です。\n-----\n株式会社青葉商事 田中\nTEL 03-1234-5678\n{site}\n", sender=sender)
    assert weight("signature", raw) == seen
    assert not look("signature", raw, known=(sender,)), "somebody known may have moved"


def test_numbers_of_other_countries_are_theirs() -> None:
    for number in ("020 7946 0958", "0221 98765432", "089 12345678", "06 12345678", "02 1234 567"):
        raw = mail(
            f"Please find it attached.\n--\nJane Doe\nAcme Ltd\nTel: {number}\n", sender="jane@acme.example"
        )
        assert not look("signature", raw), number


def test_true_signatures_pass() -> None:
    assert not look("signature", mail(signed()))
    assert not look("signature", mail(signed("info@sales.koyo-denki.example")))
    assert not look("signature", mail("返信です。\n> " + signed("a@other.example").replace("\n", "\n> ")))


def test_what_a_form_sends_back_is_not_a_signature() -> None:
    form = "自動返信メール\nお申し込みを受け付けました。\n\n-----\nお名前: {name}\n携帯TEL: 050634575214\nメールアドレス: {address}\n住所: 1-2-3\n"
    assert look("signature", mail(form.format(name="田中", address="tanaka@x.example")))
    assert not look("signature", mail(form.format(name="佐藤", address=TO)))
