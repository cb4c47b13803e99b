"""What arrives in an office and leaves it on any day, as programs write it: sixty kinds, none of them a danger or a leak.

`arriving()` and `leaving()` give (kind, mail). Names and companies are made up; every partner is one we know or, where the
kind begins with "stranger", one who writes for the first time. The structures are those of the programs that they name.
"""

import base64
import io
import quopri
import zipfile
from collections.abc import Callable, Iterator

from tests.filters.extract import formats, office97, signatures
from tests.filters.extract.documents import archive, pdf, saved
from tests.filters.extract.macs import appledouble, companion, dsstore

PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
LETTER = "いつもお世話になっております。\r\n先日の打ち合わせの議事録をまとめましたので、ご確認ください。\r\n来週もよろしくお願いいたします。\r\n"
SIGNED = f"{LETTER}\r\n--\r\n株式会社みどり 営業部 田中 花子\r\nTEL 03-5550-0142 / FAX 03-5550-0143\r\nhttps://www.midori.example/\r\n"
ENGLISH = "Hello,\r\n\r\nplease find the minutes of our last meeting below. The next one is on Friday.\r\n\r\nBest regards\r\nHanako\r\n"
PAGE = '<html><head><meta charset="utf-8"></head><body><p>議事録をお送りします。</p><p><a href="https://www.midori.example/">www.midori.example</a></p></body></html>\r\n'
EVENT = (
    "BEGIN:VCALENDAR\r\nPRODID:-//Midori//Calendar//JA\r\nVERSION:2.0\r\nMETHOD:{method}\r\nBEGIN:VEVENT\r\nUID:20261120-1@midori.example\r\n"
    "DTSTAMP:20261101T000000Z\r\nDTSTART:20261120T010000Z\r\nDTEND:20261120T020000Z\r\nSUMMARY:定例会議\r\nLOCATION:会議室3\r\n"
    "ORGANIZER;CN=田中 花子:mailto:{author}\r\nATTENDEE;PARTSTAT={answer};CN=佐藤:mailto:sato@us.example\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
)  # fmt: skip


PDF = pdf("議事録", pages=2)


def b64(content: bytes) -> str:
    return base64.encodebytes(content).decode().replace("\n", "\r\n")


def part(kind: str, content: bytes | str, *fields: str, encoding: str = "base64") -> str:
    if isinstance(content, str) and encoding in ("7bit", "8bit"):
        body = content
    else:
        octets = content.encode() if isinstance(content, str) else content
        body = (
            quopri.encodestring(octets.replace(b"\r\n", b"\n")).decode().replace("\n", "\r\n")
            if encoding == "quoted-printable"
            else b64(octets)
        )
    lines = [f"Content-Type: {kind}", f"Content-Transfer-Encoding: {encoding}", *fields]
    return "\r\n".join(lines) + "\r\n\r\n" + body


def file(name: str, kind: str, content: bytes) -> str:
    return part(f'{kind}; name="{name}"', content, f'Content-Disposition: attachment; filename="{name}"')


def multi(kind: str, *parts: str, more: str = "") -> str:
    line = f"----=_{kind.partition('/')[0]}_{len(parts)}_{sum(map(len, parts))}"
    body = "".join(f"--{line}\r\n{each.rstrip()}\r\n\r\n" for each in parts)
    return f'Content-Type: multipart/{kind}; boundary="{line}"{more}\r\n\r\n{body}--{line}--\r\n'


def text(words: str = LETTER, encoding: str = "8bit") -> str:
    return part("text/plain; charset=utf-8", words, encoding=encoding)


def page(words: str = PAGE) -> str:
    return part("text/html; charset=utf-8", words, encoding="quoted-printable")


def letter(body: str, *fields: str, subject: str = "議事録") -> Callable[[str, str], bytes]:
    """A mail from one address to another."""

    def made(author: str, to: str) -> bytes:
        word = f"=?utf-8?B?{base64.b64encode(subject.encode()).decode()}?="
        head = [
            f"From: =?utf-8?B?{base64.b64encode('田中 花子'.encode()).decode()}?= <{author}>", f"To: {to}", f"Subject: {word}",
            "Date: Mon, 16 Nov 2026 10:12:13 +0900", f"Message-ID: <20261116.{len(body)}@{author.partition('@')[2]}>", *fields, "MIME-Version: 1.0",
        ]  # fmt: skip
        return ("\r\n".join(head) + "\r\n" + body.replace("{author}", author)).encode()

    return made


def whole(body: str) -> str:
    return body if body.startswith("Content-Type") else text(body)


def event(method: str, answer: str = "NEEDS-ACTION") -> str:
    invite = EVENT.replace("{method}", method).replace("{answer}", answer)
    return multi(
        "alternative",
        text("定例会議 11月20日 10時 会議室3\r\n"),
        page(),
        part(f'text/calendar; charset="utf-8"; method={method}', invite, encoding="8bit"),
    )


def enclosed(subject: str, body: str = ENGLISH) -> str:
    return (
        "Content-Type: message/rfc822\r\nContent-Disposition: attachment\r\n\r\nFrom: Bob Green <bob@midori.example>\r\nTo: hanako@midori.example\r\n"
        f"Subject: {subject}\r\nDate: Fri, 13 Nov 2026 10:00:00 +0900\r\nMessage-ID: <{len(subject)}@midori.example>\r\nMIME-Version: 1.0\r\n"
        f"Content-Type: text/plain; charset=us-ascii\r\n\r\n{body}"
    )


def receipt() -> str:
    said = (
        "Content-Type: message/disposition-notification\r\n\r\nReporting-UA: mail.midori.example; Mail 7\r\nFinal-Recipient: rfc822;{author}\r\n"
        "Original-Message-ID: <1@us.example>\r\nDisposition: manual-action/MDN-sent-manually; displayed\r\n"
    )
    return multi(
        "report",
        text("送信されたメッセージは開封されました。\r\n"),
        said,
        more="; report-type=disposition-notification",
    )


def scanned() -> str:
    return multi(
        "mixed",
        text(
            "このメールは複合機 MFP-300 から送信されました。\r\nスキャン日時 2026.11.16 10:12:13 (+0900)\r\n"
        ),
        file("20261116101213.pdf", "application/pdf", PDF),
    )


def mac(kind: str = "application/pdf") -> str:
    fork = part(
        'application/applefile; name="report.pdf"',
        companion(),
        'Content-Disposition: attachment; filename="report.pdf"',
    )
    return multi(
        "mixed",
        text(),
        multi("appledouble", fork, file("report.pdf", kind, PDF)),
        text("\r\nどうぞよろしくお願いします。\r\n"),
    )


def edi() -> bytes:
    segments = [
        "UNB+UNOA:2+MIDORI+CORP+261116:1012+1",
        "UNH+1+ORDERS:D:96A:UN",
        "BGM+220+4711+9",
        "DTM+137:20261116:102",
    ]
    segments += [f"LIN+{n}++49123456{n:05}:EN'QTY+21:{n}" for n in range(1, 30)]
    return "'\r\n".join([*segments, "UNT+34+1", "UNZ+1+1", ""]).encode()


def csv(rows: int = 200) -> bytes:
    return (
        "品番,品名,数量,単価\r\n"
        + "".join(f"A-{n:04},部品{n},{n % 7 + 1},{n * 13 % 900 + 100}\r\n" for n in range(rows))
    ).encode("cp932")


def word() -> bytes:
    import docx

    made = docx.Document()
    made.add_paragraph("議事録です。出席者は五名でした。")
    return saved(made)


def packed(*members: tuple[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in members:
            made.writestr(name, content)
    return out.getvalue()


def jis(words: str) -> str:
    return words.encode("iso-2022-jp").decode("ascii")


LIST = (
    "List-Id: <members.midori.example>", "List-Unsubscribe: <https://lists.midori.example/leave>", "Precedence: list",
    "List-Post: <mailto:members@midori.example>",
)  # fmt: skip
BULK = (
    "List-Unsubscribe: <https://www.midori.example/u/1>, <mailto:leave@midori.example>", "List-Unsubscribe-Post: List-Unsubscribe=One-Click",
    "Precedence: bulk",
)  # fmt: skip
NEWS = (
    '<html><head><style>@media (max-width:600px){.c{width:100%!important}}</style></head><body style="margin:0"><div style="display:none;max-height:0">今月のお知らせ</div>'
    '<table class="c" width="600"><tr><td><h1>11月のお知らせ</h1><p>新しいカタログができました。</p><a href="https://www.midori.example/catalog?utm_source=mail&amp;id=11">カタログを見る</a></td></tr></table>'
    '<img src="https://www.midori.example/open.gif?m=1" width="1" height="1" alt=""><p style="font-size:11px">配信停止は<a href="https://www.midori.example/u/1">こちら</a></p></body></html>\r\n'
)
MEETING = (
    '<html><body><p>田中 花子さんがオンライン会議に招待しています。</p><p><a href="https://meet.midori.example/j/98765432101">会議に参加する</a></p>'
    "<p>ミーティングID: 987 6543 2101<br>パスコード: 428613</p><p>電話で参加: 03-5550-0199</p></body></html>\r\n"
)

KINDS: dict[str, Callable[[str, str], bytes]] = {
    "Outlook, text and page": letter(multi("alternative", text(), page()), "X-Mailer: Microsoft Outlook 16.0", "Thread-Index: AdqWcG1=="),
    "Outlook, rich text": letter(multi("mixed", text(), file("winmail.dat", "application/ms-tnef", formats.tnef("議事録", "本文です", ("a.docx", word())))), "X-MS-TNEF-Correlator: <1>"),
    "Outlook, picture in the signature": letter(multi("related", multi("alternative", text(SIGNED), page()), part('image/png; name="image001.png"', PNG, "Content-ID: <image001.png@01DB>", 'Content-Disposition: inline; filename="image001.png"'))),
    "Gmail": letter(multi("mixed", multi("alternative", text(encoding="base64"), page()), file("minutes.pdf", "application/pdf", PDF))),
    "Thunderbird, flowed": letter(part("text/plain; charset=UTF-8; format=flowed", LETTER, encoding="8bit"), "User-Agent: Mozilla Thunderbird"),
    "Apple Mail, mixed": letter(multi("mixed", text(), part('image/png; name="a.png"', PNG, "Content-Disposition: inline; filename=a.png"), text("続きです。\r\n")), "X-Mailer: Apple Mail (2.3826)"),
    "Apple Mail, AppleDouble": letter(mac()),
    "a phone": letter(text("了解です。よろしくお願いします。\r\n\r\niPhoneから送信\r\n", "quoted-printable"), "X-Mailer: iPhone Mail (23A345)", subject="Re: 議事録"),
    "a phone, photograph": letter(multi("mixed", text("現場の写真です。\r\n"), part('image/jpeg; name="IMG_0421.png"', PNG, 'Content-Disposition: attachment; filename="IMG_0421.png"'))),
    "ISO-2022-JP": letter(part("text/plain; charset=iso-2022-jp", jis(LETTER), encoding="7bit")),
    "raw JIS before MIME": letter("\r\n" + jis(LETTER)),
    "Shift_JIS, quoted-printable": letter(part("text/plain; charset=shift_jis", LETTER.encode("cp932"), encoding="quoted-printable")),
    "machine, 8bits": letter("Content-Type: text/plain; charset=us-ascii\r\nContent-Transfer-Encoding: 8bits\r\n\r\nBackup of srv12 finished in 00:12:44.\r\n"),
    "machine, no MIME": letter("\r\nDisk check finished.\r\nNo errors.\r\n", subject="[srv12] disk check"),
    "machine, odd charset": letter("Content-Type: text/plain; charset=ms932\r\nContent-Transfer-Encoding: none\r\n\r\nNightly job done.\r\n"),
    "text only": letter(text(SIGNED)),
    "page only": letter(page()),
    "empty": letter(text("")),
    "empty, no subject": letter(text(""), subject=""),
    "file only": letter(file("minutes.pdf", "application/pdf", PDF)),
    "one line of 100 kB": letter(part("text/html; charset=utf-8", "<html><body>" + "<p>品目と数量の一覧です。</p>" * 2_500 + "</body></html>\r\n", encoding="8bit")),
    "reply, quoted": letter(text("承知しました。\r\n\r\n2026年11月13日(金) 10:00 佐藤 <sato@us.example>:\r\n" + "".join(f"> {line}\r\n" for line in LETTER.splitlines())), "In-Reply-To: <1@us.example>", "References: <1@us.example>", subject="Re: 議事録"),
    "forwarded inline": letter(text(f"ご参考まで。\r\n\r\n---------- Forwarded message ----------\r\nFrom: Bob Green <bob@midori.example>\r\nDate: Fri, 13 Nov 2026\r\nSubject: minutes\r\n\r\n{ENGLISH}"), subject="Fwd: minutes"),
    "forwarded as a file": letter(multi("mixed", text("転送します。\r\n"), enclosed("minutes")), subject="FW: minutes"),
    "digest": letter(multi("digest", *(enclosed(f"topic {n}").partition("\r\n\r\n")[2].join(["\r\n", ""]) for n in range(3))), *LIST, subject="members Digest, Vol 12"),
    "mailing list": letter(multi("mixed", text(ENGLISH), text("_______________________________________________\r\nmembers mailing list\r\nhttps://lists.midori.example/members\r\n")), *LIST, subject="[members 00123] minutes"),
    "newsletter": letter(multi("alternative", text("11月のお知らせ\r\nhttps://www.midori.example/catalog\r\n"), page(NEWS)), *BULK, subject="【みどり】11月のお知らせ"),
    "invitation": letter(event("REQUEST"), subject="定例会議"),
    "invitation accepted": letter(event("REPLY", "ACCEPTED"), subject="承諾: 定例会議"),
    "invitation cancelled": letter(event("CANCEL"), subject="キャンセル: 定例会議"),
    "calendar file": letter(multi("mixed", text(), file("meeting.ics", "text/calendar", EVENT.encode()))),
    "meeting by link": letter(multi("alternative", text("オンライン会議\r\nhttps://meet.midori.example/j/98765432101\r\nミーティングID: 987 6543 2101\r\nパスコード: 428613\r\n"), page(MEETING)), subject="オンライン会議のご案内"),
    "read receipt": letter(receipt(), subject="開封済み: 議事録"),
    "out of office": letter(text("本日は休暇をいただいております。\r\n11月20日(金)以降にご連絡いたします。お急ぎの場合は代表 03-5550-0100 までお願いいたします。\r\n"), "Auto-Submitted: auto-replied", "X-Auto-Response-Suppress: All", subject="自動応答: 議事録"),
    "scan of a copier": letter(scanned(), subject="スキャン"),
    "fax": letter(multi("mixed", text("FAXを受信しました。\r\n送信元: 03-5550-0143\r\nページ数: 1\r\n"), file("fax_0001.pdf", "application/pdf", PDF)), subject="FAX受信通知"),
    "EDI": letter(multi("mixed", text("ORDERS\r\n"), file("ORDERS_4711.edi", "application/edifact", edi())), subject="ORDERS 4711"),
    "CSV in cp932": letter(multi("mixed", text("在庫表です。\r\n"), file("stock.csv", "text/csv", csv()))),
    "spreadsheet of 2003": letter(multi("mixed", text("一覧です。\r\n"), file("list.xls", "application/vnd.ms-excel", office97.xls("品名", "数量", "部品1")))),
    "document of 2003": letter(multi("mixed", text("原稿です。\r\n"), file("draft.doc", "application/msword", office97.doc("議事録 出席者は五名でした。")))),
    "OpenDocument": letter(multi("mixed", text(), file("minutes.odt", "application/vnd.oasis.opendocument.text", formats.odf("odt", "議事録")))),
    "RTF": letter(multi("mixed", text(), file("minutes.rtf", "application/rtf", formats.rtf("議事録です")))),
    "ZIP": letter(multi("mixed", text(), file("minutes.zip", "application/zip", packed(("minutes.docx", word()), ("list.csv", csv(20)))))),
    "ZIP from a Mac": letter(multi("mixed", text(), file("minutes.zip", "application/zip", archive(("m/a.docx", word()), ("__MACOSX/m/._a.docx", companion()), ("m/.DS_Store", dsstore("a.docx")))))),
    "folder of a Mac, file by file": letter(multi("mixed", text(), file("a.pdf", "application/pdf", PDF), file("._a.pdf", "application/octet-stream", companion()), file(".DS_Store", "application/octet-stream", dsstore("a.pdf")))),
    "AppleSingle": letter(multi("mixed", text(), file("note", "application/applefile", appledouble((1, ENGLISH.encode()), (3, b"note"), single=True)))),
    "7z": letter(multi("mixed", text(), file("minutes.7z", "application/x-7z-compressed", formats.sevenzip(("minutes.docx", word()))))),
    "tar.gz": letter(multi("mixed", text(), file("minutes.tar", "application/x-tar", formats.tar(("minutes.csv", csv(20)))))),
    "S/MIME, signed": letter(multi("signed", text(), part('application/pkcs7-signature; name="smime.p7s"', signatures.signed(None), 'Content-Disposition: attachment; filename="smime.p7s"'), more='; protocol="application/pkcs7-signature"; micalg=sha-256')),
    "S/MIME, opaque": letter(part('application/pkcs7-mime; smime-type=signed-data; name="smime.p7m"', signatures.signed(text(ENGLISH).encode()), 'Content-Disposition: attachment; filename="smime.p7m"')),
    "PGP, signed": letter(multi("signed", text(ENGLISH), part('application/pgp-signature; name="signature.asc"', signatures.armor(signatures.encrypted_pgp()[:0] + b"\xc2\x05\x04\x00\x01\x02\x03", "SIGNATURE"), encoding="7bit"), more='; protocol="application/pgp-signature"; micalg=pgp-sha256')),
    "PGP, signed in the text": letter(text(f"-----BEGIN PGP SIGNED MESSAGE-----\r\nHash: SHA256\r\n\r\n{ENGLISH}-----BEGIN PGP SIGNATURE-----\r\n\r\n{b64(bytes(range(120)))}=abcd\r\n-----END PGP SIGNATURE-----\r\n")),
    "business card": letter(multi("mixed", text("連絡先です。\r\n"), file("tanaka.vcf", "text/vcard", "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:田中 花子\r\nORG:株式会社みどり\r\nTEL;TYPE=WORK:03-5550-0142\r\nEMAIL:hanako@midori.example\r\nEND:VCARD\r\n".encode()))),
    "invoice": letter(multi("mixed", text("11月分の請求書をお送りします。ご査収ください。\r\n"), file("invoice_202611.pdf", "application/pdf", PDF)), subject="11月分ご請求書"),
    "order": letter(text("下記のとおり発注いたします。\r\n注文番号 4711-0012\r\n品番 A-0012  10個  単価 1,200円\r\n納期 11月30日\r\n"), subject="発注のご連絡"),
    "delivery notice": letter(text("ご注文の商品を発送しました。\r\nお問い合わせ番号: 4711-0012-3344\r\nお届け予定日: 11月18日\r\n"), subject="発送のお知らせ"),
    "recruiting": letter(text("この度はご応募ありがとうございます。\r\n面接の日程を次のとおりご案内いたします。\r\n11月24日(火) 14時 本社3階\r\n"), subject="面接日程のご案内"),
    "ticket": letter(text("## 返信はこの線より上にお書きください ##\r\n\r\nお問い合わせ #12345 を受け付けました。担当者よりご連絡いたします。\r\n"), "Auto-Submitted: auto-generated", "X-Ticket: 12345", subject="[#12345] お問い合わせを受け付けました"),
    "build report": letter(text("Build 1234 passed in 12 min.\r\ncommit 3f2a9c1d5e6b7a8f9c0d1e2f3a4b5c6d7e8f9a0b\r\n812 tests, 0 failures\r\n"), "Auto-Submitted: auto-generated", subject="[ci] build 1234 passed"),
    "log file": letter(multi("mixed", text("ログを添付します。\r\n"), file("app.log", "text/plain", "".join(f"2026-11-16T10:{n % 60:02}:00+09:00 INFO request id={n * 7919:08x} status=200 ms={n % 90}\n" for n in range(800)).encode()))),
    "long reference chain": letter(text(), "References: " + "\r\n ".join(f"<{n}.{'x' * 40}@midori.example>" for n in range(40)), subject="Re: Re: Re: 議事録"),
    "many recipients": letter(text(), "Cc: " + ",\r\n ".join(f"member{n}@midori.example" for n in range(6))),
    "return address of a list": letter(text(ENGLISH), "Sender: members-bounces+sato=us.example@midori.example", *LIST, subject="[members] minutes"),
}  # fmt: skip


OF_OTHERS = ("return address of a list",)
"""What none of our own people writes."""


def _notice(words: str, address: str, button: str) -> str:
    link = f'<a href="{address}">{button}</a>'
    made = f'<html><body><table><tr><td><p>{words}</p><p>{link}</p><p style="font-size:11px">配信専用のアドレスです。</p></td></tr></table></body></html>\r\n'
    return multi("alternative", text(f"{words}\r\n{address}\r\n"), page(made))


NOTICES: dict[str, tuple[str, Callable[[str, str], bytes]]] = {
    "online meeting": ("no-reply@zoom.us", letter(_notice("田中 花子さんが、予約されたZoomミーティングに招待しています。ミーティングID: 987 6543 2101 パスコード: 428613", "https://us02web.zoom.us/j/98765432101?pwd=abcDEF", "ミーティングに参加"), subject="Zoomミーティングのご案内")),
    "chat": ("no-reply@email.teams.microsoft.com", letter(_notice("花子さんがチャットにメッセージを送信しました。", "https://teams.microsoft.com/l/message/19:abc/1", "Teamsで返信"), subject="花子さんからのメッセージ")),
    "shared file": ("drive-shares-noreply@google.com", letter(_notice("田中 花子さんがドキュメントを共有しました: 議事録", "https://docs.google.com/document/d/1aBcD/edit?usp=sharing", "開く"), "Reply-To: hanako@midori.example", subject="ドキュメントが共有されました: 「議事録」")),
    "repository": ("notifications@github.com", letter(_notice("tanaka opened a pull request: Mend the build (#12)", "https://github.com/midori/app/pull/12", "View it on GitHub"), "List-ID: midori/app <app.midori.github.com>", subject="[midori/app] Mend the build (PR #12)")),
    "parcel": ("mail@kuronekoyamato.co.jp", letter(_notice("お荷物のお届け予定をお知らせします。お届け予定日 11月18日 午前中", "https://toi.kuronekoyamato.co.jp/cgi-bin/tneko", "お届け状況を確認"), subject="お荷物お届けのお知らせ【お届け予定】")),
    "shop": ("auto-confirm@amazon.co.jp", letter(_notice("ご注文ありがとうございます。注文番号 250-1234567-7654321", "https://www.amazon.co.jp/gp/css/your-orders-access/", "注文の詳細を見る"), subject="Amazon.co.jpでのご注文")),
    "rail": ("info@eki-net.com", letter(_notice("新幹線のご予約を承りました。11月20日 はやぶさ5号", "https://www.eki-net.com/", "予約を確認する"), subject="予約完了のお知らせ")),
    "software": ("message@adobe.com", letter(_notice("お支払いが完了しました。領収書をご確認いただけます。", "https://account.adobe.com/orders", "領収書を見る"), subject="アドビからの領収書")),
    "password changed by oneself": ("no-reply@accounts.google.com", letter(_notice("お使いの Google アカウントのパスワードが変更されました。心当たりがある場合は何もする必要はありません。", "https://myaccount.google.com/notifications", "アクティビティを確認"), subject="セキュリティ通知")),
    "tax portal": ("info@e-tax.nta.go.jp", letter(_notice("メッセージボックスに新しいお知らせを格納しました。", "https://www.e-tax.nta.go.jp/", "e-Taxホームページ"), subject="税務署からのお知らせ【メッセージボックス】")),
    "association": ("jimukyoku@kumiai.example", letter(text("会員各位\r\n\r\n年次総会を12月4日に開催いたします。出欠を11月27日までにご返信ください。\r\n"), subject="年次総会のご案内")),
    "survey": ("enquete@chosa.example", letter(_notice("展示会へのご来場ありがとうございました。アンケートにご協力ください。", "https://www.chosa.example/q/2026", "アンケートに答える"), *BULK, subject="ご来場のお礼とアンケートのお願い")),
    "seminar": ("seminar@gakushu.example", letter(_notice("11月25日のオンラインセミナーのお申し込みを受け付けました。", "https://www.gakushu.example/seminar/25", "視聴ページ"), subject="お申し込み完了のお知らせ")),
    "supplier's price list": ("eigyo@shizai.example", letter(multi("mixed", text("価格改定のご案内をお送りします。2027年1月より適用いたします。\r\n"), file("kakaku.pdf", "application/pdf", PDF)), subject="価格改定のお知らせ")),
    "bank's monthly statement": ("info@smbc.co.jp", letter(_notice("口座のお取引明細が更新されました。ウェブサイトよりご確認ください。", "https://www.smbc.co.jp/", "三井住友銀行ホームページ"), subject="お取引明細更新のお知らせ")),
}  # fmt: skip
"""Kind -> (author, mail): what programs of known services and of companies that we have never heard of send to people."""


def arriving() -> Iterator[tuple[str, bytes]]:
    for kind, made in KINDS.items():
        yield kind, made("hanako@midori.example", "sato@us.example")


def leaving() -> Iterator[tuple[str, bytes]]:
    for kind, made in KINDS.items():
        if kind not in OF_OTHERS:
            yield kind, made("sato@us.example", "hanako@midori.example")


__all__ = ["KINDS", "NOTICES", "OF_OTHERS", "arriving", "leaving"]
