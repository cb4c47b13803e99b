"""Rows as people send them: each function makes a mail of headings (or none) and rows."""

import json
from collections.abc import Sequence
from html import escape
from xml.sax.saxutils import escape as quoted

from tests.judged.files import Cell, docx, pdf, xlsx
from tests.judged.mime import file, mail

Rows = Sequence[Sequence[Cell]]
To = tuple[str, str]
HELLO = "お世話になっております。\n一覧をお送りします。ご確認ください。\n\n佐藤"
SUBJECT = "一覧の送付"


def _said(value: Cell) -> str:
    return "" if value is None else str(value)


def _all(heads: Sequence[str], rows: Rows) -> list[list[str]]:
    return [list(heads)] * bool(heads) + [[_said(value) for value in row] for row in rows]


def sheet(heads: Sequence[str], rows: Rows, to: To) -> bytes:
    """A workbook, headings in the first row."""
    body = [list(heads)] * bool(heads) + [list(row) for row in rows]
    return mail(SUBJECT, HELLO, files=[file("list.xlsx", xlsx(("Sheet1", body)))], to=to)


def low_sheet(heads: Sequence[str], rows: Rows, to: To) -> bytes:
    """A workbook whose table begins at C6, under a title, on the second sheet."""
    body: list[list[Cell]] = [["2026年度 一覧表"], [], [None, "作成日", "2026/11/02"], [], []]
    body += [[None, None, *row] for row in ([list(heads)] * bool(heads) + [list(r) for r in rows])]
    book = xlsx(("表紙", [["一覧"], ["総務"]]), ("データ", body))
    return mail(SUBJECT, HELLO, files=[file("data_2026.xlsx", book)], to=to)


def numbered_sheet(heads: Sequence[str], rows: Rows, to: To) -> bytes:
    """A workbook with a running number in front and a total line behind."""
    body: list[list[Cell]] = [["No.", *heads]] * bool(heads)
    body += [[n, *row] for n, row in enumerate(rows, 1)]
    body.append(["合計", f"{len(rows)}件"])
    return mail(SUBJECT, HELLO, files=[file("一覧.xlsx", xlsx(("一覧", body)))], to=to)


def across_sheet(heads: Sequence[str], rows: Rows, to: To) -> bytes:
    """A workbook turned by a quarter: one column per row."""
    lines = [list(heads)] * bool(heads) + [list(row) for row in rows]
    turned = [[line[n] for line in lines] for n in range(len(rows[0]))]
    return mail(SUBJECT, HELLO, files=[file("t.xlsx", xlsx(("横", turned)))], to=to)


def _delimited(heads: Sequence[str], rows: Rows, by: str, quotes: bool = False) -> str:
    def one(value: str) -> str:
        return '"' + value.replace('"', '""') + '"' if quotes or by in value else value

    return "".join(by.join(map(one, line)) + "\r\n" for line in _all(heads, rows))


def csv(heads: Sequence[str], rows: Rows, to: To) -> bytes:
    """Commas, UTF-8."""
    return mail(SUBJECT, HELLO, files=[file("export.csv", _delimited(heads, rows, ","))], to=to)


def csv_sjis(heads: Sequence[str], rows: Rows, to: To) -> bytes:
    """Commas, quotes, as Excel saves in Japan (cp932)."""
    text = _delimited(heads, rows, ",", quotes=True).replace("髙", "高")
    return mail(SUBJECT, HELLO, files=[file("出力.csv", text.encode("cp932", "replace"))], to=to)


def csv_semicolon(heads: Sequence[str], rows: Rows, to: To) -> bytes:
    """Semicolons and a byte order mark, as Excel saves in Germany."""
    data = b"\xef\xbb\xbf" + _delimited(heads, rows, ";").encode()
    return mail("export", "See the file.", files=[file("export.csv", data)], to=to)


def tsv(heads: Sequence[str], rows: Rows, to: To) -> bytes:
    """Tabs."""
    return mail(SUBJECT, HELLO, files=[file("export.tsv", _delimited(heads, rows, "\t"))], to=to)


def tsv_utf16(heads: Sequence[str], rows: Rows, to: To) -> bytes:
    """Tabs in UTF-16: what Excel calls Unicode text."""
    data = b"\xff\xfe" + _delimited(heads, rows, "\t").encode("utf-16-le")
    return mail(SUBJECT, HELLO, files=[file("unicode.txt", data)], to=to)


def pasted(heads: Sequence[str], rows: Rows, to: To) -> bytes:
    """Cells pasted into a mail: tabs in the text."""
    text = _delimited(heads, rows, "\t").replace("\r\n", "\n")
    return mail(SUBJECT, f"お世話になっております。\n下記のとおりです。\n\n{text}\n以上", to=to)


def piped(heads: Sequence[str], rows: Rows, to: To) -> bytes:
    """A Markdown table in the mail."""
    lines = [f"| {' | '.join(line)} |" for line in _all(heads, rows)]
    if heads:
        lines.insert(1, "|" + "---|" * len(heads))
    return mail(SUBJECT, "\n".join(["下記です。", "", *lines]), to=to)


def spaced(heads: Sequence[str], rows: Rows, to: To) -> bytes:
    """Columns kept apart by ideographic spaces in the mail."""
    lines = ["　".join(line) for line in _all(heads, rows)]
    return mail(SUBJECT, "\n".join(["下記の皆様です。", "", *lines, "", "以上"]), to=to)


def commas(heads: Sequence[str], rows: Rows, to: To) -> bytes:
    """A line each in the mail, with Japanese commas."""
    lines = ["・" + "、".join(line) for line in _all((), rows)]
    return mail(SUBJECT, "\n".join(["次の方々です。", *lines, "よろしくお願いいたします。"]), to=to)


def html(heads: Sequence[str], rows: Rows, to: To) -> bytes:
    """A table in an HTML mail, whose plain text says nothing."""
    body = "".join(f"<tr>{''.join(f'<td>{escape(v)}</td>' for v in line)}</tr>" for line in _all(heads, rows))
    page = f"<html><body><p>下記です。</p><table border=1>{body}</table></body></html>"
    return mail(SUBJECT, "HTMLメールです。", html=page, to=to)


def html_file(heads: Sequence[str], rows: Rows, to: To) -> bytes:
    """A page that was saved, with th and nested tags in the cells."""
    head = f"<tr>{''.join(f'<th><b>{escape(v)}</b></th>' for v in heads)}</tr>" if heads else ""
    body = "".join(
        f"<tr class=r>{''.join(f'<td><span>{escape(_said(v))}</span></td>' for v in row)}</tr>"
        for row in rows
    )
    page = f"<!DOCTYPE html><meta charset=utf-8><title>list</title><table>{head}{body}</table>"
    return mail(SUBJECT, HELLO, files=[file("page.html", page)], to=to)


def objects(heads: Sequence[str], rows: Rows, to: To) -> bytes:
    """JSON: a list of objects."""
    data = [dict(zip(heads, row, strict=True)) for row in rows]
    return mail("data", "As agreed.", files=[file("data.json", json.dumps(data, ensure_ascii=False))], to=to)


def object_lines(heads: Sequence[str], rows: Rows, to: To) -> bytes:
    """JSON Lines with escapes."""
    text = "".join(json.dumps(dict(zip(heads, row, strict=True))) + "\n" for row in rows)
    return mail("dump", "As agreed.", files=[file("dump.jsonl", text)], to=to)


def nested(heads: Sequence[str], rows: Rows, to: To) -> bytes:
    """JSON as an interface answers: the list inside, indented."""
    data = {
        "status": "ok",
        "result": {"total": len(rows), "items": [dict(zip(heads, r, strict=True)) for r in rows]},
    }
    text = json.dumps(data, ensure_ascii=False, indent=2)
    return mail("api response", "Here is the answer we get.", files=[file("response.json", text)], to=to)


def xml(heads: Sequence[str], rows: Rows, to: To) -> bytes:
    """XML: an element for each row."""
    body = "".join(
        f"<row>{''.join(f'<{h}>{quoted(_said(v))}</{h}>' for h, v in zip(heads, row, strict=True))}</row>\n"
        for row in rows
    )
    text = f'<?xml version="1.0" encoding="UTF-8"?>\n<rows>\n{body}</rows>\n'
    return mail("export", "See the file.", files=[file("export.xml", text)], to=to)


def sql(heads: Sequence[str], rows: Rows, to: To) -> bytes:
    """A dump of a database table."""
    lines = [
        f"INSERT INTO t_list ({', '.join(heads)}) VALUES ({', '.join(_literal(v) for v in row)});"
        for row in rows
    ]
    return mail("dump", "See the file.", files=[file("dump.sql", "\n".join(lines) + "\n")], to=to)


def _literal(value: Cell) -> str:
    return "NULL" if value is None else str(value) if isinstance(value, int | float) else f"'{value}'"


def word_table(heads: Sequence[str], rows: Rows, to: To) -> bytes:
    """A table in a document."""
    body = docx(["一覧表"], rows=_all(heads, rows))
    return mail(SUBJECT, HELLO, files=[file("一覧表.docx", body)], to=to)


def printed(heads: Sequence[str], rows: Rows, to: To) -> bytes:
    """A page in PDF, cells kept apart by blanks."""
    return mail(
        SUBJECT,
        HELLO,
        files=[file("list.pdf", pdf("  ".join(line) for line in _all(heads, rows)[:40]))],
        to=to,
    )


def blocks(heads: Sequence[str], rows: Rows, to: To) -> bytes:
    """A block for each row in the mail: heading, colon, value."""
    text = "\n\n".join("\n".join(f"{h}：{_said(v)}" for h, v in zip(heads, row, strict=True)) for row in rows)
    return mail(SUBJECT, f"下記の通りです。\n\n{text}\n\n以上", to=to)


def block_file(heads: Sequence[str], rows: Rows, to: To) -> bytes:
    """A block for each row in a text file, as forms of web sites are stored."""
    text = "\n-----\n".join(
        "\n".join(f"[{h}] {_said(v)}" for h, v in zip(heads, row, strict=True)) for row in rows
    )
    return mail("受付データ", HELLO, files=[file("form.txt", text)], to=to)


def mailboxes(heads: Sequence[str], rows: Rows, to: To) -> bytes:
    """`Name <mail>; ...` as pasted from an address line."""
    text = "; ".join(f"{_said(row[0])} <{_said(row[1])}>" for row in rows)
    return mail("宛先", f"次の方々にご案内ください。\n{text}\n", to=to)


def mailbox_lines(heads: Sequence[str], rows: Rows, to: To) -> bytes:
    """A file with a quoted name and an address on each line."""
    text = "".join(f'"{_said(row[0])}" <{_said(row[1])}>,\n' for row in rows)
    return mail("addresses", "Please import.", files=[file("addresses.txt", text)], to=to)


def json_or_blocks(heads: Sequence[str], rows: Rows, to: To) -> bytes:
    """Blocks in a mail for short lists, JSON for long ones."""
    return (blocks if len(rows) < 25 else objects)(heads, rows, to)
