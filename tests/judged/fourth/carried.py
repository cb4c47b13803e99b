"""What mails of the fourth set carry: files that are what they claim, made from a line "name|maker|argument"."""

import base64
import json
import zipfile
from collections.abc import Callable
from io import BytesIO
from xml.sax.saxutils import escape

from tests.judged.files import archive
from tests.judged.locked import locked_zip
from tests.judged.mime import File, file
from tests.judged.third.bait import BAIT

SHELL = "new ActiveXObject('WScript.Shell').Run('cmd /c exit',0);"


def _event(line: str, method: str = "REQUEST") -> bytes:
    """A calendar of "title>description>organiser>place"."""
    title, words, host, *place = line.split(">")
    where = f"LOCATION:{place[0]}\r\n" if place else ""
    return (
        f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Google Inc//Google Calendar 70.9054//EN\r\nMETHOD:{method}\r\nBEGIN:VEVENT\r\n"
        f"UID:{abs(hash_of(line)):x}@{host.partition('@')[2]}\r\nDTSTAMP:20261118T000000Z\r\nDTSTART:20261127T010000Z\r\nDTEND:20261127T020000Z\r\n"
        f"SUMMARY:{title}\r\n{where}DESCRIPTION:{words}\r\nORGANIZER;CN={host}:mailto:{host}\r\nATTENDEE;RSVP=TRUE:mailto:y.sato@corp.example\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    ).encode()


def hash_of(text: str) -> int:
    """A number of a text, the same on every machine."""
    return sum(ord(letter) * 131**place for place, letter in enumerate(text[:40]))


def _svg_page(link: str) -> bytes:
    """A drawing with a page inside that goes elsewhere."""
    return (
        f'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" width="100%" height="100%"><foreignObject width="100%" height="100%">'
        f'<iframe xmlns="http://www.w3.org/1999/xhtml" src="{escape(link)}" style="width:100%;height:100%;border:0"></iframe></foreignObject></svg>'
    ).encode()


def _svg_charcodes(link: str) -> bytes:
    codes = ",".join(str(ord(letter) ^ 23) for letter in link)
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" onload="go()"><script type="text/ecmascript"><![CDATA[function go(){var a=['
        f"{codes}];window.location.replace(a.map(function(c){{return String.fromCharCode(c^23)}}).join(''))}}]]></script></svg>"
    ).encode()


def _refresh(link: str) -> bytes:
    return f'<html><head><meta http-equiv="refresh" content="1;url={escape(link)}"></head><body>Loading secure document…</body></html>'.encode()


def _xhtml(link: str) -> bytes:
    coded = base64.b64encode(
        f'<form method="post" action="{link}"><input type="password" name="p"/></form>'.encode()
    ).decode()
    return (
        '<?xml version="1.0" encoding="UTF-8"?><!DOCTYPE html><html xmlns="http://www.w3.org/1999/xhtml"><head><title>Voicemail</title></head><body>'
        f"<div id='r'></div><script>document.getElementById('r').innerHTML=atob({json.dumps(coded)});</script></body></html>"
    ).encode()


def _mail(line: str) -> bytes:
    """A mail as a file, of "from>subject>text"."""
    sender, subject, text = line.split(">", 2)
    return (
        f"From: {sender}\r\nTo: y.sato@corp.example\r\nSubject: {subject}\r\nDate: Mon, 16 Nov 2026 09:12:00 +0900\r\nMIME-Version: 1.0\r\n"
        f"Content-Type: text/html; charset=utf-8\r\n\r\n<html><body>{text}</body></html>\r\n"
    ).encode()


def _search(host: str) -> bytes:
    return (
        '<?xml version="1.0"?><persistedQuery version="1.0"><viewInfo viewMode="details"/><query><conditions/><kindList><kind name="document"/></kindList>'
        f'<scope><include path="\\\\{host}@SSL\\DavWWWRoot\\docs"/></scope></query></persistedQuery>'
    ).encode()


def _search_page(host: str) -> bytes:
    return (
        f'<html><head><meta http-equiv="refresh" content="0; url=search:query=invoice&amp;crumb=location:\\\\{host}@SSL\\DavWWWRoot\\&amp;displayname=Downloads"></head>'
        "<body>Opening your documents…</body></html>"
    ).encode()


def _zipped(line: str) -> bytes:
    """A ZIP of "name>maker>argument"."""
    name, maker, argument = line.split(">", 2)
    return archive([(name, MAKERS[maker](argument))])


def _locked(line: str) -> bytes:
    """An encrypted ZIP of "passphrase>name>maker>argument"."""
    phrase, name, maker, argument = line.split(">", 3)
    return locked_zip([(name, MAKERS[maker](argument))], phrase)


def _two(line: str) -> bytes:
    """A ZIP of two files: "name>maker>argument>>name>maker>argument"."""
    members = [one.split(">", 2) for one in line.split(">>")]
    return archive([(name, MAKERS[maker](argument)) for name, maker, argument in members])


def _nested(line: str) -> bytes:
    """A ZIP in a ZIP of "name>maker>argument"."""
    name, maker, argument = line.split(">", 2)
    return archive([("documents.zip", archive([(name, MAKERS[maker](argument))]))])


def _many(line: str) -> bytes:
    """A ZIP of harmless pictures and one file "name>maker>argument" in a folder."""
    name, maker, argument = line.split(">", 2)
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        for number in range(6):
            packed.writestr(
                zipfile.ZipInfo(f"photos/IMG_{4210 + number}.png", (2026, 11, 16, 9, 0, 0)), MAKERS["png"]("")
            )
        packed.writestr(zipfile.ZipInfo(f"photos/{name}", (2026, 11, 16, 9, 0, 0)), MAKERS[maker](argument))
    return out.getvalue()


MAKERS: dict[str, Callable[[str], bytes]] = {
    **BAIT,
    "event": _event,
    "cancelled": lambda line: _event(line, "CANCEL"),
    "answered": lambda line: _event(line, "REPLY"),
    "svg-page": _svg_page,
    "svg-codes": _svg_charcodes,
    "refresh": _refresh,
    "xhtml": _xhtml,
    "eml": _mail,
    "search": _search,
    "search-page": _search_page,
    "zip": _zipped,
    "locked": _locked,
    "two": _two,
    "nested": _nested,
    "photos": _many,
    "js": lambda _: f"/* jQuery v3.6.0 */\r\nvar a='x';\r\n{SHELL}\r\n".encode(),
    "jse": lambda _: f"var q=1;{SHELL}".encode(),
    "ps1": lambda _: b"$ErrorActionPreference='SilentlyContinue'\r\nStart-Process powershell -ArgumentList '-w hidden -c exit'\r\n",
    "cmd": lambda _: b"@echo off\r\nsetlocal\r\nstart \"\" /b powershell -nop -w hidden -c \"exit\"\r\n",
    "reg": lambda _: b"Windows Registry Editor Version 5.00\r\n\r\n[HKEY_CURRENT_USER\\Software\\Microsoft\\Windows\\CurrentVersion\\Run]\r\n\"Update\"=\"cmd /c exit\"\r\n",
    "settings": lambda _: b'<?xml version="1.0" encoding="UTF-8"?><PCSettings><SearchableContent xmlns="http://schemas.microsoft.com/Search/2013/SettingContent"><ApplicationInformation><DeepLink>%windir%\\system32\\cmd.exe /c exit</DeepLink></ApplicationInformation></SearchableContent></PCSettings>',
    "appinstaller": lambda link: f'<?xml version="1.0" encoding="utf-8"?><AppInstaller Uri="{link}" Version="1.0.0.0" xmlns="http://schemas.microsoft.com/appx/appinstaller/2018"><MainPackage Name="Viewer" Version="1.0.0.0" Publisher="CN=Viewer" Uri="{link}"/></AppInstaller>'.encode(),
    "msc": lambda link: f'<?xml version="1.0"?><MMC_ConsoleFile ConsoleVersion="3.0"><BinaryStorage></BinaryStorage><StringTables><StringTable><Strings><String ID="1">{link}</String></Strings></StringTable></StringTables><ConsoleTaskpads><ConsoleTaskpad><Tasks><Task Type="CommandLine" Command="cmd.exe"><CommandLine Directory="" WindowState="Minimized" Params="/c exit"/></Task></Tasks></ConsoleTaskpad></ConsoleTaskpads></MMC_ConsoleFile>'.encode(),
    "csv": lambda text: "".join(f"{row}\r\n" for row in text.split("/")).encode("utf-8-sig"),
    "vcf": lambda line: "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:{}\r\nORG:{}\r\nTEL;TYPE=WORK:{}\r\nEMAIL:{}\r\nEND:VCARD\r\n".format(*line.split(">")).encode(),
    "xml": lambda text: f'<?xml version="1.0" encoding="UTF-8"?><data>{text}</data>'.encode(),
}  # fmt: skip


def carried(line: str) -> File:
    """The file that a line tells."""
    name, maker, argument = line.split("|", 2)
    return file(name, MAKERS[maker](argument))
