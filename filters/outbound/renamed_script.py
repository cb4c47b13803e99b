"""OUT-EXEC: a program as text under the name of something else (.txt, .log, none): whoever gets it may only have to rename it."""

from collections.abc import Iterator

from config.policy import Organisation
from filters.extract.extensions import EXECUTABLE_EXTENSIONS, SCRIPTS
from filters.finding import Evidence, Sight
from filters.lures.names import extension
from filters.outbound.executable_attachment import files_of
from filters.rule import rule
from filters.trigger import Given
from filters.views import ByAttachments

_CODE = (SCRIPTS | EXECUTABLE_EXTENSIONS) | {
    "ts", "tsx", "jsx", "mjs", "cjs", "vue", "php", "html", "htm", "css", "bash", "zsh", "ksh", "fish", "awk", "lua", "tcl",
    "r", "psm1", "psd1", "bas", "cls", "frm", "asp", "aspx", "jsp", "gradle", "groovy", "in", "am", "ac", "service", "conf",
    "cfg", "spec", "sql", "md", "rst", "adoc", "ipynb", "yml", "yaml", "patch", "diff",
}  # fmt: skip
"""Under these names people expect code, or show it."""


@rule(control="OUT-EXEC", direction="outbound", wakes=(Given.FILE,))
def renamed_script(mail: ByAttachments, organisation: Organisation) -> Iterator[Sight]:
    """A shell, PowerShell, VBScript, JavaScript or batch program, by its content, whose name says nothing of it; also inside
    archives. What executable_attachment stops under the names of programs and documents is on record with that."""
    for attachment in mail.reading.attachments:
        kinds = attachment.extracted.kind, *[m.kind for m in attachment.extracted.members]
        for place, name, kind in files_of(attachment) if "script" in kinds else ():
            if kind == "script" and extension(name) not in _CODE:
                yield Sight((Evidence(name[:200], place),), values={"name": name[:80]})
                break
