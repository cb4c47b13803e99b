"""Rows as programs keep them: labels, JSON, YAML, XML, SQL; each makes a mail of headings and rows."""

import json
from collections.abc import Sequence
from xml.sax.saxutils import quoteattr

from tests.judged.mime import file
from tests.judged.third.boxes import Rows, To, said, sent


def labelled(heads: Sequence[str], rows: Rows, to: To) -> bytes:
    """A file of records: label, colon, value; a line of equals signs between."""
    text = "\n==========\n".join(
        "\n".join(f"{h}: {said(v)}" for h, v in zip(heads, row, strict=True)) for row in rows
    )
    return sent(file("uketsuke.log", text + "\n"), to)


def ltsv(heads: Sequence[str], rows: Rows, to: To) -> bytes:
    """Labelled tab-separated values."""
    lines = ["\t".join(f"{h}:{said(v)}" for h, v in zip(heads, row, strict=True)) for row in rows]
    return sent(file("rows.ltsv", "\n".join(lines) + "\n"), to)


def yaml(heads: Sequence[str], rows: Rows, to: To) -> bytes:
    """YAML: a list of mappings."""
    items = ["\n".join(f"    {h}: {said(v)}" for h, v in zip(heads, row, strict=True)) for row in rows]
    text = "version: 2\nitems:\n" + "".join(f"  - {item.strip()}\n" for item in items)
    return sent(file("items.yaml", text), to)


def keyed(heads: Sequence[str], rows: Rows, to: To) -> bytes:
    """JSON: an object for each key, values inside."""
    data = {
        f"r{n:04d}": {"profile": dict(zip(heads[:1], row[:1], strict=True)), "detail": dict(zip(heads[1:], row[1:], strict=True))}
        for n, row in enumerate(rows, 1)
    }  # fmt: skip
    return sent(file("snapshot.json", json.dumps(data, ensure_ascii=True)), to)


def arrays(heads: Sequence[str], rows: Rows, to: To) -> bytes:
    """JSON: headings once, rows as arrays."""
    data = {"columns": list(heads), "data": [list(row) for row in rows]}
    return sent(file("frame.json", json.dumps(data, ensure_ascii=False)), to)


def attributes(heads: Sequence[str], rows: Rows, to: To) -> bytes:
    """XML: values in attributes."""
    body = "".join(
        f"  <entry {' '.join(f'{h}={quoteattr(said(v))}' for h, v in zip(heads, row, strict=True))}/>\n"
        for row in rows
    )
    return sent(
        file("feed.xml", f'<?xml version="1.0" encoding="utf-8"?>\n<entries>\n{body}</entries>\n'), to
    )


def many_values(heads: Sequence[str], rows: Rows, to: To) -> bytes:
    """SQL: one statement for all rows."""
    values = ",\n".join(
        "(" + ", ".join(str(v) if isinstance(v, int | float) else f"'{said(v)}'" for v in row) + ")"
        for row in rows
    )
    columns = ", ".join(f"`{h}`" for h in heads)
    return sent(
        file("backup.sql", f"LOCK TABLES `t1` WRITE;\nINSERT INTO `t1` ({columns}) VALUES\n{values};\n"), to
    )
