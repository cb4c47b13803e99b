"""Reports on delivery for the tests: as mail systems write them, and as somebody writes them who has a lure."""

from filters.facts import Facts, Origin, Thread
from mail.envelope import Envelope, ForwardPath
from tests.filters.inbound.arriving import TO

OUR_ID = "<20261129.4711@us.example>"

DAEMONS = (
    "Mail Delivery System <MAILER-DAEMON@mx.partner.example>",
    "Mail Delivery Subsystem <mailer-daemon@googlemail.com>",
    "Microsoft Outlook <MicrosoftExchange329e71ec88ae4615bbc36ab6ce41109e@us.example>",
    "MAILER-DAEMON <>",
    "postmaster@us.example",
)

LURES = {
    "quota": (
        "Your mailbox has exceeded its storage limit and 7 messages could not be delivered.\n"
        "Release your pending messages and verify your account within 24 hours:\n{link}\n"
    ),
    "password": (
        "Delivery of your message failed because your password has expired.\n"
        "Sign in to keep your current password: {link}\n"
    ),
    "blocked": (
        "Your incoming mails were blocked by our server. Confirm your account to restore your mailbox,\n"
        "otherwise your account will be suspended: {link}\n"
    ),
    "容量": (
        "メールボックスの容量が上限に達したため、5件のメールを配信できませんでした。\n"
        "24時間以内に下記よりログインし、アカウントを確認してください。\n{link}\n"
    ),
    "保留": (
        "受信メール3件が保留されています。\nメールを受信するには、下記リンクよりパスワードを確認してください。\n{link}\n"
        "確認されない場合、アカウントは停止されます。\n"
    ),
    "期限": (
        "パスワードの有効期限が切れたため、送信したメールは配信されませんでした。\n"
        "引き続きご利用いただくには、こちらからアカウントを更新してください: {link}\n"
    ),
}
LEADS = (
    "https://mail-verify-account.example.top/login",
    "https://xk3q9zv7w.example.com/owa/",
    "https://us-webmail.weebly.com/",
    "https://garden-tools.example.net/wp-content/u/index.php",
    "http://203.0.113.9/mail/",
)


def report(
    text: str = "<tanaka@partner.example>: host mx.partner.example said: 550 5.1.1 no such user\n",
    *,
    author: str = DAEMONS[0],
    returned: str = OUR_ID,
    html: str = "",
    subject: str = "Undelivered Mail Returned to Sender",
    attached: str = "",
    about: str = "tanaka@partner.example",
) -> bytes:
    """A multipart/report (RFC 3464) that returns the header of a mail; `attached` is a further part, as it stands."""
    shown = f"Content-Type: text/plain; charset=utf-8\n\n{text}"
    if html:
        page = f"Content-Type: text/html; charset=utf-8\n\n<html><body>{html}</body></html>"
        shown = f'Content-Type: multipart/alternative; boundary="a"\n\n--a\n{shown}\n--a\n{page}\n--a--\n'
    parts = [
        shown,
        "Content-Type: message/delivery-status\n\nReporting-MTA: dns; mx.partner.example\n\n"
        f"Final-Recipient: rfc822; {about}\nAction: failed\nStatus: 5.1.1\n",
        "Content-Type: message/rfc822\n\nFrom: sato@us.example\nTo: tanaka@partner.example\nSubject: 資料の件\n"
        f"Message-ID: {returned}\nContent-Type: text/plain; charset=utf-8\n\n資料をお送りします。\n",
        *([attached] if attached else []),
    ]
    body = "".join(f"--r\n{part}\n" for part in parts)
    return (
        (
            f"From: {author}\nTo: {TO}\nSubject: {subject}\nMessage-ID: <r1@mx.partner.example>\nMIME-Version: 1.0\n"
            f'Content-Type: multipart/report; report-type=delivery-status; boundary="r"\n\n{body}--r--\n'
        )
        .replace("\n", "\r\n")
        .encode()
    )


def facts(*sent: str, reverse_path: str = "") -> Facts:
    """Facts of a report; the mails with these Message-IDs were ours."""
    envelope = Envelope(reverse_path, (ForwardPath(TO),))
    return Facts(
        "inbound", Origin("mx", "192.0.2.1"), envelope, sent={each: Thread(frozenset({TO})) for each in sent}
    )
