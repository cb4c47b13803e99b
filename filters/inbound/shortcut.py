"""IN-SHORTCUT: a shortcut among the attachments: a name and an icon that lead somewhere else."""

from collections.abc import Iterator

from config.policy import Organisation
from filters.finding import Evidence, Finding
from filters.incoming import incoming_of
from filters.names import LINKS, extension, marked
from filters.rule import Mail, rule


@rule(
    control="IN-SHORTCUT",
    direction="inbound",
    then="warn",
    weight=6,
    ja="添付ファイル「{name}」はショートカットで、開くと別のプログラムが動くおそれがあります",
    en='The attachment "{name}" is a shortcut; opening it may start something else',
)
def shortcut(mail: Mail, organisation: Organisation) -> Iterator[Finding]:
    """lnk, url, scf, library-ms, search-ms and the like, by name or by content, also inside archives."""
    found = [
        f
        for f in incoming_of(mail).files
        if f.kind == "lnk"
        or any(extension(n) in LINKS for n in (*f.names, *(m.replace("\x00", "") for m in f.names)))
    ]
    if found:
        evidence = tuple(Evidence(marked(f.name)[:120], f.place) for f in found[:3])
        yield Finding("", "", evidence, values={"name": marked(found[0].name)[:60]})
