"""Devices: made and revoked by oneself and by an administrator; the password is shown once."""

import re

import pytest

from directory.devices import Entering
from tests.console.premises import Premises

SHOWN = re.compile(r'<code class="secret">([a-z2-9]{6}(?:-[a-z2-9]{2,4}){7})</code>')
HOME = Entering("192.0.2.7")


async def test_make_see_once_use_and_revoke(place: Premises) -> None:
    hanako = await place.visitor("hanako")
    await hanako.get("/devices")
    answer = await hanako.post(
        "/devices", name="会社のノートパソコン", networks="192.0.2.0/24, 2001:db8::/32"
    )
    found = SHOWN.search(answer.text)
    assert found is not None
    page = (await hanako.get("/devices")).text
    assert found[1] not in page
    assert "会社のノートパソコン" in page
    assert "未使用" in page
    assert "2001:db8::/32" in page
    devices = place.parts.devices
    assert await devices.check("hanako", found[1], "default", HOME)
    assert "192.0.2.7" in (await hanako.get("/devices")).text, "where it was used last"
    (device,) = await devices.of("default", "hanako")
    assert (await hanako.post(f"/devices/{device.id}/revoke")).headers["location"] == "/devices"
    assert await devices.check("hanako", found[1], "default", HOME) is None
    entries = await place.store.entries("default")
    assert [(e.event, e.actor, e.detail["login"]) for e in entries] == [
        ("device_added", "hanako", "hanako"), ("device_revoked", "hanako", "hanako"),
    ]  # fmt: skip
    assert found[1] not in repr(entries)


async def test_an_administrator_makes_and_revokes_those_of_others(place: Premises) -> None:
    kanri = await place.visitor("kanri")
    assert "/devices?of=hanako" in (await kanri.get("/people")).text
    assert "山田 花子" in (await kanri.get("/devices?of=hanako")).text
    answer = await kanri.post("/devices", name="複合機", of="hanako")
    found = SHOWN.search(answer.text)
    assert found is not None
    (device,) = await place.parts.devices.of("default", "hanako")
    assert device.made_by == "kanri"
    hanako = await place.visitor("hanako")
    assert "管理 太郎" in (await hanako.get("/devices")).text, "who made it, by name"
    assert "Kan Ri" in (await hanako.get("/devices?lang=en")).text
    assert device.name in (await kanri.get("/devices")).text, "among those of others"
    assert device.name in (await (await place.visitor("hanako")).get("/devices")).text
    assert (await kanri.post(f"/devices/{device.id}/revoke", of="hanako")).headers[
        "location"
    ] == "/devices?of=hanako"
    assert await place.parts.devices.all("default") == []


@pytest.mark.parametrize("login", ["taro", "unyo", "kansa", "other"])
async def test_nobody_else_does(place: Premises, login: str) -> None:
    hanako = await place.visitor("hanako")
    await hanako.post("/devices", name="laptop")
    (device,) = await place.parts.devices.of("default", "hanako")
    visitor = await place.visitor(login)
    assert (await visitor.get("/devices?of=hanako")).status_code == 404
    assert (await visitor.post("/devices", name="x", of="hanako")).status_code == 404
    assert (await visitor.post(f"/devices/{device.id}/revoke")).status_code == 404
    assert "laptop" not in (await visitor.get("/devices")).text
    assert [d.id for d in await place.parts.devices.all("default")] == [device.id]
    assert "/devices?of=" not in (await visitor.get("/people")).text or login == "other"


async def test_mistakes_are_said_and_nothing_is_made(place: Premises) -> None:
    hanako = await place.visitor("hanako")
    answer = await hanako.post("/devices", name="", networks="office", certificate="12")
    assert answer.status_code == 400
    for words in ("端末の名前を入力", "192.0.2.0/24 のような形", "16進数64文字"):
        assert words in answer.text
    assert 'value="office"' in answer.text
    assert await place.parts.devices.all("default") == []
    assert (await hanako.post("/devices/nothing/revoke")).status_code == 404
