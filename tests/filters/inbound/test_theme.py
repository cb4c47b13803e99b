"""IN-THEME: the families of themes, and more languages."""

import pytest

from filters.facts import Authentication
from tests.filters.inbound.arriving import look, mail, weight


@pytest.mark.parametrize(
    ("family", "text"),
    [
        ("inquiry", "御社の新製品について取材のお願いがあり、ご連絡しました。"),
        ("inquiry", "求人に応募いたします。履歴書を添付しました。"),
        ("inquiry", "Please find my resume attached; this is my job application."),
        ("minutes", "先日の会議の議事録を送付いたします。"),
        ("minutes", "Attached the minutes of Monday. Official visit next week."),
        ("authority", "特別定額給付金の申請についてのお知らせです。"),
        ("authority", "You are entitled to a tax refund from the office."),
        ("personnel", "人事異動のお知らせをお送りします。資料を再送いたします。"),
        ("notice", "お荷物をお届けにあがりましたが不在のため持ち帰りました。"),
        ("notice", "Your parcel: we were unable to deliver your order."),
        ("credentials", "メールボックスの容量が超過しています。"),
        ("credentials", "あなたのアカウントは停止されました。本人確認をお願いします。"),
        ("credentials", "Please verify your account to continue."),
        ("credentials", "Ihr Konto wurde gesperrt, bitte verifizieren Sie sich."),
        ("profit", "おめでとうございます、ご当選されました。"),
        ("profit", "Congratulations! You have won a brand new car."),
        ("credentials", "Your online profile was locked because of unusual logins."),
        ("notice", "The parcel with your order is held at our depot."),
        ("profit", "あなたは特別モニターに選ばれました、賞品をお受け取りください。"),
        ("coins", "1.42 BTC are waiting for you."),
        ("coins", "暗号資産の投資です。元本保証です。"),
        ("coins", "Investieren Sie in Kryptowährung mit garantierter Rendite."),
        ("legacy", "My late husband left 12 million dollars; I want you to be the beneficiary."),
        ("legacy", "同姓の故人の遺産を、あなたに相続していただきたい。"),
        ("profit", "Reverse your hearing loss with this weird trick at home."),
        ("profit", "Cheap replica watches, today only."),
        ("profit", "This device gets all channels, and cable companies hate it."),
        ("profit", "Your diploma without exams, based on your life experience."),
        ("profit", "Fast cash deposited tomorrow, bad credit is fine."),
        ("profit", "Your car warranty is about to expire."),
        ("profit", "Become a mystery shopper: 400 dollars per assignment, we send the cheque before."),
        ("legacy", "We have gold dust and rough diamonds for a serious buyer abroad."),
        ("legacy", "The United Nations has approved your compensation as a victim."),
        ("legacy", "I am a widow and wish to invest in your country with your help."),
        ("legacy", "Je suis atteinte d'une maladie incurable et souhaite faire don de ma fortune."),
        ("legacy", "Soy abogado de un cliente con su mismo apellido."),
        ("legacy", "I am a soldier and found a box with cash. I need your help to move it."),
        ("gambling", "オンラインカジノに登録して、無料ボーナスをもらおう。"),
        ("gambling", "Bet met 100 gratis spins in ons casino: meld je aan voor de bonus."),
        ("dating", "独身の女性です。LINEでお話ししませんか。"),
        ("dating", "Hallo, ik ben alleenstaand en eenzaam; schrijf me op WhatsApp."),
        ("callback", "If you did not authorise it, call our helpdesk at +1 808 555 0142."),
        ("callback", "サポートが自動更新され、49,800円が請求されます（解約はお電話で）。"),
        ("errand", "Please send me the list of open invoices and the current balance."),
        ("errand", "Kunt u cadeaubonnen kopen en de codes sturen?"),
        ("credentials", "Uw bankpas verloopt over 3 dagen."),
        ("credentials", "Sign in with your work account to open the file."),
        ("notice", "Uw pakket wordt vastgehouden bij de douane."),
        ("authority", "U heeft recht op een teruggaaf van de Belastingdienst."),
        ("personnel", "賞与の支給明細はこちらのリンクです。"),
        ("demand", "I am in a meeting and need you to make a transfer."),
        ("errand", "ギフトカードを購入し、裏面の番号を送ってください。"),
    ],
)
def test_each_family_is_found(family: str, text: str) -> None:
    (finding,) = look("theme", mail(text, subject="連絡"))
    assert finding.values["theme"] == family
    assert finding.weight >= (1 if family in ("inquiry", "minutes", "personnel") else 2)
    assert finding.evidence


@pytest.mark.parametrize(
    "text",
    [
        "ア カ ウ ン ト は 停 止 さ れ ま し た",
        "ｱｶｳﾝﾄが停止されました",
        "ア\u200bカ\u200bウント停止のお知らせ",
        "vеrіfy yоur аccоunt",
        "Vérify your accóunt",
    ],
)
def test_disguises_of_letters_and_blanks_do_not_help(text: str) -> None:
    assert look("theme", mail(text))


@pytest.mark.parametrize(
    "text",
    [
        "お世話になっております。明日の打ち合わせは10時からでお願いいたします。",
        "Hi Bob, the kernel builds again. Could you review my patch when you have time? The mailbox driver is next.",
        "freedom of dealing is not what this list is about; offers welcome",
    ],
)
def test_ordinary_talk_does_not_count(text: str) -> None:
    assert not look("theme", mail(text))


def test_a_correspondent_may_write_about_anything() -> None:
    assert not look("theme", mail("請求書をお送りします。"), known=frozenset({"tanaka@koyo-denki.example"}))


def test_in_long_reading_matter_a_phrase_weighs_less() -> None:
    article = "words of a long article. " * 500
    sent = "List-Id: <a.example>\r\n"
    assert weight("theme", mail("verify your account " + article, extra=sent)) == 0
    assert weight("theme", mail("verify your account or your mailbox is full. " + article, extra=sent)) == 1
    assert weight("theme", mail("verify your account " + article)) == 2, "nobody reads on for so long"


def test_two_phrases_weigh_more_than_one_but_business_is_business() -> None:
    assert weight("theme", mail("Please verify your account.")) == 2
    assert (
        weight("theme", mail("Please verify your account. Your mailbox quota is reached: quota exceeded."))
        == 3
    )
    assert weight("theme", mail("Your payment failed, and we could not deliver your order.")) == 2


def test_what_ordinary_mail_says_too_weighs_one() -> None:
    assert weight("theme", mail("請求書をお送りいたします。")) == 1


def page(host: str) -> str:
    return f'<p>We locked your account after unusual activity.</p><a href="https://{host}/">Restore</a>'


def test_when_all_links_lead_home_it_weighs_less() -> None:
    passed = {"authentication": Authentication(dmarc="pass"), "reverse_path": "n@koyo-denki.example"}
    assert weight("theme", mail("", html=page("www.koyo-denki.example")), **passed) == 1
    assert weight("theme", mail("", html=page("elsewhere.example")), **passed) == 3


def test_nobody_is_at_home_in_a_spoofed_domain() -> None:
    spoofed = {"authentication": Authentication(dmarc="fail"), "reverse_path": "n@koyo-denki.example"}
    assert weight("theme", mail("", html=page("www.koyo-denki.example")), **spoofed) == 3


def test_our_own_people_may_write_about_passwords() -> None:
    assert not look("theme", mail("パスワードの有効期限が切れます。", sender="IT <it@us.example>"))


@pytest.mark.parametrize(
    "text",
    [
        "Your mailbox has reached its storage limit. Verify your account: https://home.example/x",
        "Your password has expired. Keep your current password: https://home.example/x",
        "メールボックスの容量が上限に達しました。アカウントを確認してください https://home.example/x",
    ],
)
def test_a_strangers_home_is_no_excuse_for_what_is_the_readers_own(text: str) -> None:
    raw = mail(text, sender="info@home.example")
    proved = {"authentication": Authentication(dmarc="pass"), "reverse_path": "info@home.example"}
    assert weight("theme", raw, **proved) >= 2
    assert weight("theme", raw, familiar=frozenset({"info@home.example"}), **proved) == 1
    coins = mail("暗号資産の投資です。元本保証です。 https://home.example/x", sender="info@home.example")
    assert weight("theme", coins, **proved) == 4
    assert weight("theme", coins, familiar=frozenset({"info@home.example"}), **proved) == 1
    shop = mail("あなたは当選しました。 https://home.example/x", sender="info@home.example")
    assert weight("theme", shop, **proved) == 1
