"""OUT-APPROVE: the class of a mail decides who must approve it before it leaves."""

from collections.abc import Iterator

from config.policy import Organisation
from filters.detect.confidential import PEOPLE, contained, hits, said
from filters.finding import Sight
from filters.rule import rule
from filters.trigger import Finds, Given
from filters.views import ByContent


@rule(control="OUT-APPROVE", direction="outbound", wakes=(Finds(), Given.REGISTERED))
def class_approval(mail: ByContent, organisation: Organisation) -> Iterator[Sight]:
    """The highest class whose mark or content (`contains`) occurs anywhere in the mail has an approver.

    `approve class` asks the role that the class names (社外秘: department_head, 極秘: president).
    """
    if not any(c.approver for c in organisation.classes):
        return
    reading = mail.reading
    kinds = contained(organisation)
    marked = [
        h
        for h in hits(reading, reading.texts(), organisation, 0, kinds=kinds, people=PEOPLE)
        if h.of and not h.quoted
    ]
    if not marked:
        return
    level = max(h.of.level for h in marked if h.of)
    for role in sorted({h.of.approver for h in marked if h.of and h.of.level == level and h.of.approver}):
        here = [h for h in marked if h.of and h.of.level == level and h.of.approver == role]
        values = {**said([here[0]]), "approver": role}
        yield Sight(tuple(h.evidence for h in here[:3]), values=values)
