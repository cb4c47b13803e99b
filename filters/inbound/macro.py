"""IN-MACRO: a document that can act: macros, DDE, templates fetched from elsewhere, PDF actions, files in OneNote."""

from collections.abc import Iterator

from config.policy import Organisation
from filters.extract import Extracted, Sign
from filters.finding import Evidence, Sight
from filters.lures.names import MACROS, extension, marked
from filters.rule import rule
from filters.trigger import Given
from filters.views import ByFiles

ACTS = {
    "macro": 4,
    "xlm": 5,
    "dde": 6,
    "remote_template": 6,
    "remote_object": 3,
    "active_pdf": 4,
    "pdf_launch": 6,
    "pdf_sends": 3,
    "embedded_file": 5,
    "ole_object": 4,
}
"""Sign -> weight; the words are in [acts] of values.toml."""
_OBJECTS = ("Equation Editor", "ActiveX")
"""Objects that act in any document; in RTF all do. A file in a PDF is examined by itself, one in OneNote is clicked."""


@rule(control="IN-MACRO", direction="inbound", wakes=(Given.FILE,))
def macro(mail: ByFiles, organisation: Organisation) -> Iterator[Sight]:
    """Office macros, DDE and remote templates; scripts and launch actions in PDF; objects in RTF; also inside archives.

    Macros weigh 4, what fetches or starts something by itself up to 6.
    """
    for attachment in mail.reading.attachments:
        acting = [s for s in attachment.extracted.signs if acts(s, attachment.extracted)]
        if acting:
            place = f"{attachment.path}/{marked(attachment.name)}"[:160]
            said = list(dict.fromkeys(s.name for s in acting))[:3]
            evidence = tuple(
                Evidence(f"{s.name}: {s.quote}"[:160], f"{place}/{s.place}" if s.place else place)
                for s in acting[:3]
            )
            values = {
                "name": marked(attachment.name)[:60],
                "what": "\n".join(said),
            }
            yield Sight(evidence, weight=max(ACTS[s.name] for s in acting), values=values)
            return
    for file in mail.incoming.files:
        if any(extension(name) in MACROS for name in file.names):
            values = {"name": marked(file.name)[:60], "what": "macro"}
            yield Sight((Evidence(marked(file.name)[:120], file.place),), weight=ACTS["macro"], values=values)
            return


def acts(sign: Sign, extracted: Extracted) -> bool:
    """True for a sign that something happens when the file is opened."""
    if sign.name == "ole_object":
        return sign.quote in _OBJECTS or extracted.kind_at(sign.place) == "rtf"
    if sign.name == "embedded_file":
        return extracted.kind_at(sign.place) == "onenote"
    return sign.name in ACTS
