"""Office documents made by real libraries and then armed with something that acts."""

import io
import zipfile
from collections.abc import Callable

import docx
import openpyxl
import pptx

_RELS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_VBA = "http://schemas.microsoft.com/office/2006/relationships/vbaProject"
MACRO_TYPES = {
    "docm": ("word/document.xml", "application/vnd.ms-word.document.macroEnabled.main+xml"),
    "xlsm": ("xl/workbook.xml", "application/vnd.ms-excel.sheet.macroEnabled.main+xml"),
    "pptm": ("ppt/presentation.xml", "application/vnd.ms-powerpoint.presentation.macroEnabled.main+xml"),
}


def word(text: str = "御見積書 ¥120,000") -> bytes:
    document = docx.Document()
    document.add_paragraph(text)
    return saved(document.save)


def book() -> bytes:
    workbook = openpyxl.Workbook()
    workbook.active["A1"] = "売上"
    workbook.active["B1"] = 1200
    return saved(workbook.save)


def slides() -> bytes:
    show = pptx.Presentation()
    show.slides.add_slide(show.slide_layouts[0]).shapes.title.text = "計画"
    return saved(show.save)


def saved(save: Callable[[io.BytesIO], None]) -> bytes:
    out = io.BytesIO()
    save(out)
    return out.getvalue()


def members(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def packed(files: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return out.getvalue()


def armed(content: bytes, kind: str) -> bytes:
    """The document with a VBA project, as Office writes one."""
    files = members(content)
    main, media = MACRO_TYPES[kind]
    folder, _, name = main.partition("/")
    rels = f"{folder}/_rels/{name}.rels"
    relation = f'<Relationship Id="rIdVba" Type="{_VBA}" Target="vbaProject.bin"/></Relationships>'
    files[rels] = files[rels].replace(b"</Relationships>", relation.encode())
    types = files["[Content_Types].xml"].decode()
    before = types[types.index("ContentType=", types.index(f'PartName="/{main}"')) :].split('"')[1]
    more = (
        f'<Override PartName="/{folder}/vbaProject.bin" ContentType="application/vnd.ms-office.vbaProject"/>'
        f'<Override PartName="/{folder}/vbaData.xml" ContentType="application/vnd.ms-word.vbaData+xml"/></Types>'
    )
    types = types.replace(before, media).replace("</Types>", more)
    files["[Content_Types].xml"] = types.encode()
    files[f"{folder}/vbaProject.bin"] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"Attribut\0AutoOpen Shell" * 20
    files[f"{folder}/vbaData.xml"] = b"<wne:vbaSuppData/>"
    files[f"{folder}/_rels/vbaProject.bin.rels"] = b'<Relationships xmlns="x"/>'
    return packed(files)


def changed(content: bytes, name: str, before: bytes, after: bytes) -> bytes:
    files = members(content)
    assert before in files.get(name, before)
    files[name] = files.get(name, before).replace(before, after)
    return packed(files)
