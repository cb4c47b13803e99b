"""Tiny files, one per family that loads something lazily; they are read once before the worker is locked."""

import base64
import bz2
import gzip
import hashlib
import io
import lzma
import zipfile
import zlib
from functools import cache

import py7zr
import pyzipper
import zstandard
from msoffcrypto.method.ecma376_agile import ECMA376Agile

from filters.extract import picture

PDF = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]/Contents 4 0 R/Resources<</Font<</F 5 0 R/G 6 0 R>>>>>>"
    b"endobj\n4 0 obj<</Length 66>>stream\nBT /F 9 Tf 9 9 Td (warm) Tj /G 9 Tf <305730663057> Tj ET            \n"
    b"endstream endobj\n5 0 obj<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>endobj\n"
    b"6 0 obj<</Type/Font/Subtype/Type0/BaseFont/HeiseiMin-W3/Encoding/UniJIS-UCS2-H/DescendantFonts[7 0 R]>>endobj\n"
    b"7 0 obj<</Type/Font/Subtype/CIDFontType0/BaseFont/HeiseiMin-W3/CIDSystemInfo<</Registry(Adobe)"
    b"/Ordering(Japan1)/Supplement 2>>/FontDescriptor 8 0 R>>endobj\n"
    b"8 0 obj<</Type/FontDescriptor/FontName/HeiseiMin-W3/Flags 4/FontBBox[0 -200 1000 900]/ItalicAngle 0"
    b"/Ascent 900/Descent -200/CapHeight 700/StemV 80>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
)


def package(members: dict[str, str]) -> bytes:
    """A compressed ZIP of texts."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in members.items():
            archive.writestr(name, text)
    return out.getvalue()


_OLE = (
    b"c-p&gUhu)fjZzO8(10BSGsD0CoD6J8VvIn{0^<lU098Q5{{8>|A0z})`+pP+DZnIy6uC?gCNz$jSQrR{H%ku!NkJBb?olxKfZ}Kn"
    b"i~^c~MN=J;DAE7#KX!3OEMf*gtOG4*K=Kk$wgQxX`Imt~4qASdP-s84!psGWSPax1j8H6q<dz5qNFB)lbt6dL0V?l-ROAW)v2U<v"
    b"K)g?4Qff|oV!U5sZYr9eI6&-ai=K5hP&fWSbvF~#ouF`Ih1TQjP&+w+m<x!xftUw~d4ZS@i20#@6@;2045dYZv>22<3I;z2V#o)="
    b"5@7mtWyk~4MGTcBr5`Z{Rz{dvj3nqgzzU%a8A2Em8Il-s7*fefzkCc#VEdV%ZBJ5b#BiYRix^UXc{`sWnW2;+7wC>WqDv131}Uih"
    b"%p}+kZbw5KSF8-dU|Vy6p#TbdPoV8-U^jt8N*FSM>^wYXX+Z5~A;EqjXt@QkAKmAqxyJ%(KMW9KzX%X-8Lc`81%TB-pz<1oS)uH|"
    b"qebJ0007sj#$W"
)
OLE = zlib.decompress(base64.b85decode(_OLE))
"""A compound file that is a Word document."""
LINK = bytes.fromhex(
    "4c0000000114020000000000c000000000000046880000002000000000000000000000000000000000000000000000000000000000"
    "00000001000000000000000000000000000100610000000000"
)
PASSPHRASE = "warm-2345"  # noqa: S105 (protects the samples below)


LOCKED_7Z = base64.b85decode(
    b"H+sCUCma9-lVr;JfB*mh00000C;$Ke00000atL`l0S5jAW{2gzi2VE@5O^1Wxxzpntz#fbZP?A|Ku}ii;{!4x77vy}`V(?*-"
    b"?q<L>>$_lboY}imX1>z#&iauW%Sw&XJ+*+C?G#}<#p>WmQ^k*y_T|0+Db7u&*Jdl;_NVEsF?+QX*qqa7ATQ;R%u8TT{l{$bpG(uMeX7*7X}a"
    b"k32*=h3jqKDBnI&Z0TM(HP7H#Mw*VHPl<8Gdw1~9e3}pZS"
)
"""A 7z archive with encrypted names too, its key made in 2^4 rounds: a usual one would take a second to warm."""


def _sevenzip() -> bytes:
    out = io.BytesIO()
    with py7zr.SevenZipFile(out, "w") as archive:
        archive.writestr("関所", "a.txt")
    return out.getvalue()


def _locked_zip() -> bytes:
    out = io.BytesIO()
    with pyzipper.AESZipFile(out, "w", encryption=pyzipper.WZ_AES) as archive:
        archive.setpassword(PASSPHRASE.encode())
        archive.writestr("a.txt", "関所")
    return out.getvalue()


def _locked_office(content: bytes) -> bytes:
    """An encrypted OOXML document; its key is made in few rounds, as above."""
    made: bytes = ECMA376Agile.encrypt(PASSPHRASE, io.BytesIO(content), spin_count=16)
    return made


@cache
def samples() -> dict[str, bytes]:
    """File name -> content; made once. Locked ones open with PASSPHRASE."""
    types = {
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'
    }
    filling = "".join(hashlib.sha256(bytes([n])).hexdigest() for n in range(200))
    return {
        "a.pdf": PDF,
        "a.docx": package({**types, "word/document.xml": "<w:p>関所</w:p>"}),
        "a.xlsx": package({**types, "xl/sharedStrings.xml": "<sst><si><t>関所</t></si></sst>"}),
        "a.zip": package({"関所.txt": "関所", "b.html": "<html><p>関所</p></html>"}),
        "b.zip": _locked_zip(),
        "b.docx": _locked_office(
            package({**types, "word/document.xml": "<w:p>関所</w:p>", "word/media/a.txt": filling})
        ),
        "a.7z": _sevenzip(),
        "b.7z": LOCKED_7Z,
        "a.gz": gzip.compress(b"a", mtime=0),
        "a.bz2": bz2.compress(b"a"),
        "a.xz": lzma.compress(b"a"),
        "a.zst": zstandard.compress(b"a"),
        "a.doc": OLE,
        "a.lnk": LINK,
        "a.rtf": b"{\\rtf1\\ansi\\ansicpg932 \\'8a\\'d6}",
        "a.vcf": b"BEGIN:VCARD\r\nN;ENCODING=QUOTED-PRINTABLE:=41\r\nEND:VCARD\r\n",
        "a.exe": b"MZ" + bytes(58) + b"\x40\0\0\0PE\0\0" + bytes(300),
        "a.html": b"<html><p>a</p></html>",
        "a.txt": "関所で止まる".encode("cp932"),
        "b.txt": "関所で止まる".encode("iso2022_jp"),
        **picture.samples(),
    }
