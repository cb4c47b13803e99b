"""How values look on a page: hidden characters made visible, times, sizes, addresses by domain, templates."""

import unicodedata
from datetime import UTC, datetime
from functools import cache, partial
from zoneinfo import ZoneInfo

import jinja2
import msgspec
from markupsafe import Markup, escape

from config.policy import Organisation
from config.words import when
from filters.places import place
from filters.sentences import sentence
from quarantine.item import Entry, Item, Recipient, State, Status
from quarantine.rights import Verb

_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_PLAIN_SPACES = " \u3000"
_BLANKS = "\u115f\u1160\u2800\u3164\uffa0"  # letters and signs that look like nothing


NAVIGATION = (
    ("", (("/", "nav_home", ()),)),
    (
        "nav_mine",
        (("/mail", "nav_mail", ()), ("/waiting", "nav_waiting", ()), ("/received", "nav_received", ())),
    ),
    (
        "nav_decide",
        (
            ("/approvals", "nav_approvals", (Verb.APPROVALS, Verb.TRACE)),
            ("/quarantine", "nav_quarantine", (Verb.QUARANTINE,)),
            ("/reports", "nav_reports", (Verb.REPORTS,)),
        ),
    ),
    (
        "nav_look",
        (
            ("/trace", "nav_trace", (Verb.TRACE,)),
            ("/legal-holds", "nav_legal_holds", (Verb.LEGAL_HOLDS,)),
            ("/organisations", "nav_organisations", (Verb.ORGANISATIONS,)),
        ),
    ),
    (
        "nav_setup",
        (
            ("/policy", "nav_policy", (Verb.POLICY,)),
            ("/listings", "nav_listings", (Verb.LISTS,)),
            ("/partners", "nav_partners", (Verb.PARTNERS,)),
            ("/people", "nav_people", (Verb.PEOPLE,)),
            ("/devices", "nav_devices", ()),
            ("/delegations", "nav_delegations", ()),
            ("/account", "nav_account", ()),
        ),
    ),
)
"""The menu by task: a word for what one is about to do, and its pages: path, word, and of what one is in charge who sees it, any of
these (() = everybody). The pages have their own rules."""


_BROWSERS = (("Edg", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("FxiOS/", "Firefox"),
             ("CriOS/", "Chrome"), ("Chrome/", "Chrome"), ("Safari/", "Safari"))  # fmt: skip
_SYSTEMS = (("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("Windows", "Windows"),
            ("Mac OS X", "macOS"), ("CrOS", "ChromeOS"), ("Linux", "Linux"))  # fmt: skip


def browser(agent: str) -> str:
    """A browser and its system by what it says of itself (User-Agent), in names that are the same in every language; "" for
    what is none of the known ones. Nothing that was sent is repeated."""
    found = (next((name for sign, name in names if sign in agent), "") for names in (_BROWSERS, _SYSTEMS))
    return " · ".join(filter(None, found))


class Domain(msgspec.Struct, frozen=True):
    """The recipients of one domain. `kind` is "external", "group" or "internal"; `company` a partner's name."""

    name: str
    kind: str
    company: str
    recipients: tuple[Recipient, ...]


def visible(text: str, *, lines: bool = False) -> Markup:
    """Escaped text in which control, direction and invisible characters stand as their code points.

    With `lines`, line ends and tabs are left alone (for a body; in a name they are hidden characters too).
    """
    pieces = []
    for character in text:
        if lines and character in "\n\t":
            pieces.append(character)
        elif _shown(character):
            pieces.append(str(escape(character)))
        else:
            pieces.append(f'<span class="hidden-character">U+{ord(character):04X}</span>')
    return Markup("".join(pieces))  # noqa: S704 (every piece is escaped above)


def _shown(character: str) -> bool:
    category = unicodedata.category(character)
    if category == "Zs":
        return character in _PLAIN_SPACES
    return category not in _HIDDEN and character not in _BLANKS


def moment(at: float | None, language: str, timezone: str, *, seconds: bool = False) -> Markup:
    """A time element for UTC seconds."""
    if at is None:
        return Markup("–")
    local = datetime.fromtimestamp(at, UTC).astimezone(ZoneInfo(timezone))
    text = when(language, "exact" if seconds else "moment", local)
    return Markup('<time datetime="{}">{}</time>').format(local.isoformat(timespec="seconds"), text)


def hour(at: float, language: str, timezone: str) -> str:
    """The clock time of UTC seconds, for sentences."""
    return when(language, "hour", datetime.fromtimestamp(at, UTC).astimezone(ZoneInfo(timezone)))


def filesize(size: int) -> str:
    if size < 1024:
        return f"{size} B"
    if size < 1024 * 1024:
        return f"{size / 1024:.0f} KB"
    return f"{size / 1024 / 1024:.1f} MB"


def domains(item: Item, organisation: Organisation) -> list[Domain]:
    """The recipients by domain: outsiders first, of them the unknown companies first."""
    found: dict[str, list[Recipient]] = {}
    for recipient in item.recipients:
        found.setdefault(recipient.path.domain, []).append(recipient)
    result = []
    for name, members in found.items():
        address = members[0].path.address
        kind = (
            "internal"
            if organisation.internal(address)
            else "group"
            if organisation.group(address)
            else "external"
        )
        result.append(Domain(name, kind, organisation.partners.get(name, ""), tuple(members)))
    order = ("external", "group", "internal")
    return sorted(result, key=lambda d: (order.index(d.kind), bool(d.company), d.name))


class Standing(msgspec.Struct, frozen=True):
    """Where a mail stands, as a person would say it: the name of a sentence (status_…) and the time in it."""

    name: str
    at: float | None = None


def standing(item: Item, now: float, margin: float) -> Standing:
    """What is true of the mail now. The time shown is earlier than the real one by `margin` seconds."""
    if item.state is State.WITHDRAWN:
        return Standing("withdrawn")
    if item.state is State.DONE:
        failed = any(r.status is Status.FAILED for r in item.recipients)
        return Standing("failed" if failed else "done", max((r.at for r in item.recipients), default=None))
    if item.state is State.HELD:
        if item.approvals:
            return Standing("approval")
        if item.holds:
            return Standing("review")
        if item.self_review:
            return Standing("self_review")
        if item.due_at is None:
            return Standing("held")
        return Standing("leaves_at", item.due_at - margin)
    if item.state is State.QUEUED and item.attempts and item.due_at is not None and item.due_at > now:
        return Standing("retry", item.due_at)
    return Standing("leaving")


def replies_of(entry: Entry) -> list[str]:
    """What next hops answered, as an entry of the journal tells it."""
    outcomes, replies = entry.detail.get("outcomes"), entry.detail.get("replies")
    found = [o[2] for o in outcomes if len(o) > 2] if isinstance(outcomes, list) else []
    found += replies if isinstance(replies, list) else []
    return [str(r) for r in found if r]


@cache
def templates() -> jinja2.Environment:
    """The templates: everything is escaped, and an unknown name is an error instead of a blank."""
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("console"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        auto_reload=False,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["visible"] = visible
    environment.filters["badge"] = lambda path, badges: badges.get(path, 0)
    environment.filters["filesize"] = filesize
    environment.globals["sentence"] = sentence
    environment.globals["place"] = place
    environment.globals["visible_lines"] = partial(visible, lines=True)
    environment.globals["replies_of"] = replies_of
    environment.globals["navigation"] = NAVIGATION
    return environment
