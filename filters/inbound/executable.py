"""IN-EXEC: a program or script among the attachments, by name or content, also inside archives."""

from collections.abc import Iterator

from config.policy import Organisation
from filters.extract.kinds import EXECUTABLE
from filters.finding import Evidence, Sight
from filters.lures.names import IMAGES, LINKS, RUNS, SCRIPTS, extension, marked
from filters.reading.incoming import IncomingFile
from filters.rule import rule
from filters.trigger import Given
from filters.views import ByFiles

_SIGNS = frozenset({"executable", "installer", "disk_image", "self_extracting", "script"})

_KINDS = (EXECUTABLE | {"iso", "disk"}) - {"lnk", "script"}
"""Disk images count by content too: Windows opens them like a folder."""


@rule(control="IN-EXEC", direction="inbound", wakes=(Given.FILE,))
def executable(
    mail: ByFiles, organisation: Organisation, *, also: tuple[str, ...], allowed: tuple[str, ...]
) -> Iterator[Sight]:
    """An attachment, or a file inside an archive, that is a program, script or disk image.

    `also` adds extensions, `allowed` removes some.
    """
    extensions = (RUNS | IMAGES | SCRIPTS | {e.lower().lstrip(".") for e in also}) - LINKS
    permitted = {e.lower().lstrip(".") for e in allowed}
    found = [f for f in mail.incoming.files if _runs(f, extensions, permitted)]
    if not found and not permitted:
        yield from _by_sign(mail)
    if found:
        evidence = tuple(Evidence(marked(f.name)[:120], f.place) for f in found[:3])
        yield Sight(evidence, values={"name": marked(found[0].name)[:60], "kind": found[0].kind})


def _by_sign(mail: ByFiles) -> Iterator[Sight]:
    """A program that neither name nor kind reveals, such as one appended to a picture."""
    for attachment in mail.reading.attachments:
        for sign in attachment.extracted.signs:
            if sign.name in _SIGNS:
                name = sign.place.rpartition("/")[2] or attachment.name
                place = f"{attachment.path}/{marked(attachment.name)}/{sign.place}".rstrip("/")[:160]
                values = {"name": marked(name)[:60], "kind": sign.name}
                yield Sight((Evidence(sign.quote[:120] or sign.name, place),), values=values)
                return


def _runs(file: IncomingFile, extensions: set[str] | frozenset[str], permitted: set[str]) -> bool:
    named = {extension(name) for name in file.names}
    if named & permitted:
        return False
    if named & extensions:
        return True
    return file.kind in _KINDS or (file.kind == "script" and not named & LINKS)
