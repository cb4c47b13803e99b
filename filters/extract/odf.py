"""OpenDocument (ODF 1.3), packaged or flat: body, headers, footers, comments, changes, hidden sheets, properties."""

import re

from filters.extract import picture
from filters.extract.archive import content_of, name_of, open_zip
from filters.extract.formats import reads
from filters.extract.found import Found
from filters.extract.kinds import is_picture
from filters.extract.reason import Reason, Stop
from filters.extract.xmltext import LABEL, text_of

_REMOTE = re.compile(
    rb"<(?:draw:object|draw:object-ole|text:section-source|draw:plugin)\b[^>]{0,400}?xlink:href=\"((?:https?|ftp|file|smb|\\\\)[^\"]{1,300})",
    re.IGNORECASE,
)
_EVENT = re.compile(rb"<script:event-listener\b|<office:script\b")
_SCRIPTS = ("Basic/", "Scripts/")
_TEXTS = re.compile(r"(?:^|/)(?:content|styles|meta)\.xml$")


@reads("odt", media="application/vnd.oasis.opendocument.text")
@reads("ods", media="application/vnd.oasis.opendocument.spreadsheet")
@reads("odp", media="application/vnd.oasis.opendocument.presentation")
@reads("odf")
def read(content: bytes, found: Found) -> None:
    """Read an OpenDocument package into `found`. Raises Stop."""
    package = open_zip(content, found)
    by_name = {name_of(info): info for info in package.infos}
    manifest = by_name.get("META-INF/manifest.xml")
    if manifest is not None and b"encryption-data" in content_of(package, manifest, found):
        found.locked = True
        raise Stop(Reason.PASSWORD, "OpenDocument: wants a password")
    for name, info in by_name.items():
        if info.is_dir() or name in ("mimetype", "META-INF/manifest.xml"):
            continue
        if name.startswith(_SCRIPTS) and not name.endswith(
            ("script-lc.xml", "script-lb.xml", "dialog-lc.xml")
        ):
            found.sign("macro", name)
        try:
            data = content_of(package, info, found)
            if _TEXTS.search(name):
                _text(name, data, found)
            elif is_picture(data[:1_024]):
                picture.read(data, found)
            elif name.startswith(("Configurations2/", "Thumbnails/")) or name in (
                "settings.xml",
                "manifest.rdf",
            ):
                continue
            else:
                found.inside(name, data)
        except Stop as stop:
            found.failed(stop.reason, f"{name}: {stop}"[:120])
            if stop.verdict == "limit":
                raise


@reads("odf-flat")
def flat(content: bytes, found: Found) -> None:
    """Read a flat OpenDocument (fodt, fods, fodp) into `found`. Raises Stop."""
    found.budget.take_bytes(len(content))
    if _EVENT.search(content):
        found.sign("macro", "event")
    _text("", content, found)


def _text(name: str, data: bytes, found: Found) -> None:
    if match := _REMOTE.search(data):
        found.sign("remote_object", match[1].decode("utf-8", "replace"))
    text = text_of(data, lines=LINES)
    found.text(name, text)
    for label in LABEL.finditer(text) if "MSIP_Label_" in text else ():
        found.sign("label", label[1])
    found.verdicts.append("ok")


LINES = frozenset(
    {
        "p",
        "h",
        "line-break",
        "table-row",
        "annotation",
        "title",
        "subject",
        "description",
        "keyword",
        "user-defined",
        "creator",
        "initial-creator",
        "header",
        "footer",
        "page",
    }
)
