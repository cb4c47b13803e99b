"""What is inside attachments: one entry point, one file per document family, one budget per mail.
May open: libmagic's table, at import; memory and time are bounded by the budget.

`extract` never raises: what could not be read has a verdict, and policy decides what that means. A family
registers its readers in its own file (filters.extract.formats); all files of this folder are imported here.
"""

import importlib
import pkgutil

from filters.extract import (
    active,
    cms,
    embedded,
    html,
    media,
    program,
    rest,
    rtf,
    shortcut,
    strings,
    tar,
    textfile,
    textkinds,
    xmltext,
)
from filters.extract.budget import Budget
from filters.extract.extensions import extension
from filters.extract.formats import READERS
from filters.extract.found import Extracted, Found, Member, Sign, tidy, worst
from filters.extract.keys import AGREED, Keys
from filters.extract.kinds import OPAQUE, detect, media_type
from filters.extract.reason import Reason, Stop
from filters.extract.sample import PASSPHRASE, samples
from filters.extract.textkinds import is_link, script_in
from mail import encoding
from mail.charset import decode

__all__ = ["Budget", "Extracted", "Keys", "Member", "Sign", "Stop", "extract", "tidy", "warm"]

for _module in pkgutil.iter_modules(__path__, f"{__name__}."):
    importlib.import_module(_module.name)

TEXTS = frozenset({"text", "script", "xml"})
PROGRAMS = {
    "elf": "ELF",
    "macho": "Mach-O",
    "class": "Java class",
    "dex": "Android",
    "chm": "CHM",
    "wasm": "WebAssembly",
}
BOTH = TEXTS | {"html", "hta", "rtf", "pdf", "rar", "7z", "cab", "gz", "bz2", "xz"}
"""Kinds that are read from their beginning and may have a ZIP, which is read from its end, behind them."""
YENC = TEXTS | {"html", "unknown"}
SIGNS = {
    "msi": ("installer", "MSI"),
    "disk": ("disk_image", "disk image"),
    "jar": ("executable", "JAR"),
    "apk": ("executable", "APK"),
}
"""Signs that follow from the kind alone."""


def extract(
    name: str,
    declared_type: str,
    content: bytes,
    budget: Budget,
    *,
    charset: str = "",
    keys: Keys | None = None,
) -> Extracted:
    """What can be read of a file. `charset` is the label of a text part; the declared type matters for mails only.

    Never raises: a failure is a verdict, and texts read before it are kept.
    """
    kind = "unknown"
    found = Found(budget, _read, keys=keys)
    try:
        kind = detect(name, content)
        if kind in TEXTS and declared_type.startswith("message/"):
            kind = "eml"
        _family(kind, name, content, found, charset)
    except Stop as stop:
        found.failed(stop.reason, stop.detail)
    except MemoryError:
        found.failed(Reason.MEMORY)
    except RecursionError:
        found.failed(Reason.DEPTH)
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:  # the panic of a reader in Rust is no Exception
        found.failed(Reason.MALFORMED, type(error).__name__)
    return Extracted(
        kind,
        tuple(found.texts),
        tuple(found.members),
        worst(found.verdicts),
        media_type(kind),
        *found.why(),
        tuple(found.signs),
        found.locked,
        declared_type,
        extension(name),
        tuple(found.codes),
        tuple(found.hidden),
    )


def _read(name: str, content: bytes, found: Found) -> str:
    kind = detect(name, content)
    try:
        _family(kind, name, content, found, "")
    except (Stop, MemoryError, RecursionError, KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:
        found.failed(Reason.MALFORMED, type(error).__name__)
    return kind


def _family(kind: str, name: str, content: bytes, found: Found, charset: str) -> None:
    """Read a file by its kind, then what its texts hold."""
    found.kind = kind
    _by_kind(kind, name, content, found, charset)
    if b"=ybegin " in content and kind in YENC:
        for label, inside in encoding.yenc_files(content):  # octets, which no charset survives
            found.budget.take_member()
            found.inside(decode(label, ""), inside)
    if found.own:
        _embedded("\n".join(found.own), found)


def _by_kind(kind: str, name: str, content: bytes, found: Found, charset: str) -> None:
    if kind in SIGNS:
        found.sign(*SIGNS[kind])
    if kind in BOTH and (at := rest.archive_at(content)) > 0:
        # Two files in one: each program opens its own.
        found.budget.take_member()
        found.inside("archive", content[at:])
        content = content[:at]
    if kind == "rtf":
        rest.left(content[rtf.end_of(content) :], found, "rtf: rest")
    if kind in READERS:
        READERS[kind](content, found)
    elif kind in tar.KINDS:
        tar.single(kind)(content, found, name)
    elif kind in ("html", "hta"):
        _html(html.source(content, charset), found)
        if kind == "hta":
            found.sign("script", "HTA")
    elif kind in TEXTS:
        _text(kind, name, content, found, charset)
    elif kind in cms.KINDS:
        cms.read(content, found, name)
    elif kind == "exe":
        program.read(content, found)
        _behind(content, found)
    elif kind in PROGRAMS:
        found.sign("executable", PROGRAMS[kind])
        found.verdicts.append("ok")
    elif kind in OPAQUE:
        media.look(content, found)
        found.verdicts.append("ok")
    else:
        found.budget.take_bytes(len(content))
        found.text("", strings.texts(content))
        found.failed(Reason.FORMAT, kind)


def _text(kind: str, name: str, content: bytes, found: Found, charset: str) -> None:
    if (at := content.find(b"\0", textkinds.SAMPLE)) > 0 and not textfile.wide(content):
        at = content.rfind(b"\n", 0, at) + 1  # a text that goes on as something else
        rest.left(content[at:], found, "text: rest")
        content = content[:at] or content
    read = textfile.read(content, charset, found.budget)
    found.text("", read)
    found.verdicts.append("ok")
    if kind == "xml" and "<" in read:
        try:
            # each text of a drawing stands by itself
            ends = b"text>" if b"<svg" in content[:4_000].lower() else b""
            bare = xmltext.text_of(content.replace(b"</" + ends, b"\n</" + ends) if ends else content)
        except Stop:
            bare = ""
        found.text("text", bare)
        if "<svg" in read[:4_000].lower():
            _page(read, found)
    elif kind == "script":
        if is_link(read) or extension(name) in (
            "url",
            "scf",
            "library-ms",
            "search-ms",
            "settingcontent-ms",
            "website",
        ):
            shortcut.textual(read, found)
        else:
            found.sign("script", script_in(read) or extension(name))
    elif cell := textfile.dde(read):
        found.sign("dde", cell)


def _embedded(text: str, found: Found, known: frozenset[bytes] = frozenset()) -> None:
    """Files inside a text, but those that are known already, and words behind escapes."""
    for number, file in enumerate(embedded.files_in(text), 1):
        if file.content not in known:
            found.budget.take_member()
            found.inside(file.name or f"data {number}", file.content)
    found.text("unescaped", embedded.unescaped(text))


def _html(source: str, found: Found) -> None:
    read = html.contents_of(source)
    found.text("", read.text)
    found.verdicts.append("ok")
    for number, file in enumerate(read.files, 1):
        found.budget.take_member()
        found.inside(file.name or f"data {number}", file.content)
    _embedded(source, found, frozenset(file.content for file in read.files))
    _page(source, found)


def _page(source: str, found: Found) -> None:
    for name, quote in active.acts(source):
        found.sign(name, quote)


def _behind(content: bytes, found: Found) -> None:
    """The archive in a self-extracting program; if it is damaged, that means nothing for the program."""
    kind = program.appended(content)
    if not kind:
        return
    found.sign("self_extracting", kind)
    try:
        READERS[kind](content if kind != "cab" else content[content.find(b"MSCF", 512) :], found)
    except Stop as stop:
        if stop.verdict != "corrupt":
            raise


def warm() -> None:
    """Read a tiny file of each family now: later no file can be opened, so nothing can be loaded."""
    strings.texts(b"\1\2\3\4" * strings.SHORT)
    for name, content in samples().items():
        extract(
            name,
            "",
            content,
            Budget(pictures=1),
            keys=Keys(lambda: [("not-it", AGREED), (PASSPHRASE, AGREED)]),
        )
