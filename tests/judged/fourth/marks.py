"""The fourth marks: words that people mark with, in places; and disclaimers, answers, talk and names that mark nothing."""

from collections.abc import Iterator

from tests.judged import Half, Sample
from tests.judged.fourth import told
from tests.judged.fourth.recipe import Kitchen, cooked

_NAMES = str.maketrans("", "", '<>|[]*?/\\:"【】《》≪≫★＜＞［］()')
_TURNS = 4
_OWN = "お見積りをお送りします。ご確認ください。\n\n--\n株式会社コーポ 佐藤\nTEL 03-5555-0134"
_OWN_ABROAD = "Please see the attached list.\n\nYuki Sato\nCorp Inc."


def _words(half: Half, mark: str, topic: str) -> dict[str, str]:
    bare = mark.translate(_NAMES).strip()
    closed = mark if mark[0] in "【[(＜《≪★［" else f"【{mark}】"
    middle = (len(mark) + 1) // 2
    return {
        "mark": mark, "bare": bare, "tag": closed, "topic": topic, "topicf": topic, "half1": mark[:middle],
        "half2": mark[middle:],
    }  # fmt: skip


def _marked(half: Half) -> Iterator[Sample]:
    lists = told("marks", half)
    for at, place in enumerate(lists["place"]):
        for turn in range(_TURNS):
            name = f"marks/{half}/{place['name']}/{turn}"
            # every fourth is of the higher class
            words = lists["secret" if turn == at % _TURNS else "internal"]
            text, expects, *doubt = words[(at * _TURNS + turn) % len(words)].split(" | ")
            topic = lists["topics"][(at + turn) % len(lists["topics"])]
            content = cooked(Kitchen(half, name, _words(half, text, topic)), place["mail"])
            yield Sample(name, half, content, expects, place.get("doubt", "") or "".join(doubt))


def _page(text: str) -> str:
    return f"<p>{text.replace('<', '&lt;').replace(chr(10), '<br>')}</p>"


def _footers(half: Half) -> Iterator[Sample]:
    for number, footer in enumerate(told("marks", half)["disclaimers"]):
        footer = footer.strip("\n")
        own = _OWN if any("\u3041" <= letter <= "\u30ff" for letter in footer) else _OWN_ABROAD
        text = f"{own}\n\n{footer}\n"
        html = f"\n@@html\n{_page(text)}" if number % 2 else ""
        name = f"marks/{half}/footer-own/{number}"
        yield Sample(name, half, cooked(Kitchen(half, name), f"一覧の送付\n{text}{html}"), "none")
        shown = "\n".join(f"> {line}" for line in f"お願いします。\n\n{footer}".split("\n"))
        if number % 3 == 1:  # as programs do that do not mark what they quote
            shown = f"-----Original Message-----\nFrom: 鈴木\nSubject: 一覧\n\nお願いします。\n\n{footer}"
        name = f"marks/{half}/footer-quoted/{number}"
        yield Sample(
            name, half, cooked(Kitchen(half, name), f"Re: 一覧\n承知しました。\n\n佐藤\n\n{shown}"), "none"
        )


def _talk(half: Half) -> Iterator[Sample]:
    lists = told("marks", half)
    for number, subject in enumerate(lists["answered"]):
        name = f"marks/{half}/answered/{number}"
        text = f"{subject}\n承知いたしました。金曜に伺います。\n\n> {subject}\n> ご都合はいかがですか。"
        yield Sample(name, half, cooked(Kitchen(half, name), text), "none")
    for number, said in enumerate(lists["talk"]):
        said = said.strip("\n")
        name = f"marks/{half}/talk-body/{number}"
        yield Sample(name, half, cooked(Kitchen(half, name), f"ご連絡\n[=to]様\n\n{said}\n\n佐藤"), "none")
        ending = ("docx", "pdf", "pptx", "txt", "xlsx")[number % 5]
        name = f"marks/{half}/talk-file/{number}"
        text = f"文面のご確認\n案文です。\n@@ 案文.{ending}\n文面案\n{said}\n以上"
        yield Sample(name, half, cooked(Kitchen(half, name), text), "none")
    for number, subject in enumerate(lists["subjects"]):
        name = f"marks/{half}/talk-subject/{number}"
        yield Sample(
            name, half, cooked(Kitchen(half, name), f"{subject}\n標題の件、よろしくお願いします。"), "none"
        )
    for number, title in enumerate(lists["filenames"]):
        name = f"marks/{half}/talk-name/{number}"
        yield Sample(
            name,
            half,
            cooked(Kitchen(half, name), f"送付\nお送りします。\n@@ {title}\n1. 目的\n2. 日程"),
            "none",
        )
    for number, title in enumerate(lists["headers"]):
        name = f"marks/{half}/talk-header/{number}"
        text = f"送付\nお送りします。\n@@ doc.docx\n!header {title}\n!title {title}\n1. 目的\n2. 範囲"
        yield Sample(name, half, cooked(Kitchen(half, name), text), "none")


def samples(half: Half) -> Iterator[Sample]:
    """Marks, four words in each place; then what marks nothing."""
    yield from _marked(half)
    yield from _footers(half)
    yield from _talk(half)
