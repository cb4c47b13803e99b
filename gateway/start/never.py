"""What can never work though each file is right by itself: settings that contradict each other, mail that has no way
out, approvals that nobody can give, people who are elsewhere. Pure; gateway/start/configuration.py asks.

Each function answers (key, sentence), the key as it stands in the file that the function is about.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations
from typing import NamedTuple

from config.approval import DEPARTMENT_HEAD, MANAGER, Turn, chain
from config.console import host_of
from config.keeping import KINDS
from config.listening import ListenerSection
from config.next_hop import NextHopSection
from config.policies import PolicyOf
from config.policy import Organisation, Policy
from config.problems import meant
from config.section import host_name
from config.sense import asked_chains
from config.settings import Settings
from directory.bearers import Bearers, Membership, bears
from directory.people_file import PeopleEntry, named

Problem = tuple[str, str]
_ANY = ("0.0.0.0", "::", "")
_HERE = ("127.", "::1", "localhost", *_ANY)


class Hop(NamedTuple):
    """A next hop by the key of its section."""

    key: str
    host: str
    port: int


def hops(settings: Settings) -> list[Hop]:
    """All that are configured."""
    sections = {"relay": settings.relay, "mailbox": settings.mailbox}
    sections |= {f"routes.{domain}": section for domain, section in settings.routes.items()}
    for number, listener in enumerate(settings.listeners):
        if listener.upstream is not None:
            for name in ("relay", "mailbox"):
                sections[f"listeners.{number}.upstream.{name}"] = getattr(listener.upstream, name)
    return [Hop(key, section.host, section.port) for key, section in sections.items() if section is not None]


def of_settings(settings: Settings) -> Iterator[Problem]:
    """Settings that contradict each other, or lead nowhere."""
    if not settings.listeners:
        yield "listeners", "listeners: none is configured; see docs/operations.md"
    yield from _ports(settings)
    yield from _ways(settings)
    yield from _addresses(settings)
    tls, limits = settings.tls, settings.limits
    if (tls.certificate is None) != (tls.key is None):
        key, other = ("certificate", "key") if tls.key is None else ("key", "certificate")
        yield (
            f"tls.{key}",
            f"tls.{key}: is nothing without `{other}`; without both, a self-signed pair is made",
        )
    for each in ("connections_per_address", "next_hop_connections_per_client"):
        whole = each.partition("_per_")[0]
        if getattr(limits, each) > getattr(limits, whole):
            yield f"limits.{each}", f"limits.{each}: is more than all of them together ({whole})"
    if settings.processes != "auto" and settings.processes > 1:
        if settings.database_url.startswith("sqlite"):
            yield (
                "processes",
                "processes: SQLite has one writer, so a node on it is one process; several need PostgreSQL (`database`)",
            )
        elif settings.processes > limits.next_hop_connections:
            yield "processes", "processes: are more than limits.next_hop_connections, which they share"
    if settings.digest.enabled and not settings.digest.hours:
        yield "digest.hours", "digest.hours: no hour; enabled = false turns the digest off"


def _ports(settings: Settings) -> Iterator[Problem]:
    sockets = [(f"listeners.{n}.port", s.host, s.port) for n, s in enumerate(settings.listeners)]
    sockets.append(("console.port", settings.console.host, settings.console.port))
    for (_, host, port), (key, other, again) in combinations(sockets, 2):
        if port and port == again and (host == other or host in _ANY or other in _ANY):
            yield key, f"{key}: {port} is taken by {_whose(sockets, host, port, settings.listeners)}"


def _whose(
    sockets: Sequence[tuple[str, str, int]], host: str, port: int, listeners: Sequence[ListenerSection]
) -> str:
    first = next(number for number, each in enumerate(sockets) if each[1:] == (host, port))
    return f"the listener {listeners[first].name}" if first < len(listeners) else "the console"


def _ways(settings: Settings) -> Iterator[Problem]:
    """Where mail goes on."""
    roles = {listener.role for listener in settings.listeners}
    if "submission" in roles and settings.relay is None:
        yield "relay", "relay: no [relay]: mail to external recipients has nowhere to go"
    if roles and settings.mailbox is None:
        yield "mailbox", "mailbox: no [mailbox]: mail to our own domains has nowhere to go"
    ours = {listener.port: listener.name for listener in settings.listeners if listener.port}
    for key, host, port in hops(settings):
        section = section_of(settings, key)
        if port in ours and (host == settings.hostname or host.startswith(_HERE[:3])):
            yield (
                f"{key}.port",
                f"{key}: {host}:{port} is our own listener {ours[port]}: mail would go in circles",
            )
        for pair in (("username", "password_file"), ("client_certificate", "client_key")):
            there = [name for name in pair if getattr(section, name)]
            if len(there) == 1:
                (lacking,) = set(pair) - {*there}
                yield f"{key}.{there[0]}", f"{key}.{there[0]}: is nothing without `{lacking}`"


def section_of(settings: Settings, key: str) -> NextHopSection:
    """The section of a next hop (Hop.key)."""
    found: object = settings
    if key.startswith("routes."):
        found = settings.routes[key.partition(".")[2]]
    elif key.startswith("listeners."):
        _, number, _, name = key.split(".")
        found = getattr(settings.listeners[int(number)].upstream, name)
    else:
        found = getattr(settings, key)
    assert isinstance(found, NextHopSection)
    return found


def _pages(settings: Settings) -> Iterator[Problem]:
    """Where the console is reached: by the host it knows at whose door somebody stands."""
    urls = {"console": settings.console.base_url}
    urls |= {f"tenants.{name}": own.base_url for name, own in settings.tenants.items()}
    known: dict[str, str] = {}
    for place, url in urls.items():
        if not url:
            continue
        if not url.startswith(("https://", "http://")):
            yield f"{place}.base_url", f'{place}.base_url: has no scheme; did you mean "https://{url}"?'
        elif (other := known.setdefault(host_of(url), place)) != place:
            yield (
                f"{place}.base_url",
                f"{place}.base_url: is the host of {other}.base_url: each has one of its own, or none",
            )


def _addresses(settings: Settings) -> Iterator[Problem]:
    notices = settings.notices
    yield from _pages(settings)
    try:
        host_name(settings.hostname)
    except ValueError as error:
        yield "hostname", f"hostname: {error}"
    if notices.postmaster and notices.postmaster.count("@") != 1:
        yield "notices.postmaster", 'notices.postmaster: is not an address such as "postmaster@example.jp"'
    if notices.sender and "@" not in notices.sender:
        yield "notices.sender", 'notices.sender: has no address such as "Sekisho <sekisho@example.jp>"'


def of_domains(settings: Settings, organisation: Organisation) -> Iterator[Problem]:
    """Settings about domains that are none of ours."""
    ours = (*organisation.domains, *organisation.group_domains)
    report = settings.report_address.rpartition("@")[2]
    if report and not organisation.ours(report):
        yield "report_address", f"report_address: {report} is none of our domains{meant(report, ours)}"
    for domain in settings.dkim:
        if not organisation.ours(domain) and domain.lower() not in organisation.group_domains:
            yield f"dkim.{domain}", f"dkim.{domain}: nobody of ours writes from there{meant(domain, ours)}"


def of_retention(settings: Settings, organisation: Organisation) -> Iterator[Problem]:
    """Times for what is never found."""
    known = [*(each.name for each in organisation.classes), *KINDS]
    for name in settings.retention.found:
        if name not in known:
            key = f"retention.found.{name}"
            yield key, f"{key}: is no class of the policy and no kind of data{meant(name, known)}"


def of_people(people: Sequence[PeopleEntry], policy: PolicyOf) -> Iterator[Problem]:
    """People whose addresses are elsewhere: their mail would neither come nor be taken for ours."""
    logins = {(entry.tenant, entry.login) for entry in people}
    for number, entry in enumerate(people):
        organisation = policy(entry.tenant).organisation
        ours = (*organisation.domains, *organisation.group_domains)
        if entry.manager and (entry.tenant, entry.manager) not in logins:
            there = [login for tenant, login in logins if tenant == entry.tenant]
            yield (
                f"person.{number}.manager",
                f"{named(number, entry.login)}: manager: nobody has the login {entry.manager}"
                f"{meant(entry.manager, there)}",
            )
        for key in ("addresses", "send_as"):
            for place, address in enumerate(getattr(entry, key)):
                domain = address.strip().lower().rpartition("@")[2]
                if "@" in address and not organisation.group(f"x@{domain}"):
                    yield (
                        f"person.{number}.{key}.{place}",
                        f"{named(number, entry.login)}: {key}: {domain} is none of our domains"
                        f" (organisation.domains){meant(domain, ours, 0.7)}",
                    )


def of_approvals(people: Sequence[PeopleEntry], policy: Policy, today: str = "") -> Iterator[Problem]:
    """Steps that nobody, or not so many, can take: such mail would wait for ever. Not where nothing is held. The key of
    a step that names somebody, or a number, is the policy's."""
    if policy.mode != "enforce":
        return
    groups_of = Membership(lambda tenant: policy, lambda: today)
    for tenant in dict.fromkeys(entry.tenant for entry in people):
        there = [entry for entry in people if entry.tenant == tenant and not entry.disabled]
        of = "" if tenant == "default" else f" of the tenant {tenant}"
        bearers, nobody = Bearers(there, groups_of), PeopleEntry("", tenant=tenant)
        for text, key in asked_chains(policy).items():
            for step in chain(text):
                if step.of == DEPARTMENT_HEAD:
                    yield from _heads(there, people, key, of)
                elif step.of == MANAGER:
                    continue
                elif not (able := bearers.able(step, nobody)):
                    yield (key if step.person else "person", _vacant(step, key, of))
                elif len(able) < step.need:
                    yield (
                        key,
                        f'{key} asks {step.need} of "{step.of}"{of}, and there are {len(able)}:'
                        " such mail would wait for ever",
                    )


def _vacant(step: Turn, key: str, of: str) -> str:
    if step.person:
        return f"nobody{of} has the login {step.person}, whom {key} asks: such mail would wait for ever"
    return f'nobody{of} has the role "{step.of}", whom {key} asks: such mail would wait for ever'


def _heads(
    there: Sequence[PeopleEntry], people: Sequence[PeopleEntry], key: str, of: str
) -> Iterator[Problem]:
    headed = {department for entry in there for department in entry.head_of}
    numbers = {entry.login: number for number, entry in enumerate(people)}
    for department in dict.fromkeys(entry.department for entry in there if entry.addresses):
        if department and department not in headed:
            first = next(entry for entry in there if entry.department == department)
            yield (
                f"person.{numbers[first.login]}.department",
                f'nobody{of} is the head of "{department}" (head_of), whom {key} asks:'
                f" such mail would wait for ever{_typo(department, headed, there)}",
            )


def _typo(department: str, headed: Iterable[str], there: Iterable[PeopleEntry]) -> str:
    """A department that somebody heads and in which nobody is: perhaps this one."""
    return meant(department, set(headed) - {entry.department for entry in there})


def doubts_of_hops(settings: Settings) -> Iterator[Problem]:
    """What says nothing."""
    for key, _, _ in hops(settings):
        section = section_of(settings, key)
        for name in ("ca_file", "server_name"):
            if getattr(section, name) and section.tls != "verify":
                yield (
                    f"{key}.{name}",
                    f'{key}.{name}: is not looked at: only tls = "verify" checks the certificate',
                )


def doubts(people: Sequence[PeopleEntry], policy: Policy, today: str = "") -> Iterator[Problem]:
    """What works for most, and for some people never: a step of a chain that only they themselves could take, or nobody,
    with no next in line."""
    asked = asked_chains(policy) if policy.mode == "enforce" else {}
    groups_of = Membership(lambda tenant: policy, lambda: today)
    known = {
        tenant: Bearers([each for each in people if each.tenant == tenant], groups_of)
        for tenant in {entry.tenant for entry in people}
    }
    for number, entry in enumerate(people):
        if entry.disabled or not entry.addresses:
            continue
        for text, key in asked.items():
            step = known[entry.tenant].stuck(text, entry, policy.organisation)
            if step is None:
                continue
            here = named(number, entry.login)
            editors = known[entry.tenant].editors(step, entry, policy.organisation)
            line = f"; next in line, but an administrator, who never stands in: {', '.join(editors)}"
            if step.of == DEPARTMENT_HEAD and not entry.department:
                yield (
                    f"person.{number}",
                    f"{here}: is in no department: nobody can approve what {key} asks of their mail",
                )
            elif bears(entry, step, entry, groups_of):
                yield (
                    f"person.{number}.roles",
                    f'{here}: is the only "{step.of}": nobody can approve what {key} asks of their own mail'
                    + (line if editors else ""),
                )
            else:
                yield (
                    f"person.{number}",
                    f'{here}: nobody is "{step}" for their mail: what {key} asks of it cannot be approved',
                )
