"""OUT-CLASS: mail between departments carries a registered document only to those that may use it."""

from collections.abc import Iterator

from config.policy import Organisation
from filters.detect.confidential import called
from filters.finding import Evidence, Sight
from filters.rule import rule
from filters.trigger import Given
from filters.views import ByContent
from mail.charset import fold


@rule(control="OUT-CLASS", direction="outbound", wakes=(Given.REGISTERED,))
def asset_users(mail: ByContent, organisation: Organisation, *, share: int, unknown: bool) -> Iterator[Sight]:
    """A colleague gets at least `share` percent of a registered document, and the ledger names other departments as its users.

    The users stand in the ledger (`sekisho register document --ledger`). `unknown`: an address of ours behind which nobody
    is known, such as that of a mailing list, counts as a department of its own.
    """
    if not organisation.registered.indexes:
        return
    reading, facts = mail.reading, mail.facts
    departments: dict[int, str] = {}
    for index, address in enumerate(facts.envelope.recipients):
        colleague = facts.colleagues.get(address)
        if organisation.internal(address) and (colleague is not None or unknown):
            departments[index] = plain(colleague.department) if colleague is not None else ""
    told: set[str] = set()
    for text in reading.texts("body", "content") if departments else ():
        for copied in reading.scan(text, organisation).copies:
            if not copied.users or copied.share < share or copied.name in told:
                continue
            users = set(map(plain, copied.users))
            others = tuple(index for index, department in departments.items() if department not in users)
            if others:
                told.add(copied.name)
                own = called(copied.of, organisation)
                values = {
                    "name": copied.name[:60],
                    "who": ", ".join(facts.envelope.recipients[index] for index in others[:3]),
                    "users": "、".join(copied.users)[:120],
                }
                evidence = Evidence(copied.quote, text.place, text.origin(copied.offset))
                yield Sight(
                    (evidence,), values=values | ({"class": own.name} if own else {}), recipients=others
                )


def plain(department: str) -> str:
    """A department's name as it is compared."""
    return "".join(fold(department).lower().split())
