"""What keeps a node of several organisations from starting (OPS-TENANT, docs/tenants.md): a border that is not clear."""

from collections.abc import Iterator, Sequence

from config.policies import TenantPolicies
from config.settings import Settings
from config.tenant import ANY, DEFAULT
from directory.people_file import PeopleEntry

Problem = tuple[str, str]


def of_tenants(
    settings: Settings, policies: TenantPolicies, people: Sequence[PeopleEntry]
) -> Iterator[Problem]:
    """Keys and sentences."""
    for tenant, own in settings.tenants.items():
        for name, path in (("policy", own.policy), ("people", own.people)):
            if path is not None and not path.is_file():
                key = f"tenants.{tenant}.{name}"
                yield key, f"{key}: there is no file {path}"
    for tenant in dict.fromkeys(entry.tenant for entry in people):
        if tenant in settings.tenants and settings.tenants[tenant].people is not None:
            yield "people", f"people: somebody is of the tenant {tenant}, which has a people file of its own"
    for domain, tenant, other in policies.shared():
        key = "tenants" if tenant == DEFAULT else f"tenants.{tenant}.policy"
        yield (
            key,
            f"{key}: {domain}, a domain of {tenant}, is (or is below) one of {other}: a domain is one tenant's",
        )
    if not settings.tenants:
        return  # tenants share all but their people and what they decide, as long as none has a table
    known = {DEFAULT, *settings.tenants}
    for number, listener in enumerate(settings.listeners):
        if listener.tenant not in {*known, ANY}:
            key = f"listeners.{number}.tenant"
            yield key, f"{key}: there is no table [tenants.{listener.tenant}]"
    for number, feed in enumerate(settings.feeds):
        if feed.tenant not in known:
            key = f"feeds.{number}.tenant"
            yield key, f"{key}: there is no table [tenants.{feed.tenant}]"
    for tenant in dict.fromkeys(entry.tenant for entry in people if entry.tenant not in known):
        yield "people", f"people: somebody is of the tenant {tenant}, which has no table [tenants.{tenant}]"
