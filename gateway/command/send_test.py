"""`sekisho send-test`: a real mail by each path of the node that runs here, and what became of it, in words.

It goes to an address of ours by the listener for arriving mail, and with somebody's login by the one for submitted mail.
"""

import asyncio
import re
import smtplib
import ssl
import time
from collections.abc import Iterator
from email.utils import formatdate, make_msgid

from config.listening import ListenerSection, reached_at
from config.settings import Settings
from config.tenant import DEFAULT
from config.words import LANGUAGES, known, say
from gateway.command.operator import hand
from quarantine.item import Item, State

SECONDS = 30.0
"""For each session."""
FOLLOWED = 5.0
"""Seconds for which a mail that was taken is looked after."""
_TAKEN = re.compile(r"Accepted as ([a-z2-7]{16})")


def run(settings: Settings, to: str, sender: str, login: str, password: str) -> int:
    """Send, and print what happened; 1 when a path did not take its mail."""
    refused = 0
    for section in settings.listeners:
        if section.role == "submission" and not login:
            print("\n".join(_said("untried", listener=section.name)))
            continue
        try:
            code, reply = _sent(settings, section, to, sender, login, password)
        except (OSError, smtplib.SMTPException) as error:
            why = getattr(error, "strerror", "") or str(error)
            code, reply = 0, why
        key = "taken" if 200 <= code < 300 else "unreached" if not code else "refused"
        refused += key != "taken"
        print("\n".join(_said(key, listener=section.name, reply=f"{code or ''} {reply}".strip())))
        if match := _TAKEN.search(reply):
            for line in asyncio.run(_followed(settings, section.tenant or DEFAULT, match[1])):
                print(f"    {line}")
    return 1 if refused else 0


def _said(key: str, **values: object) -> list[str]:
    return [say(language, f"sent.{key}", **values) for language in LANGUAGES]


def _sent(
    settings: Settings, section: ListenerSection, to: str, sender: str, login: str, password: str
) -> tuple[int, str]:
    """The last reply of the listener: code and text."""
    outsider = f"postmaster@{settings.hostname}"
    author = sender if section.role == "submission" else outsider
    trusting = ssl.create_default_context()  # it is our own listener, perhaps with a certificate of its own
    trusting.check_hostname, trusting.verify_mode = False, ssl.CERT_NONE
    place = reached_at(section.host), section.port
    client: smtplib.SMTP
    if section.tls == "implicit":
        client = smtplib.SMTP_SSL(*place, timeout=SECONDS, context=trusting, local_hostname=settings.hostname)
    else:
        client = smtplib.SMTP(*place, timeout=SECONDS, local_hostname=settings.hostname)
    with client:
        if section.tls == "starttls":
            client.starttls(context=trusting)
        client.ehlo(settings.hostname)
        if section.role == "submission":
            client.login(login, password)
        code, text = client.mail(author)
        if code < 400:
            code, text = client.rcpt(to)
        if code < 400:
            code, text = client.data(_mail(author, to))
    return code, text.decode("utf-8", "replace")


def _mail(author: str, to: str) -> bytes:
    return (
        f"From: {author}\r\nTo: {to}\r\nSubject: Sekisho send-test\r\nDate: {formatdate()}\r\n"
        f"Message-ID: {make_msgid(domain='sekisho.invalid')}\r\nMIME-Version: 1.0\r\n"
        "Content-Type: text/plain; charset=utf-8\r\n\r\nA mail of sekisho send-test.\r\n"
    ).encode()


async def _followed(settings: Settings, tenant: str, mail_id: str) -> list[str]:
    """What becomes of its copies within a few seconds."""
    end = time.monotonic() + FOLLOWED
    while True:
        async with hand(settings) as work:
            page = await work.queue(tenant, tuple(State))
            found = [item for item in page.items if item.mail_id == mail_id]
            while page.after is not None and not found:
                page = await work.queue(tenant, tuple(State), page.after)
                found = [item for item in page.items if item.mail_id == mail_id]
        under_way = any(item.state in (State.QUEUED, State.ACTIVE) for item in found)
        if (found and not under_way) or time.monotonic() > end:
            return [line for item in found for line in _became(item)]
        await asyncio.sleep(0.5)


def _became(item: Item) -> Iterator[str]:
    waits = ", ".join((*item.holds, *item.approvals))
    for language in LANGUAGES:
        state = known(language, f"values.state.{item.state}") or item.state
        yield f"{item.id}  {state}{f' ({waits})' if waits else ''}"
    for each in item.recipients:
        yield f"{each.path.address}  {each.status}{f'  {each.reply}' if each.reply else ''}"
