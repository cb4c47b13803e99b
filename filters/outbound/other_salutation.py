"""OUT-MISSEND: the mail greets somebody else than those who get it."""

from collections.abc import Iterator

from config.policy import Organisation
from filters.finding import Sight
from filters.reading.leaving import comparable, fits, same_firm
from filters.rule import rule
from filters.trigger import Given
from filters.views import ByRecipients


@rule(control="OUT-MISSEND", direction="outbound", wakes=(Given.MEMORY,))
def other_salutation(mail: ByRecipients, organisation: Organisation) -> Iterator[Sight]:
    """The company that is greeted is none of the recipients', or none of the people who are greeted is among them.

    Compared with the names that the mail shows, those that earlier mail used, and the partners of the policy; who has no
    name that can be compared says nothing.
    """
    leaving = mail.leaving
    greeting, outside = leaving.greeting, leaving.outside(organisation)
    if not outside or not greeting.line:
        return
    everyone = [(leaving.known_names(r), r.address) for r in leaving.recipients]
    found = any(fits(person, names, address) for person in greeting.people for names, address in everyone)
    others = [
        r
        for r in leaving.recipients
        if r in outside or not organisation.group(r.address) or r.address in leaving.first
    ]
    named = all(any(comparable(p, leaving.known_names(r)) for p in greeting.people) for r in others)
    other_people = bool(greeting.people) and not found and named and not greeting.everybody
    domains = dict.fromkeys(r.domain for r in outside)
    firms = {domain: leaving.firms(domain, organisation) for domain in domains}
    other_firm = all(firms.values()) and any(
        not any(same_firm(company, f) for several in firms.values() for f in several)
        and (
            leaving.is_known_firm(company, organisation)
            or (
                not (found or greeting.everybody)
                and all(comparable(company, several) for several in firms.values())
            )
        )
        for company in greeting.companies
    )
    if not other_people and not other_firm:
        return
    first = [r for r in outside if r.address in leaving.first] or list(outside)
    wrong = [r for r in first if not leaving.greets(r)] or first
    yield Sight(
        (leaving.greeted(),),
        {"line": greeting.line[:80], "address": wrong[0].address[:120]},
        recipients=tuple(r.index for r in outside),
        about=tuple(r.address for r in wrong)[:5],
        meant=leaving.whose(greeting.companies, organisation),
    )
