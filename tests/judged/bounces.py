"""Reports of non-delivery: forged ones with a lure ("warned"), and those that servers write ("clean").

Genuine ones return a mail of ours: `facts["sent"]` has its Message-ID. Judge them with these seeded, and without.
"""

from collections.abc import Iterator

from tests.judged import Half, Sample
from tests.judged.arriving import US, arrived, facts, parsed
from tests.judged.attacks import known
from tests.judged.lures import made
from tests.judged.mime import File, multipart, text_part, word
from tests.judged.people import Town, data

ATTACHED = {
    "attached-page": "Returned_Message.html|form|https://relay-host.site/p.php", "attached-html-ja": "返送メール.html|form|https://modori.site/p",
    "attached-zip": "message.zip|zip-js|message", "attached-js": "original.zip|zip-lnk|original",
    "svg": "report.svg|svg|https://ndr-view.site/r", "qr": "resend.png|qr|https://qr-deliver.site/q",
}  # fmt: skip


def _report(
    sender: str, subject: str, human: str, status: str, returned: str, *, date: str, extra: str = ""
) -> bytes:
    """A multipart/report (RFC 6522) of text, delivery-status and returned header fields."""
    parts = [text_part(human)]
    if status:
        parts.append(f"Content-Type: message/delivery-status\r\n\r\n{status}")
    if returned:
        parts.append(f"Content-Type: message/rfc822\r\n\r\n{returned}")
    body = multipart("report", parts).replace(
        "multipart/report;", "multipart/report; report-type=delivery-status;", 1
    )
    name, box = parsed(sender)
    head = f"From: {word(name)} <{box}>\r\nTo: <{US[1]}>\r\nSubject: {word(subject)}\r\nDate: {date}\r\n"
    number = f"{abs(hash_of(human + date)):x}"
    return f"{head}Message-ID: <{number}@{box.rpartition('@')[2]}>\r\n{extra}Auto-Submitted: auto-replied\r\nMIME-Version: 1.0\r\n{body}".encode()


def hash_of(text: str) -> int:
    """A number for a text, the same on every run."""
    value = 7
    for octet in text.encode():
        value = (value * 131 + octet) % (1 << 61)
    return value


def _ours(message_id: str, to: str, subject: str) -> str:
    return (
        f"Received: from mx.corp.example (mx.corp.example [192.0.2.25])\r\nFrom: {word(US[0])} <{US[1]}>\r\nTo: {to}\r\n"
        f"Subject: {word(subject)}\r\nDate: Tue, 17 Nov 2026 09:58:12 +0900\r\nMessage-ID: {message_id}\r\n"
        f"MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n資料は https://www.corp.example/docs/ をご覧ください。\r\n"
    )


# kind: (from, subject, human text); {to}, {host}, {domain}
GENUINE: dict[Half, dict[str, tuple[str, str, str]]] = {
    "development": {
        "postfix": ("Mail Delivery System <MAILER-DAEMON@{host}>", "Undelivered Mail Returned to Sender", "This is the mail system at host {host}.\n\nI'm sorry to have to inform you that your message could not\nbe delivered to one or more recipients.\n\n<{to}>: host {host} said: 550 5.1.1 <{to}>: Recipient address rejected: User unknown\n"),
        "exchange": ("Microsoft Outlook <postmaster@{domain}>", "Undeliverable: お見積りの件", "Delivery has failed to these recipients or groups:\n\n{to}\nThe email address you entered couldn't be found. Please check the recipient's email address and try to resend the message.\n\nFor Email Admins: https://go.microsoft.com/fwlink/?LinkId=389361\n"),
        "gmail": ("Mail Delivery Subsystem <mailer-daemon@googlemail.com>", "Delivery Status Notification (Failure)", "** Address not found **\n\nYour message wasn't delivered to {to} because the address couldn't be found, or is unable to receive mail.\n\nLearn more here: https://support.google.com/mail/?p=NoSuchUser\n"),
        "qmail": ("MAILER-DAEMON@{host}", "failure notice", "Hi. This is the qmail-send program at {host}.\nI'm afraid I wasn't able to deliver your message to the following addresses.\n\n<{to}>:\nSorry, no mailbox here by that name. (#5.1.1)\n"),
        "delayed": ("Mail Delivery System <MAILER-DAEMON@{host}>", "Delayed Mail (still being retried)", "####################################\n# THIS IS A WARNING ONLY. YOU DO NOT NEED TO RESEND YOUR MESSAGE. #\n####################################\n\n<{to}>: connect to {host}[203.0.113.8]:25: Connection timed out\n"),
        "ja": ("Mail Delivery System <MAILER-DAEMON@{host}>", "メール配信エラーのお知らせ", "次の宛先へメールを配信できませんでした。\n宛先：{to}\n理由：宛先のメールボックスが存在しません（550 5.1.1）\n"),
    },
    "deciding": {
        "sendmail": ("Mail Delivery Subsystem <MAILER-DAEMON@{host}>", "Returned mail: see transcript for details", "The original message was received at Tue, 17 Nov 2026 10:02:11 +0900\nfrom mx.corp.example [192.0.2.25]\n\n   ----- The following addresses had permanent fatal errors -----\n<{to}>\n    (reason: 550 5.2.1 mailbox disabled)\n"),
        "exim": ("Mail Delivery System <Mailer-Daemon@{host}>", "Mail delivery failed: returning message to sender", "This message was created automatically by mail delivery software.\n\nA message that you sent could not be delivered to one or more of its\nrecipients. This is a permanent error. The following address(es) failed:\n\n  {to}\n    mailbox is full: retry timeout exceeded\n"),
        "microsoft-365": ("Microsoft Outlook <MicrosoftExchange329e71ec88ae4615bbc36ab6ce41109e@{domain}>", "配信不能: 資料の件", "{to} へのメッセージを配信できませんでした。\n\n{domain} のメール システムによって、メッセージがブロックされました。送信者のアドレスまたは内容に制限があります。\nこの問題の解決方法: https://aka.ms/EXOSmtpErrors\n\n電子メール管理者向けの追加情報\n状態コード: 550 5.7.133\n"),
        "too-large": ("postmaster@{domain}", "Undeliverable: 図面一式", "Your message to {to} is larger than the recipient's system accepts (25 MB). Reduce its size or use a link.\n"),
        "policy": ("Mail Delivery System <MAILER-DAEMON@{host}>", "Undelivered Mail Returned to Sender", "<{to}>: host {host} said: 554 5.7.1 Message rejected due to content restrictions. Visit https://www.{domain}/postmaster/ for help.\n"),
        "ja-mobile": ("Mail Administrator <Postmaster@{domain}>", "Mail System Error - Returned Mail", "This Message was undeliverable due to the following reason:\n次のあて先へのメッセージはエラーのため送信できませんでした。\n送信先メールアドレスが見つからないか、受信を制限しています。\n\n<{to}>\n"),
        "list": ("listmaster <owner-list@{domain}>", "Your message to the list was rejected", "Your message to {to} was rejected: only members may post.\n"),
    },
}  # fmt: skip


def _forged(half: Half) -> Iterator[Sample]:
    for number, line in enumerate(data("bounces", half)["forged"]):
        kind, sender, auth, subject, text = line.split(" | ", 4)
        town = Town(half, f"bounces/{kind}")
        text = text.replace("\\", "\n")
        box = parsed(sender)[1]
        files: list[File] = [made(ATTACHED[kind])] if kind in ATTACHED else []
        if files or number % 3 == 2:
            content = arrived(
                town, sender, subject, text, files=files, fields=[("Auto-Submitted", "auto-replied")]
            )
        else:
            status = f"Reporting-MTA: dns; mx.{box.rpartition('@')[2]}\r\n\r\nFinal-Recipient: rfc822; {US[1]}\r\nAction: failed\r\nStatus: 5.0.0\r\n"
            returned = (
                _ours(f"<{town.draw.getrandbits(60):x}@elsewhere.example>", f"<{US[1]}>", "Payment")
                if number % 2
                else ""
            )
            content = _report(
                sender, subject, text, status, returned, date=f"Tue, 17 Nov 2026 11:{number:02d}:00 +0900"
            )
        told = facts(box, auth, null=True) | {
            "known": known(half),
            "sent": [f"<{town.draw.getrandbits(60):x}@corp.example>"],
        }
        yield Sample(f"bounces/{half}/forged-{kind}/0", half, content, "warned", "", told)


def _genuine(half: Half) -> Iterator[Sample]:
    for kind, (sender, subject, text) in GENUINE[half].items():
        for turn in range(5):
            town = Town(half, f"bounces/{kind}/{turn}")
            _, to = town.partner()
            domain = to.rpartition("@")[2]
            values = {"to": to, "domain": domain, "host": f"mx{turn}.{domain}"}
            author = sender.format(**values)
            author = author if "<" in author else f"<{author}>"
            sent = f"<{town.draw.getrandbits(80):020x}@corp.example>"
            action = "delayed" if kind == "delayed" else "failed"
            status = f"Reporting-MTA: dns; {values['host']}\r\n\r\nFinal-Recipient: rfc822; {to}\r\nAction: {action}\r\nStatus: 5.1.1\r\nDiagnostic-Code: smtp; 550 5.1.1 {to}\r\n"
            if kind in ("qmail", "list"):
                content = arrived(
                    town,
                    author,
                    subject,
                    f"{text.format(**values)}\n--- Below this line is a copy of the message.\n\n{_ours(sent, f'<{to}>', '資料')}",
                )
            else:
                returned = _ours(sent, f"<{to}>", "お見積りの件")
                date = f"Tue, 17 Nov 2026 10:{turn + 3:02d}:40 +0900"
                content = _report(author, subject, text.format(**values), status, returned, date=date)
            told = facts(parsed(author)[1], "pass", null=True) | {"known": known(half), "sent": [sent]}
            yield Sample(f"bounces/{half}/{kind}/{turn}", half, content, "clean", "", told)


def samples(half: Half) -> Iterator[Sample]:
    """Forged first."""
    yield from _forged(half)
    yield from _genuine(half)
