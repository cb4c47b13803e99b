"""The page of one's account: where one is logged in, and the end of it."""

from console.view import browser
from tests.console.premises import PASSWORD, Premises


async def test_people_end_a_session_elsewhere_and_all_of_them(place: Premises) -> None:
    here, there, third = [await place.visitor("hanako") for _ in range(3)]
    page = await here.get("/account")
    assert page.text.count('action="/account/end"') == 2
    assert "この端末" in page.text
    ids = page.text.split('name="session" value="')[1:]
    assert (await here.post("/account/end", session=ids[0].partition('"')[0])).status_code == 303
    states = sorted([(await each.get("/mail")).status_code for each in (there, third)])
    assert states == [200, 303], "one of the two has ended"
    assert (await here.post("/account/end", session="0" * 64)).status_code == 404
    assert (await here.post("/account/end-all")).headers["location"] == "/account"
    assert [(await each.get("/mail")).status_code for each in (here, there, third)] == [200, 303, 303]


async def test_what_a_browser_says_of_itself_is_not_repeated(place: Premises) -> None:
    await place.parts.people.set_password("default", "hanako", PASSWORD)
    odd = "Mozilla/5.0 (<script>alert(1)</script>; Windows NT 10.0) Firefox/140.0"
    visitor = await place.visitor(**{"user-agent": odd})
    await visitor.get("/login")
    await visitor.post("/login", login="hanako", password=PASSWORD)
    page = await visitor.get("/account")
    assert "Firefox · Windows" in page.text
    assert "alert(1)" not in page.text


def test_names_of_browsers() -> None:
    for agent, expected in (
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit Version/18.0 Mobile Safari/604.1", "Safari · iPhone"),
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/140.0 Safari/537.36 Edg/140.0", "Edge · Windows"),
        ("Mozilla/5.0 (Linux; Android 16) Chrome/140.0 Mobile Safari/537.36", "Chrome · Android"),
        ("curl/8", ""),
        ("", ""),
    ):  # fmt: skip
        assert browser(agent) == expected
