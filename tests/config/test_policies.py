"""Whose policy, and whose domain."""

from config.policies import TenantPolicies, as_policies
from config.policy import Organisation, Policy


def of(*domains: str) -> Policy:
    return Policy(Organisation(domains=domains))


BOTH = TenantPolicies(of("us.example", "we.example"), {"acme": of("acme.example")})


def test_a_tenant_without_a_policy_has_the_houses() -> None:
    assert BOTH("acme").organisation.domains == ("acme.example",)
    assert BOTH("default") is BOTH("other") is BOTH.house
    assert as_policies(BOTH) is BOTH
    assert as_policies(BOTH.house) == TenantPolicies(BOTH.house)


def test_a_domain_has_one_owner() -> None:
    assert [BOTH.owner(d) for d in ("we.example", "MX.Acme.example", "x.example")] == [
        "default",
        "acme",
        None,
    ]
    assert BOTH.is_others("default", "acme.example")
    assert BOTH.is_others("other", "acme.example"), "who has the house's policy is of the house"
    assert not BOTH.is_others("other", "us.example")
    assert not BOTH.is_others("acme", "x.example")
    assert not as_policies(BOTH.house).is_others("other", "us.example")


def test_a_key_signs_for_the_tenant_of_its_domain() -> None:
    """A domain that stands in no policy is the house's: whoever has the host has its key."""
    for domain, whose in (
        ("us.example", "default"),
        ("mx.acme.example", "acme"),
        ("nobody.example", "default"),
    ):
        assert [t for t in ("default", "acme") if BOTH.signs(domain, t)] == [whose]
        assert BOTH.signs(domain, "other") == (whose == "default")
        assert as_policies(BOTH.house).signs(domain, "other")


def test_domains_of_two_are_found_once() -> None:
    assert BOTH.shared() == []
    twice = TenantPolicies(of("us.example"), {"acme": of("us.example", "it.us.example")})
    assert sorted(twice.shared()) == [("it.us.example", "acme", "default"), ("us.example", "acme", "default")]
