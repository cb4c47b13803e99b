"""Each tenant's policy is kept under its own name."""

from pathlib import Path

import pytest

from config.policies import TenantPolicies
from config.policy import ConfigError, Organisation, Policy
from config.settings_file import load_settings
from config.written import Written
from gateway.start.policies_in_force import PoliciesInForce, keeper, load_policies
from quarantine.policies.versions import Versions
from quarantine.store import Store
from storage.database import open_database
from storage.spool import Spool
from tests.services import databases


async def test_versions_are_kept_by_tenant(tmp_path: Path) -> None:
    for name in ("us", "acme"):
        (tmp_path / f"{name}.toml").write_text(f'[organisation]\ndomains = ["{name}.example"]\n')
    own = {"acme": {"policy": tmp_path / "acme.toml"}}
    settings = load_settings(None, policy=tmp_path / "us.toml", tenants=own)
    assert load_policies(settings)("acme").organisation.domains == ("acme.example",)
    assert [keeper(settings, tenant) for tenant in ("acme", "default", "other")] == [
        "acme",
        "default",
        "default",
    ]
    policies = TenantPolicies(
        Policy(Organisation(domains=("us.example",)), version="u"),
        {"acme": Policy(Organisation(domains=("acme.example",)), version="a")},
    )
    files = {"default": Written("# us\n", {}, "u"), "acme": Written("# acme\n", {}, "a")}
    database = open_database(databases.sqlite(tmp_path / "db"))
    store = Store(database, Spool(tmp_path / "spool"), "node1")
    in_force = PoliciesInForce(settings, store, keeps=True)
    assert await in_force.settle(lambda: policies, files) == policies
    found = {tenant: await Versions(store, tenant).newest() for tenant in ("default", "acme", "other")}
    assert {t: [v.text for v in each] for t, each in found.items()} == {
        "default": ["# us\n"], "acme": ["# acme\n"], "other": [],
    }  # fmt: skip
    assert not await in_force.is_new()
    await Versions(store, "acme").add(Written("# more\n", {}, "b"), "operator:x", 2.0)
    assert await in_force.is_new()
    assert [e.tenant for e in await store.entries("acme", event="policy_version")] == ["acme", "acme"]
    alike = TenantPolicies(
        policies.house, {"acme": Policy(Organisation(domains=("mx.us.example",)), version="c")}
    )
    with pytest.raises(ConfigError, match="another organisation's"):
        await in_force.settle(lambda: alike, {})
    await database.close()
