"""Structures that hide a program or a page from one of the usual readers. `expects` is "warned".

Each comes with a program and with a page that asks for a password.
"""

from collections.abc import Iterator

from tests.judged import Half, Sample
from tests.judged.arriving import facts
from tests.judged.attacks import known
from tests.judged.third.hidden import PAYLOADS, SENDER
from tests.judged.third.tricks_files import FILES
from tests.judged.third.tricks_mime import MIME
from tests.judged.third.tricks_pages import PAGES

DOUBTS = {
    "pgp-literal": "only a program for PGP opens it",
    "message-in-text": "readers show it as text",
    "card": "most readers drop what the card carries",
    "page-hz": "browsers no longer know the charset",
    "docx-behind-gif": "Word may refuse it",
    "apple-single": "only a Macintosh of old opens it",
    "ole-package-alone": "no program is tied to the name",
    "header-mbox-line": "some readers take it for a mail without fields",
}


def samples(half: Half) -> Iterator[Sample]:
    """Each trick with each payload."""
    told = facts(SENDER, "pass") | {"known": known(half)}
    for kind, build in {**MIME, **FILES, **PAGES}.items():
        for number, payload in enumerate(PAYLOADS):
            name = f"evasions/{half}/{kind}/{('program', 'page')[number]}"
            yield Sample(name, half, build(payload), "warned", DOUBTS.get(kind, ""), told)
