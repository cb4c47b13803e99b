"""A typed password: the mail is examined again with it; it opens, and is decided, and is nowhere afterwards."""

import asyncio
import hashlib
import io
import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from email.message import EmailMessage
from pathlib import Path

import httpx2
import msgspec
import py7zr
import pytest
import pyzipper

from config.policy import RulePolicy, Warn
from filters.examined import LOCKED
from gateway.demo.samples import docx
from gateway.unlock import Opened
from quarantine import password_attempts
from quarantine.item import Event, Item, State
from quarantine.password_attempts import MOST
from quarantine.rights import Actor
from quarantine.store import Query
from storage.interfaces import Database
from tests.blobs import keys_of
from tests.filters.extract.documents import pdf
from tests.gateway.test_app import HANAKO, TARO
from tests.services.node import PASSWORD, Site, policy_of, site
from tests.services.programs import required

WORD = "Kumquat-Osprey-71"
SENDER = "buyer@client.example.net"


def zipped(name: str, content: bytes, *, aes: bool = True) -> bytes:
    out = io.BytesIO()
    how = {"encryption": pyzipper.WZ_AES} if aes else {}
    with pyzipper.AESZipFile(out, "w", **how) as target:
        target.setpassword(WORD.encode())
        target.writestr(name, content)
    return out.getvalue()


def zip_crypto(content: bytes) -> bytes:
    """A ZIP in the old encryption, made by 7z: no library here writes it."""
    import subprocess
    import tempfile

    required("7z")
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "a.txt").write_bytes(content)
        command = ["7z", "a", "-tzip", "-mem=ZipCrypto", f"-p{WORD}", "a.zip", "a.txt"]
        subprocess.run(command, cwd=folder, check=True, capture_output=True)
        return (Path(folder) / "a.zip").read_bytes()


def seven_zip(content: bytes) -> bytes:
    out = io.BytesIO()
    with py7zr.SevenZipFile(out, "w", password=WORD) as target:
        target.writestr(content, "a.txt")
    return out.getvalue()


def office() -> bytes:
    out = io.BytesIO()
    from msoffcrypto.format.ooxml import OOXMLFile

    filling = "".join(hashlib.sha256(bytes([n])).hexdigest() for n in range(200))  # it must not be too small
    OOXMLFile(io.BytesIO(docx("見積書", filling))).encrypt(WORD, out)
    return out.getvalue()


def arriving(name: str, content: bytes, text: str = "資料をお送りします。\n") -> bytes:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = SENDER, TARO, "資料の件"
    message["Message-ID"] = "<1@client.example.net>"
    message.set_content(text)
    message.add_attachment(content, maintype="application", subtype="octet-stream", filename=name)
    return message.as_bytes()


@asynccontextmanager
async def holding(tmp_path: Path, **rules: str) -> AsyncIterator[Site]:
    shipped = policy_of(warn=Warn(warn_at=100, hold_at=1000))
    chosen = {name: RulePolicy(then=then) for name, then in ({LOCKED: "hold"} | rules).items()}
    policy = msgspec.structs.replace(shipped, rules=shipped.rules | chosen)
    async with site(tmp_path, policy) as here:
        yield here


async def held(here: Site) -> Item:
    (item,) = await here.node.store.find(Query("default", state=(State.HELD,), direction="inbound"))
    return item


MADE: dict[str, tuple[str, Callable[[], bytes]]] = {
    "zip, AES": ("資料.zip", lambda: zipped("a.txt", b"hello")),
    "zip, ZipCrypto": ("資料.zip", lambda: zip_crypto(b"hello")),
    "7z": ("資料.7z", lambda: seven_zip(b"hello")),
    "OOXML": ("見積.docx", office),
    "PDF": ("見積.pdf", lambda: pdf("見積書", password=WORD)),
}


@pytest.mark.parametrize("what", MADE)
async def test_the_right_password_delivers_the_mail_as_it_came(tmp_path: Path, what: str) -> None:
    name, made = MADE[what]
    content = made()
    async with holding(tmp_path) as here:
        assert (await here.send(SENDER, [TARO], arriving(name, content), name="inbound"))[0] == 250
        item, unlock = await held(here), here.node.unlock
        assert item.holds == (LOCKED,)
        (letter,) = await here.caught(1)
        assert letter.recipients == (TARO,)
        assert f"/waiting/{item.id}" in text_of(letter.content)
        assert await unlock(item, "not-this-one", Actor("taro", tenant="default")) is Opened.WRONG
        assert (await held(here)).version == item.version
        assert await unlock(item, WORD, Actor("taro", tenant="default")) is Opened.RELEASED
        delivered = (await here.caught(2))[1]
        assert delivered.recipients == (TARO,)
        (file,) = message_of(delivered.content).iter_attachments()
        assert file.get_payload(decode=True) == content, "the file is delivered as it came"
        assert (
            await unlock(await here.node.store.get(item.id, "default"), WORD, Actor("taro", tenant="default"))
            is Opened.LATE
        )
        entries = await here.node.store.entries("default", item=item.id)
        assert [e.event for e in entries][:3] == ["accept", "password_wrong", "examine"]
        assert entries[2].actor == "taro"
        await asyncio.sleep(0.1)
        assert (await here.node.store.get(item.id, "default")).state is State.DONE
    everything = b"".join(p.read_bytes() for p in tmp_path.rglob("*") if p.is_file())
    assert WORD.encode() not in everything, "the password is kept nowhere"
    assert b"not-this-one" not in everything


async def test_what_is_found_inside_holds_it_for_the_administrator(tmp_path: Path) -> None:
    async with holding(tmp_path, executable="hold") as here:
        content = arriving("a.zip", zipped("invoice.exe", b"MZ" + bytes(300)))
        assert (await here.send(SENDER, [TARO], content, name="inbound"))[0] == 250
        item, unlock = await held(here), here.node.unlock
        before = item.holds
        assert await unlock(item, WORD, Actor("taro", tenant="default")) is Opened.HELD
        after = await held(here)
        assert LOCKED in before
        assert after.holds == ("executable",)
        assert LOCKED not in {f.rule for f in after.findings}
        assert "executable" in {f.rule for f in after.findings}
        assert await unlock(after, WORD, Actor("taro", tenant="default")) is Opened.LATE
        assert len(await here.caught(1, 1)) <= 1, "only the letter"


async def test_five_wrong_ones_are_enough(tmp_path: Path) -> None:
    async with holding(tmp_path) as here:
        content = arriving("a.zip", zipped("a.txt", b"x"))
        await here.send(SENDER, [TARO, HANAKO], content, name="inbound")
        item, unlock = await held(here), here.node.unlock
        found = [await unlock(item, f"wrong-{n}", Actor("taro", tenant="default")) for n in range(MOST)]
        assert found == [Opened.WRONG] * (MOST - 1) + [Opened.OVER]
        assert await unlock(item, WORD, Actor("hanako", tenant="default")) is Opened.OVER, (
            "also for the others, also with the right one"
        )
        after = await here.node.store.change(
            item.id, Event.RELEASE, Actor("admin", tenant="default"), here.node.clock()
        )
        assert after.state is State.QUEUED


async def test_another_hold_stays_and_a_banner_that_is_due_is_written(tmp_path: Path) -> None:
    """What opens is weighed again under what was known when it came."""
    shipped = policy_of(warn=Warn(warn_at=1, hold_at=1000))
    rules = shipped.rules | {LOCKED: RulePolicy(then="hold")}
    async with site(tmp_path, msgspec.structs.replace(shipped, rules=rules)) as here:
        lure = "至急 http://203.0.113.7/login でパスワードを確認\n"
        content = arriving("a.zip", zipped("a.txt", b"x"), lure)
        await here.send("x@gmail.com", [TARO], content, name="inbound")
        item, node = await held(here), here.node
        old = item.blob
        assert await node.unlock(item, WORD, Actor("taro", tenant="default")) is Opened.RELEASED
        after = await node.store.get(item.id, "default")
        assert "banner" in after.rewrites
        assert LOCKED not in {f.rule for f in after.findings}
        assert old not in await keys_of(node.store.blobs), "the content that nobody gets is gone"
        delivered = (await here.caught(2))[1].content
        assert b"X-Sekisho-Warning: yes" in delivered
        assert b"locked_attachment" not in delivered.partition(b"\r\n\r\n")[0]


async def test_a_try_in_which_nothing_could_be_tried_is_given_back(tmp_path: Path) -> None:
    async with holding(tmp_path) as here:
        await here.send(SENDER, [TARO], arriving("a.zip", zipped("a.txt", b"x")), name="inbound")
        item, node = await held(here), here.node
        await node.store.blobs.delete(item.original)
        for _ in range(MOST + 1):
            assert await node.unlock(item, WORD, Actor("taro", tenant="default")) is Opened.BUSY


@pytest.mark.parametrize("how", ["the time is up", "the asker goes while it is counted", "nobody foresaw it"])
async def test_a_try_whose_end_nobody_sees_is_given_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    """Also when the channel's time is up: five slow examinations had used all tries up."""
    async with holding(tmp_path) as here:
        await here.send(SENDER, [TARO], arriving("a.zip", zipped("a.txt", b"x")), name="inbound")
        item, node = await held(here), here.node
        begun, gone, given = asyncio.Event(), asyncio.Event(), asyncio.Event()
        begin, give_back = password_attempts.begin, password_attempts.give_back

        async def examine(*_: object) -> None:
            begun.set()
            if how == "nobody foresaw it":
                raise ZeroDivisionError
            await asyncio.Event().wait()

        async def counted(database: Database, item: Item) -> int:
            if how == "the asker goes while it is counted":
                begun.set()
                await gone.wait()
            return await begin(database, item)

        async def back(database: Database, item: Item) -> None:
            await give_back(database, item)
            given.set()

        with monkeypatch.context() as patch:
            patch.setattr(node.unlock, "_try", examine)
            patch.setattr(password_attempts, "begin", counted)
            patch.setattr(password_attempts, "give_back", back)
            for _ in range(MOST + 1):
                for event in (begun, gone, given):
                    event.clear()
                trying = asyncio.ensure_future(node.unlock(item, "wrong", Actor("taro", tenant="default")))
                await begun.wait()
                if how != "nobody foresaw it":
                    trying.cancel()
                with pytest.raises((asyncio.CancelledError, ZeroDivisionError)):
                    await trying
                gone.set()
                await given.wait()
                assert await password_attempts.left(node.store.database, item) == MOST
        assert await node.unlock(item, "wrong", Actor("taro", tenant="default")) is Opened.WRONG
        assert await password_attempts.left(node.store.database, item) == MOST - 1


def message_of(content: bytes) -> EmailMessage:
    import email
    from email import policy

    found = email.message_from_bytes(content, policy=policy.default)
    assert isinstance(found, EmailMessage)
    return found


def text_of(content: bytes) -> str:
    body = message_of(content).get_body(("plain",))
    assert body is not None
    return str(body.get_content())


async def test_on_the_page(tmp_path: Path) -> None:
    """From the letter to the delivery: login, page, a wrong password, the right one."""
    async with holding(tmp_path) as here:
        await here.send(SENDER, [TARO], arriving("a.zip", zipped("a.txt", b"x")), name="inbound")
        (letter,) = await here.caught(1)
        found = re.search(r"(http://[^/]+)(/waiting/\w+)", text_of(letter.content))
        assert found
        async with httpx2.AsyncClient(base_url=found[1]) as browser:
            answer = await browser.get(found[2])
            assert answer.headers["location"] == f"/login?next={found[2]}"
            form = await browser.get(answer.headers["location"])
            fields = {"login": TARO, "password": PASSWORD, "next": found[2], "token": token_of(form.text)}
            assert (await browser.post("/login", data=fields)).headers["location"] == found[2]
            page = await browser.get(found[2])
            token = {"token": token_of(page.text)}
            wrong = await browser.post(f"{found[2]}/password", data={**token, "password": "not-this-one"})
            assert wrong.status_code == 400
            assert "あと4回" in wrong.text
            right = await browser.post(f"{found[2]}/password", data={**token, "password": WORD})
            assert right.status_code == 303
            assert "まもなく配信されます" in (await browser.get(found[2])).text
        assert (await here.caught(2))[1].recipients == (TARO,)


def token_of(page: str) -> str:
    found = re.search(r'name="token" value="([^"]+)"', page)
    assert found
    return found[1]
