"""OUT-EXEC: programs do not leave, under whatever name."""

from collections.abc import Iterator

from config.policy import Organisation
from filters.extract.extensions import EXECUTABLE_EXTENSIONS
from filters.extract.kinds import EXECUTABLE
from filters.finding import Evidence, Sight
from filters.lures.names import extension
from filters.rule import rule
from filters.trigger import Given
from filters.views import ByAttachments


@rule(control="OUT-EXEC", direction="outbound", wakes=(Given.FILE,))
def executable_attachment(
    mail: ByAttachments, organisation: Organisation, *, scripts: bool, allowed: tuple[str, ...]
) -> Iterator[Sight]:
    """A program, script or shortcut, by content or by name, also inside archives.

    `scripts`: also source text that an interpreter runs. `allowed`: extensions that may leave.
    """
    permitted = {e.lower().lstrip(".") for e in allowed}
    for attachment in mail.reading.attachments:
        names = attachment.part.filenames or (attachment.name,)
        files = [(attachment.path, name, attachment.extracted.kind) for name in names]
        files += [
            (f"{attachment.path}/{m.path}", m.path.rpartition("/")[2], m.kind)
            for m in attachment.extracted.members
        ]
        for place, name, kind in files:
            # Some programs cut a name off at a NUL, others leave the NUL out.
            endings = {extension(name), extension(name.replace("\0", ""))}
            if endings <= permitted or (kind == "script" and not scripts):
                continue
            if kind in EXECUTABLE or kind in ("iso", "disk") or endings & EXECUTABLE_EXTENSIONS:
                yield Sight((Evidence(name[:200], place),), values={"name": name[:80], "kind": kind})
                break
