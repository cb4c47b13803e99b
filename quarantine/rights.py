"""Who may do what: one table of verbs, by role and scope, and the only place that answers the question (OPS-DUTY).

The console asks it for every request, the store asks it again inside the transaction that changes an item, so a
page that forgets to ask is refused all the same. Verbs that show content and verbs that configure never stand in
the same row. Nobody decides on mail of their own: that is said once, in `own`.

Pure. Whoever acts without an account is a `SystemPart` with a row of its own. docs/rights.md is generated (docs/adr/0011).
"""

from collections.abc import Iterable, Sequence
from enum import StrEnum
from typing import Self

import msgspec

from config.approval import DEPARTMENT_HEAD, LAST, MANAGER, Turn, now_asked
from config.tenant import DEFAULT, EVERY
from directory.account import Account, Role
from directory.bearers import GroupsOf, bears, no_groups
from directory.delegations import Action, Mandate
from mail.address import without_tag
from quarantine.item import Item


class Verb(StrEnum):
    """What can be done, and what that means. Events of the life cycle (quarantine/item.py) are verbs of their name."""

    meaning: str

    def __new__(cls, name: str, meaning: str) -> Self:
        verb = str.__new__(cls, name)
        verb._value_ = name
        verb.meaning = meaning
        return verb

    SEE = "see", "see its envelope, its subject, what was found and what happened to it"
    OPEN = "open", "open its content"
    PASSPHRASE = "passphrase", "be shown the passphrase of its archive"
    READ = "read", "read the text of arriving mail that waits"
    ASK = "ask", "ask for its release"
    EXAMINE = "examine", "type the password of its locked files"
    REPORT = "report", "report it, and take the report back"
    TRUST = "trust", "trust its sender, for oneself"
    RECALL = "recall", "take it back"
    DROP = "drop", "take single recipients back"
    STOP = "stop", "stop its clock"
    RESUME = "resume", "start its clock again"
    SEND_NOW = "send_now", "let it leave before its time"
    CONFIRM = "confirm", "confirm that one looked through it"
    APPROVE = "approve", "agree to it"
    DENY = "deny", "refuse it"
    EXCLUDE = "exclude", "leave somebody out of those who are asked, where the policy allows it"
    RELEASE = "release", "let it out of quarantine"
    DISCARD = "discard", "throw it away"
    RETRY = "retry", "have what waits for a next hop tried now"
    APPROVALS = "approvals", "list what waits for one's agreement"
    QUARANTINE = "quarantine", "list the quarantine and hear of requests"
    REPORTS = "reports", "list reports and close them"
    TRACE = "trace", "search what happened to any mail"
    LISTS = "lists", "change the allow and block lists"
    PARTNERS = "partners", "agree passphrases with partners, without seeing them again"
    PEOPLE = "people", "list the people and their roles"
    POLICY = "policy", "see the policy's versions and exceptions, and how often it applied"
    DEVICES = "devices", "make and revoke credentials of other people's devices"
    INVITE = "invite", "send somebody a one-time code, with which they set a password"
    FACTORS = "factors", "take a second factor from somebody who lost it"
    ORGANISATIONS = "organisations", "see how each organisation fares, in numbers, and suspend one"
    DELEGATIONS = "delegations", "let one person act for another, or in a shared mailbox"
    LEGAL_HOLDS = "legal_holds", "say whose mail, or which, is not to be erased, without seeing it"
    FIND = "find", "have others decide on what was read in its pictures"
    SCAN = "scan", "end a wait for the virus scanner, once it has looked"
    RESTORE = "restore", "say what became of it since a backup that was restored"
    DUE = "due", "end a delay that is over"
    LEASE = "lease", "take it for delivery"
    FINISH = "finish", "write down what came of an attempt"
    LAPSE = "lapse", "end a lease that ran out"
    EXPIRE = "expire", "end a wait that lasted too long"
    ELAPSE = "elapse", "let it leave after a wait that lasted too long"
    ESCALATE = "escalate", "have an administrator decide"
    ASK_NEXT = "ask_next", "ask the next in line where nobody can agree"


CONTENT = frozenset({Verb.OPEN, Verb.PASSPHRASE, Verb.READ})
"""Verbs that show what a mail says."""
CONFIGURATION = frozenset({Verb.LISTS, Verb.PARTNERS, Verb.PEOPLE, Verb.POLICY, Verb.DEVICES, Verb.FACTORS, Verb.INVITE, Verb.DELEGATIONS})  # fmt: skip
"""Verbs that configure, or show the configuration. Policy and people are files: no verb changes them."""
JUDGEMENTS = frozenset({Verb.APPROVE, Verb.DENY, Verb.RELEASE})
"""Verbs that nobody may use on mail of their own."""


class Scope(StrEnum):
    """On which mail, or on what else; none goes beyond the tenant."""

    OWN = "mail that they sent"
    ADDRESSED = "mail that is addressed to them"
    DEPARTMENT = "mail from a department that they head"
    STAFF = "mail of those whose manager they are"
    NAMED = "mail for which the policy asks a group that they are in, or them by name"
    TENANT = "mail of their tenant"
    DELEGATED = "mail of whom, or from the shared mailbox where, they act by a delegation"
    OFFICE = "lists, settings and reports of their tenant"
    HOUSE = "the organisations of the house, of whose mail nothing is shown"


class Ties(msgspec.Struct, frozen=True):
    """What binds a person to others: the delegations by which they act, and who knows the policy's groups."""

    mandates: Sequence[Mandate] = ()
    groups_of: GroupsOf = no_groups


NONE = Ties()


class Grant(msgspec.Struct, frozen=True):
    """A row: anybody with one of the roles may use the verbs within the scope.

    duty        what the row is for, in one word
    roles       of an account, DEPARTMENT_HEAD or MANAGER; () = everybody who has an account
    direction   "inbound", "outbound" or "" for every direction
    asked       only as long as the mail waits for the word of one of the roles
    reason      opening content needs a reason, which is written to the journal
    action      what must have been delegated; APPROVE counts while the other's word is asked
    """

    duty: str
    roles: tuple[str, ...]
    scope: Scope
    verbs: frozenset[Verb]
    direction: str = ""
    asked: bool = False
    reason: bool = False
    action: Action | None = None


class Voice(msgspec.Struct, frozen=True):
    """A role in which somebody may speak; `place` is the login in whose place they do, "" for their own word; `reasoned`:
    only with a typed reason, as the last in line."""

    role: str
    place: str = ""
    reasoned: bool = False


NOBODY = Voice("")


def _verbs(*verbs: Verb) -> frozenset[Verb]:
    return frozenset(verbs)


_ASKED = tuple(role for role in Role if role is not Role.HOUSE_OPERATOR)
_APPROVING = _verbs(Verb.SEE, Verb.OPEN, Verb.APPROVE, Verb.DENY)

TABLE = (
    Grant("sender", (), Scope.OWN,
          _verbs(Verb.SEE, Verb.OPEN, Verb.PASSPHRASE, Verb.RECALL, Verb.DROP, Verb.STOP, Verb.RESUME,
                 Verb.SEND_NOW, Verb.CONFIRM, Verb.EXCLUDE)),
    Grant("recipient", (), Scope.ADDRESSED,
          _verbs(Verb.READ, Verb.ASK, Verb.EXAMINE, Verb.REPORT, Verb.TRUST), direction="inbound"),
    Grant("head", (DEPARTMENT_HEAD,), Scope.DEPARTMENT, _APPROVING, asked=True),
    Grant("manager", (MANAGER,), Scope.STAFF, _APPROVING, asked=True),
    Grant("approver", _ASKED, Scope.TENANT, _APPROVING, asked=True),
    Grant("named", (), Scope.NAMED, _APPROVING, asked=True),
    Grant("reviewer", (Role.ADMINISTRATOR,), Scope.TENANT,
          _verbs(Verb.SEE, Verb.OPEN, Verb.RELEASE, Verb.DISCARD), reason=True),
    Grant("deputy", (), Scope.DELEGATED, _APPROVING, direction="outbound", action=Action.APPROVE),
    Grant("deputy", (), Scope.DELEGATED,
          _verbs(Verb.SEE, Verb.RECALL, Verb.DROP, Verb.STOP, Verb.RESUME, Verb.SEND_NOW, Verb.CONFIRM),
          direction="outbound", action=Action.SEND),
    Grant("deputy", (), Scope.DELEGATED, _verbs(Verb.SEE, Verb.OPEN), direction="outbound", action=Action.READ),
    Grant("watcher", (Role.OPERATOR, Role.AUDITOR), Scope.TENANT, _verbs(Verb.SEE)),
    Grant("forwarder", (Role.ADMINISTRATOR, Role.OPERATOR), Scope.TENANT, _verbs(Verb.RETRY)),
    # what is not about one mail in custody
    Grant("approver", (DEPARTMENT_HEAD, Role.APPROVER, Role.PRESIDENT, Role.ADMINISTRATOR), Scope.OFFICE,
          _verbs(Verb.APPROVALS)),
    Grant("reviewer", (Role.ADMINISTRATOR,), Scope.OFFICE, _verbs(Verb.QUARANTINE, Verb.REPORTS, Verb.OPEN)),
    Grant("configurator", (Role.ADMINISTRATOR,), Scope.OFFICE,
          _verbs(Verb.LISTS, Verb.PARTNERS, Verb.PEOPLE, Verb.DEVICES, Verb.FACTORS, Verb.INVITE, Verb.DELEGATIONS)),
    Grant("forwarder", (Role.ADMINISTRATOR, Role.OPERATOR), Scope.OFFICE, _verbs(Verb.RETRY)),
    Grant("watcher", (Role.ADMINISTRATOR, Role.OPERATOR, Role.AUDITOR), Scope.OFFICE,
          _verbs(Verb.TRACE, Verb.PEOPLE)),
    Grant("record keeper", (Role.ADMINISTRATOR, Role.AUDITOR), Scope.OFFICE, _verbs(Verb.LEGAL_HOLDS)),
    Grant("house operator", (Role.HOUSE_OPERATOR,), Scope.HOUSE, _verbs(Verb.ORGANISATIONS)),
    Grant("policy watcher", (Role.ADMINISTRATOR, Role.AUDITOR), Scope.OFFICE, _verbs(Verb.POLICY)),
)  # fmt: skip


class SystemPart(StrEnum):
    """Who acts without an account, in every tenant."""

    COMMAND_LINE = "command line"  # a person on the node's host (gateway/command/operator.py)
    DISPATCHER = "dispatcher"
    HOUSEKEEPING = "housekeeping"
    WORKER = "worker"  # examines; what it answers is data, and somebody else decides


PARTS: dict[SystemPart, frozenset[Verb]] = {
    SystemPart.COMMAND_LINE: _verbs(Verb.SEE, Verb.STOP, Verb.SEND_NOW, Verb.RELEASE, Verb.DISCARD, Verb.RETRY, Verb.RESTORE, Verb.FACTORS, Verb.DELEGATIONS),
    SystemPart.DISPATCHER: _verbs(Verb.DUE, Verb.LEASE, Verb.FINISH, Verb.LAPSE),
    SystemPart.HOUSEKEEPING: _verbs(Verb.EXPIRE, Verb.ELAPSE, Verb.ESCALATE, Verb.ASK_NEXT, Verb.FIND, Verb.SCAN),
    SystemPart.WORKER: _verbs(),
}  # fmt: skip


class Actor(msgspec.Struct, frozen=True):
    """Who acts: a login of a tenant, whose account the store reads itself, or a part, which acts in every tenant."""

    name: str
    part: SystemPart | None = None
    tenant: str = EVERY


DISPATCHER = Actor("dispatcher", SystemPart.DISPATCHER)
HOUSEKEEPING = Actor("housekeeping", SystemPart.HOUSEKEEPING)


def person(account: Account) -> Actor:
    return Actor(account.login, tenant=account.tenant)


def own(account: Account, item: Item) -> str:
    """In what way the mail is their own: "sender", "recipient" of arriving mail, or "" when it is not."""
    if account.tenant != item.tenant:
        return ""
    if item.owner and item.owner == account.login:
        return "sender"
    arriving = item.direction == "inbound"
    return "recipient" if arriving and addressed(account, (r.path.address for r in item.recipients)) else ""


def addressed(account: Account, addresses: Iterable[str]) -> bool:
    """True when one of the addresses is a mailbox of theirs, with or without a sub-address."""
    mailboxes = account.mailboxes
    return bool(mailboxes) and any(without_tag(a) in mailboxes for a in addresses)


def grants(account: Account, item: Item, owner: Account | None = None, ties: Ties = NONE) -> list[Grant]:
    """The rows that apply to a person and a mail. `owner` is the account of its sender."""
    if not account.login or account.disabled or account.tenant != item.tenant:
        return []
    steps = _steps(account, item, owner, ties)
    found = [g for g in TABLE if not g.action and _applies(g, account, item, steps)]
    return found + [g for g in TABLE if g.action and _delegated(g, item, owner, ties)]


def verbs(account: Account, item: Item, owner: Account | None = None, ties: Ties = NONE) -> frozenset[Verb]:
    """What a person may do with a mail, whatever its state; the life cycle says what is possible now."""
    found = frozenset(v for grant in grants(account, item, owner, ties) for v in grant.verbs)
    return found - JUDGEMENTS if own(account, item) else found


def verbs_on_arrival(account: Account, tenant: str, addresses: Iterable[str]) -> frozenset[Verb]:
    """What a person may do with a mail that arrived at these addresses and may be no item any more."""
    if account.disabled or account.tenant != tenant or not addressed(account, addresses):
        return frozenset()
    return frozenset(v for g in TABLE if g.scope is Scope.ADDRESSED for v in g.verbs)


def charge(account: Account) -> frozenset[Verb]:
    """What a person is in charge of in their tenant besides single mails in custody."""
    if account.disabled:
        return frozenset()
    scopes = (Scope.OFFICE, Scope.HOUSE) if account.tenant == DEFAULT else (Scope.OFFICE,)
    rows = (g for g in TABLE if g.scope in scopes)
    return frozenset(v for g in rows if any(_has(account, role) for role in g.roles) for v in g.verbs)


def _has(account: Account, role: str) -> bool:
    return bool(account.head_of) if role == DEPARTMENT_HEAD else role in account.roles


def asked(account: Account, item: Item, owner: Account | None, ties: Ties = NONE) -> tuple[Voice, ...]:
    """The roles whose turn it is and in which the person may speak, each once: their own first, then those of whom they
    act for."""
    if account.disabled or own(account, item) or account.login in item.barred:
        return ()
    found = {s.of: Voice(s.of, "", s.stands_in == LAST) for s in _steps(account, item, owner, ties)}
    for mandate in ties.mandates if item.direction == "outbound" else ():
        if mandate.account is not None and Action.APPROVE in mandate.actions:
            for step in _steps(mandate.account, item, owner, ties):
                found.setdefault(step.of, Voice(step.of, mandate.account.login, step.stands_in == LAST))
    return tuple(found.values())


def needs_reason(account: Account, item: Item, owner: Account | None, ties: Ties = NONE) -> bool:
    """True when a person may open the content only for a reason: nobody sent it or asked them."""
    return all(g.reason for g in grants(account, item, owner, ties) if Verb.OPEN in g.verbs)


def refusal(
    who: Account | SystemPart | None,
    verb: Verb,
    item: Item,
    owner: Account | None = None,
    voice: Voice = NOBODY,
    ties: Ties = NONE,
) -> str:
    """Why it is refused, as the end of a sentence; "" when it is allowed. `who` None: there is no such account. `voice` is
    the one that speaks in APPROVE and DENY."""
    if isinstance(who, SystemPart):
        return "" if verb in PARTS[who] else f"the {who} does not do this"
    if who is None or who.disabled or who.tenant != item.tenant:
        return "it is not there"
    if verb in JUDGEMENTS and own(who, item):
        return "nobody decides on mail of their own"
    if verb not in verbs(who, item, owner, ties):
        return "it is not theirs to do"
    if verb in (Verb.APPROVE, Verb.DENY):
        may = {(v.role, v.place): v.reasoned for v in asked(who, item, owner, ties)}
        if (voice.role, voice.place) not in may:
            return "this role is not theirs"
        if may[voice.role, voice.place] and not voice.reasoned:
            return "the last in line says why"
    return ""


def _steps(account: Account, item: Item, owner: Account | None, ties: Ties) -> tuple[Turn, ...]:
    """The steps whose turn it is and that an account of its own may take; none for mail of its own or of nobody known."""
    known = owner is not None and owner.tenant == item.tenant == account.tenant and not account.disabled
    if not item.approvals or not known or own(account, item) or account.login in item.barred:
        return ()
    return tuple(step for step in now_asked(item.approvals) if bears(account, step, owner, ties.groups_of))


def _delegated(grant: Grant, item: Item, owner: Account | None, ties: Ties) -> bool:
    """True when this was delegated to somebody for such a mail: to look after, or as long as the other's word is asked."""
    if item.direction != grant.direction:
        return False
    for mandate in ties.mandates:
        other = mandate.account
        if grant.action not in mandate.actions:
            continue
        if grant.action is Action.APPROVE:
            if other is not None and _steps(other, item, owner, ties):
                return True
        elif (other is not None and own(other, item) == "sender") or (
            mandate.mailbox and item.reverse_path.lower() == mandate.mailbox
        ):
            return True
    return False


def _applies(grant: Grant, account: Account, item: Item, steps: Sequence[Turn]) -> bool:
    """True when a row is about this person and mail; `steps`: those that they may take."""
    if grant.direction not in ("", item.direction):
        return False
    match grant.scope:
        case Scope.OWN:
            return own(account, item) == "sender"
        case Scope.ADDRESSED:
            return addressed(account, (r.path.address for r in item.recipients))
        case Scope.NAMED:
            return any(step.of not in (DEPARTMENT_HEAD, MANAGER, *Role) for step in steps)
        case Scope.OFFICE | Scope.HOUSE | Scope.DELEGATED:
            return False
    if grant.asked:
        return any(step.of in grant.roles for step in steps)
    return any(role in account.roles for role in grant.roles)


def markdown() -> str:
    """The table for docs/rights.md."""
    lines = [
        "The console asks this table for every request, and the store asks it again inside the transaction that"
        " changes a mail. **Content** verbs are bold, *configuration* verbs in italics; no row has both. Nobody"
        f" uses {_listed(JUDGEMENTS)} on mail of their own.",
        "\n## People\n",
        *(f"- {g.duty} ({_roles(g)}), {_scope(g)}: {_listed(g.verbs)}" for g in TABLE),
        "\n## Parts of the system, on mail of all tenants\n",
        *(f"- {part}: {_listed(mine) or 'nothing'}" for part, mine in PARTS.items()),
        "\n## Verbs\n",
        "| verb | what it lets one do |",
        "|---|---|",
        *(f"| {_styled(verb)} | {verb.meaning} |" for verb in Verb),
    ]
    return "\n".join(lines) + "\n"


def _roles(grant: Grant) -> str:
    if grant.roles == _ASKED:
        return "any role that is asked"
    return ", ".join(grant.roles) or "everybody"


def _scope(grant: Grant) -> str:
    arriving = "arriving " if grant.direction == "inbound" else ""
    asked = ", while the role is asked" if grant.asked else ""
    reason = "; content only for a reason" if grant.reason else ""
    given = f" ({grant.action})" if grant.action else ""
    return f"{arriving}{grant.scope}{given}{asked}{reason}"


def _listed(verbs: Iterable[Verb]) -> str:
    chosen = set(verbs)
    return ", ".join(_styled(v) for v in Verb if v in chosen)


def _styled(verb: Verb) -> str:
    return f"**{verb}**" if verb in CONTENT else f"*{verb}*" if verb in CONFIGURATION else verb.value
