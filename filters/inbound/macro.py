"""IN-MACRO: a document that can act: macros, DDE, templates fetched from elsewhere, PDF actions."""

import re
import zipfile
import zlib
from collections.abc import Iterator
from io import BytesIO

from config.policy import Organisation
from filters.finding import Evidence, Finding
from filters.incoming import incoming_of
from filters.names import MACROS, extension, marked
from filters.reading import reading_of
from filters.rule import Mail, rule

MAX_CONTENT = 20 << 20
_OOXML = frozenset({"docx", "xlsx", "pptx", "docm", "xlsm", "pptm", "ooxml"})
_OLE = frozenset({"doc", "xls", "ppt", "ole"})
_PDF = re.compile(rb"/(?:JavaScript|JS|Launch|OpenAction|AA|EmbeddedFile|RichMedia|XFA)\b")
_PDF_ACTIVE = re.compile(rb"/(?:JavaScript|JS|Launch)\b")
_RTF = re.compile(rb"\\(?:objocx|objemb|objdata|objupdate|\*\\template\s+https?)", re.IGNORECASE)
_DDE = re.compile(rb"DDEAUTO|\bDDE\s|=\s*cmd\|", re.IGNORECASE)


@rule(
    control="IN-MACRO",
    direction="inbound",
    then="warn",
    weight=4,
    ja="添付ファイル「{name}」には、開いたときに動作する仕組み（{what}）が含まれています",
    en='The attachment "{name}" contains something that acts when it is opened ({what})',
)
def macro(mail: Mail, organisation: Organisation) -> Iterator[Finding]:
    """Office macros, DDE and remote templates; scripts and launch actions in PDF; objects in RTF; also inside archives."""
    for attachment in reading_of(mail).attachments:
        kind, content = attachment.extracted.kind, attachment.content[:MAX_CONTENT]
        if what := _acts(kind, content):
            place = f"{attachment.path}/{marked(attachment.name)}"[:160]
            values = {"name": marked(attachment.name)[:60], "what": what}
            yield Finding("", "", (Evidence(what, place),), values=values)
            return
    for file in incoming_of(mail).files:
        if file.kind in ("docm", "xlsm", "pptm") or any(extension(name) in MACROS for name in file.names):
            values = {"name": marked(file.name)[:60], "what": "macro"}
            yield Finding("", "", (Evidence(marked(file.name)[:120], file.place),), values=values)
            return


def _acts(kind: str, content: bytes) -> str:
    """What makes a document act, "" when nothing does."""
    if kind in _OOXML:
        return _ooxml(content)
    if kind in _OLE:
        if (
            b"_\0V\0B\0A\0_\0P\0R\0O\0J\0E\0C\0T" in content
            or b"VBA_PROJECT_CUR" in content.replace(b"\0", b"")[:200_000]
        ):
            return "macro"
        return "DDE" if _DDE.search(content) else ""
    if kind == "pdf" and _PDF_ACTIVE.search(content):
        return "script"
    if kind == "rtf" and _RTF.search(content):
        return "object"
    return ""


def _ooxml(content: bytes) -> str:
    if b"vbaProject.bin" in content:
        return "macro"
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            for info in archive.infolist()[:2000]:
                if info.filename.endswith("settings.xml.rels") and info.file_size < 100_000:
                    relations = archive.read(info)
                    if b"attachedTemplate" in relations and re.search(
                        rb'(?i)Target="(?:https?|ftp|file|\\\\)', relations
                    ):
                        return "template"
                if (
                    info.filename == "word/document.xml"
                    and info.file_size < 5_000_000
                    and _DDE.search(archive.read(info))
                ):
                    return "DDE"
    except (
        zipfile.BadZipFile,
        OSError,
        ValueError,
        RuntimeError,
        NotImplementedError,
        EOFError,
        zlib.error,
    ):
        return ""
    return ""
