"""IN-EXEC: a program or script among the attachments, by name or by content, also inside archives."""

from collections.abc import Iterator

from config.policy import Organisation
from filters.extract.kinds import EXECUTABLE
from filters.finding import Evidence, Finding
from filters.incoming import File, incoming_of
from filters.names import IMAGES, LINKS, RUNS, SCRIPTS, extension, marked
from filters.rule import Mail, rule


@rule(
    control="IN-EXEC",
    direction="inbound",
    then="warn",
    weight=6,
    ja="添付ファイル「{name}」は開くと動作する形式（プログラム）です",
    en='The attachment "{name}" is a program that runs when it is opened',
)
def executable(
    mail: Mail, organisation: Organisation, *, also: tuple[str, ...] = (), allowed: tuple[str, ...] = ()
) -> Iterator[Finding]:
    """An attachment, or a file inside an archive, that is a program, script or disk image.

    `also` are further extensions that count, `allowed` ones that do not.
    """
    extensions = (RUNS | IMAGES | SCRIPTS | {e.lower().lstrip(".") for e in also}) - LINKS
    permitted = {e.lower().lstrip(".") for e in allowed}
    found = [f for f in incoming_of(mail).files if _runs(f, extensions, permitted)]
    if found:
        evidence = tuple(Evidence(marked(f.name)[:120], f.place) for f in found[:3])
        yield Finding("", "", evidence, values={"name": marked(found[0].name)[:60], "kind": found[0].kind})


def _runs(file: File, extensions: set[str] | frozenset[str], permitted: set[str]) -> bool:
    named = {extension(reading) for name in file.names for reading in (name, name.replace("\x00", ""))}
    if named & permitted:
        return False
    if named & extensions:
        return True
    return file.kind in EXECUTABLE - {"lnk", "script"} or (file.kind == "script" and not named & LINKS)
