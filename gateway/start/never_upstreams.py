"""What is wrong with a relay listener though each setting is right by itself: it would take mail of others, or mail would
have no way on. Pure, as gateway/start/never.py."""

from collections.abc import Iterator, Sequence

from config.policy import Organisation
from config.problems import meant
from config.settings import Settings
from config.upstreams import UpstreamSection, too_open
from directory.account import canonical
from directory.people_file import PeopleEntry
from gateway.start.never import Problem


def of_upstreams(settings: Settings) -> Iterator[Problem]:
    """Relay listeners that let in more than one house, or whose mail has no way on."""
    for key, upstream in upstreams(settings):
        for below, sentence in too_open(upstream):
            yield f"{key}.{below}", f"{key}.{below}: {sentence}"
        if upstream.relay is None and settings.relay is None:
            yield (
                key,
                f"{key}: neither [relay] nor a next hop of its own: mail to outsiders has nowhere to go",
            )


def of_originators(settings: Settings, organisation: Organisation) -> Iterator[Problem]:
    """Marks of a provider that say nothing: any of its customers may have them."""
    for key, upstream in upstreams(settings):
        for number, name in enumerate(upstream.originators):
            if not organisation.ours(name) and not name.endswith(".onmicrosoft.com"):
                place = f"{key}.originators.{number}"
                yield (
                    place,
                    f"{place}: {name} is neither a domain of ours nor the first one of a tenant (….onmicrosoft.com)"
                    f"{meant(name, organisation.domains)}",
                )


def of_stand_ins(settings: Settings, people: Sequence[PeopleEntry]) -> Iterator[Problem]:
    """Mail of strangers' addresses that would be nobody's."""
    for number, listener in enumerate(settings.listeners):
        login = canonical(listener.upstream.unknown_as) if listener.upstream is not None else ""
        there = [p.login for p in people if p.tenant == listener.tenant and not p.disabled]
        if login and people and login not in there:
            key = f"listeners.{number}.upstream.unknown_as"
            yield key, f"{key}: nobody has the login {login!r}{meant(login, there)}"


def upstreams(settings: Settings) -> Iterator[tuple[str, UpstreamSection]]:
    """All that are configured, by the key of their table."""
    for number, listener in enumerate(settings.listeners):
        if listener.upstream is not None:
            yield f"listeners.{number}.upstream", listener.upstream
