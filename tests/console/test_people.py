"""The list of people."""

from tests.console.premises import Premises


async def test_it_shows_ones_own_tenant_and_no_hash(place: Premises) -> None:
    await place.parts.people.set_password("default", "hanako", "kN7%vRq2wL")
    text = (await (await place.visitor("kansa")).get("/people")).text
    assert "山田 花子" in text
    assert "営業部 部門長" in text
    assert "無効" in text
    assert "他社" not in text
    assert "argon2" not in text
    assert "管理画面（第" in text, "who says so, and in which revision"
    assert "&lt;time" not in text
