"""The mails as their clients write them: Outlook, Gmail, Thunderbird, and plain text in ISO-2022-JP."""

import mimetypes
from datetime import datetime, timedelta, timezone
from email import policy
from email.headerregistry import Address
from email.message import EmailMessage
from html import escape

from tests.filters.outbound.missend import Case, Company, Earlier, company
from tests.filters.outbound.missend.documents import content

CLIENTS = {
    "outlook": ("X-Mailer", "Microsoft Outlook 16.0"),
    "plain": ("X-Mailer", "Becky! ver. 2.81.06 [ja]"),
    "gmail": ("", ""),
    "thunderbird": ("User-Agent", "Mozilla Thunderbird"),
    "iphone": ("X-Mailer", "iPhone Mail (22B91)"),
}
JAPAN = timezone(timedelta(hours=9))
WEEKDAYS = "月火水木金土日"
INVITE = """BEGIN:VCALENDAR
METHOD:REQUEST
VERSION:2.0
BEGIN:VEVENT
UID:{key}
DTSTART;TZID=Asia/Tokyo:{start}
DTEND;TZID=Asia/Tokyo:{end}
SUMMARY:{subject}
ORGANIZER:mailto:{sender}
{attendees}
LOCATION:{place}
END:VEVENT
END:VCALENDAR
"""


def mime(case: Case) -> bytes:
    """The message as it is submitted, with CRLF; Bcc stands in the envelope only."""
    owner = company(case.key.partition("-")[0])
    mail = EmailMessage(policy=policy.SMTP)
    mail["Date"] = case.date.replace(tzinfo=JAPAN)
    mail["From"] = _mailbox(case, owner, case.sender)
    for header, addresses in (("To", case.to), ("Cc", case.cc)):
        if addresses:
            mail[header] = [_mailbox(case, owner, address) for address in addresses]
    mail["Subject"] = case.subject
    mail["Message-ID"] = f"<{case.key}@{owner.domain}>"
    if case.before and (case.cites == "reply" or case.subject.startswith("Re:")):
        last = _message_id(case, len(case.before) - 1)
        mail["In-Reply-To"] = last
        mail["References"] = " ".join(_message_id(case, n) for n in range(len(case.before)))
    if case.bulk:
        mail["List-Unsubscribe"] = f"<https://{owner.domain}/mail/stop>"
    name, value = CLIENTS[case.client]
    if name:
        mail[name] = value
    _body(mail, case, text(case))
    for file in case.files:
        kind = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
        main, _, sub = kind.partition("/")
        mail.add_attachment(content(file), maintype=main, subtype=sub, filename=file.name)
    return mail.as_bytes()


def text(case: Case) -> str:
    """The plain text: what the author wrote, the signature, what is quoted."""
    parts = [case.text]
    if case.signed:
        parts.append(signature(case))
    if case.before and case.cites in {"reply", "forward"}:
        parts.append(quotation(case))
    return "\n\n".join(parts) + "\n"


def signature(case: Case) -> str:
    """The author's, in one of three layouts; each author has one for Japanese and one for English."""
    owner = company(case.key.partition("-")[0])
    person = owner.person(case.sender)
    if case.client == "iphone":
        return "iPhoneから送信"
    if case.english:
        return f"--\n{person.romaji}\n{owner.latin}\n{person.address}"
    layout = sum(map(ord, person.address)) % 3
    if layout == 0:
        return f"{'=' * 30}\n{owner.name}\n{person.department} {person.name}\n{owner.place}\n{person.address}\n{'=' * 30}"
    if layout == 1:
        return f"-- \n{person.name}（{person.kana}）\n{owner.name} {person.department}\n{owner.place}\nE-mail: {person.address}"
    return f"*{'-' * 24}*\n{person.name} / {person.romaji}\n{person.department}\n{owner.name}（{owner.latin}）\n{person.address}"


def quotation(case: Case) -> str:
    """The thread below the mail, as the client quotes it."""
    if case.client == "outlook" or case.cites == "forward":
        return "\n\n".join(f"{_block(case, earlier)}\n\n{earlier.text}" for earlier in reversed(case.before))
    quoted = ""
    for earlier in case.before:
        whole = earlier.text + ("\n\n" + quoted if quoted else "")
        marked = "\n".join(f"> {line}".rstrip() for line in whole.split("\n"))
        quoted = f"{_attribution(case, earlier)}\n{marked}"
    return quoted


def _block(case: Case, earlier: Earlier) -> str:
    """The header block that Outlook sets above a quoted mail."""
    line, shown = earlier.line, earlier.names
    to = "; ".join(f"{shown.get(a, a)} <{a}>" for a in line.to)
    cc = "; ".join(f"{shown.get(a, a)} <{a}>" for a in line.cc)
    sender = f"{shown.get(line.sender, line.sender)} <{line.sender}>"
    if case.english:
        rows = [
            "-----Original Message-----",
            f"From: {sender}",
            f"Sent: {line.date:%B %d, %Y %H:%M}",
            f"To: {to}",
        ]
        rows += [f"Cc: {cc}"] if cc else []
        return "\n".join([*rows, f"Subject: {line.subject}"])
    rows = [
        "-----Original Message-----" if case.client == "outlook" else "---------- Forwarded message ---------"
    ]
    rows += [f"差出人: {sender}", f"送信日時: {_japanese(line.date)}", f"宛先: {to}"]
    rows += [f"CC: {cc}"] if cc else []
    return "\n".join([*rows, f"件名: {line.subject}"])


def _attribution(case: Case, earlier: Earlier) -> str:
    line = earlier.line
    name = earlier.names.get(line.sender, line.sender)
    if case.english:
        return f"On {line.date:%a, %b %d, %Y at %H:%M} {name} <{line.sender}> wrote:"
    if case.client == "thunderbird":
        return f"On {line.date:%Y/%m/%d %H:%M}, {name} wrote:"
    return f"{_japanese(line.date)} {name} <{line.sender}>:"


def _japanese(when: datetime) -> str:
    return f"{when.year}年{when.month}月{when.day}日({WEEKDAYS[when.weekday()]}) {when:%H:%M}"


def _message_id(case: Case, number: int) -> str:
    return f"<{case.key}.{number}@{case.before[number].line.sender.rpartition('@')[2]}>"


def _mailbox(case: Case, owner: Company, address: str) -> Address:
    """English mail shows our own people in Latin letters, Gmail no name for some whom the address book knows."""
    name = case.names.get(address, "")
    if case.english and address.endswith("@" + owner.domain):
        name = next((person.romaji for person in owner.people if person.address == address), name)
    elif case.client == "gmail" and len(address) % 3 == 0 and name == owner.names().get(address):
        name = ""
    return Address(display_name=name, addr_spec=address)


def _body(mail: EmailMessage, case: Case, plain: str) -> None:
    if case.client == "plain":
        try:
            plain.encode("iso-2022-jp")
            mail.set_content(plain, charset="iso-2022-jp", cte="7bit")
        except UnicodeEncodeError:
            mail.set_content(plain, charset="utf-8", cte="base64")
    elif case.client in {"thunderbird", "iphone"}:
        mail.set_content(plain, charset="utf-8", cte="8bit")
    else:
        mail.set_content(plain, charset="utf-8", cte="base64")
        mail.add_alternative(_html(case, plain), subtype="html", charset="utf-8", cte="base64")
    if case.invite:
        start, end, place = (part.strip() for part in case.invite.split("|"))
        invite = INVITE.format(
            key=case.key, start=start, end=end, subject=case.subject, sender=case.sender, place=place,
            attendees="\n".join(f"ATTENDEE:mailto:{address}" for address in (*case.to, *case.cc)),
        )  # fmt: skip
        mail.add_alternative(invite, subtype="calendar", charset="utf-8", params={"method": "REQUEST"})


def _html(case: Case, plain: str) -> str:
    if case.client == "gmail":
        own, quoted = plain, ""
        if case.before and case.cites in {"reply", "forward"}:
            quoted = quotation(case)
            own = plain.removesuffix("\n").removesuffix(quoted)
        lines = "<br>\n".join(escape(own, quote=False).rstrip("\n").split("\n"))
        body = f'<div dir="ltr">{lines}</div>'
        if quoted:
            inner = "<br>\n".join(escape(line.removeprefix("> "), quote=False) for line in quoted.split("\n"))
            body += f'\n<br><div class="gmail_quote">{inner}</div>'
        return body + "\n"
    rows = "".join(
        f"<p class=MsoNormal>{escape(line, quote=False) or '&nbsp;'}</p>\n"
        for line in plain.rstrip("\n").split("\n")
    )
    return f'<html><head><meta name=Generator content="Microsoft Word 15"></head><body lang=JA><div class=WordSection1>\n{rows}</div></body></html>\n'
