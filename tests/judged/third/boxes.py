"""Rows as people send them, further ways than `tests.judged.containers`: each makes a mail of headings and rows."""

from collections.abc import Sequence
from html import escape

from tests.judged.files import Cell, archive, docx, xlsx
from tests.judged.mime import File, file, mail
from tests.judged.third.letters import SENDER, SIGNED
from tests.judged.third.paged import pages
from tests.judged.third.papers import odt, pptx, rtf, slide_table

Rows = Sequence[Sequence[Cell]]
To = tuple[str, str]


def said(value: Cell) -> str:
    """As text."""
    return "" if value is None else str(value)


def texts(heads: Sequence[str], rows: Rows) -> list[list[str]]:
    """Headings, if there are any, and all rows, as text."""
    return [list(heads)] * bool(heads) + [[said(value) for value in row] for row in rows]


def cells(heads: Sequence[str], rows: Rows) -> list[list[Cell]]:
    """The same as cells of a workbook."""
    return [list(heads)] * bool(heads) + [list(row) for row in rows]


def sent(one: File, to: To, subject: str = "データの送付") -> bytes:
    """A mail with the file."""
    hello = f"{to[0].split()[0]}様\n\nお約束のデータをお送りいたします。{SIGNED[0]}"
    return mail(subject, hello, files=[one], sender=SENDER, to=to)


def written(text: str, to: To, subject: str = "取り急ぎご連絡") -> bytes:
    """A mail that says it itself."""
    hello = f"{to[0].split()[0]}様\n\nお世話になっております。次のとおりです。\n\n{text}\n{SIGNED[1]}"
    return mail(subject, hello, sender=SENDER, to=to)


def two_heads(heads: Sequence[str], rows: Rows, to: To) -> bytes:
    """A title over merged cells, a row of groups, a row of headings."""
    over: list[Cell] = ["基本", *[None] * (len(heads) // 2 - 1), "詳細"]
    body: list[list[Cell]] = [["令和8年度 台帳"], [None], over, *cells(heads, rows)]
    return sent(file("台帳.xlsx", xlsx(("台帳", body))), to)


def noted(heads: Sequence[str], rows: Rows, to: To) -> bytes:
    """Title, date and remarks above; remarks below."""
    body: list[list[Cell]] = [["一覧（案）"], ["2026/11/16 現在"], ["※印は確認中"], [], *cells(heads, rows)]
    body += [[], ["備考", "変更があればお知らせください"]]
    return sent(file("ichiran.xlsx", xlsx(("案", body), ("改訂履歴", [["版", "日付"], [1, "11/2"]]))), to)


def plain_sheet(heads: Sequence[str], rows: Rows, to: To) -> bytes:
    """A workbook as a program writes it."""
    return sent(file("export_1116.xlsx", xlsx(("Export", cells(heads, rows)))), to)


def gapped(heads: Sequence[str], rows: Rows, to: To) -> bytes:
    """An empty column between columns, an empty row after each five rows."""
    body: list[list[Cell]] = []
    for number, row in enumerate(cells(heads, rows)):
        body.append([value for cell in row for value in (cell, None)])
        if number % 5 == 4:
            body.append([])
    return sent(file("表.xlsx", xlsx(("Sheet2", body))), to)


def a_sheet_each(heads: Sequence[str], rows: Rows, to: To) -> bytes:
    """A card on a sheet of its own for each row: labels to the left."""
    sheets = [
        (str(n), [["カード", None], *([h, v] for h, v in zip(heads, r, strict=True))])
        for n, r in enumerate(rows, 1)
    ]
    return sent(file("cards.xlsx", xlsx(*sheets)), to)


def stacked(heads: Sequence[str], rows: Rows, to: To) -> bytes:
    """One sheet, a block of labels and values for each row."""
    body: list[list[Cell]] = []
    for row in rows:
        body += [[h, None, v] for h, v in zip(heads, row, strict=True)] + [[]]
    return sent(file("controle.xlsx", xlsx(("票", body))), to)


def labels(heads: Sequence[str], rows: Rows, to: To) -> bytes:
    """Stickers, three beside each other, a value a line."""
    body: list[list[Cell]] = []
    for start in range(0, len(rows), 3):
        three = rows[start : start + 3]
        body += [[row[n] for row in three] for n in range(len(rows[0]))] + [[]]
    return sent(file("宛名ラベル.xlsx", xlsx(("A4_3面", body))), to)


def sticker_text(heads: Sequence[str], rows: Rows, to: To) -> bytes:
    """Blocks of bare lines in a file of text."""
    text = "\r\n\r\n".join("\r\n".join(said(v) for v in row) for row in rows)
    return sent(file("atena.txt", text.encode("cp932", "replace")), to)


def turned(heads: Sequence[str], rows: Rows, to: To) -> bytes:
    """A column for each row."""
    body = cells(heads, rows)
    return sent(
        file("yoko.xlsx", xlsx(("横持ち", [[row[n] for row in body] for n in range(len(body[0]))]))), to
    )


def comma(heads: Sequence[str], rows: Rows, to: To) -> bytes:
    """Quoted commas with a byte order mark."""
    lines = [",".join(f'"{value}"' for value in line) for line in texts(heads, rows)]
    return sent(file("dl_20261116.csv", ("\ufeff" + "\r\n".join(lines) + "\r\n").encode()), to)


def comma_old(heads: Sequence[str], rows: Rows, to: To) -> bytes:
    """Bare commas in cp932."""
    text = "\r\n".join(",".join(line) for line in texts(heads, rows))
    return sent(file("OUT.CSV", text.encode("cp932", "replace")), to)


def semicolons(heads: Sequence[str], rows: Rows, to: To) -> bytes:
    """Semicolons in Latin-1."""
    text = "\r\n".join(";".join(line) for line in texts(heads, rows))
    return sent(file("liste.csv", text.encode("latin-1", "replace")), to, "Liste")


def tabs(heads: Sequence[str], rows: Rows, to: To) -> bytes:
    """Tabs in a file whose name says text."""
    return sent(file("data.txt", "\n".join("\t".join(line) for line in texts(heads, rows)) + "\n"), to)


def tabs_pasted(heads: Sequence[str], rows: Rows, to: To) -> bytes:
    """Tabs in the mail."""
    return written("\n".join("\t".join(line) for line in texts(heads, rows)), to)


def fixed(heads: Sequence[str], rows: Rows, to: To) -> bytes:
    """Columns of equal width, kept apart by blanks, in a file."""
    lines = texts(heads, rows)
    wide = [max(_width(line[n]) for line in lines) + 2 for n in range(len(lines[0]))]
    text = "\n".join(
        "".join(v + " " * (w - _width(v)) for v, w in zip(line, wide, strict=True)).rstrip() for line in lines
    )
    return sent(file("report.lst", text + "\n"), to)


def _width(text: str) -> int:
    return sum(1 if letter.isascii() or "\uff61" <= letter <= "\uff9f" else 2 for letter in text)


def blanks(heads: Sequence[str], rows: Rows, to: To) -> bytes:
    """The same in the mail, with two ideographic spaces."""
    return written("\n".join("　　".join(line) for line in texts(heads, rows)), to)


def bars(heads: Sequence[str], rows: Rows, to: To) -> bytes:
    """A Markdown table in a file."""
    lines = [f"| {' | '.join(line)} |" for line in texts(heads, rows)]
    if heads:
        lines.insert(1, "|" + " :-- |" * len(heads))
    return sent(file("list.md", "# List\n\n" + "\n".join(lines) + "\n"), to)


def frame(heads: Sequence[str], rows: Rows, to: To) -> bytes:
    """As a database's console prints it."""
    lines = texts(heads, rows)
    rule = (
        "+" + "+".join("-" * (max(_width(line[n]) for line in lines) + 2) for n in range(len(lines[0]))) + "+"
    )
    body = [f"| {' | '.join(line)} |" for line in lines]
    shown = [rule, body[0], rule, *body[1:], rule] if heads else [rule, *body, rule]
    return written("\n".join(shown), to, "Re: クエリ結果")


def bullets(heads: Sequence[str], rows: Rows, to: To) -> bytes:
    """A numbered line each, the second value in parentheses, the others behind."""
    lines = []
    for number, row in enumerate(rows, 1):
        first, second, *rest = (said(v) for v in row)
        lines.append(f"{number}. {first}（{second}）{' '.join(rest)}".rstrip())
    return written("\n".join(lines), to)


def two_lines(heads: Sequence[str], rows: Rows, to: To) -> bytes:
    """The first value on a line, the others below, indented."""
    return written(
        "\n".join(f"◎{said(row[0])}\n　　{'　'.join(said(v) for v in row[1:])}" for row in rows), to
    )


def sentence(heads: Sequence[str], rows: Rows, to: To) -> bytes:
    """All in one sentence."""
    people = "、".join(f"{said(row[0])}様（{'、'.join(said(v) for v in row[1:])}）" for row in rows)
    return written(f"ご参加は、{people}の皆様です。", to)


def chain(heads: Sequence[str], rows: Rows, to: To) -> bytes:
    """An emergency chain: who rings whom."""
    return written("\n ↓\n".join(" ".join(said(v) for v in row) for row in rows), to, "連絡網")


def page_table(heads: Sequence[str], rows: Rows, to: To) -> bytes:
    """A styled table in an HTML mail."""
    head = "".join(f"<th bgcolor=#ddd>{escape(h)}</th>" for h in heads)
    body = "".join(
        f"<tr>{''.join(f'<td><p class=MsoNormal><span lang=JA>{escape(said(v))}</span></p></td>' for v in row)}</tr>"
        for row in rows
    )
    page = f"<html><body><p>お世話になっております。</p><table><tr>{head}</tr>{body}</table><p>木村</p></body></html>"
    return mail("一覧", "表をご覧ください。", html=page, sender=SENDER, to=to)


def page_grid(heads: Sequence[str], rows: Rows, to: To) -> bytes:
    """Boxes instead of a table."""
    body = "".join(
        f"<div class=row>{''.join(f'<div class=cell>{escape(v)}</div>' for v in line)}</div>"
        for line in texts(heads, rows)
    )
    return mail("一覧", "HTML", html=f"<html><body>{body}</body></html>", sender=SENDER, to=to)


def document_table(heads: Sequence[str], rows: Rows, to: To) -> bytes:
    """A table in a document, under paragraphs."""
    return sent(file("meibo_an.docx", docx(["報告", "下表のとおり。"], rows=texts(heads, rows))), to)


def document_lines(heads: Sequence[str], rows: Rows, to: To) -> bytes:
    """A paragraph for each row, tabs between."""
    lines = ["\t".join(line) for line in texts(heads, rows)]
    return sent(file("list.odt", odt(["一覧", *lines])), to)


def rich_lines(heads: Sequence[str], rows: Rows, to: To) -> bytes:
    """The same in rich text."""
    return sent(file("list.rtf", rtf([" / ".join(line) for line in texts(heads, rows)])), to)


def slide(heads: Sequence[str], rows: Rows, to: To) -> bytes:
    """A table on a slide."""
    return sent(file("説明.pptx", pptx([["資料"], ["次回"]], tables=[slide_table(texts(heads, rows))])), to)


def printout(heads: Sequence[str], rows: Rows, to: To) -> bytes:
    """Pages in PDF, thirty rows on each."""
    lines = ["   ".join(line) for line in texts(heads, rows)]
    return sent(
        file("print.pdf", pages([lines[n : n + 30] for n in range(0, len(lines), 30)], foot="- 1 -")), to
    )


def zipped(heads: Sequence[str], rows: Rows, to: To) -> bytes:
    """Tabs in a file in an archive."""
    text = "\n".join("\t".join(line) for line in texts(heads, rows))
    return sent(file("backup.zip", archive([("readme.txt", "1 file\n"), ("d/table.tsv", text)])), to)


def forwarded(heads: Sequence[str], rows: Rows, to: To) -> bytes:
    """A mail as attachment, whose text has the rows."""
    inner = written("\n".join(", ".join(line) for line in texts(heads, rows)), to, "元のメール")
    return sent(("original.eml", "application/octet-stream", inner), to, "Fwd: 元のメール")
