"""Lists and agreements: who may change them, and that the change and its entry are one."""

import pytest

from filters.listing import ADDRESS, ALLOW, BLOCK, DOMAIN
from quarantine.item import NotAllowed
from quarantine.rights import Actor, person
from quarantine.service.office import Office
from storage.interfaces import StoreError
from tests.console.premises import PEOPLE, Premises

WHO = {account.login: person(account) for account in PEOPLE}
MONTH = 30 * 86_400.0


@pytest.fixture
def office(place: Premises) -> Office:
    return place.parts.office


async def told(place: Premises, tenant: str = "default") -> list[tuple[str, str, dict[str, object]]]:
    return [(e.event, e.actor, dict(e.detail)) for e in await place.store.entries(tenant)]


async def test_an_entry_and_its_end_are_on_record(place: Premises, office: Office) -> None:
    made = await office.enlist(
        WHO["kanri"], list=BLOCK, kind=DOMAIN, subject="Evil.example", reason="report", seconds=MONTH
    )
    detail = {"list": "block", "kind": "domain", "subject": "evil.example"}
    assert await office.delist(WHO["kanri"], made.id) == made
    assert await office.delist(WHO["kanri"], made.id) is None
    assert await told(place) == [
        ("listing_added", "kanri", {**detail, "until": made.expires_at}),
        ("listing_removed", "kanri", detail),
    ]


@pytest.mark.parametrize("login", ["hanako", "unyo", "gone", "nobody"])
async def test_who_is_not_in_charge_changes_nothing(place: Premises, office: Office, login: str) -> None:
    actor = WHO.get(login, Actor(login, tenant="default"))
    made = await office.enlist(
        WHO["kanri"], list=BLOCK, kind=DOMAIN, subject="evil.example", reason="report", seconds=MONTH
    )
    agreed = await office.agree(
        WHO["kanri"], "client.example", "Kumquat-Ridge-48", note="by phone", valid_until=None
    )
    with pytest.raises(NotAllowed):
        await office.enlist(actor, list=ALLOW, kind=DOMAIN, subject="evil.example", reason="x", seconds=MONTH)
    with pytest.raises(NotAllowed):
        await office.delist(actor, made.id)
    with pytest.raises(NotAllowed):
        await office.agree(actor, "other.example", "Kumquat-Ridge-48", note="x", valid_until=None)
    with pytest.raises(NotAllowed):
        await office.disagree(actor, agreed.id)
    assert await place.parts.listings.all("default") == [made]
    assert [a.id for a in await place.parts.vault.all("default")] == [agreed.id]
    assert len(await told(place)) == 2


async def test_everybody_has_a_list_of_their_own(place: Premises, office: Office) -> None:
    made = await office.enlist(
        WHO["hanako"], list=ALLOW, kind=ADDRESS, subject="news@partner.example", reason="letter", seconds=MONTH,
        personal=True, mail_id="m1",
    )  # fmt: skip
    assert made.person == "hanako"
    assert await office.delist(WHO["taro"], made.id, personal=True) is None
    with pytest.raises(NotAllowed):
        await office.delist(WHO["taro"], made.id)
    assert await office.delist(WHO["other"], made.id) is None, "another tenant's administrator"
    assert await office.delist(WHO["kanri"], made.id) == made, "an administrator takes out anybody's"
    assert [actor for _, actor, _ in await told(place)] == ["hanako", "kanri"]


async def test_agreements_are_on_record_without_their_passphrase(place: Premises, office: Office) -> None:
    agreed = await office.agree(
        WHO["kanri"], "client.example", "Kumquat-Ridge-48", note="by phone", valid_until=None
    )
    assert await office.disagree(WHO["other"], agreed.id) is None
    gone = await office.disagree(WHO["kanri"], agreed.id)
    assert gone is not None
    assert gone.subject == "client.example"
    detail = {"partner": "client.example"}
    assert await told(place) == [
        ("passphrase_added", "kanri", detail),
        ("passphrase_removed", "kanri", detail),
    ]


async def test_without_its_entry_there_is_no_change(
    place: Premises, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: object) -> None:
        raise StoreError("the journal is away")

    monkeypatch.setattr(place.store, "note", away)
    with pytest.raises(StoreError):
        await office.enlist(
            WHO["kanri"], list=BLOCK, kind=DOMAIN, subject="evil.example", reason="x", seconds=MONTH
        )
    with pytest.raises(StoreError):
        await office.agree(
            WHO["kanri"], "client.example", "Kumquat-Ridge-48", note="by phone", valid_until=None
        )
    assert await place.parts.listings.all("default") == []
    assert await place.parts.vault.all("default") == []
