"""OUT-SIGN: long lines of an outgoing mail become short ones, before it is signed: what a next hop breaks fits no signature.

Only what no other rewriter changes: a part that another one replaces is written anew by it (mail.long_lines says how, and
that all is read again).
"""

from collections.abc import Sequence

from config.policy import Policy
from filters.finding import Finding
from filters.rewrite import Reach, rewriter
from filters.rule import Mail
from mail.compose import Edit

REACH = Reach(
    "outbound",
    removes=("content-transfer-encoding",),
    adds=("content-transfer-encoding", "content-type", "mime-version"),
    body=True,
    folds=True,
)


def _beside(mail: Mail, others: Sequence[Edit]) -> list[Edit]:
    taken = [(edit.start, edit.end) for edit in others]
    return [
        edit
        for group in mail.shortened.groups
        if not any(edit.start < end and begin < edit.end for edit in group for begin, end in taken)
        for edit in group
    ]


@rewriter("wrap", reach=REACH, beside=_beside)
def wrap(mail: Mail, policy: Policy, findings: Sequence[Finding], recipients: tuple[int, ...]) -> list[Edit]:
    """Parts with lines of more than 998 octets are encoded, header fields folded (RFC 5321 4.5.3.1.6)."""
    return _beside(mail, ())
