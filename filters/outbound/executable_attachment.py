"""OUT-EXEC: programs do not leave, under whatever name."""

from collections.abc import Iterator

from config.policy import Organisation
from filters.extract.extensions import EXECUTABLE_EXTENSIONS, SCRIPTS, SOURCES
from filters.extract.kinds import EXECUTABLE
from filters.finding import Evidence, Sight
from filters.lures.names import DOCUMENTS, extension
from filters.reading.reading import Attachment
from filters.rule import rule
from filters.trigger import Given
from filters.views import ByAttachments

_RUNS = EXECUTABLE_EXTENSIONS | SCRIPTS - SOURCES
_CLAIMS = DOCUMENTS - {"txt", "text", "md", "csv"}
"""A text under these names is not what it says it is."""
_PAGES = frozenset(["html", "htm", "css", "ts", "tsx", "jsx", "vue", "php"])
"""Beside these, .js is part of a site: a browser runs it, not Windows."""


@rule(control="OUT-EXEC", direction="outbound", wakes=(Given.FILE,))
def executable_attachment(
    mail: ByAttachments, organisation: Organisation, *, scripts: bool, allowed: tuple[str, ...]
) -> Iterator[Sight]:
    """A program, script or shortcut, by content or by name, also inside archives.

    Source text under its own name or as plain text only shows what a program does. `scripts`: of such, too. `allowed`:
    extensions that may leave.
    """
    permitted = {e.lower().lstrip(".") for e in allowed}
    for attachment in mail.reading.attachments:
        files = files_of(attachment)
        among = {extension(name) for _, name, _ in files}
        for place, name, kind in files:
            # Some programs cut a name off at a NUL, others leave the NUL out.
            endings = {extension(name), extension(name.replace("\0", ""))}
            if endings <= permitted or (not scripts and kind == "script" and _is_read(endings, among)):
                continue
            if kind in EXECUTABLE or kind in ("iso", "disk") or endings & EXECUTABLE_EXTENSIONS:
                yield Sight((Evidence(name[:200], place),), values={"name": name[:80], "kind": kind})
                break


def files_of(attachment: Attachment) -> list[tuple[str, str, str]]:
    """Place, name and kind of an attachment, under each name that somebody reads, and of what is in it."""
    names = attachment.part.filenames or (attachment.name,)
    return [
        *((attachment.path, name, attachment.extracted.kind) for name in names),
        *(
            (f"{attachment.path}/{m.path}", m.path.rpartition("/")[2], m.kind)
            for m in attachment.extracted.members
        ),
    ]


def _is_read(endings: set[str], among: set[str]) -> bool:
    """True for a program as text whose name makes nobody's computer run it, as it stands among files with these endings."""
    if endings <= {"js"} and among & _PAGES:
        return True
    return not endings & (_RUNS | _CLAIMS)
