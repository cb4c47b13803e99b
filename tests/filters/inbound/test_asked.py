"""IN-THEME: what a mail wants its reader to do, in several languages; what it denies, and who may ask."""

import pytest

from filters.lures.phrases import ASKS
from tests.filters.inbound.arriving import look, mail, weight

STRANGER = "Support <support@stranger.example>"

ASKED = [
    ("command", "Press Windows key + R, then paste with Ctrl + V and hit Enter."),
    ("command", "Windowsキー＋Rを押し、Ctrl＋Vで貼り付けてEnterを押してください。"),
    ("command", "Öffnen Sie PowerShell und fügen Sie die Zeile ein: Strg + V."),
    ("code", "Go to microsoft.com/devicelogin and enter the code FJ3K9QX2."),
    ("code", "まもなく届くSMSの認証コードをこのメールにご返信ください。"),
    ("code", "Vous recevrez un code de vérification : communiquez-le-nous."),
    ("remote", "AnyDeskをインストールし、表示された番号をお知らせください。"),
    ("remote", "Bitte laden Sie TeamViewer herunter: TeamViewer herunterladen und starten."),
    ("program", "Please download and run the viewer: run the secure viewer."),
    ("program", "更新プログラムを入手し、更新プログラムを実行してください。"),
    ("channel", "個人のLINEで連絡したいので、IDを教えてください。"),
    ("channel", "Please give me your WhatsApp number; contact me on WhatsApp."),
    ("records", "Please send me a PDF of all employees with their addresses."),
    ("records", "社員名簿をExcelで送ってください。"),
    ("login", "Bitte melden Sie sich mit Ihrem E-Mail-Konto an."),
    ("login", "请使用企业邮箱登录查看。"),
    ("fee", "To release the grant pay the processing fee of 120 USD."),
    ("fee", "A cheque of 2,850 USD is in the mail: deposit it, keep 400 and send the rest."),
    ("threat", "We copied your files. Pay 2 XMR, otherwise they will be published."),
    ("threat", "パソコンに侵入し、撮影しました。送金しなければ公開します。"),
    ("hush", "This payment must stay between us: do not discuss it with anyone."),
    ("hush", "本件は社内の方にもお話しにならず、手付金の送金をお願いします。"),
    ("unguarded", "Disable your antivirus if the module is blocked."),
    ("password", "確認には会社のメールアドレスとパスワードによるログインが必要です。"),
    ("password", "下記サイトにて現在のパスワードを入力してください。"),
    ("payout", "給付金の受給には、法人口座の口座情報の登録が必要です。"),
    (
        "payout",
        "Pour le remboursement, saisissez les coordonnées de votre carte bancaire.",
    ),
    ("payout", "请扫描二维码，填写银行卡信息领取补贴。"),
    ("absent", "Kun je vandaag nog een spoedbetaling regelen? Ik ben telefonisch niet bereikbaar."),
    ("absent", "会議中で電話に出られません。本日中に振込をお願いします。"),
    ("approval", "Please see the approval from Hiroshi: payment of the invoice by ACH today."),
    ("channel", "LINEの業務用グループを作ってください。できたら招待リンクを返信してください。"),
    ("program", "ログインし、最新版をインストールしてください。"),
    ("arrest", "逮捕状が発行されています。至急ご連絡ください。"),
]


@pytest.mark.parametrize(("what", "text"), ASKED)
def test_what_is_wanted_is_named(what: str, text: str) -> None:
    (finding,) = look("asked", mail(text, sender=STRANGER, subject="Hello"))
    assert finding.values["what"] == what
    assert finding.weight >= 3
    assert finding.evidence


def test_every_kind_is_tried() -> None:
    assert {what for what, _ in ASKED} == set(ASKS)


@pytest.mark.parametrize(
    "text",
    [
        "Your code is 482913. Never tell anybody the verification code, not even us by reply.",
        "認証コードを返信で教えないでください。",
        "We will never ask you to install AnyDesk.",
        "I connect with TeamViewer tomorrow; you do not need to install anything.",
        "当日はLINEでもご連絡いただけます。",
        "My WhatsApp is +91 98 1234 5678 while I travel.",
        "Please keep the draft confidential until both have signed.",
        "We attach the invoice. The payment terms are unchanged.",
        "The parser crashes; run make test to see it.",
        "遠隔操作による詐欺にご注意ください。AnyDeskのインストールを求める電話は詐欺です。",
    ],
)
def test_what_ordinary_mail_says_is_not(text: str) -> None:
    assert not look("asked", mail(text, sender=STRANGER, subject="Hello"))


def test_whom_we_know_may_ask_but_not_everything() -> None:
    known = {"known": frozenset({"tanaka@koyo-denki.example"})}
    assert not look("asked", mail("社員名簿をExcelで送ってください。"), **known)
    assert weight("asked", mail("Press Windows key + R and paste with Ctrl + V."), **known) == 5


def test_two_things_weigh_one_more_and_long_reading_matter_little() -> None:
    text = "Install AnyDesk and allow access. Do not tell anyone about this payment."
    assert weight("asked", mail(text, sender=STRANGER)) == 5
    article = "\nwords" * 2000
    links = "".join(f"\nhttps://a{number}.example/" for number in range(4))
    assert weight("asked", mail(text + article + links, sender=STRANGER)) == 1
    assert weight("asked", mail(text + article, sender=STRANGER)) == 5
    assert weight("asked", mail(text, sender=STRANGER), familiar=frozenset({"support@stranger.example"})) == 2
