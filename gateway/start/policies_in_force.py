"""Which policies a node examines by: of each tenant that has one of its own, the file's or the newest version's."""

from collections.abc import Callable, Mapping

from config.load import load_policy
from config.policies import TenantPolicies
from config.policy import ConfigError, Policy
from config.settings import Settings
from config.tenant import DEFAULT
from config.written import Written
from filters import ruleset
from gateway.start.policy_in_force import PolicyInForce, current
from quarantine.policies.versions import Versions
from quarantine.store import Store


def keeper(settings: Settings, tenant: str) -> str:
    """The tenant under whose name the versions of a tenant's policy are kept: its own, where it has one."""
    return tenant if tenant in settings.tenants else DEFAULT


def load_policies(settings: Settings) -> TenantPolicies:
    """Those that the files say. Raises ConfigError."""
    found = {}
    for tenant in (DEFAULT, *settings.tenants):
        mine = settings.of(tenant)
        path = mine.policy
        found[tenant] = load_policy(path, mine.presets, demo=path is None, check=ruleset.problems)
    return TenantPolicies(found.pop(DEFAULT), found)


async def in_force_beside(settings: Settings, store: Store, tenant: str, policy: Policy) -> TenantPolicies:
    """What would be in force if this were a tenant's policy. Raises ConfigError, StoreError."""
    found = {
        each: policy if each == tenant else await current(settings.of(each), Versions(store, each))
        for each in (DEFAULT, *settings.tenants)
    }
    return TenantPolicies(found.pop(DEFAULT), found)


class PoliciesInForce:
    """As PolicyInForce, for all tenants. `keeps`: this process writes versions down."""

    def __init__(self, settings: Settings, store: Store, *, keeps: bool) -> None:
        self._of = {
            tenant: PolicyInForce(settings.of(tenant), Versions(store, tenant), keeps=keeps)
            for tenant in (DEFAULT, *settings.tenants)
        }

    async def settle(
        self, load: Callable[[], TenantPolicies], files: Mapping[str, Written]
    ) -> TenantPolicies:
        """What to examine by: what `load` says, or the newest versions; `files`, by tenant, is how they are written. A
        tenant that came to the settings after the start waits for the next one. A domain is one tenant's. Raises ConfigError, Damaged, StoreError."""
        found: dict[str, Policy] = {}
        for tenant, each in self._of.items():
            found[tenant] = await each.settle(lambda tenant=tenant: load()(tenant), files.get(tenant))  # type: ignore[misc]
        policies = TenantPolicies(found.pop(DEFAULT), found)
        if taken := [f"{tenant}: {told}" for tenant in policies.all for told in policies.taken(tenant)]:
            raise ConfigError(taken)
        return policies

    async def is_new(self) -> bool:
        """True when there is a newer version of one than what was found last. Raises StoreError."""
        return any([await each.is_new() for each in self._of.values()])
