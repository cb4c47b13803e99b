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
