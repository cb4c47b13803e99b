"""IN-SPACES: a run of white space that pushes the real extension out of sight."""

import re
from collections.abc import Iterator

from config.policy import Organisation
from filters.finding import Evidence, Sight
from filters.lures.names import has_run_of_blanks, marked
from filters.rule import rule
from filters.trigger import Given
from filters.views import ByFiles


@rule(control="IN-SPACES", direction="inbound", wakes=(Given.FILE,))
def spaces_in_name(mail: ByFiles, organisation: Organisation) -> Iterator[Sight]:
    """White space of any Unicode kind before the last extension of a file name, also inside archives."""
    found = [(f, n) for f in mail.incoming.files for n in f.names if has_run_of_blanks(n)]
    if found:
        evidence = tuple(Evidence(re.sub(r"\s{4,}", " … ", marked(n))[:120], f.place) for f, n in found[:3])
        last = marked(found[0][1]).rpartition(".")[2].strip()[:12]
        yield Sight(evidence, values={"extension": last})
