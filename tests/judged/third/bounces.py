"""Reports of non-delivery: forged ones with a lure ("warned"), and those that servers write ("clean").

A genuine one comes twice: with the Message-ID of what we sent in `facts["sent"]`, and, as a kind that ends in
"-unseeded", for a gateway that remembers nothing.
"""

import tomllib
from collections.abc import Iterator
from typing import Any

from tests.judged import Half, Sample
from tests.judged.arriving import US, facts, parsed
from tests.judged.attacks import known
from tests.judged.mime import multipart, text_part, word
from tests.judged.people import Town
from tests.judged.third.attacks import DATA, attack
from tests.judged.third.post import bodies, moment, page, sealed

AUTO = ("Auto-Submitted", "auto-replied")


def _ours(sent: str, to: str, when: str) -> tuple[str, str]:
    """Header and body of the mail that comes back."""
    return (
        f"Received: from mx.corp.example (mx.corp.example [192.0.2.25])\r\n\tby mx.out.example with ESMTPS id 7C1F0417\r\n"
        f"From: {word(US[0])} <{US[1]}>\r\nTo: <{to}>\r\nSubject: {word('資料送付の件')}\r\nDate: {when}\r\nMessage-ID: {sent}\r\n"
        "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n",
        "お世話になっております。株式会社コーポの佐藤です。\r\nご依頼の資料は https://www.corp.example/download/ からご覧ください。\r\n",
    )


def _status(host: str, to: str, action: str, code: str, extra: str) -> str:
    extra = f"{extra}\r\n" if extra else ""
    return (
        f"Content-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; {host}\r\n{extra}Arrival-Date: Wed, 18 Nov 2026 06:58:40 +0900\r\n\r\n"
        f"Final-Recipient: rfc822; {to}\r\nOriginal-Recipient: rfc822;{to}\r\nAction: {action}\r\nStatus: {code}\r\n"
        f"Diagnostic-Code: smtp; {'250' if action == 'relayed' else '550'} {code} {to}\r\n"
    )


def _report(parts: list[str], note: str = "delivery-status") -> str:
    return multipart("report", parts).replace(
        "multipart/report;", f"multipart/report; report-type={note};", 1
    )


def _genuine(one: dict[str, Any], town: Town, sent: str) -> tuple[bytes, str]:
    """A report, and who wrote it."""
    _, to = town.partner()
    to = one.get("at", to)
    domain = to.rpartition("@")[2]
    host = f"mx{town.draw.randint(1, 4)}.{domain}"
    when = moment(town.draw)
    filled = {"{to}": to, "{host}": host, "{domain}": domain, "{sent}": sent, "{date}": when}

    def fill(text: str) -> str:
        for key, value in filled.items():
            text = text.replace(key, value)
        return text

    author = fill(one["from"])
    author = author if "<" in author else f"<{author}>"
    head, rest = _ours(sent, to, when)
    text, returned = fill(one["text"].strip("\n")), one.get("returned", "message")
    fields = [(n, fill(v)) for n, _, v in (line.partition(": ") for line in one.get("fields", []))]
    fields += [] if any(n == "Auto-Submitted" for n, _ in fields) else [AUTO]
    if one["form"] == "plain":
        copy = {"inline": f"\n\n{head}\n{rest}", "headers-inline": f"\n\n{head}", "none": ""}[returned]
        body = text_part(text + copy.replace("\r\n", "\n"))
    else:
        words = bodies(text, page(text) if one["form"] == "html" else "", "utf-8", "", printed=False)
        status = _status(host, to, one.get("action", "failed"), one["code"], one.get("status", ""))
        back = f"Content-Type: message/rfc822\r\n\r\n{head}\r\n{rest}"
        if returned == "headers":
            back = f"Content-Type: text/rfc822-headers; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n{head}"
        body = _report([words, status, back])
    return sealed(author, one["subject"], body, when, fields, f"<{US[1]}>"), parsed(author)[1]


def _forged(one: dict[str, Any], town: Town, turn: int) -> bytes:
    if one["shape"] == "plain":
        return attack({**one, "fields": ["Auto-Submitted: auto-replied"]}, town, turn)
    link = one.get("link", "").replace("{token}", f"{town.draw.getrandbits(44):011x}")
    text = one["text"].strip("\n")
    html = page(text, link, one.get("button", "")) if turn else ""
    host = parsed(one["from"])[1].rpartition("@")[2]
    parts = [
        bodies(text.replace("{link}", link), html, "utf-8", "", printed=False),
        _status(host, US[1], "failed", "5.0.0", ""),
    ]
    if "returned" in one:
        parts.append(f"Content-Type: message/rfc822\r\n\r\n{one['returned']}")
    elif turn:
        head, rest = _ours(f"<{town.draw.getrandbits(60):x}@{host}>", US[1], moment(town.draw))
        parts.append(f"Content-Type: message/rfc822\r\n\r\n{head}\r\n{rest}")
    return sealed(one["from"], one["subject"], _report(parts), moment(town.draw), [AUTO], f"<{US[1]}>")


def samples(half: Half) -> Iterator[Sample]:
    """Forged first, each twice."""
    for one in tomllib.loads((DATA / "forged_reports.toml").read_text("utf-8"))["mail"]:
        for turn in range(2):
            town = Town(half, f"bounces/forged/{one['kind']}/{turn}")
            content = _forged(one, town, turn)
            told = facts(parsed(one["from"])[1], one["auth"], null=True)
            told |= {"known": known(half), "sent": [f"<{town.draw.getrandbits(60):x}@corp.example>"]}
            yield Sample(f"bounces/{half}/forged-{one['kind']}/{turn}", half, content, "warned", "", told)
    for one in tomllib.loads((DATA / "genuine_reports.toml").read_text("utf-8"))["mail"]:
        for turn, seeded in enumerate((True, False)):
            town = Town(half, f"bounces/{one['kind']}/{turn}")
            sent = f"<{town.draw.getrandbits(72):018x}@corp.example>"
            content, box = _genuine(one, town, sent)
            told = facts(box, "pass", null=True) | {"known": known(half), "sent": [sent] if seeded else []}
            kind = f"{one['kind']}{'' if seeded else '-unseeded'}"
            yield Sample(f"bounces/{half}/{kind}/{turn}", half, content, "clean", "", told)
