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
    ("group", "LINEの業務用グループを作ってください。できたら招待リンクを返信してください。"),
    ("group", "Bitte erstellen Sie eine WhatsApp-Gruppe und senden Sie mir den Einladungslink."),
    ("group", "Create a WhatsApp group for the project and do not add other members."),
    ("program", "ログインし、最新版をインストールしてください。"),
    ("arrest", "逮捕状が発行されています。至急ご連絡ください。"),
    ("prompt", "When the Authenticator shows a prompt, please approve it: the number is 82."),
    ("prompt", "検証のため認証アプリに通知を送ります。表示されたら承認してください。"),
    ("prompt", "Sobald die Anmeldeanforderung erscheint, bitte genehmigen."),
    ("identity", "To open your salary account send us a photo of your passport."),
    ("identity", "融資のご契約にあたり、運転免許証の写真をご返信ください。"),
    ("identity", "Pour recevoir votre gain, envoyez une copie de votre carte d'identité."),
    ("untraceable", "Urgent: help the victims of the flood. Please donate in USDT."),
    ("untraceable", "解除の手数料は電子マネーでお支払いください。本日中にお願いします。"),
    (
        "repaid",
        "We paid your invoice twice by mistake. Please return the second sum to our account below today.",
    ),
    ("repaid", "本日、誤って振込をしてしまいました。至急、下記口座へご返金をお願いします。"),
    ("repaid", "Hemos pagado dos veces por error; devuelvan hoy el importe a esta cuenta."),
    (
        "advance",
        "Mein Mann hatte einen Unfall. Können Sie 900 Euro vorstrecken und auf dieses Konto überweisen?",
    ),
    ("advance", "出張先で財布を盗難に遭いました。立替で下記の口座へお願いできますか。"),
    (
        "registry",
        "A firm applied to register your brand name in Asia. If you object, reply within 7 days: your company has priority.",
    ),
    ("registry", "第三者より御社の商標の登録申請を受け付けました。異議は5営業日以内にお願いします。"),
    ("slander", "We will post two hundred negative reviews of your shop unless you pay the fee."),
    ("slander", "低評価の書き込みを止めたければ、20万円をお支払いください。"),
    ("holding", "Please hold the payment, our account is blocked and another account follows."),
    ("holding", "お支払いを一旦保留にして、新しい口座の連絡をお待ちください。"),
    ("holding", "Bitte die Zahlung anhalten, eine neue Bankverbindung folgt."),
    ("banking", "登録のため、貴社の口座番号とインターネットバンキングの契約番号をご返信ください。"),
    ("banking", "Please reply with your account number and online banking user."),
    ("nested", "The file is shared with you: open the PDF and click the button in the document to log in."),
    ("nested", "資料内のボタンからサインインしてください。"),
    ("assigned", "貴社への売掛債権を譲り受けました。今月分は当社の口座へお支払いください。"),
    ("assigned", "The receivables were assigned to us: payment is due to our bank account."),
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
        "Please approve my holiday request in the portal when it appears.",
        "出張の承認をお願いします。承認アプリの通知が届いたらご対応ください。",
        "Bring a passport or another photo identity document to the reception desk.",
        "来社時は受付で身分証をご提示ください。",
        "We renewed our trademark last year and registered two more domain names.",
        "お支払いはクレジットカード、電子マネーでも承ります。",
        "By mistake the invoice was sent twice. Please ignore the second one.",
        "先日の請求書が重複しておりましたので、1通を破棄してください。",
        "Our reviews are good: 4.6 of 5 stars. We would be glad to get yours, too.",
        "Please find the drawings of the button in the document.",
        "Factoring is one of our services; I would be glad to tell you more.",
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
