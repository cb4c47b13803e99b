"""A visit: forms of other sites, old forms, languages, cookies."""

import pytest
from starlette.requests import Request

from console.form import FORM_FIELDS, FORM_LIMIT
from console.visit import BADGES, PAGES, Visit
from quarantine.item import State
from tests.console.premises import Premises, premises


async def test_a_post_needs_the_token_of_its_session(full: Premises) -> None:
    hanako, taro = await full.visitor("hanako"), await full.visitor("taro")
    await taro.get("/mail")
    for token in ("", "x", taro.token, taro.token + "ä"):
        assert (await hanako.post("/mail/timed/recall", token=token)).status_code == 403
    assert (await full.store.get("timed", "default")).state is State.HELD
    assert (await hanako.post("/mail/timed/recall")).status_code == 303


@pytest.mark.parametrize(
    "headers",
    [
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"sec-fetch-site": "none"},
        {"origin": "https://evil.example"},
        {"origin": "http://console.test.evil.example"},
    ],
)
async def test_a_form_of_another_site_is_refused_even_with_the_token(
    full: Premises, headers: dict[str, str]
) -> None:
    hanako = await full.visitor("hanako")
    await hanako.get("/mail")
    hanako.client.headers.update(headers)
    assert (await hanako.post("/mail/timed/recall")).status_code == 403
    assert (await full.store.get("timed", "default")).state is State.HELD


async def test_our_own_form_passes(full: Premises) -> None:
    hanako = await full.visitor(
        "hanako", **{"sec-fetch-site": "same-origin", "origin": "http://console.test"}
    )
    assert (await hanako.post("/mail/timed/recall")).status_code == 303


async def test_forms_are_small_and_urlencoded(full: Premises) -> None:
    hanako = await full.visitor("hanako")
    await hanako.get("/mail")
    assert (await hanako.post("/mail/timed/open", reason="x" * FORM_LIMIT)).status_code == 413
    answer = await hanako.client.post("/mail/timed/recall", json={"token": hanako.token})
    assert answer.status_code == 403
    many = {f"f{i}": "1" for i in range(FORM_FIELDS + 1)}
    assert (await hanako.post("/mail/timed/recall", **many)).status_code == 413


async def test_a_link_in_a_notice_leads_through_the_login_and_back(full: Premises) -> None:
    visitor = await full.visitor()
    answer = await visitor.get("/mail/timed")
    assert answer.status_code == 303
    assert answer.headers["location"] == "/login?next=/mail/timed"


async def test_the_language_follows_the_choice_the_person_and_the_browser(full: Premises) -> None:
    stranger = await full.visitor(**{"accept-language": "en-GB,en;q=0.9,ja;q=0.5"})
    assert '<html lang="en"' in (await stranger.get("/login")).text
    hanako = await full.visitor("hanako", **{"accept-language": "en"})
    assert '<html lang="ja"' in (await hanako.get("/mail")).text
    assert '<html lang="en"' in (await hanako.get("/mail?lang=en")).text
    assert '<html lang="en"' in (await hanako.get("/mail")).text
    assert '<html lang="en"' in (await hanako.get("/mail?lang=xx")).text


async def test_cookies_are_bound_to_the_host_under_https(
    full: Premises, tmp_path_factory: pytest.TempPathFactory
) -> None:
    async with premises(tmp_path_factory.mktemp("tls"), base_url="https://console.test") as place:
        visitor = await place.visitor()
        answer = await visitor.get("/login")
        cookie = answer.headers["set-cookie"]
        assert cookie.startswith("__Host-sekisho-form=")
        for part in ("HttpOnly", "Path=/", "SameSite=lax", "Secure"):
            assert part in cookie
        assert "Domain" not in cookie
        assert "max-age" in answer.headers["strict-transport-security"]


async def test_nobody_can_link_to_a_claimed_success(full: Premises) -> None:
    hanako = await full.visitor("hanako")
    page = await hanako.get("/mail/timed?note=did_recall&late=1")
    assert "取り消しました" not in page.text
    hanako.client.cookies.set("sekisho-note", "<b>x</b>")
    assert "<b>x" not in (await hanako.get("/mail/timed")).text


@pytest.mark.parametrize(
    ("method", "path", "expected"),
    [
        ("GET", "/mail/{id}", "/mail/a1"),
        ("POST", "/mail/{id}/recall", "/mail/a1"),
        ("POST", "/listings/{id}/remove", "/listings"),
        ("POST", "/listings", "/listings"),
        ("POST", "/trusted/{id}/remove", "/"),
        ("POST", "/logout", "/"),
    ],
)
async def test_after_a_form_the_nearest_readable_page_is_the_way_back(
    full: Premises, method: str, path: str, expected: str
) -> None:
    """The language link of a page that answers a form must open by GET; it is found in the table of pages."""
    (declared,) = [p for p in PAGES if (p.method, p.path) == (method, path)]
    scope = {
        "type": "http",
        "method": method,
        "path": path.format(id="a1"),
        "path_params": {"id": "a1"},
        "headers": [],
    }
    assert Visit(Request(scope), full.context, declared).here == expected


def test_numbers_in_the_menu_belong_to_pages() -> None:
    readable = {p.path for p in PAGES if p.method == "GET"}
    assert readable >= set(BADGES)


@pytest.mark.parametrize("path", ["//evil.example/x", "///evil.example", "/\\evil.example"])
async def test_no_page_of_ours_leads_to_another_site_by_its_own_address(place: Premises, path: str) -> None:
    text = (await (await place.visitor("hanako")).client.get(f"http://console.test{path}")).text
    assert 'href="//' not in text
    assert 'href="/\\' not in text
    assert "evil.example" in text, "the language link"
