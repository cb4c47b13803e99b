"""Files that offices and workshops attach now and then: pictures, drawings, code, data, packed ones."""

import base64
import gzip
import io
import json
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Callable

from tests.judged.files import archive, docx, xlsx
from tests.judged.letters import PNG
from tests.judged.mime import MEDIA, File, file
from tests.judged.people import Town
from tests.judged.third.paged import pages
from tests.judged.third.papers import changed, members, odt, pptx, rtf

JPEG = base64.b64decode(
    "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAFA3PEY8MlBGQUZaVVBfeMiCeG5uePWvuZHI////////////////////////////////////"
    "////////////////wAALCAAIAAgBAREA/8QAHwAAAQUBAQEBAQEAAAAAAAAAAAECAwQFBgcICQoL/8QAtRAAAgEDAwIEAwUFBAQAAAF9"
    "AQIDAAQRBRIhMUEGE1FhByJxFDKBkaEII0KxwRVS0fAkM2JyggkKFhcYGRolJicoKSo0NTY3ODk6Q0RFRkdISUpTVFVWV1hZWmNkZWZn"
    "aGlqc3R1dnd4eXqDhIWGh4iJipKTlJWWl5iZmqKjpKWmp6ipqrKztLW2t7i5usLDxMXGx8jJytLT1NXW19jZ2uHi4+Tl5ufo6erx8vP0"
    "9fb3+Pn6/9oACAEBAAA/AJ6//9k="
)
GIF = base64.b64decode("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7")
TIFF = base64.b64decode(
    "SUkqAAgAAAAIAAABBAABAAAACAAAAAEBBAABAAAACAAAAAMBAwABAAAAAQAAAAYBAwABAAAAAQAAABEBBAABAAAAbgAAABYBBAABAAAACAAAABcB"
    "BAABAAAACAAAABwBAwABAAAAAQAAAAAAAAD//////////w=="
)
PYTHON = '''"""Moving average."""


def mean(values: list[float], width: int = {n}) -> list[float]:
    """Mean of each `width` values."""
    return [sum(values[n : n + width]) / width for n in range(len(values) - width + 1)]
'''
C = '#include <stdio.h>\n\nint main(void)\n{\n    printf("hinge %d\\n", NUMBER);\n    return 0;\n}\n'


def _n(town: Town, low: int = 10, high: int = 99) -> int:
    return town.draw.randint(low, high)


def scan(town: Town) -> bytes:
    """A page from a copier: one picture in PDF, no text (a blank page, 8 by 8)."""
    image = zlib.compress(bytes([town.draw.randint(200, 255)]) * 64)
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /XObject << /I 5 0 R >> >> >>",
        b"<< /Length 28 >>\nstream\nq 595 0 0 842 0 0 cm /I Do Q\nendstream",
        b"<< /Type /XObject /Subtype /Image /Width 8 /Height 8 /ColorSpace /DeviceGray /BitsPerComponent 8 "
        b"/Filter /FlateDecode /Length %d >>\nstream\n%s\nendstream" % (len(image), image),
    ]
    out, places = b"%PDF-1.4\n", []
    for number, inner in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, inner)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    return (
        out
        + b"xref\n0 6\n0000000000 65535 f \n%strailer\n<< /Size 6 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n"
        % (
            table,
            len(out),
        )
    )


def _voice(town: Town) -> bytes:
    samples = bytes(town.draw.randint(120, 136) for _ in range(800))
    head = struct.pack(
        "<4sI4s4sIHHIIHH", b"RIFF", 36 + len(samples), b"WAVE", b"fmt ", 16, 1, 1, 8000, 8000, 1, 8
    )
    return head + struct.pack("<4sI", b"data", len(samples)) + samples


def _tarred(town: Town) -> bytes:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as out:
        for name, text in (
            ("src/mean.py", PYTHON.replace("{n}", str(_n(town)))),
            ("src/Makefile", "all:\n\tcc hinge.c\n"),
        ):
            info = tarfile.TarInfo(name)
            info.size, info.mtime = len(text.encode()), 1_790_000_000
            out.addfile(info, io.BytesIO(text.encode()))
    return gzip.compress(packed.getvalue(), mtime=0)


def _notebook(town: Town) -> str:
    cells = [
        {"cell_type": "markdown", "metadata": {}, "source": ["# Fit\n"]},
        {
            "cell_type": "code",
            "execution_count": 1,
            "metadata": {},
            "outputs": [],
            "source": [f"x = range({_n(town)})\n"],
        },
    ]
    return json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}, indent=1)


def _dxf(town: Town) -> str:
    lines = "".join(f"0\nLINE\n8\n0\n10\n{n}.0\n20\n0.0\n11\n{n}.0\n21\n{_n(town)}.5\n" for n in range(20))
    return f"0\nSECTION\n2\nENTITIES\n{lines}0\nENDSEC\n0\nEOF\n"


def _gerber(town: Town) -> bytes:
    layer = "G04 hinge board*\n%FSLAX34Y34*%\n%MOMM*%\n%ADD10C,0.2*%\nD10*\n" + "".join(
        f"X{_n(town, 1000, 90000)}Y{_n(town, 1000, 90000)}D0{1 + n % 2}*\n" for n in range(40)
    )
    return archive([(f"board{end}", f"{layer}M02*\n") for end in (".gtl", ".gbl", ".gko")])


def _track(town: Town) -> str:
    points = "".join(
        f'<trkpt lat="{35 + town.draw.random():.6f}" lon="{139 + town.draw.random():.6f}"><ele>{_n(town)}</ele></trkpt>'
        for _ in range(30)
    )
    return (
        f'<?xml version="1.0"?><gpx version="1.1" creator="logger"><trk><trkseg>{points}</trkseg></trk></gpx>'
    )


def _e_invoice(town: Town) -> str:
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<Invoice xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2" '
        'xmlns:cbc="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2">'
        f"<cbc:ID>{_n(town, 10**7, 10**8)}</cbc:ID><cbc:IssueDate>2026-11-18</cbc:IssueDate><cbc:Note>お振込手数料は貴社負担</cbc:Note>"
        f'<cbc:PayableAmount currencyID="JPY">{_n(town, 1000, 90000)}</cbc:PayableAmount></Invoice>\n'
    )


def _report_with_sheet(town: Town) -> bytes:
    """A document with a workbook inside, as a chart or table keeps its numbers."""
    inner = xlsx(("表", [["月", "本数"], ["10月", _n(town)], ["11月", _n(town)]]))
    plain = docx(["月報", "内訳は埋め込みの表をご覧ください。"])
    links, types = (members(plain)[name] for name in ("word/_rels/document.xml.rels", "[Content_Types].xml"))
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/package"
    link = f'<Relationship Id="rId8" Type="{kind}" Target="embeddings/sheet1.xlsx"/></Relationships>'
    ending = f'<Default Extension="xlsx" ContentType="{MEDIA["xlsx"]}"/><Override'
    parts = {
        "[Content_Types].xml": types.replace("<Override", ending, 1),
        "word/_rels/document.xml.rels": links.replace("</Relationships>", link),
    }
    out = io.BytesIO(changed(plain, parts))
    with zipfile.ZipFile(out, "a", zipfile.ZIP_STORED) as opened:
        opened.writestr(zipfile.ZipInfo("word/embeddings/sheet1.xlsx", (2026, 11, 2, 9, 0, 0)), inner)
    return out.getvalue()


FILES: dict[str, Callable[[Town], File]] = {
    "scanned-page": lambda t: file(f"scan_202611{_n(t, 10, 28)}.pdf", scan(t)),
    "photo-jpeg": lambda t: ("IMG_2041.JPG", "image/jpeg", JPEG),
    "fax-tiff": lambda t: (f"FAX{_n(t, 1000, 9999)}.tif", "image/tiff", TIFF),
    "gif": lambda t: (f"logo{_n(t)}.gif", "image/gif", GIF),
    "voice": lambda t: ("memo.wav", "audio/wav", _voice(t)),
    "photos": lambda t: file("現場写真.zip", archive([(f"{n:02d}_{_n(t)}.jpg", JPEG) for n in range(4)] + [("00.png", PNG)])),
    "python": lambda t: ("mean.py", "text/x-python", PYTHON.replace("{n}", str(_n(t))).encode()),
    "source-zip": lambda t: file("src.zip", archive([("hinge.c", C.replace("NUMBER", str(_n(t)))), ("Makefile", "all:\n\tcc hinge.c\n"), ("README", "Type make.\n")])),
    "source-tar": lambda t: ("src.tar.gz", "application/gzip", _tarred(t)),
    "log-gz": lambda t: ("app.log.gz", "application/gzip", gzip.compress("".join(f"10:{_n(t)}:{_n(t)} ok\n" for _ in range(50)).encode(), mtime=0)),
    "notebook": lambda t: file("fit.ipynb", _notebook(t)),
    "svg": lambda t: file("plate.svg", f'<svg xmlns="http://www.w3.org/2000/svg" width="90" height="{_n(t)}"><rect width="9" height="9"/><text y="9">plate</text></svg>'),
    "dxf": lambda t: file("plate.dxf", _dxf(t)),
    "gerber": lambda t: file("gerber.zip", _gerber(t)),
    "gps": lambda t: file("track.gpx", _track(t)),
    "e-invoice": lambda t: file("invoice.xml", _e_invoice(t)),
    "unicode-csv": lambda t: file("売上.csv", ("\ufeff月,額\r\n" + "".join(f"{n},{_n(t, 1000, 9000)}\r\n" for n in range(1, 12))).encode("utf-16-le")),
    "embedded-sheet": lambda t: file("月報.docx", _report_with_sheet(t)),
    "slides": lambda t: file("提案.pptx", pptx([["ご提案", f"第{_n(t)}版"], ["1. 現状", "2. 案"], ["3. 費用"]], footer="Corp Inc.  p. 1", notes="ここで実演")),
    "odt-letter": lambda t: file("letter.odt", odt(["拝啓", f"受付第{_n(t)}号の件、承りました。", "敬具"], header="株式会社コーポ")),
    "rtf-letter": lambda t: file("letter.rtf", rtf(["拝啓", f"受付第{_n(t)}号の件、承りました。", "敬具"])),
    "sheets-many": lambda t: file("集計.xlsx", xlsx(*((f"{n}月", [["店", "売上"], ["本店", _n(t)], ["支店", _n(t)]]) for n in range(1, 13)), header="&D")),
    "page-file": lambda t: file("印刷用.html", f"<!DOCTYPE html><title>案内</title><style>p{{color:#333}}</style><p>第{_n(t)}回 例会のご案内です。</p><script>window.print()</script>"),
    "old-text": lambda t: file("メモ.txt", f"第{_n(t)}回の議題\r\n・予算\r\n・日程\r\n".encode("cp932")),
    "name-many-dots": lambda t: file("見積書（最終）_v3.1 - コピー (2).xlsx", xlsx(("見積", [["計", _n(t)]]))),
    "name-emoji": lambda t: file("🎉忘年会のしおり.pdf", pages([["忘年会のしおり", f"集合 18時{_n(t, 10, 50)}分"]])),
    "name-without-ending": lambda t: ("議事メモ", "application/octet-stream", f"第{_n(t)}回 議事メモ\n以上\n".encode()),
}  # fmt: skip
