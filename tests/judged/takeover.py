"""A partner whose account somebody else has taken over: everything passes SPF and DMARC.

`genuine` are 160 mails of the partner in their order: the first hundred are history (`facts["history"]` is true: for
the memory of correspondents, not for counting), the others are "clean". Then the stranger's mails: "warned".
"""

import datetime
from collections.abc import Iterator
from email.utils import format_datetime
from typing import Any

from tests.judged import Half, Sample
from tests.judged.arriving import US, facts, parsed
from tests.judged.attacks import known
from tests.judged.files import docx, pdf, xlsx
from tests.judged.lures import made
from tests.judged.mime import File, address, file, mail
from tests.judged.people import Town, data

GENUINE, HISTORY = 160, 100
JST = datetime.timezone(datetime.timedelta(hours=9))


def _written(town: Town, one: dict[str, Any], number: int) -> tuple[str, str, str]:
    kind, subject, text = one["genuine"][number % len(one["genuine"])].split(" | ", 2)
    draw = town.draw
    values = {
        "d": f"{draw.randint(1, 12)}/{draw.randint(1, 28)}", "n": draw.randint(2, 9), "h": draw.randint(8, 17),
        "m": f"{draw.randrange(20_000, 900_000, 1000):,}", "o": draw.randint(10_000, 99_999),
        "t": draw.randint(10**11, 10**12 - 1), "p": town.person().family,
    }  # fmt: skip
    return kind, subject.format(**values), text.format(**values)


def _attached(town: Town, kind: str) -> list[File]:
    if kind in ("請求", "invoice"):
        return [
            file(
                f"invoice_{town.draw.randint(1000, 9999)}.pdf",
                pdf(["Invoice", "Total", str(town.draw.randint(1000, 90000))]),
            )
        ]
    if kind in ("見積", "price"):
        return [
            file(
                "運賃表.xlsx" if kind == "見積" else "prices.xlsx",
                xlsx(("p", [["item", "price"], ["A", town.draw.randint(10, 99)]])),
            )
        ]
    if kind == "files":
        return [
            file("sheet2.pdf", pdf(["Sheet 2", f"Rev {town.draw.randint(1, 9)}"])),
            file("notes.docx", docx(["Tolerance 0.1"])),
        ]
    return []


def samples(half: Half) -> Iterator[Sample]:
    """In the order in which they came."""
    one: dict[str, Any] = data("takeover", half)  # type: ignore[assignment]
    sender = parsed(one["partner"])
    told = facts(sender[1], "pass") | {"known": known(half)}
    for number in range(GENUINE):
        town = Town(half, f"takeover/{number}")
        kind, subject, text = _written(town, one, number)
        greeting = (
            "佐藤様\n\nお世話になっております。丸福運輸の原田です。\n\n" if half == "development" else ""
        )
        day = datetime.datetime(
            2026, 3, 2, town.draw.randint(8, 18), town.draw.randint(0, 59), number % 60, tzinfo=JST
        )
        date = format_datetime(day + datetime.timedelta(days=number))
        content = mail(
            subject, f"{greeting}{text}{one['sign']}", sender=sender, to=US, date=date, files=_attached(town, kind),
            fields=[("X-Mailer", one["mailer"])], charset="iso-2022-jp" if half == "development" else "utf-8",
        )  # fmt: skip
        history = number < HISTORY
        name = f"takeover/{half}/{'history' if history else 'genuine'}/{number:03d}"
        yield Sample(name, half, content, "history" if history else "clean", "", told | {"history": history})
    for line in one["foreign"]:
        kind, subject, text, *more = line.split(" | ")
        reply = [("Reply-To", address(*parsed(more[1])))] if len(more) > 1 else []
        files = [made(more[0])] if more and more[0].strip() else []
        for turn in range(2):
            town = Town(half, f"takeover/{kind}/{turn}")
            # once as whoever took it over writes, once with the partner's own signature copied
            body = text + (one["sign"] if turn else "\n")
            date = f"Tue, 17 Nov 2026 {town.draw.randint(1, 6):02d}:{town.draw.randint(0, 59):02d}:00 +0000"
            content = mail(subject, body, sender=sender, to=US, date=date, files=files, fields=reply)
            doubt = "nothing but a wish to talk elsewhere" if kind in ("line", "whatsapp") else ""
            yield Sample(f"takeover/{half}/{kind}/{turn}", half, content, "warned", doubt, told)
