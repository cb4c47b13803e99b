"""Sample mails that the demo plays through both directions: one for each duty of the checkpoint."""

import base64
import io
import zipfile
from dataclasses import dataclass
from email.message import EmailMessage

DOMAIN = "hinode.example"
PARTNER = "partner.example.com"


@dataclass(frozen=True)
class Sample:
    """One mail to play. `sender` is the header From; `to` the envelope's recipients; `content` the bytes."""

    title: str
    direction: str
    sender: str
    to: tuple[str, ...]
    content: bytes


def _mail(
    sender: str, to: str, subject: str, text: str, *, cc: str = "", html: str = "", name: str = ""
) -> EmailMessage:
    message = EmailMessage()
    message["From"] = sender
    message["To"] = to
    if cc:
        message["Cc"] = cc
    message["Subject"] = subject
    message["Message-ID"] = f"<demo-{name or abs(hash(subject))}@{sender.rpartition('@')[2].rstrip('>')}>"
    message["Date"] = "Mon, 02 Nov 2026 10:00:00 +0900"
    message.set_content(text)
    if html:
        message.add_alternative(html, subtype="html")
    return message


def docx(*paragraphs: str) -> bytes:
    """A minimal Word document with one paragraph per argument."""
    body = "".join(f"<w:p><w:r><w:t>{p}</w:t></w:r></w:p>" for p in paragraphs)
    namespace = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(
            "[Content_Types].xml",
            '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
            '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            '<Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.'
            'wordprocessingml.document.main+xml"/></Types>',
        )
        archive.writestr(
            "_rels/.rels",
            '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
            '<Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/'
            'officeDocument" Target="word/document.xml"/></Relationships>',
        )
        archive.writestr(
            "word/document.xml", f'<w:document xmlns:w="{namespace}"><w:body>{body}</w:body></w:document>'
        )
    return buffer.getvalue()


DOCX = ("application", "vnd.openxmlformats-officedocument.wordprocessingml.document")


def _attach(message: EmailMessage, data: bytes, name: str, kind: tuple[str, str] = DOCX) -> EmailMessage:
    message.add_attachment(data, maintype=kind[0], subtype=kind[1], filename=name)
    return message


def samples() -> list[Sample]:
    """The demo's mails, in the order in which they are played."""
    me = f"山田太郎 <taro@{DOMAIN}>"
    taro = f"taro@{DOMAIN}"
    plan = docx("社外秘", "新製品の販売計画", "来年度の売上目標は三億円とする。")
    many = tuple(f"buyer{n}@client{n}.example.net" for n in range(1, 8))
    played = [
        ("to a colleague", "outbound", taro, (f"hanako@{DOMAIN}",),
         _mail(me, f"hanako@{DOMAIN}", "昼食の件", "12時にロビーで。", name="lunch")),
        ("to a customer", "outbound", taro, ("sato@client1.example.net",),
         _mail(me, "sato@client1.example.net", "お見積りの件", "佐藤様\n\nお世話になっております。見積りは明日お送りします。\n", name="quote")),
        ("to seven customers in To", "outbound", taro, many,
         _mail(me, ", ".join(many), "年末のご挨拶", "本年もお世話になりました。\n", name="greetings")),
        ("社外秘 document to a partner with an agreed password", "outbound", taro, (f"suzuki@{PARTNER}",),
         _attach(_mail(me, f"suzuki@{PARTNER}", "販売計画の送付", "鈴木様\n\n資料をお送りします。\n", name="plan1"), plan, "販売計画.docx")),
        ("社外秘 document to a customer, colleague in Cc", "outbound", taro, ("sato@client1.example.net", f"hanako@{DOMAIN}"),
         _attach(_mail(me, "sato@client1.example.net", "資料の送付", "佐藤様\n\n資料をお送りします。\n", cc=f"hanako@{DOMAIN}", name="plan2"), plan, "販売計画.docx")),
        ("極秘 in the body", "outbound", taro, ("sato@client1.example.net",),
         _mail(me, "sato@client1.example.net", "ご連絡", "【極秘】買収の条件は次のとおりです。\n", name="secret")),
        ("somebody else's address in From", "outbound", taro, ("sato@client1.example.net",),
         _mail(f"社長 <shacho@{DOMAIN}>", "sato@client1.example.net", "至急", "至急ご確認ください。\n", name="forged")),
        ("an ordinary mail", "inbound", "sato@client1.example.net", (taro,),
         _mail("佐藤 <sato@client1.example.net>", taro, "Re: お見積りの件", "山田様\n\nありがとうございます。\n", name="reply")),
        ("parcel notice from free mail with a shortened link", "inbound", "haisou.info77@gmail.com", (taro,),
         _mail("配送センター <haisou.info77@gmail.com>", taro, "不在のためお荷物を持ち帰りました",
               "お荷物のお届けにあがりましたが不在のため持ち帰りました。\n本日中に下記よりご確認ください。\nhttp://bit.ly/3xYzAbC\n", name="parcel")),
        ("phishing with a false link", "inbound", "amazon.support.2291@gmail.com", (taro,),
         _mail("Amazonカスタマーサービス <amazon.support.2291@gmail.com>", taro, "【重要】アカウントの確認が必要です",
               "お客様のアカウントは24時間以内に停止されます。以下のリンクからパスワードをご確認ください。\nhttp://203.0.113.7/login\n",
               html='<p>お客様のアカウントは24時間以内に停止されます。</p><p><a href="http://203.0.113.7/login">https://www.amazon.co.jp/</a> '
                    "から<b>パスワード</b>をご确认ください。</p>", name="phish")),
        ("executable behind a double extension", "inbound", "saiyo@jobs.example.org", (taro,),
         _attach(_mail("就職希望者 <saiyo@jobs.example.org>", taro, "履歴書の送付", "履歴書をお送りします。\n", name="exe"),
                 b"MZ" + base64.b64decode("kAADAAAABAAAAP//AAC4AAAA") + bytes(400), "履歴書.pdf.exe", ("application", "octet-stream"))),
        ("to a user who does not exist", "inbound", "sato@client1.example.net", (f"nobody@{DOMAIN}",),
         _mail("佐藤 <sato@client1.example.net>", f"nobody@{DOMAIN}", "こんにちは", "こんにちは。\n", name="nobody")),
    ]  # fmt: skip
    return [
        Sample(title, way, sender, to, m.as_bytes().replace(b"\r\n", b"\n").replace(b"\n", b"\r\n"))
        for title, way, sender, to, m in played
    ]
