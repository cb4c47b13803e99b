"""The policies of a node: one for each organisation that it serves (OPS-TENANT, docs/tenants.md)."""

from collections.abc import Callable, Mapping

import msgspec

from config.policy import Policy
from config.tenant import DEFAULT

PolicyOf = Callable[[str], Policy]
"""The policy in force of the tenant of this name."""


class TenantPolicies(msgspec.Struct, frozen=True):
    """`house` is the policy of the tenant "default", and of tenants that the settings give no table; `own` are those of
    tenants that have one, by name. Called with a tenant's name it answers theirs."""

    house: Policy
    own: dict[str, Policy] = {}

    def __call__(self, tenant: str) -> Policy:
        return self.own.get(tenant, self.house)

    @property
    def all(self) -> Mapping[str, Policy]:
        """By tenant, the house's first."""
        return {DEFAULT: self.house, **self.own}

    def owner(self, domain: str) -> str | None:
        """The tenant whose domain this is, DEFAULT for the house's; None when it is nobody's. No two have one: a start
        refuses that (`shared`)."""
        for tenant, policy in self.all.items():
            if policy.organisation.ours(domain):
                return tenant
        return None

    def is_others(self, tenant: str, domain: str) -> bool:
        """True for a domain of another tenant: outsiders, who live in the same house."""
        owner = self.owner(domain) if self.own else None
        return owner is not None and owner != (tenant if tenant in self.own else DEFAULT)

    def signs(self, domain: str, tenant: str) -> bool:
        """True when a key of this domain signs mail that leaves for the tenant. A domain of nobody is the house's, who has
        the keys: with one tenant or none of its own, every key is theirs."""
        whose = self.owner(domain) or DEFAULT
        return not self.own or whose == (tenant if tenant in self.own else DEFAULT)

    def taken(self, tenant: str) -> list[str]:
        """Sentences about domains of this tenant that are another's, or lie below or above one; not whose."""
        names = dict.fromkeys(domain for domain, one, other in self.shared() if tenant in (one, other))
        return [
            f"{domain} is another organisation's, or above or below one of its domains" for domain in names
        ]

    def shared(self) -> list[tuple[str, str, str]]:
        """Domains that two tenants name, or of which one lies below another's: (domain, its tenant, the other)."""
        every = list(self.all.items())
        return [
            (domain, tenant, other)
            for place, (tenant, policy) in enumerate(every)
            for at, (other, theirs) in enumerate(every)
            for domain in policy.organisation.domains
            if at != place and theirs.organisation.ours(domain)
            if at < place or domain not in theirs.organisation.domains
        ]


def as_policies(policy: Policy | TenantPolicies) -> TenantPolicies:
    """One policy alone is the house's."""
    return policy if isinstance(policy, TenantPolicies) else TenantPolicies(policy)
