"""IN-THEME: in whose name, what, and why at once: the table of config/lists/schemes.toml."""

import pytest

from filters.lures.concepts import read
from filters.lures.phrases import plain
from tests.filters.inbound.arriving import look, mail, weight

LINK = "\nhttps://elsewhere.example/p/1"
STRANGER = "Info <info@one-two-three.example>"

SCHEMED = [
    ("house", "work_login", "IT Help Desk", "Please log in with your work account before noon."),
    ("staff", "work_login", "Anna", "An alle Mitarbeiter\nBitte melden Sie sich mit Ihrem Firmenkonto an."),
    ("boss", "cards", "社長", "ギフト券を購入し、コードを返信してください。"),
    ("bank", "confirm", "Banco Central", "Confirme su cuenta hoy, o será bloqueada."),
    ("bank", "card_data", "銀行", "カード番号を本日中に登録してください。利用を停止します。"),
    ("platform", "confirm", "Hosting", "Bevestig uw account vandaag, anders wordt het geblokkeerd."),
    ("shop", "card_data", "商城", "请立即更新信用卡，否则会员将被冻结。"),
    ("utility", "pay", "Energia", "Paghi la bolletta entro oggi o la fornitura sarà interrotta."),
    (
        "fortune",
        "data",
        "Barrister",
        "About the inheritance of a deceased client: send me a copy of your passport.",
    ),
    ("intruder", "", "A", "We have been in your network. You have 72 hours before your data is deleted."),
]


@pytest.mark.parametrize(("role", "ask", "name", "text"), SCHEMED, ids=[f"{r}-{a}" for r, a, _, _ in SCHEMED])
def test_a_role_an_ask_and_what_urges(role: str, ask: str, name: str, text: str) -> None:
    (finding,) = look("scheme", mail(text + LINK, sender=f"{name} <info@one-two-three.example>"))
    claims = read(plain(name), plain("明日の件\n" + text))
    assert finding.weight >= 4
    assert role in claims.roles
    assert not ask or ask in claims.asks


@pytest.mark.parametrize(
    "text",
    [
        "We never ask you to confirm your password. Beware of such mail.",
        "弊社がメールで暗証番号の入力をお願いすることはありません。",
        "Our bank account has not changed; nothing to do.",
        "The slides of yesterday's talk are on our site.",
        "明日の打ち合わせの資料です。ご確認ください。",
        "Wir freuen uns auf das Gespräch am Montag.",
    ],
)
def test_what_is_denied_or_plain(text: str) -> None:
    assert weight("scheme", mail(text, sender=STRANGER)) <= 1


def test_correspondents_are_heard_for_what_they_never_ask() -> None:
    known = frozenset({"tanaka@koyo-denki.example"})
    assert not look("scheme", mail("Please pay the invoice and confirm your account today."), known=known)
    asked = "Log in with your company e-mail and password."
    assert weight("scheme", mail(asked + LINK), known=known) == 5
    assert not look("scheme", mail(f"See below.\n\n> {asked}"), known=known)


PARTNER = frozenset({"tanaka@koyo-denki.example"})
HOME, AWAY = "\nhttps://support.koyo-denki.example/dl", "\nhttps://get.elsewhere.example/dl"


@pytest.mark.parametrize(
    "text",
    [
        "The new version is out, please download and install the program.",
        "Sign in to our portal with your company e-mail address.",
        "新しいバージョンのソフトをインストールしてください。",
    ],
)
def test_a_partners_own_house_may_ask_for_its_programs_and_portal(text: str) -> None:
    assert not look("scheme", mail(text + HOME), known=PARTNER)
    assert weight("scheme", mail(text + AWAY), known=PARTNER) == 5


@pytest.mark.parametrize(
    ("text", "least"),
    [
        ("今日中にギフトカードを購入し、コードを送ってください。", 5),
        ("SMSに届く6桁のコードを教えてください。", 5),
        ("AnyDeskを入れて、番号を返信してください。", 5),
        ("Ich bin in einer Sitzung. Sind Sie am Platz? Ich brauche Ihre Hilfe, bitte diskret.", 5),
        ("My wallet was stolen, could you lend me 900 €? I'll return it on Monday, between us.", 5),
        ("Are you in the office? I need you to do something for me. Call me when you can.", 0),
        ("We'd like to order gift cards for the speakers, which shop do you prefer?", 0),
        ("当日は携帯かLINEでも大丈夫です。", 0),
        ("Please pay the invoice and let me know.", 0),
    ],
)
def test_a_partner_who_hides_hurries_and_hands_over(text: str, least: int) -> None:
    assert weight("scheme", mail(text), known=PARTNER) == least


def test_a_partner_who_writes_as_never_before_is_heard_for_more() -> None:
    """What else is new weighs by itself (changed_habits); together it is a warning."""
    past = {"zone": {"+0900": 30.0}, "program": {"becky": 30.0}}
    fields = "Date: Mon, 03 Nov 2025 10:12:14 -0500\r\nX-Mailer: Roundcube\r\n"
    asks = mail("Please pay the invoice and let me know.", extra=fields)
    assert weight("scheme", asks, known=PARTNER, habits=past) == 3
    assert not look("scheme", mail("See you on Friday.", extra=fields), known=PARTNER, habits=past)


@pytest.mark.parametrize(
    ("text", "least"),
    [
        ("You are a soldier's friend", 0),
        ("I am a surgeon with the army and saw your profile. Let us become friends.", 4),
        ("米軍の士官です。プロフィールを見て友達になりたいと思いました。", 4),
    ],
)
def test_suitors(text: str, least: int) -> None:
    assert weight("scheme", mail(text, sender="Emily <emily@gmail.com>")) == least


@pytest.mark.parametrize(
    "text",
    [
        "Criminals ask staff to change the bank account for salaries and to keep it secret. Check by phone today.",
        "La quota è da versare entro venerdì in segreteria.",
    ],
)
def test_warnings_of_such_mail_and_offices_that_sound_like_secrets(text: str) -> None:
    assert weight("scheme", mail(text, sender=STRANGER)) <= 1
