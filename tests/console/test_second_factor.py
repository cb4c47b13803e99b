"""The second step on the pages: what half a session opens, setting one up, codes that are shown once (OPS-MFA)."""

import base64
import re

import httpx2
import pytest
import zxingcpp
from PIL import Image, ImageDraw

from console.pages.second_factor import qr
from console.visit import ANYONE, PAGES, May
from directory.second_factor import DAY, FREE
from tests.console.premises import PASSWORD, Premises, Visitor, code, enrolled

CODE = re.compile(r'<code class="secret">([a-z2-9-]{19,})</code>')


@pytest.fixture
async def ready(place: Premises) -> Premises:
    for login in ("hanako", "kanri", "taro"):
        await place.parts.people.set_password("default", login, PASSWORD)
    return place


async def log_in(place: Premises, login: str, next_page: str = "/") -> tuple[Visitor, httpx2.Response]:
    """Somebody who has given their password."""
    visitor = await place.visitor()
    await visitor.get("/login")
    answer = await visitor.post("/login", login=login, password=PASSWORD, next=next_page)
    visitor.token = ""
    return visitor, answer


def filled(path: str) -> str:
    for name, value in (("{token}", "t" * 43), ("{number}", "0"), ("{mail_id}", "timed"), ("{id}", "timed")):
        path = path.replace(name, value)
    return path


async def test_a_login_in_two_steps_leads_to_the_page_that_was_asked_for(ready: Premises) -> None:
    secret, _ = await enrolled(ready.parts, "default", "kanri", ready.now[0])
    visitor, answer = await log_in(ready, "kanri", "/quarantine")
    half = dict(visitor.client.cookies)
    assert (answer.status_code, answer.headers["location"]) == (303, "/quarantine")
    assert "sekisho-device" not in half, "only who has come in is known afterwards"
    assert (await visitor.get("/quarantine")).headers["location"] == "/second?next=/quarantine"
    page = await visitor.get("/second?next=/quarantine")
    assert "<nav" not in page.text
    wrong = await visitor.post("/second", code="wrong1", next="/quarantine")
    assert (wrong.status_code, "wrong1" in wrong.text) == (401, False)
    answer = await visitor.post("/second", code=code(secret, ready.now[0]), next="/quarantine")
    assert (answer.status_code, answer.headers["location"]) == (303, "/quarantine")
    assert visitor.client.cookies["sekisho-session"] != half["sekisho-session"]
    assert (await visitor.get("/quarantine")).status_code == 200
    thief = await ready.visitor()
    thief.client.cookies.update(half)
    assert (await thief.get("/")).headers["location"] == "/login", "the half session has ended"


@pytest.mark.parametrize("stage", ["second", "enrol"])
async def test_no_page_opens_to_half_a_session(full: Premises, stage: str) -> None:
    """Every page of the table, GET and POST, with a form token that is right."""
    await full.parts.people.set_password("default", "kanri", PASSWORD)
    if stage == "second":
        await enrolled(full.parts, "default", "kanri", full.now[0])
        where, others = "/second", {"/second", "/logout"}
    else:
        await log_in(full, "kanri")
        full.now[0] += 15 * DAY
        where, others = "/second-factor", {"/logout"}
        others |= {"/second-factor", "/second-factor/begin", "/second-factor/new", "/second-factor/enrol"}
    visitor, _ = await log_in(full, "kanri")
    await visitor.get(where)
    assert visitor.token
    before = await full.store.database.read(lambda t: t.execute("SELECT COUNT(*) AS n FROM journal"))
    tried = 0
    for page in PAGES:
        if page.rule == ANYONE or page.path in others:
            continue
        path = filled(page.path)
        token = visitor.token
        answer = await (visitor.get(path) if page.method == "GET" else visitor.post(path, token, reason="x"))
        assert answer.status_code == 303, page.path
        assert answer.headers["location"].partition("?")[0] == where, page.path
        tried += 1
    assert tried > 60
    assert any(isinstance(page.rule, May) for page in PAGES)
    after = await full.store.database.read(lambda t: t.execute("SELECT COUNT(*) AS n FROM journal"))
    assert before[0]["n"] == after[0]["n"], "nothing was done, and nothing was looked at"


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example", "/second", "javascript:x"])
async def test_the_second_step_never_leads_to_another_site(ready: Premises, target: str) -> None:
    secret, _ = await enrolled(ready.parts, "default", "kanri", ready.now[0])
    visitor, _ = await log_in(ready, "kanri")
    page = await visitor.client.get("/second", params={"next": target})
    assert "evil" not in page.text
    await visitor.get("/second")
    answer = await visitor.post("/second", code=code(secret, ready.now[0]), next=target)
    assert answer.headers["location"] == "/"


async def test_too_many_wrong_codes_are_said(ready: Premises) -> None:
    await enrolled(ready.parts, "default", "kanri", ready.now[0])
    visitor, _ = await log_in(ready, "kanri")
    await visitor.get("/second")
    for _ in range(FREE):
        assert (await visitor.post("/second", code="wrong1")).status_code == 401
    answer = await visitor.post("/second", code="wrong1")
    assert answer.status_code == 429
    assert "しばらく受け付けていません" in answer.text


async def set_up(place: Premises, visitor: Visitor) -> tuple[str, list[str]]:
    """As somebody does it: the typed key, and the recovery codes."""
    await visitor.get("/second-factor")
    assert (await visitor.post("/second-factor/begin")).headers["location"] == "/second-factor/new"
    page = await visitor.get("/second-factor/new")
    key = re.search(r'<code class="secret">([A-Z2-7 ]+)</code>', page.text)
    assert key is not None
    secret = base64.b32decode(key[1].replace(" ", ""))
    assert secret.hex() not in page.text
    answer = await visitor.post("/second-factor/enrol", code=code(secret, place.now[0]))
    assert answer.status_code == 200
    return key[1], CODE.findall(answer.text)


async def test_setting_one_up_shows_recovery_codes_once(ready: Premises) -> None:
    visitor, _ = await log_in(ready, "hanako")
    key, codes = await set_up(ready, visitor)
    assert len(codes) == 10
    for path in ("/second-factor", "/second-factor/new", "/"):
        page = await visitor.get(path)
        assert not [hidden for hidden in (key, *codes) if hidden in page.text], path
    again, _ = await log_in(ready, "hanako")
    await again.get("/second")
    assert (await again.post("/second", code=codes[3])).status_code == 303
    assert (await again.get("/mail")).status_code == 200
    assert "残り9個" in (await again.get("/second-factor")).text


async def test_a_wrong_code_sets_nothing_up_and_shows_the_same_picture(ready: Premises) -> None:
    visitor, _ = await log_in(ready, "hanako")
    await visitor.get("/second-factor")
    await visitor.post("/second-factor/begin")
    page = await visitor.get("/second-factor/new")
    again = await visitor.post("/second-factor/enrol", code="wrong1")
    assert again.status_code == 400
    assert re.findall('d="(M[^"]+)"', again.text) == re.findall('d="(M[^"]+)"', page.text)
    assert (await ready.parts.store.entries("default", event="second_factor_set")) == []


async def test_a_form_of_another_site_sets_nothing_up(ready: Premises) -> None:
    visitor, _ = await log_in(ready, "hanako")
    await visitor.get("/second-factor")
    for path in (
        "/second-factor/begin",
        "/second-factor/enrol",
        "/second-factor/codes",
        "/second-factor/remove",
    ):
        assert (await visitor.post(path, token="x" * 32, code="wrong1")).status_code == 403
    visitor.client.headers["origin"] = "https://evil.example"
    assert (await visitor.post("/second-factor/begin")).status_code == 403
    rows = await ready.store.database.read(lambda t: t.execute("SELECT COUNT(*) AS n FROM second_factor"))
    assert rows[0]["n"] == 0


async def test_who_needs_one_is_told_until_when(ready: Premises) -> None:
    visitor, _ = await log_in(ready, "kanri")
    assert "二段階認証が必要です。設定の期限" in (await visitor.get("/")).text
    user, _ = await log_in(ready, "hanako")
    assert "二段階認証が必要です" not in (await user.get("/")).text


async def test_who_needs_none_may_stop_using_it_and_others_do_not_see_the_button(ready: Premises) -> None:
    visitor, _ = await log_in(ready, "hanako")
    await set_up(ready, visitor)
    assert "/second-factor/remove" in (await visitor.get("/second-factor")).text
    assert (await visitor.post("/second-factor/remove")).status_code == 303
    assert (await log_in(ready, "hanako"))[1].headers["location"] == "/"
    kanri, _ = await log_in(ready, "kanri")
    await set_up(ready, kanri)
    assert "/second-factor/remove" not in (await kanri.get("/second-factor")).text
    assert (await kanri.post("/second-factor/remove")).status_code == 404


async def test_an_administrator_resets_a_lost_one_on_the_page_of_people(ready: Premises) -> None:
    await enrolled(ready.parts, "default", "taro", ready.now[0])
    kanri, _ = await log_in(ready, "kanri")
    page = await kanri.get("/people")
    assert page.text.count('action="/factors/reset"') == 1
    assert (await kanri.post("/factors/reset", login="taro")).headers["location"] == "/people"
    assert 'action="/factors/reset"' not in (await kanri.get("/people")).text
    assert (await kanri.post("/factors/reset", login="nobody")).status_code == 404


def test_a_telephone_reads_the_picture() -> None:
    text = "otpauth://totp/Sekisho%20Example:hanako?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Sekisho%20Example"
    drawn = str(qr(text))
    assert "style" not in drawn, "the policy of contents allows no style in a page"
    side = int(re.search(r'viewBox="0 0 (\d+) ', drawn)[1])  # type: ignore[index]
    picture = Image.new("L", (side * 4, side * 4), 255)
    pen = ImageDraw.Draw(picture)
    (path,) = re.findall(r'd="(M[^"]+Z)"', drawn.replace('d="M0 0', 'x="'))
    for x, y, w, h in re.findall(r"M(\d+) (\d+)h(\d+)v(\d+)h-\d+Z", path):
        left, top = int(x) * 4, int(y) * 4
        pen.rectangle((left, top, left + int(w) * 4 - 1, top + int(h) * 4 - 1), fill=0)
    found = zxingcpp.read_barcodes(picture)
    assert [one.text for one in found] == [text]
