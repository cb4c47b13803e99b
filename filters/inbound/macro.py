"""IN-MACRO: a document that can act: macros, DDE, templates fetched from elsewhere, PDF actions, files in OneNote."""

from collections.abc import Iterator

from config.policy import Organisation
from filters.extract import Extracted, Sign
from filters.finding import Evidence, Finding
from filters.incoming import incoming_of
from filters.names import MACROS, extension, marked
from filters.reading import reading_of
from filters.rule import Mail, rule

ACTS = {
    "macro": ("macro", 4),
    "xlm": ("Excel 4 macro", 5),
    "dde": ("DDE", 6),
    "remote_template": ("template", 6),
    "remote_object": ("remote object", 3),
    "active_pdf": ("script", 4),
    "pdf_launch": ("launch", 6),
    "pdf_sends": ("form that sends", 3),
    "embedded_file": ("embedded file", 4),
    "ole_object": ("object", 4),
}
"""Sign -> (word for people, weight)."""
_OBJECTS = ("Equation Editor", "ActiveX")
"""Objects that act in any document; in RTF every object does. A file inside a PDF is looked at by itself, one in OneNote is clicked."""


@rule(
    control="IN-MACRO",
    direction="inbound",
    then="warn",
    weight=4,
    ja="添付ファイル「{name}」には、開いたときに動作する仕組み（{what}）が含まれています",
    en='The attachment "{name}" contains something that acts when it is opened ({what})',
)
def macro(mail: Mail, organisation: Organisation) -> Iterator[Finding]:
    """Office macros, DDE and remote templates; scripts and launch actions in PDF; objects in RTF; also inside archives.

    Macros weigh 4, what fetches or starts something by itself up to 6.
    """
    for attachment in reading_of(mail).attachments:
        acting = [s for s in attachment.extracted.signs if acts(s, attachment.extracted)]
        if acting:
            place = f"{attachment.path}/{marked(attachment.name)}"[:160]
            words = list(dict.fromkeys(ACTS[s.name][0] for s in acting))
            evidence = tuple(
                Evidence(f"{ACTS[s.name][0]}: {s.quote}"[:160], f"{place}/{s.place}" if s.place else place)
                for s in acting[:3]
            )
            values = {"name": marked(attachment.name)[:60], "what": ", ".join(words[:3])}
            yield Finding("", "", evidence, weight=max(ACTS[s.name][1] for s in acting), values=values)
            return
    for file in incoming_of(mail).files:
        if any(extension(name) in MACROS for name in file.names):
            values = {"name": marked(file.name)[:60], "what": "macro"}
            yield Finding("", "", (Evidence(marked(file.name)[:120], file.place),), values=values)
            return


def acts(sign: Sign, extracted: Extracted) -> bool:
    """True for a sign that something happens when the file is opened."""
    if sign.name == "ole_object":
        return sign.quote in _OBJECTS or extracted.kind_at(sign.place) == "rtf"
    if sign.name == "embedded_file":
        return extracted.kind_at(sign.place) == "onenote"
    return sign.name in ACTS
