"""IN-THEME: a bank account in the mail's words, and money at once."""

import pytest

from tests.filters.inbound.arriving import look, mail, weight

STRANGER = "Finance <finance@stranger.example>"
KNOWN = {"known": frozenset({"tanaka@koyo-denki.example"})}

ODD = [
    "仕入先の都合で資金が必要です。次回分を前倒しで、本日中に みずほ銀行 青葉支店 普通 1234567 へお振込みください。",
    "口座が監査中のため、至急 三井住友銀行 本店 当座 7654321（役員の個人名義）へ送金をお願いします。",
    "Our account is frozen, so please wire the rest today to IBAN GB33 BUKB 2020 1555 5555 55.",
    "Please pay our agent before noon: account no. 4400 1234 5678.",
    "Unser Konto ist gesperrt. Bitte überweisen Sie heute auf DE89 3704 0044 0532 0130 00.",
    "Notre compte est bloqué : virement aujourd'hui sur FR76 3000 6000 0112 3456 7890 189.",
    "Transfiera hoy el anticipo a la cuenta 2100 0418 4502 0005 1332.",
    "公司账户正在审计,请今天付款至 账号 6222021234567890123。",
]


@pytest.mark.parametrize("text", ODD)
def test_whoever_writes_with_a_reason_against_the_known_account(text: str) -> None:
    assert weight("hasty_account", mail(text), **KNOWN) == 5
    (finding,) = look("hasty_account", mail(text, sender=STRANGER))
    assert finding.weight == 5
    assert finding.values["account"]
    assert finding.evidence


def test_strangers_press_and_those_we_know_remind() -> None:
    text = "本日中に下記へお振込みください。\nみずほ銀行 青葉支店 普通 1234567"
    assert weight("hasty_account", mail(text, sender=STRANGER)) == 3
    assert weight("hasty_account", mail(text.replace("みずほ銀行", "楽天銀行"), sender=STRANGER)) == 5
    assert not look("hasty_account", mail(text), **KNOWN)
    assert weight("hasty_account", mail(text.replace("みずほ銀行", "楽天銀行")), **KNOWN) == 2


@pytest.mark.parametrize(
    "text",
    [
        "ご請求書をお送りします。お振込先: みずほ銀行 青葉支店 普通 1234567。月末までにお願いいたします。",
        "Invoice attached. IBAN DE89 3704 0044 0532 0130 00, 30 days net.",
        "本日中にご返信ください。振込は来月で結構です。",
        "The order 4400123456 ships today; payment as usual.",
        "Urgent: the container MSKU1234567 is at the port, we pay the storage.",
    ],
)
def test_others_pass(text: str) -> None:
    assert not look("hasty_account", mail(text, sender=STRANGER))
    quoted = "了解しました。\n" + "\n".join(f"> {line}" for line in ODD[0].split("。"))
    assert not look("hasty_account", mail(quoted, sender=STRANGER))
