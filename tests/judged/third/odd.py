"""Ordinary mail that is odd in form: who it goes to, its structure, what programs send, and files of all sorts."""

from collections.abc import Callable

from tests.judged.mime import address, file, file_part, mail, multipart, text_part, word
from tests.judged.odd_mail import raw
from tests.judged.people import Town
from tests.judged.third.letters import SENDER, letter, page, sent
from tests.judged.third.odd_files import FILES, GIF
from tests.judged.third.paged import pages

Make = Callable[[Town], bytes]
DOUBTS = {"page-file": "a page with a script", "scanned-page": "a picture that nobody reads"}
NOTE = "添付のとおりお送りいたします。ご確認をお願いいたします。"


def _with(kind: str) -> Make:
    def make(town: Town) -> bytes:
        town.draw.random()
        return sent(town, "ファイルの送付", NOTE, shape=1, files=(FILES[kind](town),))

    return make


def _structure(town: Town, whole: str, subject: str) -> bytes:
    head, _, body = whole.partition("\r\n\r\n")
    return raw(town, f"{head}\r\n", body.encode(), subject)


def _undisclosed(town: Town) -> bytes:
    text = f"会員の皆様\n\n第{town.draw.randint(20, 90)}回 懇話会のご案内をBCCにてお送りいたします。\n日時：12月4日 18時\n会場：本社7階\n\n事務局\n"
    return mail("懇話会のご案内", text, sender=SENDER, to=("", "undisclosed-recipients:;"))


def _group(town: Town) -> bytes:
    first, second = town.partner(), town.partner()
    to = f"{word('打合せ')}: {address(*first)}, {address(*second)};"
    body = f"金曜10時に{town.draw.randint(2, 9)}階でお待ちしております。\r\n".encode()
    return raw(
        town,
        "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n",
        body,
        "打合せ",
        to,
    )


def _one_company(town: Town) -> bytes:
    domain = town.company()[1]
    to = ", ".join(f"{p.box.partition('@')[0]}@{domain}" for p in town.people(6))
    body = "皆様\r\n\r\n本日はありがとうございました。\r\n木村\r\n".encode()
    return raw(
        town,
        "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n",
        body,
        "御礼",
        to,
    )


def _charset(charset: str, codec: str, text: str) -> Make:
    def make(town: Town) -> bytes:
        body = f"{text} ({town.draw.randint(10, 99)})\r\n".encode(codec)
        fields = f"Content-Type: text/plain; charset={charset}\r\nContent-Transfer-Encoding: 8bit\r\n"
        return raw(town, fields, body)

    return make


def _phone(town: Town) -> bytes:
    """As a telephone sends: text, picture, text."""
    parts = [
        text_part(f"現場です。{town.draw.randint(2, 9)}本目の柱、"),
        file_part(("image0.gif", "image/gif", GIF)),
        text_part("\n\niPhoneから送信"),
    ]
    return _structure(town, multipart("mixed", parts), "現場")


def _amp(town: Town) -> bytes:
    number = town.draw.randint(100, 999)
    parts = [
        text_part(f"Survey {number}: two questions."),
        text_part(f"<!doctype html><html amp4email><body>Survey {number}</body></html>", "x-amp-html"),
        text_part(f"<p>Survey {number}</p>", "html"),
    ]
    return _structure(town, multipart("alternative", parts), "Survey")


def _markdown(town: Town) -> bytes:
    return _structure(
        town,
        text_part(f"# Notes {town.draw.randint(10, 99)}\n\n* bring the **key** chart\n", "markdown"),
        "Notes",
    )


def _receipt(town: Town) -> bytes:
    number = town.draw.randint(10**8, 10**9)
    report = (
        "Content-Type: message/disposition-notification\r\n\r\nReporting-UA: corp.example; Mailer 9\r\n"
        f"Final-Recipient: rfc822; a.kimura@corp.example\r\nOriginal-Message-ID: <{number}@partner.example>\r\n"
        "Disposition: manual-action/MDN-sent-manually; displayed\r\n"
    )
    whole = multipart("report", [text_part("メールは開封されました。"), report]).replace(
        "multipart/report;", "multipart/report; report-type=disposition-notification;", 1
    )
    return _structure(town, whole, "開封済み: ご案内")


def _calendar(method: str, status: str) -> Make:
    def make(town: Town) -> bytes:
        event = (
            f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Corp//GW//JA\r\nMETHOD:{method}\r\nBEGIN:VEVENT\r\n"
            f"UID:{town.draw.getrandbits(60):x}@partner.example\r\nDTSTAMP:20261116T000000Z\r\nDTSTART:20261125T010000Z\r\n"
            f"SUMMARY:Review\r\nORGANIZER:mailto:tanaka@partner.example\r\n"
            f"ATTENDEE;PARTSTAT={status}:mailto:a.kimura@corp.example\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
        )
        part = f"Content-Type: text/calendar; charset=utf-8; method={method}\r\n\r\n{event}"
        return _structure(town, multipart("alternative", [text_part(status.title()), part]), "承諾: Review")

    return make


def _forwarded(town: Town) -> bytes:
    inner = sent(town, "ご質問", "納期は12月で間違いないでしょうか。", shape=1).decode()
    part = f"Content-Type: message/rfc822\r\nContent-Disposition: inline\r\n\r\n{inner}"
    return _structure(town, multipart("mixed", [text_part("転送します。"), part]), "Fwd: ご質問")


def _bounced(town: Town) -> bytes:
    text = (
        "先日お送りしたメールが次のとおり戻ってまいりました。宛先をご確認いただけますか。\n\n"
        f"<koho{town.draw.randint(10, 99)}@partner.example>: host mx.partner.example[192.0.2.{town.draw.randint(2, 99)}] said: 550 5.1.1\n"
        "    User unknown (in reply to RCPT TO command)\n"
    )
    return sent(town, "Fwd: Undelivered Mail Returned to Sender", text, shape=1)


def _away(town: Town) -> bytes:
    return mail(
        "自動応答: お打合せの件",
        f"11月{town.draw.randint(18, 29)}日まで不在にしております。お急ぎの方は代表 03-5550-0170 へお願いいたします。",
        sender=SENDER,
        to=town.partner(),
        fields=[
            ("Auto-Submitted", "auto-replied"),
            ("X-Auto-Response-Suppress", "All"),
            ("Precedence", "bulk"),
        ],
    )


def _newsletter(town: Town) -> bytes:
    number = town.draw.randint(10**6, 10**7)
    html = (
        f'<html><body><table width=600><tr><td><img src="https://img.corp.example/h.png?u={number}" width=600></td></tr>'
        f'<tr><td><h1>冬の新製品</h1><p>静かに閉まる蝶番ができました。</p><a href="https://click.corp.example/r?c={number}&amp;k=9f">詳しく見る</a></td></tr>'
        f'<tr><td><small>配信停止は<a href="https://click.corp.example/u?c={number}">こちら</a></small></td></tr></table>'
        f'<img src="https://click.corp.example/o?c={number}" width=1 height=1></body></html>'
    )
    return mail(
        "冬の新製品のご案内", "HTMLでご覧ください。", html=html, sender=("コーポ", "news@corp.example"), to=town.partner(),
        fields=[("List-Unsubscribe", f"<https://click.corp.example/u?c={number}>"), ("List-Unsubscribe-Post", "List-Unsubscribe=One-Click")],
    )  # fmt: skip


def _program(subject: str, text: str, box: str) -> Make:
    def make(town: Town) -> bytes:
        values = {"n": str(town.draw.randint(100, 999)), "h": f"{town.draw.getrandbits(160):040x}"}
        said = text
        for name, value in values.items():
            said = said.replace(f"{{{name}}}", value)
        return mail(
            subject.replace("{n}", values["n"]), said, sender=("", f"{box}@corp.example"), to=town.partner()
        )

    return make


def _patch(town: Town) -> bytes:
    number = town.draw.randint(2, 90)
    text = (
        "The gap was off by one.\n\nSigned-off-by: Aki Kimura <a.kimura@corp.example>\n---\n hinge/gap.py | 2 +-\n"
        " 1 file changed, 1 insertion(+), 1 deletion(-)\n\ndiff --git a/hinge/gap.py b/hinge/gap.py\n"
        f"index {town.draw.getrandbits(28):07x}..{town.draw.getrandbits(28):07x} 100644\n--- a/hinge/gap.py\n+++ b/hinge/gap.py\n"
        f"@@ -{number},7 +{number},7 @@ def gap(width):\n     token = width // 2\n-    return token + 1\n+    return token\n-- \n2.47.1\n"
    )
    return mail(f"[PATCH] gap: off by one at {number}", text, sender=SENDER, to=town.partner())


def _public_key(town: Town) -> bytes:
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
    key = "AAAAC3NzaC1lZDI1NTE5AAAAI" + "".join(town.draw.choice(letters) for _ in range(43))
    return sent(
        town,
        "公開鍵の登録依頼",
        f"次の公開鍵の登録をお願いします。\n\nssh-ed25519 {key} kimura@pc417\n",
        shape=1,
    )


def _only_file(town: Town) -> bytes:
    page_ = pages([["納品書", f"No. {town.draw.randint(1000, 9999)}"]])
    return mail("", "", files=[file("nouhin.pdf", page_)], sender=SENDER, to=town.partner())


def _pleasant(town: Town) -> bytes:
    return mail(
        "👍",
        f"了解です{town.draw.choice('👍🙏✨')}{town.draw.randint(2, 9)}時に！",
        sender=SENDER,
        to=town.partner(),
    )


def _long_subject(town: Town) -> bytes:
    subject = (
        "Re: "
        + "【ご確認のお願い】長野工場の増築にともなう搬入経路の変更および駐車場のご利用について（第" * 2
    )
    return sent(town, f"{subject}{town.draw.randint(2, 9)}報）", NOTE, shape=2)


def _signed_pdf(town: Town) -> bytes:
    """With a signature field, as e-sign services return contracts (its value is checked by nobody here)."""
    value = "300b06092a864886f70d010702".ljust(400, "0")
    number = town.draw.randint(100, 999)
    body = pages([[f"業務委託契約書 第{number}号", "電子署名済み"]], foot="1 / 1", signed=value)
    return sent(town, "契約書（署名済み）", NOTE, shape=1, files=(file("契約書_署名済.pdf", body),))


def _deep_thread(town: Town) -> bytes:
    to = town.partner()
    text = letter(town, "それでは水曜の10時でお願いいたします。", to)
    for depth in range(1, 9):
        mark = ">" * depth
        text += f"\n{mark} {'木村' if depth % 2 else to[0].split()[0]}です。{10 + depth}時はいかがですか。\n{mark} -- \n{mark} 管理部\n"
    return mail("Re: Re: Re: 日程", text, html=page(text), sender=SENDER, to=to)


ODD: dict[str, tuple[Make, str]] = {
    **{f"with-{kind}": (_with(kind), DOUBTS.get(kind, "")) for kind in FILES},
    "undisclosed": (_undisclosed, ""),
    "group-address": (_group, ""),
    "six-of-one-company": (_one_company, ""),
    "charset-euc-jp": (_charset("euc-jp", "euc_jp", "お世話になっております。木村です。"), ""),
    "charset-gb18030": (_charset("gb18030", "gb18030", "您好，样品已寄出。"), ""),
    "charset-big5": (_charset("big5", "big5", "您好，報價單已寄出。"), ""),
    "charset-euc-kr": (_charset("euc-kr", "euc_kr", "안녕하세요. 견적서를 보냅니다."), ""),
    "charset-windows-1252": (_charset("windows-1252", "cp1252", "“Fine” – the café opens at nine."), ""),
    "charset-koi8-r": (_charset("koi8-r", "koi8_r", "Здравствуйте, образцы отправлены."), ""),
    "phone": (_phone, ""),
    "amp": (_amp, ""),
    "markdown": (_markdown, ""),
    "read-receipt": (_receipt, ""),
    "calendar-accepted": (_calendar("REPLY", "ACCEPTED"), ""),
    "calendar-counter": (_calendar("COUNTER", "TENTATIVE"), ""),
    "forwarded-inline": (_forwarded, ""),
    "bounce-shown": (_bounced, ""),
    "away": (_away, ""),
    "newsletter-html": (_newsletter, ""),
    "cron": (_program("Cron <batch@app07> /opt/bin/nightly", "rows in: {n}\nrows out: {n}\nsha1: {h}\ndone in {n}s\n", "root"), ""),
    "build": (_program("[CI] Build #{n} passed", "Pipeline #{n} passed.\nCommit {h}\nTests: {n} passed, 0 failed, 2 skipped\nhttps://ci.corp.example/b/{n}\n", "ci"), ""),
    "alarm": (_program("[FIRING:1] DiskAlmostFull app07", "labels: severity=warning, instance=app07:9100, mount=/data\nvalue: 8{n} MB free\nrunbook: https://wiki.corp.example/d/{n}\n", "alert"), ""),
    "order-robot": (_program("発注データ受信のお知らせ（{n}件）", "EDI受信件数：{n}\n受信番号：2026{n}{n}\nエラー：0\n", "edi"), ""),
    "patch": (_patch, ""),
    "public-key": (_public_key, ""),
    "only-file": (_only_file, ""),
    "emoji": (_pleasant, ""),
    "long-subject": (_long_subject, ""),
    "signed-pdf": (_signed_pdf, ""),
    "deep-thread": (_deep_thread, ""),
}  # fmt: skip
