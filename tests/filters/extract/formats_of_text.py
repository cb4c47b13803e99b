"""The test set: every format that is read, as a function from a text to a file. `python -m` prints what it has.

FORMATS: name -> text -> content; LABELLED: the same for a sensitivity label. See README.md.
"""

import bz2
import gzip
import io
import lzma
import zipfile
from collections.abc import Callable

import docx
import openpyxl
import pikepdf
import pptx
import zstandard
from docx.opc.constants import CONTENT_TYPE
from openpyxl.comments import Comment

from tests.filters.extract import office97
from tests.filters.extract.documents import archive, pdf, saved
from tests.filters.extract.formats import (
    cab,
    cards,
    flat,
    iso,
    odf,
    onenote,
    rar,
    rtf,
    sevenzip,
    tar,
    tnef,
)
from tests.filters.extract.programs import program, sketch

Writer = Callable[[str], bytes]


def _word(text: str) -> "docx.document.Document":  # type: ignore[name-defined]
    document = docx.Document()
    for line in text.split("\n"):
        paragraph = document.add_paragraph(line[: len(line) // 2])
        paragraph.add_run(line[len(line) // 2 :]).bold = True
    return document


def word_header(text: str) -> bytes:
    document = docx.Document()
    document.sections[0].header.paragraphs[0].text = text
    return saved(document)


def word_title(text: str) -> bytes:
    document = docx.Document()
    document.core_properties.title = text[:200]
    return saved(document)


def word_comment(text: str) -> bytes:
    document = docx.Document()
    run = document.add_paragraph("x").runs[0]
    document.add_comment(run, text=text, author="a")
    return saved(document)


def word_deleted(text: str) -> bytes:
    """The text stands in a tracked deletion."""
    body = f'<w:p><w:del w:id="1" w:author="a"><w:r><w:delText>{text}</w:delText></w:r></w:del></w:p>'
    return swapped(
        saved(docx.Document()),
        "word/document.xml",
        lambda xml: xml.replace(b"<w:sectPr", body.encode() + b"<w:sectPr", 1),
    )


def swapped(package: bytes, member: str, change: Callable[[bytes], bytes]) -> bytes:
    """A package with one member changed."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(package)) as source,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for info in source.infolist():
            data = source.read(info)
            target.writestr(info.filename, change(data) if info.filename == member else data)
    return out.getvalue()


def with_members(package: bytes, **members: bytes) -> bytes:
    out = io.BytesIO(package)
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as target:
        for name, data in members.items():
            target.writestr(name, data)
    return out.getvalue()


def template(text: str) -> bytes:
    return swapped(
        saved(_word(text)), "[Content_Types].xml",
        lambda xml: xml.replace(CONTENT_TYPE.WML_DOCUMENT_MAIN.encode(), b"application/vnd.openxmlformats-officedocument.wordprocessingml.template.main+xml"),
    )  # fmt: skip


def _book(place: str) -> Writer:
    def write(text: str) -> bytes:
        book = openpyxl.Workbook()
        sheet = book.active
        sheet["A1"] = "x"
        if place == "cell":
            for number, line in enumerate(text.split("\n"), 2):
                sheet.cell(number, 1, line)
        elif place == "comment":
            sheet["A1"].comment = Comment(text, "a")
        elif place == "header":
            sheet.oddHeader.center.text = text[:200]
        elif place == "hidden row":
            sheet["A5"] = text
            sheet.row_dimensions[5].hidden = True
        else:
            hidden = book.create_sheet("隠し")
            hidden.sheet_state = "hidden"
            hidden["A1"] = text
        return saved(book)

    return write


def _slide(notes: bool) -> Writer:
    def write(text: str) -> bytes:
        show = pptx.Presentation()
        slide = show.slides.add_slide(show.slide_layouts[1])
        if notes:
            slide.notes_slide.notes_text_frame.text = text
        else:
            slide.placeholders[1].text = text
        return saved(show)

    return write


def _pdf_lines(text: str) -> bytes:
    return pdf(text.replace("\n", " "))


def pdf_title(text: str) -> bytes:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf("abc def"))) as document:
        document.docinfo["/Subject"] = text
        document.save(out)
    return out.getvalue()


def eml(text: str) -> bytes:
    body = text.replace("\n", "\r\n").encode("iso2022_jp", "replace")
    return (
        b"From: a@x.example\r\nTo: b@x.example\r\nMIME-Version: 1.0\r\nSubject: x\r\nContent-Type: text/plain; charset=ISO-2022-JP\r\n\r\n"
        + body
    )


def calendar(text: str) -> bytes:
    line = text.replace("\n", "\\n")
    return f"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nSUMMARY:{line[:4]}\r\n {line[4:]}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n".encode()


def page(text: str) -> bytes:
    return f'<html><head><meta charset="shift_jis"></head><body><p><b>{text[:2]}</b>{text[2:]}</p></body></html>'.encode(
        "cp932"
    )


def _txt(text: str) -> bytes:
    return text.encode("cp932")


def _encoded(codec: str, mark: bytes = b"") -> Writer:
    return lambda text: mark + f"ご確認ください。\r\n{text}\r\n".encode(codec)


FORMATS: dict[str, Writer] = {
    "docx": lambda t: saved(_word(t)),
    "header.docx": word_header,
    "title.docx": word_title,
    "comment.docx": word_comment,
    "deleted.docx": word_deleted,
    "dotx": template,
    "docm": lambda t: with_members(saved(_word(t)), **{"word/vbaProject.bin": b"x"}),
    "xlsx": _book("cell"),
    "hidden sheet.xlsx": _book("sheet"),
    "hidden row.xlsx": _book("hidden row"),
    "comment.xlsx": _book("comment"),
    "header.xlsx": _book("header"),
    "xlsm": lambda t: with_members(_book("cell")(t), **{"xl/vbaProject.bin": b"x"}),
    "pptx": _slide(False),
    "notes.pptx": _slide(True),
    "ppsx": _slide(False),
    "doc": office97.doc,
    "single.doc": lambda t: office97.doc(t, single=True),
    "xls": lambda t: office97.xls(*t.split("\n")),
    "comment.xls": lambda t: office97.xls("x", comment=t),
    "header.xls": lambda t: office97.xls("x", header=t),
    "ppt": office97.ppt,
    "odt": lambda t: odf("odt", t),
    "ods": lambda t: odf("ods", t),
    "odp": lambda t: odf("odp", t),
    "header.odt": lambda t: odf("odt", "x", header=t),
    "fodt": flat,
    "rtf": rtf,
    "unicode.rtf": lambda t: rtf(t, coded="unicode"),
    "header.rtf": lambda t: rtf("x", header=t),
    "pdf": _pdf_lines,
    "subject.pdf": pdf_title,
    "html": page,
    "csv": lambda t: f"番号,内容\r\n1,{t}\r\n".encode("cp932"),
    "utf8.txt": _encoded("utf-8"),
    "utf8 mark.txt": _encoded("utf-8", b"\xef\xbb\xbf"),
    "utf16le.txt": _encoded("utf-16-le"),
    "utf16le mark.txt": _encoded("utf-16-le", b"\xff\xfe"),
    "utf16be.txt": _encoded("utf-16-be"),
    "utf16be mark.txt": _encoded("utf-16-be", b"\xfe\xff"),
    "cp932.txt": _encoded("cp932"),
    "eucjp.txt": _encoded("euc_jp"),
    "jis.txt": _encoded("iso2022_jp"),
    "ics": calendar,
    "vcf": lambda t: cards("山田", t.replace("\n", "\\n")),
    "name.vcf": lambda t: cards(t, "x"),
    "eml": eml,
    "msg": lambda t: office97.msg("件名", t),
    "attachment.msg": lambda t: office97.msg("件名", "本文", ("a.xls", office97.xls(t))),
    "inner.msg": lambda t: office97.msg("件名", "本文", inner=office97.message("内", t)),
    "winmail.dat": lambda t: tnef("件名", t),
    "attachment.dat": lambda t: tnef("件名", "本文", ("一覧.txt", _txt(t))),
    "one": onenote,
    "zip": lambda t: archive(("a.txt", _txt(t))),
    "zip.zip": lambda t: archive(("b.zip", archive(("a.docx", saved(_word(t)))))),
    "7z": lambda t: sevenzip(("a.txt", _txt(t))),
    "rar": lambda t: rar(("a.txt", _txt(t))),
    "tar": lambda t: tar(("a.txt", _txt(t))),
    "tgz": lambda t: tar(("a.txt", _txt(t)), mode="w:gz"),
    "tar.bz2": lambda t: tar(("a.txt", _txt(t)), mode="w:bz2"),
    "tar.xz": lambda t: tar(("a.txt", _txt(t)), mode="w:xz"),
    "txt.gz": lambda t: gzip.compress(_txt(t)),
    "txt.bz2": lambda t: bz2.compress(_txt(t)),
    "txt.xz": lambda t: lzma.compress(_txt(t)),
    "txt.zst": lambda t: zstandard.compress(_txt(t)),
    "cab": lambda t: cab(("a.txt", _txt(t))),
    "iso": lambda t: iso(("a.txt", _txt(t))),
    "exe": lambda t: program(sketch("wheel")) + archive(("a.txt", _txt(t))),
}

_CUSTOM = (
    '<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/custom-properties" xmlns:vt="http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes">'
    '<property fmtid="{D5CDD505-2E9C-101B-9397-08002B2CF9AE}" pid="2" name="MSIP_Label_0a0b0c0d-1111-2222-3333-444455556666_Name"><vt:lpwstr>%s</vt:lpwstr></property></Properties>'
)


def _labelled(package: bytes, label: str) -> bytes:
    return with_members(package, **{"docProps/custom.xml": (_CUSTOM % label).encode()})


def pdf_label(label: str) -> bytes:
    """The label in the document information, which lies in a compressed object stream."""
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf("abc def"))) as document:
        document.docinfo["/MSIP_Label_0a0b0c0d-1111-2222-3333-444455556666_Name"] = label
        document.save(out, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return out.getvalue()


_NAME = "MSIP_Label_0a0b0c0d_Name"
LABELLED: dict[str, Writer] = {
    "docx": lambda t: _labelled(saved(_word("x")), t),
    "xlsx": lambda t: _labelled(_book("cell")("x"), t),
    "pptx": lambda t: _labelled(_slide(False)("x"), t),
    "doc": lambda t: office97.doc("x", **{_NAME: t}),
    "xls": lambda t: office97.xls("x", named={_NAME: t}),
    "ppt": lambda t: office97.ppt("x", **{_NAME: t}),
    "odt": lambda t: odf("odt", "x", label=t),
    "pdf": pdf_label,
}

if __name__ == "__main__":
    for name, write in FORMATS.items():
        print(f"{name}\t{len(write('社外秘'))} bytes")
