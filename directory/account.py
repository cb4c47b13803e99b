"""An account: who somebody is, which mail is theirs, and the roles they were given (OPS-ACCOUNT).

Values only; people are read and written by directory/people.py, what a role may do stands in quarantine/rights.py.
"""

import datetime
import unicodedata
from enum import StrEnum

import msgspec

from filters.facts import Person
from mail.address import without_tag


def canonical(login: str) -> str:
    """A login as it is compared and stored."""
    return unicodedata.normalize("NFKC", login).strip().lower()


def name_in(names: dict[str, str], language: str) -> str:
    """Of names by language the one to show, any other when it is missing, "" when there is none."""
    return names.get(language) or next(filter(None, names.values()), "")


class Role(StrEnum):
    """What a person may do in the console, besides looking after their own mail."""

    USER = "user"
    APPROVER = "approver"  # agrees or not to mail of the departments they head, or as president
    PRESIDENT = "president"
    OPERATOR = "operator"  # runs the system: sees states and traces, never content
    AUDITOR = "auditor"  # reads the journal and traces
    ADMINISTRATOR = "administrator"  # quarantine, partners, people
    HOUSE_OPERATOR = (
        "house_operator"  # of the house alone: how each organisation fares, in numbers; nobody is asked by it
    )


class Account(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One person (OPS-ACCOUNT: one account each, none shared).

    name        language -> how they are called in it
    language    of what is written to them; "" = the organisation's (People fills it in)
    addresses   their own, lower case; mail to and from these belongs to them
    send_as     further addresses (shared mailboxes) they may put into From
    head_of     departments whose mail they approve; deputies are listed the same way
    manager     login of the one to whom they report, "" when none is known
    leaving     their last day
    kana        how the name is read, family name first: "ヤマダ タロウ"
    private     private addresses of theirs: no mail of ours goes there (OUT-PRIVATE)
    attributes  what else is known of them, such as their site: the policy's groups may ask for it
    """

    login: str
    name: dict[str, str] = {}
    addresses: tuple[str, ...] = ()
    send_as: tuple[str, ...] = ()
    department: str = ""
    head_of: tuple[str, ...] = ()
    manager: str = ""
    roles: tuple[Role, ...] = (Role.USER,)
    language: str = ""
    leaving: datetime.date | None = None
    kana: str = ""
    private: tuple[str, ...] = ()
    attributes: dict[str, str] = {}
    disabled: bool = False
    tenant: str = "default"

    def has(self, *roles: Role) -> bool:
        """True when the account is not disabled and has one of the roles."""
        return not self.disabled and any(r in self.roles for r in roles)

    def name_in(self, language: str) -> str:
        """The name to show in a language; any other, then the login, when it is missing."""
        return name_in(self.name, language) or self.login

    @property
    def mailboxes(self) -> tuple[str, ...]:
        """Addresses at which mail is theirs: their own and the shared ones, without sub-addresses."""
        return tuple(dict.fromkeys(without_tag(a) for a in (*self.addresses, *self.send_as)))

    @property
    def person(self) -> Person:
        """What rules need to know; the person's own addresses stand before those that others share."""
        addresses = tuple(dict.fromkeys((*self.addresses, *self.send_as)))
        return Person(
            self.login,
            self.name_in(self.language),
            addresses,
            self.department,
            self.language,
            tuple(map(str, self.roles)),
            self.leaving.isoformat() if self.leaving else "",
            self.attributes,
            tuple(dict.fromkeys(filter(None, (*self.name.values(), self.kana)))),
            self.manager,
        )
