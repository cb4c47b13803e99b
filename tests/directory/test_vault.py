"""The vault: sealed, scoped, dated, and never shown again (OUT-PASSWORD)."""

from pathlib import Path

import pytest

from directory.vault import LONGEST, PassphraseRefused, Vault
from storage.day_seal import DaySeal
from storage.interfaces import Database
from storage.seal import Seal, SealError
from tests.services.databases import ByHand

GOOD = "kN7%vRq2wLx9#Tz"
OTHER = "Zt4-Wq8-Pn2-Lk6-Vx9"
LEAST = {"bits": 70.0}
"""What the policy asks now."""


@pytest.fixture
def now() -> list[float]:
    return [1000.0]


@pytest.fixture
def vault(database: Database, now: list[float]) -> Vault:
    return Vault(database, DaySeal(Seal([b"k" * 32])), lambda tenant: LEAST["bits"], clock=lambda: now[0])


async def test_an_address_goes_before_its_domain(vault: Vault) -> None:
    await vault.add("default", "Client.example", GOOD, note="phone", by="kanri")
    await vault.add("default", "Suzuki@client.example", OTHER, note="phone", by="kanri")
    found = await vault.find(
        "default", ["suzuki@client.example", "Tanaka@Client.Example", "x@sub.client.example", "y@z.example"]
    )
    assert found == {"suzuki@client.example": (OTHER, "address"), "Tanaka@Client.Example": (GOOD, "domain")}


async def test_dates_count_and_the_newest_valid_one_wins(vault: Vault, now: list[float]) -> None:
    await vault.add("default", "client.example", GOOD, note="first", by="kanri")
    now[0] = 2000.0
    await vault.add(
        "default", "client.example", OTHER, note="second", by="kanri", valid_from=3000.0, valid_until=4000.0
    )
    for at, expected in ((2000.0, GOOD), (3500.0, OTHER), (4000.0, GOOD)):
        now[0] = at
        assert (await vault.find("default", ["a@client.example"]))["a@client.example"][0] == expected


async def test_the_last_moment_for_which_one_can_be_agreed(vault: Vault) -> None:
    """A hundred years: beyond them a date is a slip of the finger, or an attempt at what dates can hold."""
    for at in (1000.0 + LONGEST, 1e18, float("inf"), float("nan")):
        with pytest.raises(PassphraseRefused) as refused:
            await vault.add("default", "client.example", GOOD, note="phone", by="kanri", valid_until=at)
        assert refused.value.reasons == ["passphrase_dates"]
    assert await vault.all("default") == []
    await vault.add("default", "client.example", GOOD, note="phone", by="kanri", valid_until=999.0 + LONGEST)
    assert len(await vault.all("default")) == 1


async def test_use_is_noted_and_lists_hold_no_secret(vault: Vault, now: list[float]) -> None:
    await vault.add("default", "client.example", GOOD, note="phone", by="kanri")
    now[0] = 1234.0
    await vault.find("default", ["a@client.example"])
    (listed,) = await vault.all("default")
    assert listed.last_used_at == 1234.0
    assert GOOD not in repr(listed)


async def test_the_database_file_does_not_contain_it(vault: Vault, tmp_path: Path) -> None:
    await vault.add("default", "client.example", GOOD, note="phone", by="kanri")
    assert all(GOOD.encode() not in p.read_bytes() for p in tmp_path.iterdir() if p.is_file())


async def test_a_sealed_passphrase_cannot_be_moved_to_another_entry(vault: Vault, database: Database) -> None:
    await vault.add("default", "client.example", GOOD, note="phone", by="kanri")
    await vault.add("default", "rival.example", OTHER, note="phone", by="kanri")
    await database.write(
        lambda t: ByHand(t).execute(
            "UPDATE partner_passphrases SET sealed = (SELECT sealed FROM partner_passphrases WHERE subject = :a) "
            "WHERE subject = :b",
            {"a": "rival.example", "b": "client.example"},
        )
    )
    with pytest.raises(SealError):
        await vault.find("default", ["x@client.example"])


async def test_tenants_do_not_see_each_other(vault: Vault) -> None:
    added = await vault.add("default", "client.example", GOOD, note="phone", by="kanri")
    assert await vault.find("other", ["a@client.example"]) == {}
    assert await vault.all("other") == []
    assert await vault.remove("other", added.id) is None
    assert await vault.remove("default", added.id) == added
    assert await vault.find("default", ["a@client.example"]) == {}


async def test_a_row_that_is_moved_to_another_tenant_does_not_open(vault: Vault, database: Database) -> None:
    await vault.add("default", "client.example", GOOD, note="phone", by="kanri")
    await database.write(lambda t: ByHand(t).execute("UPDATE partner_passphrases SET tenant = 'other'"))
    with pytest.raises(SealError):
        await vault.find("other", ["a@client.example"])


@pytest.mark.parametrize(
    ("subject", "passphrase", "note", "until", "reason"),
    [
        ("client.example", "kN7%vRq2", "phone", None, "passphrase_weak"),
        ("client.example", GOOD, " ", None, "passphrase_note"),
        ("client.example", GOOD, "phone", 999.0, "passphrase_dates"),
        ("nowhere", GOOD, "phone", None, "passphrase_subject"),
        ("@client.example", GOOD, "phone", None, "passphrase_subject"),
        ("a b@client.example", GOOD, "phone", None, "passphrase_subject"),
    ],
)
async def test_what_is_refused(
    vault: Vault, subject: str, passphrase: str, note: str, until: float | None, reason: str
) -> None:
    with pytest.raises(PassphraseRefused) as refused:
        await vault.add("default", subject, passphrase, note=note, by="kanri", valid_until=until)
    assert refused.value.reasons == [reason]
    assert await vault.all("default") == []


async def test_what_the_policy_would_not_use_is_not_taken_up(
    vault: Vault, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(LEAST, "bits", 120.0)
    with pytest.raises(PassphraseRefused, match="passphrase_weak"):
        await vault.add("default", "client.example", GOOD, note="phone", by="kanri")
    monkeypatch.setitem(LEAST, "bits", 70.0)
    await vault.add("default", "client.example", GOOD, note="phone", by="kanri")


async def test_what_is_agreed_later_is_found_at_once(vault: Vault) -> None:
    assert await vault.find("default", ["a@client.example"]) == {}
    agreed = await vault.add("default", "client.example", GOOD, note="phone", by="kanri")
    assert await vault.find("default", ["a@client.example"]) == {"a@client.example": (GOOD, "domain")}
    await vault.remove("default", agreed.id)
    assert await vault.find("default", ["a@client.example"]) == {}
