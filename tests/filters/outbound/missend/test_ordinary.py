"""Ordinary leaving mail is not stopped, whatever the house remembers; and what is written in odd forms is the same."""

import pytest

from filters.decision.decide import factors
from filters.examined import Examined
from filters.facts import Acquaintances, Thread
from tests.filters.mails import examined, plain, policy, written_to
from tests.filters.outbound.missend.judge import stops

TANAKA, MORI = "tanaka@koyo-denki.co.jp", "mori@alpha-kogyo.co.jp"
NEW = "fukaya@noboribetsu.jp"
MEMORY = Acquaintances(
    {TANAKA: written_to("田中太郎", "田中"), MORI: written_to("森")},
    {
        "koyo-denki.co.jp": written_to("光陽電機", beside=("alpha-kogyo.co.jp",)),
        "alpha-kogyo.co.jp": written_to("アルファ工業", beside=("koyo-denki.co.jp",)),
    },
)
CALENDAR = (
    "Content-Type: text/calendar; method=REQUEST; charset=utf-8\r\n\r\nBEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\n"
    "BEGIN:VEVENT\r\nSUMMARY:x\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
)


def found(raw: bytes, *recipients: str, memory: Acquaintances = MEMORY) -> Examined:
    return examined(raw, *recipients, rules=policy(), memory=memory)


@pytest.mark.parametrize(
    ("text", "to"),
    [
        ("光陽電機 田中様\n資料の件です。", (TANAKA,)),
        ("資料の件です。", (TANAKA, MORI)),
        ("登別温泉ホテル\n深谷様\n光陽電機の田中様（CC）からご紹介いただきました。", (NEW, TANAKA)),
        ("深谷様\nはじめまして。", (NEW,)),
        ("Dear Ms. Smith,\nthank you for your enquiry.", ("smith@new-customer.com",)),
        ("Hi Tanaka-san,\nplease see below.", (TANAKA,)),
        (
            "Fw: 下記のとおりです。\n-----Original Message-----\n差出人: 森 <mori@alpha-kogyo.co.jp>\n\n佐藤様\n森です。",
            (TANAKA,),
        ),
        ("各位\n\n夏季休業のお知らせです。", (TANAKA, MORI)),
        ("お取引先様各位\n今月のお知らせです。", tuple(f"a{n}@p{n}.example" for n in range(80))),
        ("了解です。", (TANAKA,)),
        ("", (TANAKA,)),
        ("田中様\n佐藤です。森様にもよろしくお伝えください。", (TANAKA,)),
        ("皆様\nお世話になっております。", (TANAKA, MORI, "new@koyo-denki.co.jp")),
    ],
)
def test_nothing_ordinary_is_stopped(text: str, to: tuple[str, ...]) -> None:
    result = found(plain(text, to=", ".join(to) if len(to) < 20 else "sato@us.example"), *to)
    assert not [f.rule for f in factors(result) if f.weight >= 3]
    assert not stops(result)


def test_an_invitation() -> None:
    head = f"From: sato@us.example\r\nTo: {TANAKA}, {MORI}\r\nSubject: =?utf-8?b?5omT5ZCI44Gb?=\r\nMIME-Version: 1.0\r\n"
    assert not stops(found((head + CALENDAR).encode(), TANAKA, MORI))


@pytest.mark.parametrize(
    "text",
    [
        "（株）光陽電機　田中様",
        "光陽電機株式会社 御中\n田中様",
        "ｺｳﾖｳﾃﾞﾝｷ　田中様",
        "田中　太郎　様",
        "田\u200b中様",
        "田中さま",
    ],
)
@pytest.mark.parametrize("address", [TANAKA, "Tanaka+order@KOYO-DENKI.co.jp", "tanaka@mail.koyo-denki.co.jp"])
def test_odd_forms_of_names_and_addresses(text: str, address: str) -> None:
    result = found(plain(text + "\n資料の件です。", to=address), address)
    assert not [f.rule for f in factors(result) if f.weight >= 3]


def test_a_name_in_letters_that_look_alike_is_a_mistake() -> None:
    written = "xn--koyo-dnki-l0h.co.jp"  # with a Cyrillic е
    memory = Acquaintances(alike={written: ("koyo-denki.co.jp",)}, domains=MEMORY.domains)
    result = found(plain("x", to=f"tanaka@{written}"), f"tanaka@{written}", memory=memory)
    assert factors(result)[0].rule == "mistaken_domain"


def test_a_reply_in_a_large_thread() -> None:
    many = tuple(f"a{n}@koyo-denki.co.jp" for n in range(9))
    memory = Acquaintances(
        dict.fromkeys(many, written_to()),
        MEMORY.domains,
        thread=Thread(frozenset({*many, "sato@us.example"}), many[0]),
    )
    assert not stops(found(plain("皆様\n承知しました。", to=", ".join(many)), *many, memory=memory))


def test_mail_among_ourselves_has_no_risk() -> None:
    result = found(plain("田中さん\nよろしく。", to="b@us.example"), "b@us.example", memory=Acquaintances())
    assert factors(result) == []
