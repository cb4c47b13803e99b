"""Ordinary letters, varied: signature, footer, quoted history, charset, HTML, attachments."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from random import Random

from tests.judged.files import archive, docx, pdf, xlsx
from tests.judged.mime import File, file, mail
from tests.judged.people import Town, data

PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c4944415408d763f8cfc0000003010100"
    "18dd8db00000000049454e44ae426082"
)


_UNNAMED = re.compile(r"Re:|[\\/:*?\"<>|\[\]（）【】()]")
_ABROAD = ("en-", "de-", "fr-")


@dataclass(frozen=True)
class Letter:
    """Subject and text of one letter to somebody, its values filled in."""

    kind: str
    subject: str
    text: str
    to: tuple[str, str]


def letters(town: Town) -> Iterator[Letter]:
    """Each letter of the half once, with other values."""
    draw = town.draw
    for line in data("ordinary", town.half)["letters"]:
        kind, subject, text = line.split(" | ", 2)
        person, (company, domain) = town.person(), town.company()
        name = person.english if kind[:3] in _ABROAD else person.name
        values = {
            "c": company, "p": name.split()[-1 if kind[:3] in _ABROAD else 0],
            "d": f"{draw.randint(1, 12)}月{draw.randint(1, 28)}日",
            "m": f"{draw.randrange(10_000, 4_000_000, 500):,}", "n": str(draw.randint(2, 9)),
            "o": str(draw.randint(10_000_000, 99_999_999)), "t": str(draw.randint(10**11, 10**12 - 1)),
        }  # fmt: skip
        if kind[:3] in _ABROAD:
            values["d"] = f"{draw.randint(1, 28)} {draw.choice(('January', 'March', 'June', 'December'))}"
        to = (name, f"{person.box.partition('@')[0]}@{domain}")
        yield Letter(kind, subject.format(**values), text.replace("\\", "\n").format(**values), to)


def attachment(draw: Random, topic: str) -> File:
    """A small file of a usual kind."""
    rows: list[list[str | int | float | None]] = [
        ["品名", "数量", "単価"],
        *(["部材", n, draw.randint(100, 9000)] for n in range(9)),
    ]
    book = xlsx(("明細", rows))
    paper = docx(
        [topic, "1. 概要", "2. 日程", f"全{draw.randint(2, 9)}ページ"],
        rows=[["項目", "内容"], ["範囲", "別紙"]],
    )
    page = pdf([topic, "Corp Inc.", f"No. {draw.randint(1000, 9999)}"])
    name = _UNNAMED.sub("", topic)[:12].strip()  # programs leave out what cannot stand in a name
    match draw.randrange(8):
        case 0 | 1:
            return file(f"{name}.xlsx", book)
        case 2:
            return file("document.docx", paper)
        case 3 | 4:
            return file(f"{name}.pdf", page)
        case 5:
            return file("files.zip", archive([("明細.xlsx", book), ("説明.txt", f"{topic}\n".encode())]))
        case 6:
            return file("data.csv", "品名,数量\n軸受,20\n".encode("cp932"))
        case _:
            return file("photo.png", PNG)


def history(town: Town, who: tuple[str, str]) -> str:
    """What `who` wrote before, quoted."""
    name, box = who
    own = data("marks", town.half)["disclaimers"]
    lines = [
        "お世話になっております。",
        "先日の件、いかがでしょうか。ご確認をお願いいたします。",
        "",
        name,
        *town.draw.choice(own).split("\n"),
    ]
    if town.draw.random() < 0.5:
        return (
            f"\n\n2026年11月2日(月) 10:15 {name} <{box}>:\n" + "\n".join(f"> {line}" for line in lines) + "\n"
        )
    head = f"\n\n-----Original Message-----\nFrom: {name} <{box}>\nSent: Monday, November 2, 2026 10:15 AM\nTo: Sato\nSubject: RE: \n\n"
    return head + "\n".join(lines) + "\n"


def varied(town: Town, letter: Letter) -> bytes:
    """The letter as one of many people would have sent it."""
    draw = town.draw
    to = letter.to
    greeting = (
        ""
        if letter.text.startswith(("Dear", "Hi", "Hello", "Sehr", "Madame", "We ", "Vielen"))
        else f"{to[0]} 様\n\nいつもお世話になっております。\n\n"
    )
    text = greeting + letter.text + draw.choice(data("ordinary", town.half)["signatures"])
    if draw.random() < 0.3:
        text += "\n" + draw.choice(data("marks", town.half)["disclaimers"]) + "\n"
    subject = letter.subject
    if draw.random() < 0.35:
        text += history(town, to)
        subject = draw.choice(("Re: ", "RE: ", "Re: Re: ", "Fwd: ", "")) + subject
    charset = "utf-8"
    if draw.random() < 0.3:
        try:
            text.replace("〜", "～").encode("iso-2022-jp")
            charset = "iso-2022-jp"
        except UnicodeEncodeError:
            pass
    page = ""
    if charset == "utf-8" and draw.random() < 0.4:
        lines = "".join(f"<div>{escape(line) or '<br>'}</div>" for line in text.split("\n"))
        page = f"<html><head><style>div{{font-family:Meiryo}}</style></head><body>{lines}</body></html>"
    files = [attachment(draw, letter.subject) for _ in range(draw.choice((0, 0, 0, 1, 1, 2)))]
    fields = [("Cc", "office@corp.example")] if draw.random() < 0.2 else []
    if draw.random() < 0.3:
        fields.append(
            (
                "X-Mailer",
                draw.choice(("Microsoft Outlook 16.0", "Becky! ver. 2.81.05 [ja]", "iPhone Mail (22A3370)")),
            )
        )
    text = text.replace("〜", "～") if charset == "iso-2022-jp" else text
    return mail(subject, text, html=page, files=files, to=to, charset=charset, fields=fields)
