"""Odd but innocent mail, as raw bytes: labels, encodings, structures that programs really write."""

from collections.abc import Callable

from tests.judged import Half
from tests.judged.files import archive, docx, pdf, xlsx
from tests.judged.letters import PNG, history
from tests.judged.mime import _base64, file, file_part, mail, multipart, text_part, word
from tests.judged.people import Town

ENGLISH = "Dear all,\r\n\r\nthe delivery arrives on Friday. Please have the gate open at nine.\r\n\r\nKind regards\r\nYuki Sato\r\n"
JAPANESE = "お世話になっております。\r\n金曜日に納品いたします。よろしくお願いいたします。\r\n佐藤\r\n"


def raw(town: Town, fields: str, body: bytes, subject: str = "Delivery", to: str = "") -> bytes:
    """Our letter with these fields of content and this body."""
    number = town.draw.randint(10**8, 10**9)
    name, box = town.partner()
    return (
        f"From: {word('佐藤 由紀')} <y.sato@corp.example>\r\nTo: {to or f'{word(name)} <{box}>'}\r\n"
        f"Subject: {word(subject)}\r\nDate: Mon, 16 Nov 2026 09:{town.draw.randint(10, 59)}:00 +0900\r\n"
        f"Message-ID: <{number}@corp.example>\r\nMIME-Version: 1.0\r\n{fields}\r\n"
    ).encode() + body


def _label(charset: str, text: str, codec: str, cte: str = "8bit") -> Callable[[Town], bytes]:
    def make(town: Town) -> bytes:
        body = f"{text}{town.draw.randint(10, 99)}\r\n".encode(codec)
        return raw(
            town, f"Content-Type: text/plain; charset={charset}\r\nContent-Transfer-Encoding: {cte}\r\n", body
        )

    return make


def _cte(name: str, structure: str = "single") -> Callable[[Town], bytes]:
    def make(town: Town) -> bytes:
        if structure == "multi":
            part = f"Content-Type: text/plain; charset=us-ascii\r\nContent-Transfer-Encoding: {name}\r\n\r\n{ENGLISH}"
            whole = multipart("mixed", [part, file_part(file("a.pdf", pdf(["Delivery"])))])
            head, _, body = whole.partition("\r\n\r\n")
            return raw(town, head + "\r\n", body.encode())
        return raw(
            town,
            f"Content-Type: text/plain; charset=us-ascii\r\nContent-Transfer-Encoding: {name}\r\n",
            ENGLISH.encode(),
        )

    return make


def _whole(town: Town, structure: str, subject: str = "資料") -> bytes:
    head, _, body = structure.partition("\r\n\r\n")
    return raw(town, head + "\r\n", body.encode(), subject)


def _mac(town: Town) -> bytes:
    book = xlsx(("明細", [["品名", town.draw.randint(1, 99)]]))
    fork = bytes.fromhex("00051607000200004d6163204f532058") + bytes(60)
    members = [
        ("資料/明細.xlsx", book),
        ("__MACOSX/資料/._明細.xlsx", fork),
        ("資料/.DS_Store", b"\x00\x00\x00\x01Bud1" + bytes(300)),
        ("__MACOSX/._資料", fork),
    ]
    return mail("資料", "Macから送ります。", files=[file("資料.zip", archive(members))], to=town.partner())


def _appledouble(town: Town) -> bytes:
    page = pdf(["Delivery", f"No. {town.draw.randint(100, 999)}"])
    fork = bytes.fromhex("00051607000200004d6163204f532058") + bytes(80)
    fork_part = f'Content-Type: application/applefile; name="a.pdf"\r\nContent-Transfer-Encoding: base64\r\n\r\n{_base64(fork)}'
    pair = multipart(
        "appledouble",
        [
            fork_part,
            f'Content-Type: application/pdf; name="a.pdf"\r\nContent-Transfer-Encoding: base64\r\n\r\n{_base64(page)}',
        ],
    )
    return _whole(town, multipart("mixed", [text_part("See attached."), pair]), "PDF")


def _invitation(method: str) -> Callable[[Town], bytes]:
    def make(town: Town) -> bytes:
        uid = f"{town.draw.getrandbits(64):016x}@corp.example"
        event = (
            f"BEGIN:VCALENDAR\r\nPRODID:-//Corp//Cal//EN\r\nVERSION:2.0\r\nMETHOD:{method}\r\nBEGIN:VEVENT\r\nUID:{uid}\r\n"
            "DTSTAMP:20261101T000000Z\r\nDTSTART:20261120T010000Z\r\nDTEND:20261120T020000Z\r\nSUMMARY:Review\r\n"
            "ORGANIZER;CN=Sato:mailto:y.sato@corp.example\r\nATTENDEE;RSVP=TRUE:mailto:tanaka@partner.example\r\n"
            "LOCATION:Room 3\r\nBEGIN:VALARM\r\nACTION:DISPLAY\r\nTRIGGER:-PT15M\r\nDESCRIPTION:Reminder\r\nEND:VALARM\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
        )
        part = f"Content-Type: text/calendar; charset=utf-8; method={method}\r\nContent-Transfer-Encoding: 7bit\r\n\r\n{event}"
        return _whole(
            town, multipart("alternative", [text_part("Review, 20 November, room 3."), part]), "Review"
        )

    return make


def _card(town: Town) -> bytes:
    card = "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Yuki Sato\r\nORG:Corp Inc.\r\nTEL;TYPE=WORK:+81-3-5550-0142\r\nEMAIL:y.sato@corp.example\r\nEND:VCARD\r\n"
    return mail("名刺", "連絡先をお送りします。", files=[file("sato.vcf", card)], to=town.partner())


def _related(town: Town) -> bytes:
    page = text_part("<html><body><p>ご案内</p><img src='cid:logo@corp'></body></html>", "html")
    logo = f"Content-Type: image/png\r\nContent-ID: <logo@corp>\r\nContent-Disposition: inline; filename=logo.png\r\nContent-Transfer-Encoding: base64\r\n\r\n{_base64(PNG)}"
    return _whole(
        town,
        multipart("alternative", [text_part("ご案内"), multipart("related", [page, logo])]),
        f"ご案内 {town.draw.randint(1, 99)}",
    )


def _forward(town: Town) -> bytes:
    inner = mail(
        "お打合せの件",
        "木曜日でお願いいたします。",
        sender=town.partner(),
        to=("佐藤", "y.sato@corp.example"),
    )
    part = (
        "Content-Type: message/rfc822\r\nContent-Disposition: attachment; filename=forwarded.eml\r\n\r\n"
        + inner.decode()
    )
    return _whole(town, multipart("mixed", [text_part("転送します。"), part]), "Fwd: お打合せの件")


def _signed(town: Town) -> bytes:
    inner = text_part(f"Signed letter {town.draw.randint(1, 999)}.\n")
    seal = (
        "Content-Type: application/pgp-signature; name=signature.asc\r\n\r\n-----BEGIN PGP SIGNATURE-----\r\n\r\niHUEABYKAB0WIQ"
        + "A" * 50
        + "\r\n=aBcD\r\n-----END PGP SIGNATURE-----\r\n"
    )
    whole = multipart("signed", [inner, seal]).replace(
        "multipart/signed;", 'multipart/signed; micalg=pgp-sha256; protocol="application/pgp-signature";'
    )
    return _whole(town, whole, "Signed")


def _flowed(town: Town) -> bytes:
    body = (
        "This line is soft-broken \r\nand goes on here.\r\n\r\n> quoted \r\n> and flowed\r\n-- \r\nYuki\r\n"
    )
    return raw(town, "Content-Type: text/plain; charset=utf-8; format=flowed; delsp=yes\r\n", body.encode())


def _quoted_printable(town: Town) -> bytes:
    body = "Caf=C3=A9 at nine? The soft break follows=\r\n here, and 100 =3D 100.\r\n"
    return raw(
        town,
        "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n",
        body.encode(),
    )


def _verp(local: str) -> Callable[[Town], bytes]:
    def make(town: Town) -> bytes:
        box = local.format(n=town.draw.randint(10**20, 10**21), h=f"{town.draw.getrandbits(160):040x}")
        return raw(town, "Content-Type: text/plain; charset=us-ascii\r\n", ENGLISH.encode(), to=f"<{box}>")

    return make


def _lines(length: int) -> Callable[[Town], bytes]:
    def make(town: Town) -> bytes:
        body = f"List: {' '.join(str(town.draw.randint(10, 99)) for _ in range(length // 3))}\r\n"
        return raw(town, "Content-Type: text/plain; charset=us-ascii\r\n", body.encode())

    return make


def _away(town: Town) -> bytes:
    fields = [("Auto-Submitted", "auto-replied"), ("X-Auto-Response-Suppress", "All"), ("Precedence", "bulk")]
    text = (
        f"ただいま不在にしております。11月{town.draw.randint(3, 28)}日に戻ります。\nI am out of the office.\n"
    )
    return mail("自動返信: お打合せ", text, fields=fields, to=town.partner())


def _cron(town: Town) -> bytes:
    lines = "\n".join(
        f"2026-11-16 03:{n:02d}:{town.draw.randint(10, 59)} backup[{town.draw.randint(100, 999)}]: volume {n} ok, {town.draw.randint(1, 900)} MB"
        for n in range(25)
    )
    return mail(
        "Cron <backup@nas1> nightly",
        lines,
        sender=("Cron Daemon", "cron@corp.example"),
        fields=[("Auto-Submitted", "auto-generated")],
        to=town.partner(),
    )


def _receipt(town: Town) -> bytes:
    note = f"Content-Type: message/disposition-notification\r\n\r\nReporting-UA: corp.example; Mail\r\nFinal-Recipient: rfc822;y.sato@corp.example\r\nOriginal-Message-ID: <{town.draw.randint(1, 10**9)}@partner.example>\r\nDisposition: manual-action/MDN-sent-manually; displayed\r\n"
    whole = multipart("report", [text_part("開封されました。"), note]).replace(
        "multipart/report;", "multipart/report; report-type=disposition-notification;"
    )
    return _whole(town, whole, "開封済み: お見積り")


def _bulletin(town: Town) -> bytes:
    links = "".join(
        f"<p><a href='https://www.corp.example/n/{town.draw.getrandbits(64):x}'>記事{n}</a></p>"
        for n in range(8)
    )
    fields = [
        ("List-Unsubscribe", "<https://www.corp.example/stop>, <mailto:stop@corp.example>"),
        ("List-Id", "<news.corp.example>"),
        ("Precedence", "bulk"),
    ]
    return mail(
        "今月のお知らせ",
        "HTML版をご覧ください。",
        html=f"<html><body>{links}<img width=1 height=1 src='https://www.corp.example/p.gif'></body></html>",
        fields=fields,
        to=town.partner(),
    )


def _only_file(town: Town) -> bytes:
    part = file_part(file("scan_0012.pdf", pdf(["Scan", str(town.draw.randint(1, 999))])))
    return raw(town, "", b"").removesuffix(b"\r\n") + multipart("mixed", [part]).encode()


def _empty(town: Town) -> bytes:
    return raw(town, "Content-Type: text/plain; charset=utf-8\r\n", b"", "了解です")


def _deep(town: Town) -> bytes:
    text, to = "承知しました。\n", town.partner()
    for _ in range(5):
        text += (
            "\n".join("> " + line if line else ">" for line in history(town, to).strip().split("\n")) + "\n"
        )
    return mail("Re: Re: Re: Re: 日程", text, to=to)


def _many_types(town: Town) -> bytes:
    files = [
        file("議事録.docx", docx(["議事録", "出席：営業部", "以上"])),
        file("表.xlsx", xlsx(("a", [[1, 2], [3, 4]]))),
        file("図.png", PNG),
        file("log.txt", "10:00 start\n10:05 end\n"),
        file("order.xml", "<order><id>7</id></order>"),
    ]
    return mail(
        "一式",
        "一式お送りします。",
        files=[*files[: town.draw.randint(3, 5)], file(f"{town.draw.randint(1, 99)}.pdf", pdf(["p"]))],
        to=town.partner(),
    )


def _before_text(town: Town) -> bytes:
    """The attachment stands before the text."""
    return _whole(
        town,
        multipart(
            "mixed",
            [
                file_part(file("a.pdf", pdf([str(town.draw.randint(1, 99))]))),
                text_part("上の資料をご覧ください。"),
            ],
        ),
    )


def _raw_jis(town: Town) -> bytes:
    """ISO-2022-JP without any field of MIME, as old programs send it."""
    letter = raw(town, "", f"{JAPANESE}No.{town.draw.randint(1, 99)}\r\n".encode("iso-2022-jp"), "Delivery")
    return letter.replace(b"MIME-Version: 1.0\r\n", b"")


def _no_subject(town: Town) -> bytes:
    return raw(
        town,
        "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n",
        f"{JAPANESE}{town.draw.randint(1, 99)}".encode(),
        "",
    )


def _digest_list(town: Town) -> bytes:
    parts = [
        f"Content-Type: message/rfc822\r\n\r\nFrom: a{n}@list.example\r\nSubject: item {n}\r\nMessage-ID: <{n}.{town.draw.randint(1, 10**6)}@list.example>\r\n\r\nText {n}.\r\n"
        for n in range(4)
    ]
    return _whole(town, multipart("digest", parts), "Digest")


def _names(town: Town) -> bytes:
    """File names in the ways of old programs: an encoded word, and parts of RFC 2231."""
    page = _base64(pdf([str(town.draw.randint(1, 99))]))
    first = f'Content-Type: application/pdf; name="{word("御見積書.pdf")}"\r\nContent-Disposition: attachment; filename="{word("御見積書.pdf")}"\r\nContent-Transfer-Encoding: base64\r\n\r\n{page}'
    second = f"Content-Type: application/pdf\r\nContent-Disposition: attachment;\r\n filename*0*=utf-8''%E8%AB%8B%E6%B1%82;\r\n filename*1*=%E6%9B%B8.pdf\r\nContent-Transfer-Encoding: base64\r\n\r\n{page}"
    return _whole(town, multipart("mixed", [text_part("二通です。"), first, second]))


ODD: dict[Half, dict[str, Callable[[Town], bytes]]] = {
    "development": {
        "cte-8bits": _cte("8bits"), "cte-7-bit": _cte("7-bit"), "cte-utf-8": _cte("utf-8", "multi"),
        "charset-ms932": _label("ms932", JAPANESE, "cp932"), "charset-latin-1": _label("latin-1", "Café, naïve, Ærø.\r\n", "latin-1"),
        "charset-unknown": _label("unknown-8bit", ENGLISH, "ascii", "7bit"), "mac-zip": _mac, "calendar": _invitation("REQUEST"),
        "vcard": _card, "related": _related, "forward": _forward, "flowed": _flowed, "quoted-printable": _quoted_printable,
        "verp": _verp("bounces+{n}-{h}-tanaka=partner.example@lists.partner.example"), "lines-900": _lines(900), "away": _away, "bulletin": _bulletin,
        "only-file": _only_file, "empty": _empty, "file-first": _before_text, "raw-jis": _raw_jis,
    },
    "deciding": {
        "cte-none": _cte("none"), "cte-8-bit": _cte("8-bit", "multi"), "cte-7bits": _cte("7bits"), "cte-utf-8": _cte("UTF-8"), "cte-ascii": _cte("us-ascii"),
        "charset-x-sjis": _label("x-sjis", JAPANESE, "cp932"), "charset-windows-31j": _label("Windows-31J", JAPANESE, "cp932"), "charset-utf8": _label("utf8", JAPANESE, "utf-8"),
        "charset-iso8859-1": _label("iso8859-1", "Zürich, déjà vu.\r\n", "latin-1"), "charset-mac": _label("x-mac-roman", "R\u00e9sum\u00e9 \u2013 na\u00efve.\r\n", "mac_roman"),
        "charset-gb": _label("gb_2312-80", "您好，货物已发出。\r\n", "gb2312"), "charset-cp-850": _label("cp-850", ENGLISH, "ascii", "7bit"),
        "charset-x-unknown": _label("x-unknown", ENGLISH, "ascii", "7bit"), "charset-default": _label('"_iso-2022-jp$ESC"', ENGLISH, "ascii", "7bit"),
        "appledouble": _appledouble, "mac-zip": _mac, "calendar-cancel": _invitation("CANCEL"), "calendar-publish": _invitation("PUBLISH"), "signed": _signed, "cron": _cron,
        "receipt": _receipt, "deep-quotes": _deep, "many-files": _many_types, "reply-address": _verp("reply+{h}{n}abcdefghijkl@issues.partner.example"),
        "srs": _verp("SRS0=aB3x=KQ=sender-domain.example=notifications-{h}@relay.partner.example"), "lines-5000": _lines(5000), "no-subject": _no_subject,
        "digest": _digest_list, "old-names": _names, "related": _related, "forward": _forward,
    },
}  # fmt: skip
