"""Mail that waits for its recipient: what they see and can ask, and nothing else."""

import hashlib
from typing import Any

import httpx2
import msgspec
import pytest

from directory.account import Account
from filters.examined import LOCKED, Summary
from filters.finding import Finding
from quarantine import digests, password_attempts
from quarantine.item import Event, Item, State
from quarantine.rights import Actor
from tests.console.premises import HTML, Premises, item, mail
from tests.console.test_app import PAYLOADS, inert

HANAKO, TARO, KANRI = "hanako@example.co.jp", "taro@example.co.jp", "kanri@example.co.jp"


async def arrived(place: Premises, id: str, *to: str, **changes: Any) -> Item:
    values: dict[str, Any] = {
        "direction": "inbound", "owner": "", "holds": ("warning_score",), "reverse_path": "bounce@evil.example",
        "findings": (Finding("freemail_sender", "IN-FREEMAIL", weight=2),),
        "summary": Summary(f"件名 {id}", "boss@evil.example", "社長", f"<{id}@evil.example>"),
    }  # fmt: skip
    return await place.keep(item(id, mail("x", HTML, html=True), *(to or (HANAKO,)), **values | changes))


async def test_the_list_is_of_what_waits_for_this_person(place: Premises) -> None:
    await arrived(place, "mine", "Hanako+shop@example.co.jp", TARO)
    await arrived(place, "taros", TARO)
    await arrived(place, "elsewhere", HANAKO, tenant="other")
    await arrived(place, "gone")
    await place.store.change("gone", Event.DISCARD, Actor("kanri", tenant="default"), place.now[0])
    await place.keep(item("out", mail("a", "b"), HANAKO, delay=300))
    hanako = await place.visitor("hanako")
    page = (await hanako.get("/waiting")).text
    assert "件名 mine" in page
    assert 'href="/waiting"' in page
    assert '<span class="pip">1</span>' in page
    for other in ("taros", "elsewhere", "gone", "out"):
        assert f"/waiting/{other}" not in page
    assert TARO not in page, "nobody sees who else got it"
    shared = await place.parts.people.account("default", "shacho")
    assert shared is not None
    await place.parts.people.save(msgspec.structs.replace(shared, send_as=("hanako@example.co.jp",)), 1.0)
    assert "件名 mine" in (await (await place.visitor("shacho")).get("/waiting")).text


async def test_the_page_says_why_and_shows_the_text_only(place: Premises) -> None:
    await arrived(place, "mine", HANAKO, TARO)
    hanako = await place.visitor("hanako")
    page = await hanako.get("/waiting/mine")
    assert page.status_code == 200
    inert(page.text)
    for word in ("至急ご確認ください", "保留の理由", "保管期限", "社長"):
        assert word in page.text
    assert 'href="http' not in page.text
    assert TARO not in page.text
    assert (await (await place.visitor("taro")).get("/waiting/mine")).status_code == 200
    for stranger in ("shacho", "kanri", "unyo", "kansa", "other"):
        assert (await (await place.visitor(stranger)).get("/waiting/mine")).status_code in (403, 404)


@pytest.mark.parametrize("payload", PAYLOADS)
async def test_nothing_from_a_mail_becomes_markup(place: Premises, payload: str) -> None:
    summary = Summary(payload, payload, payload, payload, attachments=(payload,))
    body = payload.replace("\x00", "")
    made, _ = item("xss", b"", HANAKO, direction="inbound", owner="", holds=(LOCKED, payload), summary=summary,
                   reverse_path=payload, findings=(Finding(payload, payload),))  # fmt: skip
    await place.keep((made, mail(body, body, html=True)))
    hanako = await place.visitor("hanako")
    await hanako.get("/waiting/xss")
    await hanako.post("/waiting/xss/request", comment=payload)
    kanri = await place.visitor("kanri")
    pages = [
        await hanako.get("/waiting"),
        await hanako.get("/waiting/xss"),
        await kanri.get("/quarantine"),
        await kanri.get("/mail/xss"),
    ]
    for page in pages:
        assert page.status_code == 200
        inert(page.text)


async def test_a_request_reaches_the_administrator_with_its_comment(place: Premises) -> None:
    await arrived(place, "first")
    await arrived(place, "asked")
    hanako, kanri = await place.visitor("hanako"), await place.visitor("kanri")
    await hanako.get("/waiting/asked")
    answer = await hanako.post("/waiting/asked/request", comment="4月の請求書です")
    assert (answer.status_code, answer.headers["location"]) == (303, "/waiting/asked")
    again = await hanako.post("/waiting/asked/request", comment="もう一度")
    assert again.status_code == 303
    page = (await hanako.get("/waiting/asked")).text
    assert "4月の請求書です" in page
    assert "配信を依頼する" not in page, "once for each mail and person"
    listed = (await kanri.get("/quarantine")).text
    assert listed.index("件名 asked") < listed.index("件名 first"), "what is asked for comes first"
    assert "4月の請求書です" in listed
    assert '<span class="pip">1</span>' in listed
    only = (await kanri.get("/quarantine?state=requested")).text
    assert "件名 asked" in only
    assert "件名 first" not in only
    assert "4月の請求書です" in (await kanri.get("/mail/asked")).text
    await kanri.post("/mail/asked/release", reason="確認した", trust="30")
    assert "まもなく配信されます" in (await hanako.get("/waiting/asked")).text
    (trusted,) = await place.parts.listings.all("default")
    assert (trusted.list, trusted.kind, trusted.subject, trusted.owner) == (
        "allow",
        "address",
        "boss@evil.example",
        "kanri",
    )
    assert not (await kanri.get("/quarantine?state=requested")).text.count("件名 asked")


async def test_the_reason_is_told_when_it_is_ticked(place: Premises) -> None:
    hanako, kanri = await place.visitor("hanako"), await place.visitor("kanri")
    for name, tell, said in (("one", "yes", True), ("two", "", False)):
        await arrived(place, name)
        await hanako.get(f"/waiting/{name}")
        await hanako.post(f"/waiting/{name}/request")
        await kanri.post(
            f"/mail/{name}/discard", reason="危険なファイルです", **({"tell": tell} if tell else {})
        )
        page = (await hanako.get(f"/waiting/{name}")).text
        assert "このメールは配信されません" in page
        assert ("危険なファイルです" in page) is said
        assert "至急ご確認ください" not in page


async def test_an_administrator_leaves_their_own_mail_to_another(place: Premises) -> None:
    await arrived(place, "mine", KANRI, HANAKO)
    kanri = await place.visitor("kanri")
    page = (await kanri.get("/mail/mine")).text
    assert "あなた宛てのメールのため" in page
    assert "/mail/mine/release" not in page
    assert (await kanri.post("/mail/mine/release", reason="x")).status_code == 403
    assert (await place.store.get("mine", "default")).state is State.HELD


async def test_what_cannot_be_released_says_why_and_what_to_do(place: Premises) -> None:
    """Held mail whose changes failed used to have no button and no word."""
    await place.keep(item("broken", mail("a", "b"), holds=("unexaminable",), rewrites=("encrypt",)))
    page = (await (await place.visitor("kanri")).get("/mail/broken")).text
    assert "必要な変更を加えられなかった" in page
    assert "添付ファイルを暗号化します" in page
    assert "再送を依頼してください" in page
    assert "/mail/broken/release" not in page
    assert "/mail/broken/discard" in page


class Lock:
    """In place of gateway/unlock.py (there: tests/gateway/test_unlock.py): counts, and says what it is told to say."""

    def __init__(self, place: Premises, says: str) -> None:
        self.place, self.says = place, says
        self.typed: list[tuple[str, str, Actor]] = []

    async def __call__(self, item: Item, password: str, actor: Actor) -> str:
        self.typed.append((item.id, password, actor))
        await password_attempts.begin(self.place.store.database, item)
        return self.says


async def typed(place: Premises, says: str, password: str = "s3cret-word") -> tuple[Lock, httpx2.Response]:
    await arrived(place, "locked", holds=(LOCKED,))
    place.parts.unlock = lock = Lock(place, says)
    hanako = await place.visitor("hanako")
    assert "添付ファイルのパスワード" in (await hanako.get("/waiting/locked")).text
    return lock, await hanako.post("/waiting/locked/password", password=password)


@pytest.mark.parametrize(
    ("says", "status", "word"),
    [
        ("wrong", 400, "このパスワードでは開けませんでした。 あと4回入力できます。"),
        ("over", 400, "回数（5回）を超えました"),
        ("busy", 503, "現在、検査できません"),
        ("released", 303, ""),
        ("held", 303, ""),
        ("late", 303, ""),
    ],
)
async def test_a_password_is_passed_on_and_never_shown_again(
    place: Premises, says: str, status: int, word: str
) -> None:
    lock, answer = await typed(place, says)
    assert lock.typed == [("locked", "s3cret-word", Actor("hanako", tenant="default"))]
    assert answer.status_code == status
    assert word in answer.text
    assert "s3cret-word" not in answer.text + str(answer.headers)
    assert "s3cret-word" not in repr(await place.store.entries("default", item="locked"))


async def test_an_empty_password_is_no_try(place: Premises) -> None:
    lock, answer = await typed(place, "released", "")
    assert (answer.status_code, lock.typed) == (400, [])


async def test_after_five_tries_only_the_request_is_left(place: Premises) -> None:
    await arrived(place, "locked", holds=(LOCKED,))
    for _ in range(password_attempts.MOST):
        await password_attempts.begin(place.store.database, await place.store.get("locked", "default"))
    page = (await (await place.visitor("hanako")).get("/waiting/locked")).text
    assert "/waiting/locked/password" not in page
    assert "/waiting/locked/request" in page


async def test_the_original_of_what_was_delivered_can_be_asked_for(place: Premises) -> None:
    await arrived(place, "orig", holds=("disarmed",))
    hanako, kanri = await place.visitor("hanako"), await place.visitor("kanri")
    assert "元のメールを保管中" in (await hanako.get("/waiting")).text
    assert "元のメールを依頼する" in (await hanako.get("/waiting/orig")).text
    assert "件名 orig" not in (await kanri.get("/quarantine")).text, "it waits for nobody"
    await hanako.post("/waiting/orig/request")
    assert "件名 orig" in (await kanri.get("/quarantine")).text


async def link(place: Premises, secret: str, *ids: str, person: str = "hanako") -> str:
    token = hashlib.sha256(secret.encode()).hexdigest()
    now = place.now[0]
    await place.store.database.write(lambda t: digests.note(t, Account(person), now, token, ids, now))
    return f"/digest/{secret}"


async def test_a_digest_opens_its_own_list_for_its_own_person(place: Premises) -> None:
    await arrived(place, "told")
    await arrived(place, "later")
    path = await link(place, "s" * 43, "told")
    hanako = await place.visitor("hanako")
    before = await place.store.get("told", "default")
    for _ in range(3):
        page = (await hanako.get(path)).text
    assert "件名 told" in page
    assert "件名 later" not in page
    assert await place.store.get("told", "default") == before
    assert (await hanako.client.post(path)).status_code == 405
    for other in ("taro", "kanri", "other"):
        answer = await (await place.visitor(other)).get(path)
        assert answer.status_code == 404
        assert "件名 told" not in answer.text
    place.now[0] += digests.LIFE + 1
    hanako = await place.visitor("hanako")
    answer = await hanako.get(path)
    assert answer.status_code == 410
    assert 'href="/waiting"' in answer.text
    assert "件名 told" not in answer.text


async def test_a_digest_leads_through_the_login_and_back(place: Premises) -> None:
    path = await link(place, "t-_" + "s" * 40, "x")
    visitor = await place.visitor()
    answer = await visitor.get(path)
    assert (answer.status_code, answer.headers["location"]) == (303, f"/login?next={path}")
    form = await visitor.get(f"/login?next={path}")
    assert f'name="next" value="{path}"' in form.text
    assert 'value="/"' in (await visitor.get("/login?next=/digest/..%2f..%2fevil")).text
