"""IN-TYPE: a file that is not what its name says."""

from collections.abc import Iterator

from config.policy import Organisation
from filters.extract.kinds import EXECUTABLE
from filters.finding import Evidence, Sight
from filters.lures.names import DANGEROUS, DOCUMENTS, extension, marked
from filters.reading.incoming import IncomingFile
from filters.rule import rule
from filters.trigger import Given
from filters.views import ByFiles

_KINDS = {
    extension: frozenset(kinds.split())
    for extensions, kinds in (
        ("pdf", "pdf"),
        ("docx dotx", "docx ooxml encrypted-ooxml"),
        ("xlsx xltx", "xlsx ooxml encrypted-ooxml"),
        ("pptx ppsx", "pptx ooxml encrypted-ooxml"),
        ("doc dot", "doc ole rtf docx html xml ooxml encrypted-ooxml eml"),
        ("xls xlt", "xls ole xlsx html xml ooxml encrypted-ooxml"),
        ("ppt pps", "ppt ole pptx ooxml encrypted-ooxml"),
        ("jpg jpeg jpe png gif bmp tif tiff webp heic", "image"),
        ("txt csv log md", "xml html eml script"),
        ("ics vcf", ""),
        ("mp4 mov avi wmv m4a", "video audio"),
        ("mp3 wav", "audio video"),
        ("zip", "zip docx xlsx pptx docm xlsm pptm xlsb ooxml odt ods odp odf jar apk 7z rar"),
        ("7z", "7z zip"),
        ("rar", "rar zip"),
        ("gz tgz", "gz tar"),
        ("htm html xhtml", "html xml eml"),
        ("eml", "eml html"),
        ("msg", "msg eml ole"),
        ("rtf", "rtf doc docx"),
        ("odt ods odp", "odt ods odp odf odf-flat"),
    )
    for extension in extensions.split()
}
"""What the content of a file with this extension may be; text of any kind is never held against it."""
_UNSURE = frozenset({"unknown", "empty", "text", "appledouble", "dsstore"})
"""Kinds that are held against no name; what a Mac puts beside a file is called as the file is."""
_DECLARED = {
    "application/pdf": "pdf",
    "application/msword": "doc",
    "application/vnd.ms-excel": "xls",
    "text/calendar": "ics",
    "text/csv": "csv",
    "application/rtf": "rtf",
    "application/zip": "zip",
}
"""Media types that stand for an extension when the name has no known one."""


@rule(control="IN-TYPE", direction="inbound", wakes=(Given.FILE,))
def type_mismatch(mail: ByFiles, organisation: Organisation) -> Iterator[Sight]:
    """The extension of a file disagrees with its content; a program under the name of a document weighs double."""
    for file in mail.incoming.files:
        if disguised := _disguised(file):
            weight = 6 if file.kind in EXECUTABLE else 3
            evidence = (Evidence(marked(file.name)[:120], file.place),)
            values = {"name": marked(disguised)[:60], "kind": file.kind}
            yield Sight(evidence, weight=weight, values=values)
            return


def _disguised(file: IncomingFile) -> str:
    """The name under which the file poses as something else, "" when it is what it says."""
    for name in file.names:
        last = extension(name)
        expected = _KINDS.get(last)
        if expected is None and last not in DANGEROUS and (meant := _meant(file.declared)):
            expected = _KINDS[meant]
        if expected is not None and file.kind not in expected and file.kind not in _UNSURE:
            return name or file.declared or last
        if expected is None and last in DOCUMENTS and file.kind in EXECUTABLE - {"script"}:
            return name or file.declared or last
    return ""


def _meant(declared: str) -> str:
    """The extension that a media type stands for, "" when it says little."""
    if (
        declared.startswith("image/")
        and "svg" not in declared
        and "emf" not in declared
        and "wmf" not in declared
    ):
        return "png"
    return _DECLARED.get(declared, "")
