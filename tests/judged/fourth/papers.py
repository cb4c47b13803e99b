"""Files of recipes: a few lines and directives (`!header …`) become a document, a sheet, slides, a page."""

import base64
import re
import struct
import zlib
from collections.abc import Callable
from random import Random

from tests.judged.files import Cell, archive, docx, pdf, xlsx
from tests.judged.locked import locked_zip
from tests.judged.mime import MEDIA, File, mail
from tests.judged.third import papers as shapes
from tests.judged.third.paged import pages

Said = dict[str, str]
_PART = re.compile(r"^!part (\S+) (\S+) (\S+)\n(.*?)\n!end\n?", re.S | re.M)


def split(text: str) -> tuple[Said, list[str], str]:
    """Directives by name, the other lines, and the text without parts (`!part path type relation` … `!end`)."""
    said: Said = {}
    lines = []
    for line in _PART.sub("", text).split("\n"):
        if match := re.match(r"!([a-z]+) (.*)", line):
            said[match[1]] = f"{said[match[1]]}\n{match[2]}" if match[1] in said else match[2]
        else:
            lines.append(line)
    return said, lines, text


def _with_parts(package: bytes, text: str, main: str) -> bytes:
    """Parts of a package that are written out in the recipe, linked to its main part; `-` has no relation."""
    for number, (path, media, relation, content) in enumerate(_PART.findall(text)):
        parts = {path: content}
        folder, _, name = main.rpartition("/")
        links = f"{folder}/_rels/{name}.rels"
        if relation != "-":
            kind = (
                relation
                if ":" in relation
                else f"http://schemas.openxmlformats.org/officeDocument/2006/relationships/{relation}"
            )
            one = f'<Relationship Id="rIdx{number}" Type="{kind}" Target="/{path}"/>'
            before = shapes.members(package)[links]
            parts[links] = before.replace("</Relationships>", f"{one}</Relationships>").replace(
                'relationships"/>', f'relationships">{one}</Relationships>'
            )
        package = shapes.changed(package, parts, {path: media})
    return package


def _with_core(package: bytes) -> bytes:
    """A package that has no properties yet gets empty ones."""
    inside = shapes.members(package)
    if "docProps/core.xml" in inside:
        return package
    root = "http://schemas.openxmlformats.org/package/2006"
    core = (
        f'<?xml version="1.0" encoding="UTF-8"?><cp:coreProperties xmlns:cp="{root}/metadata/core-properties" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/"></cp:coreProperties>'
    )
    link = (
        f'<Relationship Id="rIdcore" Type="{root}/relationships/metadata/core-properties" '
        'Target="docProps/core.xml"/></Relationships>'
    )
    return shapes.changed(
        package,
        {"docProps/core.xml": core, "_rels/.rels": inside["_rels/.rels"].replace("</Relationships>", link)},
        {"docProps/core.xml": "application/vnd.openxmlformats-package.core-properties+xml"},
    )


def _properties(package: bytes, said: Said) -> bytes:
    package = _with_core(package)
    for line in said.get("core", "").split("\n"):
        if line:
            element, _, value = line.partition(" ")
            package = shapes.core_property(package, element, value)
    if "custom" in said:
        name, _, value = said["custom"].partition("=")
        package = shapes.custom_property(package, name, value)
    return package


def _replaced(package: bytes, said: Said) -> bytes:
    """`!swap part old => new`: a place that the small documents do not have."""
    for line in said.get("swap", "").split("\n"):
        if line:
            part, _, rest = line.partition(" ")
            old, _, new = rest.partition(" => ")
            before = shapes.members(package)[part]
            if old not in before:
                raise ValueError(f"{old} is not in {part}")
            package = shapes.changed(package, {part: before.replace(old, new, 1)})
    return package


def _docx(text: str) -> bytes:
    said, lines, _ = split(text)
    rows = [line.strip("|").split("|") for line in lines if line.startswith("|")]
    header = "X" if "watermark" in said else said.get("header", "")
    made = docx(
        [line for line in lines if not line.startswith("|")], rows=rows, header=header, footer=said.get("footer", ""),
        title=said.get("title", ""), keywords=said.get("keywords", ""), box=said.get("box", ""),
    )  # fmt: skip
    if "watermark" in said:
        made = shapes.watermarked(made, said["watermark"])
    return _replaced(_with_parts(_properties(made, said), text, "word/document.xml"), said)


def _cell(text: str) -> Cell:
    if text.startswith("#") and text[1:].lstrip("-").replace(".", "", 1).isdigit():
        return float(text[1:]) if "." in text else int(text[1:])
    return text or None


def _xlsx(text: str) -> bytes:
    said, lines, _ = split(text)
    sheets: list[tuple[str, list[list[Cell]]]] = []
    for line in lines:
        if line.startswith("=== "):
            sheets.append((line[4:], []))
            continue
        if not sheets:
            sheets.append(("Sheet1", []))
        sheets[-1][1].append([_cell(one) for one in line.split("|")] if line else [])
    made = xlsx(
        *sheets, header=said.get("header", ""), footer=said.get("footer", ""), title=said.get("title", ""),
        keywords=said.get("keywords", ""),
    )  # fmt: skip
    if "box" in said:
        made = shapes.boxed_sheet(made, said["box"])
    return _replaced(_with_parts(_properties(made, said), text, "xl/workbook.xml"), said)


def _slides(text: str) -> list[list[str]]:
    return [page.strip("\n").split("\n") for page in re.split(r"^---$", text, flags=re.M)]


def _pptx(text: str) -> bytes:
    said, lines, _ = split(text)
    slides = [["\n".join(shown)] for shown in _slides("\n".join(lines))]
    given = {name: said[name] for name in ("footer", "box", "master", "notes") if name in said}
    made = shapes.pptx(slides, **given)  # type: ignore[arg-type]
    if "core" in said or "custom" in said:
        made = _properties(made, said)
    return _replaced(_with_parts(made, text, "ppt/presentation.xml"), said)


def _pdf(text: str) -> bytes:
    said, lines, _ = split(text)
    shown = _slides("\n".join(lines))
    if "stamp" in said or "title" in said:
        return pdf(shown[0], stamp=said.get("stamp", ""), title=said.get("title", ""))
    kind, _, note = said.get("note", " ").partition(" ")
    return pages(
        shown, foot=said.get("foot", ""), across=said.get("across", ""), note=(kind, note),
        keywords=said.get("keywords", ""), spaced=said.get("spaced", ""),
    )  # fmt: skip


def _flat(make: Callable[..., bytes]) -> Callable[[str], bytes]:
    def made(text: str) -> bytes:
        said, lines, _ = split(text)
        return make(lines, header=said.get("header", ""))

    return made


def png(draw: Random, width: int = 40, height: int = 24) -> bytes:
    """A picture of coloured stripes, stored."""
    row = b"\0" + b"".join(bytes(draw.randrange(256) for _ in range(3)) for _ in range(width))
    raw = row * height
    packed = b"\x78\x01\x01" + struct.pack("<HH", len(raw), len(raw) ^ 0xFFFF) + raw
    packed += struct.pack(">I", zlib.adler32(raw))

    def chunk(name: bytes, content: bytes) -> bytes:
        return (
            struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))
        )

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", packed) + chunk(b"IEND", b"")


def _eml(text: str) -> bytes:
    subject, _, body = text.partition("\n")
    return mail(subject, body.strip("\n"), sender=("", "info@okyaku.example"), to=("", "y.sato@corp.example"))


def _svg(text: str) -> bytes:
    body = "".join(f'<text x="8" y="{20 * n}">{line}</text>' for n, line in enumerate(text.split("\n"), 1))
    return f'<svg xmlns="http://www.w3.org/2000/svg" width="320" height="200">{body}</svg>'.encode()


_MAKERS: dict[str, Callable[[str], bytes]] = {
    "docx": _docx, "xlsx": _xlsx, "pptx": _pptx, "pdf": _pdf, "rtf": _flat(shapes.rtf), "odt": _flat(shapes.odt),
    "eml": _eml, "svg": _svg,
}  # fmt: skip


def made(name: str, option: str, text: str, inside: list[tuple[str, bytes]], draw: Random) -> File:
    """A file by its ending; `option` is a character set, "octets" (base64), `locked:WORD`, or "" (UTF-8)."""
    ending = name.rpartition(".")[2].lower()
    media = MEDIA.get(ending, "application/octet-stream")
    if option == "octets":
        return name, media, base64.b64decode(text)
    if option.startswith("locked:"):
        return name, media, locked_zip(inside, option[7:])
    if ending == "zip":
        return name, media, archive(inside)
    if ending in ("png", "jpg"):
        return name, "image/png", png(draw)
    if ending in _MAKERS and not option:
        return name, media, _MAKERS[ending](text)
    return name, media, text.replace("\n", "\r\n").encode(option or "utf-8", "replace") + b"\r\n"
