"""OUT-MISSEND: outgoing documents leave without what was found hidden in them (rules.hidden_content).

Diagnostics: RewriteError (a hold) for a document that cannot be changed safely, or that is in an archive, in a signed mail,
or seen by some readers only.
"""

from collections.abc import Sequence

from config.policy import Policy
from filters.extract.hidden import PROPERTY
from filters.finding import Finding
from filters.outbound.hidden_content import AUTHOR
from filters.reading.reading import Attachment
from filters.rewrite import Reach, rewriter
from filters.rewriters.insertion import in_sealed, substituted
from filters.rewriters.tidied import tidied
from filters.rule import Mail
from mail.compose import Edit, RewriteError
from mail.encoding import base64_lines
from mail.rebuild import AttachedFile, clean_name, file_header

RULE = "hidden_content"


@rewriter("tidy", reach=Reach("outbound", removes=("content-*",), adds=("content-*",), body=True))
def tidy(mail: Mail, policy: Policy, findings: Sequence[Finding], recipients: tuple[int, ...]) -> list[Edit]:
    """Put a tidy document in the place of each in which something was found."""
    edits: list[Edit] = []
    for attachment, content in tidy_files(mail, findings):
        file = AttachedFile(attachment.name, attachment.extracted.true_type, content)
        edits += substituted(
            attachment.part, file_header(file, clean_name(attachment.name)), base64_lines(content)
        )
    return edits


def tidy_files(mail: Mail, findings: Sequence[Finding]) -> list[tuple[Attachment, bytes]]:
    """The files in which something was found, and what they are without that."""
    found = []
    for attachment in mail.reading.attachments:
        kinds = _kinds(attachment, findings)
        if AUTHOR in kinds:
            kinds |= {PROPERTY}
        if not kinds:
            continue
        if (
            not attachment.own
            or in_sealed(attachment.part)
            or any(h.place for h in attachment.extracted.hidden)
        ):
            raise RewriteError("a document that cannot be changed where it is")
        content = mail.once(tidied, attachment.name, attachment.content, kinds)
        if content is None:
            raise RewriteError("a document whose hidden content cannot be removed")
        found.append((attachment, content))
    return found


def _kinds(attachment: Attachment, findings: Sequence[Finding]) -> frozenset[str]:
    paths = {
        kind
        for finding in findings
        if finding.rule == RULE and any(e.part.startswith(f"{attachment.path}/") for e in finding.evidence)
        for kind in finding.values.get("what", "").split("\n")
    }
    return frozenset(paths - {""})
