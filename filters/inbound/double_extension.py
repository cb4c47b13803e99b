"""IN-DOUBLE-EXT: a harmless extension before the one that counts, such as report.pdf.exe."""

from collections.abc import Iterator

from config.policy import Organisation
from filters.finding import Evidence, Sight
from filters.lures.names import is_doubled, marked
from filters.rule import rule
from filters.trigger import Given
from filters.views import ByFiles


@rule(control="IN-DOUBLE-EXT", direction="inbound", wakes=(Given.FILE,))
def double_extension(mail: ByFiles, organisation: Organisation) -> Iterator[Sight]:
    """A file name in which an extension that runs, links or is a web page follows that of a document."""
    found = [(f, n) for f in mail.incoming.files for n in f.names if is_doubled(n)]
    if found:
        evidence = tuple(Evidence(marked(n)[:120], f.place) for f, n in found[:3])
        yield Sight(evidence, values={"name": marked(found[0][1])[:60]})
