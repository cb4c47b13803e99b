"""Class marks in more places, and footers, clauses, names and talk that are none."""

import tomllib
from collections.abc import Callable, Iterator
from html import escape
from pathlib import Path

from tests.judged import Half, Sample
from tests.judged.files import Cell, archive, docx, pdf, xlsx
from tests.judged.mime import MEDIA, file
from tests.judged.people import Town
from tests.judged.third import papers
from tests.judged.third.letters import SIGNED, abroad, below, letter, page, sent
from tests.judged.third.paged import pages

LISTS = tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))
PLAIN = "ご依頼の資料をお届けいたします。ご査収ください。"
MAIN = ["1. 目的", "現行の手順をまとめ、次の期に備える。", "2. 日程", "12月上旬に案を出す。"]
_BARE = str.maketrans("", "", '<>|[]*?/\\:"')

Place = Callable[[Town, str, str], bytes]  # a mark in its brackets, and what the mail is about


def _rows() -> list[list[Cell]]:
    return [["部品", "個数"], ["蝶番", 40], ["取手", 12]]


def _file(name: str, make: Callable[[str, str], bytes | str]) -> Place:
    """A mail with one file: `name` may hold {topic}."""

    def put(town: Town, mark: str, topic: str) -> bytes:
        one = file(name.format(topic=topic), make(mark, topic))
        return sent(town, f"{topic}をお送りします", PLAIN, shape=1, files=(one,))

    return put


def _named(ending: str, shape: str) -> Place:
    def put(town: Town, mark: str, topic: str) -> bytes:
        name = shape.format(mark=mark.translate(_BARE).strip(), topic=topic)
        content = xlsx((topic, _rows())) if ending == "xlsx" else pdf([topic, *MAIN])
        return sent(town, f"{topic}の件", PLAIN, shape=1, files=(file(f"{name}.{ending}", content),))

    return put


def _in_zip(town: Town, mark: str, topic: str) -> bytes:
    inside = archive([("readme.txt", "中身は2点です。\n"), (f"{topic}.docx", docx([topic], header=mark))])
    return sent(town, topic, PLAIN, shape=1, files=(file("一式.zip", inside),))


def _html(shape: str) -> Place:
    def put(town: Town, mark: str, topic: str) -> bytes:
        html = shape.format(mark=escape(mark), topic=escape(topic))
        return sent(town, topic, "HTML形式のメールです。", html=f"<html><body>{html}</body></html>")

    return put


def _invitation(mark: str, topic: str) -> str:
    return (
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Corp//Kept//JA\r\nBEGIN:VEVENT\r\nUID:t-3@corp.example\r\n"
        f"DTSTAMP:20261116T000000Z\r\nDTSTART:20261120T050000Z\r\nSUMMARY:{mark} {topic}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    )


PLACES: dict[str, Place] = {
    "subject-before": lambda t, mark, topic: sent(t, f"【{mark.strip('【】')}】{topic}のご相談", PLAIN, shape=1),
    "subject-behind": lambda t, mark, topic: sent(t, f"{topic}のご相談 ({mark})", PLAIN, shape=1),
    "body-first": lambda t, mark, topic: sent(t, topic, f"{mark}\n\n{PLAIN}{SIGNED[0]}"),
    "body-right": lambda t, mark, topic: sent(t, topic, f"{'　' * 24}{mark}\n\n{PLAIN}{SIGNED[1]}"),
    "body-under-heading": lambda t, mark, topic: sent(t, topic, f"関係各位\n\n■ {topic}\n{mark}\n\n{PLAIN}"),
    "body-framed": lambda t, mark, topic: sent(t, topic, f"+----------------+\n{mark}\n+----------------+\n{PLAIN}"),
    "body-last": lambda t, mark, topic: sent(t, topic, f"{PLAIN}\n\n\n{mark}\n"),
    "html-stamp": _html('<div style="float:right;border:3px double #c00;padding:4px"><b>{mark}</b></div><p>{topic}です。</p>'),
    "html-banner": _html('<table width=100% bgcolor=#990000><tr><td align=center><font color=white>{mark}</font></td></tr></table><p>{topic}</p>'),
    "html-foot": _html('<p>{topic}をお送りします。</p><hr><center><small>{mark}</small></center>'),
    "name-before": _named("xlsx", "【{mark}】{topic}"),
    "name-between": _named("pdf", "2026_{mark}_{topic}"),
    "name-behind": _named("xlsx", "{topic}（{mark}）"),
    "docx-first": _file("a1.docx", lambda mark, topic: docx([mark, topic, *MAIN])),
    "docx-header": _file("a2.docx", lambda mark, topic: docx([topic, *MAIN], header=mark)),
    "docx-footer": _file("a3.docx", lambda mark, topic: docx([topic, *MAIN], footer=mark)),
    "docx-box": _file("a4.docx", lambda mark, topic: docx([topic, *MAIN], box=mark)),
    "docx-watermark": _file("a5.docx", lambda mark, topic: papers.watermarked(docx([topic, *MAIN], header="X"), mark)),
    "docx-cover-table": _file("a6.docx", lambda mark, topic: docx([topic], rows=[["作成", "総務課"], ["区分", mark], ["頁数", "8"]])),
    "docx-keywords": _file("a7.docx", lambda mark, topic: docx([topic, *MAIN], keywords=mark)),
    "docx-category": _file("a8.docx", lambda mark, topic: papers.core_property(docx([topic, *MAIN]), "cp:category", mark)),
    "docx-status": _file("a9.docx", lambda mark, topic: papers.core_property(docx([topic]), "cp:contentStatus", mark)),
    "docx-custom": _file("aa.docx", lambda mark, topic: papers.custom_property(docx([topic, *MAIN]), "情報区分", mark)),
    "xlsx-header": _file("b1.xlsx", lambda mark, topic: xlsx((topic, _rows()), header=mark)),
    "xlsx-footer": _file("b2.xlsx", lambda mark, topic: xlsx((topic, _rows()), footer=f"{mark}")),
    "xlsx-corner": _file("b3.xlsx", lambda mark, topic: xlsx((topic, [[topic, None, None, None, mark], [], *_rows()]))),
    "xlsx-second-sheet": _file("b4.xlsx", lambda mark, topic: xlsx((topic, _rows()), ("表紙", [[None, mark]]))),
    "xlsx-sheet-name": _file("b5.xlsx", lambda mark, topic: xlsx((mark.translate(_BARE).strip(), _rows()))),
    "xlsx-box": _file("b6.xlsx", lambda mark, topic: papers.boxed_sheet(xlsx((topic, _rows())), mark)),
    "xlsx-custom": _file("b7.xlsx", lambda mark, topic: papers.custom_property(xlsx((topic, _rows())), "Classification", mark)),
    "pptx-title": _file("c1.pptx", lambda mark, topic: papers.pptx([[f"{topic}\n{mark}"], ["概要"]])),
    "pptx-footer": _file("c2.pptx", lambda mark, topic: papers.pptx([[topic], ["概要", "図1"]], footer=mark)),
    "pptx-master": _file("c3.pptx", lambda mark, topic: papers.pptx([[topic], ["概要"]], master=mark)),
    "pptx-box": _file("c4.pptx", lambda mark, topic: papers.pptx([[topic], ["概要"]], box=mark)),
    "pptx-notes": _file("c5.pptx", lambda mark, topic: papers.pptx([[topic], ["概要"]], notes=mark)),
    "pdf-first": _file("d1.pdf", lambda mark, topic: pages([[mark, topic, *MAIN]])),
    "pdf-foot": _file("d2.pdf", lambda mark, topic: pages([[topic, *MAIN], ["3. 体制"]], foot=mark)),
    "pdf-across": _file("d3.pdf", lambda mark, topic: pages([[topic, *MAIN]], across=mark)),
    "pdf-stamp": _file("d4.pdf", lambda mark, topic: pdf([topic, *MAIN], stamp=mark)),
    "pdf-free-text": _file("d5.pdf", lambda mark, topic: pages([[topic, *MAIN]], note=("FreeText", mark))),
    "pdf-watermark": _file("d6.pdf", lambda mark, topic: pages([[topic, *MAIN]], note=("Watermark", mark))),
    "pdf-keywords": _file("d7.pdf", lambda mark, topic: pages([[topic, *MAIN]], keywords=mark)),
    "rtf-header": _file("e1.rtf", lambda mark, topic: papers.rtf([topic, *MAIN], header=mark)),
    "odt-header": _file("e2.odt", lambda mark, topic: papers.odt([topic, *MAIN], header=mark)),
    "csv-comment": _file("e3.csv", lambda mark, topic: f"# {mark}\r\n部品,個数\r\n蝶番,40\r\n"),
    "txt-first": _file("e4.txt", lambda mark, topic: f"{mark}\r\n\r\n{topic}\r\n{MAIN[1]}\r\n"),
    "html-file": _file("e5.html", lambda mark, topic: f"<!DOCTYPE html><meta charset=utf-8><h1>{topic}</h1><p class=class>{escape(mark)}</p><p>{MAIN[1]}</p>"),
    "calendar": _file("e6.ics", _invitation),
    "zip-docx": _in_zip,
}  # fmt: skip
_LINE_PLACES = (
    "body-first",
    "docx-header",
    "docx-footer",
    "xlsx-footer",
    "pptx-footer",
    "pdf-foot",
    "html-foot",
)
_SPACED_PLACES = ("body-right", "docx-box", "pdf-first", "xlsx-corner", "html-stamp")
_PROPERTIES = (
    "xlsx-sheet-name",
    "docx-keywords",
    "docx-category",
    "docx-status",
    "docx-custom",
    "xlsx-custom",
)


def _parts(line: str) -> tuple[str, str, str]:
    text, expects, doubt = (*line.split(" | "), "")[:3]
    return text, expects, doubt


def _wrapped(town: Town, place: str, text: str) -> str:
    if place.startswith(("name", "subject")) or place in _PROPERTIES:
        return text
    wrap = str(town.draw.choice(LISTS["wraps"]))
    if wrap == "{}" and place == "calendar":
        wrap = "【{}】"  # bare before a topic it would be a phrase
    return wrap.format(text)


def _marked(half: Half) -> Iterator[Sample]:
    words = [_parts(line) for line in LISTS["words"]]
    number = 0
    for at, (place, put) in enumerate(PLACES.items()):
        for turn in range(6):
            town = Town(half, f"marks/{place}/{turn}")
            text, cls, doubt = words[(at * 5 + turn * 7) % len(words)]
            if place == "pptx-notes":
                doubt = doubt or "class: in the speaker's notes"
            mark = _wrapped(town, place, text)
            content = put(town, mark, town.draw.choice(town.lists["topics"]))
            yield Sample(f"marks/{half}/{place}/{number:03d}", half, content, cls, doubt)
            number += 1
    for at, line in enumerate(LISTS["spaced"]):
        text, cls, doubt = _parts(line)
        for turn in range(2):
            place = _SPACED_PLACES[(at + turn) % len(_SPACED_PLACES)]
            town = Town(half, f"marks/spaced/{at}/{turn}")
            content = PLACES[place](town, text, town.draw.choice(town.lists["topics"]))
            yield Sample(f"marks/{half}/spaced-{place}/{number:03d}", half, content, cls, doubt)
            number += 1
    for word in ("社外秘", "極秘", "取扱注意"):
        cls = "極秘" if word == "極秘" else "社外秘"
        town = Town(half, f"marks/apart/{word}")
        one = file("f1.pdf", pages([["議題", *MAIN]], spaced=word))
        content = sent(town, "議題", PLAIN, shape=1, files=(one,))
        yield Sample(f"marks/{half}/pdf-letters-apart/{number:03d}", half, content, cls)
        number += 1
    for at, line in enumerate(LISTS["lines"]):
        text, cls, doubt = _parts(line)
        for turn in range(2):
            place = _LINE_PLACES[(at + turn * 3) % len(_LINE_PLACES)]
            town = Town(half, f"marks/line/{at}/{turn}")
            content = PLACES[place](town, text, town.draw.choice(town.lists["topics"]))
            yield Sample(f"marks/{half}/line-{place}/{number:03d}", half, content, cls, doubt)
            number += 1
    for at, line in enumerate(LISTS["doubtful"]):
        text, expects, doubt = _parts(line)
        place = ("body-first", "docx-header", "pdf-first")[at % 3]
        content = PLACES[place](Town(half, f"marks/doubt/{at}"), text, "資料")
        yield Sample(f"marks/{half}/doubtful-{place}/{number:03d}", half, content, expects, doubt)
        number += 1


def _footers(half: Half) -> Iterator[Sample]:
    for number, footer in enumerate(LISTS["disclaimers"]):
        town = Town(half, f"marks/footer/{number}")
        to = town.partner()
        own = (
            "Please see the enclosed list." if abroad(footer) else "一覧をお送りいたします。ご確認ください。"
        )
        text = f"{letter(town, own, to)}\n{footer}\n"
        content = sent(town, "一覧の件", text, html=page(text) if number % 3 == 1 else "")
        yield Sample(f"marks/{half}/footer-own/{number:02d}", half, content, "none")
        theirs = f"{letter(town, own, to)}{below(to, f'ご査収ください。{chr(10) * 2}{footer}')}"
        content = sent(town, "Re: 一覧の件", theirs, html=page(theirs) if number % 3 == 2 else "")
        yield Sample(f"marks/{half}/footer-quoted/{number:02d}", half, content, "none")
    for number, subject in enumerate(LISTS["answered"]):
        town = Town(half, f"marks/answered/{number}")
        quoted = subject.partition(": ")[2]
        text = f"承知いたしました。水曜日に伺います。\n\n木村\n\n> 件名: {quoted}\n> 水曜日はいかがでしょうか。\n"
        yield Sample(f"marks/{half}/answered/{number:02d}", half, sent(town, subject, text), "none")


def _talk(half: Half) -> Iterator[Sample]:
    for number, line in enumerate(LISTS["mentions"]):
        place, text = line.split(" | ", 1)
        town = Town(half, f"marks/talk/{number}")
        if place in ("body", "both"):
            content = sent(town, "ご連絡", text, shape=1 + number % 4)
            yield Sample(f"marks/{half}/talk-body/{number:02d}", half, content, "none")
        if place in ("docx", "both"):
            lines = [f"資料{number}", *text.split("\n"), "以上"]
            one = file("案文.docx", docx(lines)) if number % 3 else file("案文.pdf", pages([lines]))
            content = sent(town, "文面の確認", PLAIN, shape=1, files=(one,))
            yield Sample(f"marks/{half}/talk-file/{number:02d}", half, content, "none")
        if place == "subject":
            content = sent(town, text, "標題の件、別添のとおりです。", shape=1)
            yield Sample(f"marks/{half}/talk-subject/{number:02d}", half, content, "none")
        if place == "name":
            one = (text, MEDIA["docx"], docx(["ご確認ください。", *MAIN]))
            content = sent(town, "ファイルの送付", PLAIN, shape=1, files=(one,))
            yield Sample(f"marks/{half}/talk-name/{number:02d}", half, content, "none")


def samples(half: Half) -> Iterator[Sample]:
    """Marks in each place, letter-spaced and as whole lines; then footers, answered subjects and talk."""
    yield from _marked(half)
    yield from _footers(half)
    yield from _talk(half)
