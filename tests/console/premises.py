"""A furnished console for tests: real SQLite, spool and seal, a few people, and mail in every state."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx2
import msgspec
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP

from config.consequence import UNTIL_RELEASED
from config.policy import Organisation, Policy
from config.settings import LimitsSection
from config.settings_file import load_settings
from config.tenant import DEFAULT
from console.app import create_app
from console.context import Context
from directory.account import Account, Role
from directory.devices import Devices
from directory.listings import Listings
from directory.logins import Logins
from directory.passwords import Hasher
from directory.people import People
from directory.second_factor import fresh_codes, standing_in
from directory.sessions import Sessions, redeem, start
from directory.vault import Vault
from filters.examined import Summary
from filters.finding import Evidence, Finding
from filters.ruleset import prepare
from gateway.console_login import ConsoleLogin
from mail.envelope import ForwardPath
from mail.networks import Networks
from quarantine.item import Entry, Event, Item, Outcome, Recipient, State, Status
from quarantine.letters.letter import Post
from quarantine.policies.counts import Counts
from quarantine.reported.closing import Closing, Decision
from quarantine.reported.fingerprints import journal_fields
from quarantine.reported.reports import Report, Reports
from quarantine.reported.sightings import Sightings
from quarantine.rights import Actor
from quarantine.service.caller import Parts
from quarantine.service.service import of
from quarantine.store import Store
from storage.database import open_database
from storage.day_seal import DaySeal
from storage.interfaces import Transaction
from storage.seal import Seal, open_seal
from storage.spool import Spool
from tests.services import databases

NOW = 1_780_000_000.0
PASSWORD = "kN7%vRq2wL"
SECRET = "abcdefghijkmnpqrstuv"
HTML = (
    "<html><head><title>x</title><style>p{}</style></head><body><p>至急ご確認ください</p>"
    '<script>alert(1)</script><a href="http://evil.example/login">http://bank.example/</a>'
    '<img src="http://tracker.example/p.gif"></body></html>'
)

PEOPLE = (
    Account("hanako", {"ja": "山田 花子", "en": "Hanako Yamada"}, ("hanako@example.co.jp",), department="営業部"),
    Account("taro", {"ja": "佐藤 太郎", "en": "Taro Sato"}, ("taro@example.co.jp",), department="営業部",
            head_of=("営業部",), roles=(Role.USER, Role.APPROVER)),
    Account("shacho", {"ja": "鈴木 一郎", "en": "Ichiro Suzuki"}, ("shacho@example.co.jp",), roles=(Role.USER, Role.PRESIDENT)),
    Account("unyo", {"ja": "高橋 運用", "en": "Uta Takahashi"}, ("unyo@example.co.jp",), roles=(Role.OPERATOR,)),
    Account("kansa", {"ja": "伊藤 監査", "en": "Kan Ito"}, ("kansa@example.co.jp",), roles=(Role.AUDITOR,)),
    Account("kanri", {"ja": "管理 太郎", "en": "Kan Ri"}, ("kanri@example.co.jp",), department="情報システム部",
            roles=(Role.USER, Role.ADMINISTRATOR)),
    Account("other", {"ja": "他社 花子", "en": "Other Person"}, ("other@tenant.example",), department="営業部",
            head_of=("営業部",), roles=tuple(Role), tenant="other"),
    Account("gone", {"ja": "退職 太郎", "en": "Gone Person"}, ("gone@example.co.jp",), roles=tuple(Role), disabled=True),
)  # fmt: skip


def tenant_of(login: str) -> str:
    return next((a.tenant for a in PEOPLE if a.login == login), "default")


def mail(subject: str, body: str, *, html: bool = False, attachment: str = "") -> bytes:
    kind = "text/html" if html else "text/plain"
    head = f"From: Hanako <hanako@example.co.jp>\r\nTo: x@client.example\r\nSubject: {subject}\r\nMIME-Version: 1.0\r\n"
    part = f"Content-Type: {kind}; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n{body}\r\n"
    if not attachment:
        return (head + part).encode()
    return (
        head + 'Content-Type: multipart/mixed; boundary="b"\r\n\r\n--b\r\n' + part + "--b\r\n"
        f"Content-Type: application/pdf\r\nContent-Disposition: attachment; filename*=UTF-8''{attachment}\r\n"
        "Content-Transfer-Encoding: base64\r\n\r\nJVBERi0xLjQK\r\n--b--\r\n"
    ).encode()


def item(id: str, raw: bytes, *recipients: str, **changes: object) -> tuple[Item, bytes]:
    values: dict[str, object] = {
        "tenant": "default", "direction": "outbound", "state": State.HELD,
        "reverse_path": "hanako@example.co.jp", "owner": "hanako",
        "summary": Summary(subject="件名", author="hanako@example.co.jp", author_name="山田 花子",
                           message_id=f"<{id}@example.co.jp>"),
    }  # fmt: skip
    values |= changes
    paths = tuple(Recipient(ForwardPath(r)) for r in recipients or ("suzuki@client.example",))
    return (
        Item(
            id=id, mail_id=id, recipients=paths, blob="", size=len(raw), sha256="", accepted_at=NOW, **values
        ),  # type: ignore[arg-type]
        raw,
    )


@dataclass
class Premises:
    """The context, what answers its questions, and a clock that tests move."""

    context: Context
    parts: Parts
    blobs: Spool
    seal: Seal
    now: list[float] = field(default_factory=lambda: [NOW])
    woken: list[int] = field(default_factory=list)

    @property
    def store(self) -> Store:
        return self.parts.store

    async def keep(self, made: tuple[Item, bytes], now: float | None = None) -> Item:
        """Take an item into custody."""
        entity, raw = made
        blob = await self.blobs.put([raw], entity.tenant)
        sealed = self.seal.seal(SECRET.encode(), aad=entity.mail_id.encode())
        entity = msgspec.structs.replace(
            entity, blob=blob.key, size=blob.size, sha256=blob.sha256,
            accepted_at=self.now[0] if now is None else now,
            secret=sealed if entity.passphrase_source == "generated" else b"",
        )  # fmt: skip
        (kept,) = await self.store.put([entity], now=entity.accepted_at, actor=entity.owner or "192.0.2.1")
        return kept

    async def visitor(
        self, login: str = "", tenant: str = "", *, half: bool = False, **headers: str
    ) -> "Visitor":
        """A client over the application, logged in as somebody (of a tenant, if not of theirs) by a session row."""
        app = create_app(self.context)
        transport = httpx2.ASGITransport(app=app, client=("192.0.2.10", 1))
        client = httpx2.AsyncClient(transport=transport, base_url="http://console.test", headers=headers)
        visitor = Visitor(client, app)
        if login:
            cookie = await session(self.parts, tenant or tenant_of(login), login, self.now[0], half=half)
            client.cookies.set("sekisho-session", cookie, domain="console.test", path="/")
        return visitor


async def session(
    parts: Parts, tenant: str, login: str, now: float, *, once: bool = False, half: bool = False
) -> str:
    """The token of a new session; but for `half` of one, all was shown in it that is asked."""

    def begun(transaction: Transaction) -> str:
        has = standing_in(transaction, tenant, login).enrolled_at and not once
        factor = "totp" if has else ""
        return start(transaction, tenant, login, "192.0.2.10", now, once=once, half=half, factor=factor)

    return await parts.store.database.write(begun)


def code(secret: bytes, at: float) -> str:
    """What an authenticator with this secret shows at a time."""
    return TOTP(secret, 6, SHA1(), 30).generate(int(at)).decode()


async def enrolled(parts: Parts, tenant: str, login: str, now: float) -> tuple[bytes, tuple[str, ...]]:
    """Give somebody a second factor, as if a minute ago: its secret, and the recovery codes."""

    def made(transaction: Transaction) -> tuple[bytes, tuple[str, ...]]:
        secret = parts.factors.begin(transaction, tenant, login, now - 60)
        assert parts.factors.enrol(transaction, tenant, login, code(secret, now - 60), now - 60)
        return secret, fresh_codes(transaction, tenant, login)

    return await parts.store.database.write(made)


async def redeemed(parts: Parts, code: str, now: float) -> tuple[str, str] | None:
    """Whose one-time code it is; it is used up."""
    return await parts.store.database.write(lambda t: redeem(t, code, now))


@dataclass
class Visitor:
    """A browser without a screen: it sends the form token of the page that it saw last."""

    client: httpx2.AsyncClient
    app: object
    token: str = ""

    async def get(self, path: str) -> httpx2.Response:
        answer = await self.client.get(path)
        if found := re.search(r'name="token" value="([^"]*)"', answer.text):
            self.token = found[1]
        return answer

    async def post(self, path: str, token: str | None = None, **fields: object) -> httpx2.Response:
        if token is None and not self.token:
            await self.get("/")
            if not self.token:
                await self.get("/login")
        data = {"token": self.token if token is None else token, **fields}
        return await self.client.post(path, data=data)


@asynccontextmanager
async def premises(folder: Path, *, base_url: str = "") -> AsyncIterator[Premises]:
    """An empty console with its people, over a new SQLite file in `folder`."""
    database = await asyncio.to_thread(open_database, databases.sqlite(folder / "console.db"))
    spool = Spool(folder / "spool")
    seal = await open_seal(folder / "seal.keys", database)
    hasher = Hasher()
    people = People(database, hasher, today=lambda: store.today())
    now, woken = [NOW], []

    logins = Logins(people, database, seal, LimitsSection(), clock=lambda: now[0], monotonic=lambda: now[0])
    console_login = ConsoleLogin(logins, people, Sessions(database), Networks(()))

    organisation = Organisation(
        name="Example", domains=("example.co.jp",), group_domains=("group.example",),
        partners={"client.example": "クライアント株式会社"},
    )  # fmt: skip
    store = Store(database, spool, "n1")
    store.wake = lambda: woken.append(1)
    sightings, listings = Sightings(store), Listings(database, lambda: now[0])
    reports = Reports(store, sightings)
    settings = load_settings(None, hostname="sekisho.test")
    post = Post(settings, spool.put)
    secrets = DaySeal(seal)
    vault = Vault(database, secrets, lambda tenant: 70, clock=lambda: now[0])
    parts = Parts(
        store=store, seal=secrets, people=people, vault=vault, sessions=Sessions(database), listings=listings,
        devices=Devices(database, people, lambda: now[0]),
        counts=Counts(database), reports=reports, sightings=sightings, closing=Closing(store, reports, sightings, listings, people, post), post=post,
        authenticate=console_login.authenticate, device=logins.device,
        policy=lambda tenant: Policy(organisation=organisation), clock=lambda: now[0],
    )  # fmt: skip
    context = Context(
        of(parts), reports={DEFAULT: "report@example.co.jp"}, base_url=base_url, clock=lambda: now[0]
    )
    try:
        for account in PEOPLE:
            await people.save(account, NOW)
        yield Premises(context, parts, spool, seal, now, woken)
    finally:
        people.close()
        await spool.close()
        await database.close()


WAVE = Summary(
    "【重要】口座の確認のお願い 4471", "support@bank.evil.example", "みずほ銀行", "<w1@evil.example>",
    attachments=("ご案内.pdf",), hosts=("login.bank.evil.example", "www.google.com"), files=("ab" * 32,),
)  # fmt: skip
REASONS = (
    Finding("numeric_link", "IN-LINK", weight=5, values={"host": "203.0.113.7"}),
    Finding("freemail_sender", "IN-FREEMAIL", weight=2, values={"domain": "freemail.example"}),
)


async def arrive(place: Premises, mail_id: str, *to: str, ago: float = 60.0, summary: Summary = WAVE) -> None:
    """A mail that went on in line, with a warning."""
    detail = {
        "direction": "inbound",
        "from": "b@evil.example",
        "to": list(to),
        **journal_fields(summary, REASONS, True),
    }
    await place.store.record(Entry(place.now[0] - ago, "pass", "n1", "", mail_id, "default", detail))


async def report(place: Premises, login: str, mail_id: str, comment: str = "", ago: float = 30.0) -> Report:
    """Somebody reports a mail on its page."""
    mail = await place.parts.sightings.mail(mail_id, "default")
    assert mail is not None
    made = Report("default", login, place.now[0] - ago, "page", mail.summary, mail_id, comment)
    return (await place.parts.reports.add(made))[0]


async def furnish_arrivals(place: Premises) -> list[Report]:
    """A wave of three mails, one of them held, with two reports; a mail that was decided; entries of the lists."""
    prepare(Policy())  # knows the sentences of the rules from here on
    wave = msgspec.structs.replace
    await arrive(place, "wave1", "hanako@example.co.jp", ago=7000)
    await arrive(
        place,
        "wave2",
        "taro@example.co.jp",
        "info@example.co.jp",
        ago=6500,
        summary=wave(WAVE, subject="【重要】口座の確認のお願い 9920", message_id="<w2@evil.example>"),
    )
    await place.keep(item("wave3", mail("wave", HTML, html=True), "shacho@example.co.jp", direction="inbound", owner="",
                          holds=("blocked",), delay=UNTIL_RELEASED, findings=REASONS, rewrites=("banner",),
                          summary=wave(WAVE, message_id="<w3@evil.example>")), place.now[0] - 6000)  # fmt: skip
    await arrive(
        place,
        "letter1",
        "hanako@example.co.jp",
        ago=90_000,
        summary=Summary("今月のお知らせ", "news@partner.example", "パートナー通信", "<n1@partner.example>"),
    )
    reports = [
        await report(place, "hanako", "wave1", "心当たりのない銀行からです。"),
        await report(place, "taro", "wave2", ago=20),
    ]
    letter = await report(place, "hanako", "letter1", ago=80_000)
    await place.parts.closing.close(
        [letter],
        Decision("harmless", Actor("kanri", tenant="default"), note="取引先の正式な配信です。"),
        place.now[0] - 70_000,
    )
    add, now = place.parts.listings.add, place.now[0]
    await add(
        "default",
        list="block",
        kind="host",
        subject="phish.example",
        owner="kanri",
        reason="3月の報告から",
        expires_at=now + 80 * 86_400,
    )
    await add(
        "default",
        list="block",
        kind="file",
        subject="cd" * 32,
        owner="kanri",
        reason="ウイルス",
        expires_at=now + 5 * 86_400,
    )
    await add(
        "default",
        list="allow",
        kind="domain",
        subject="partner.example",
        owner="hanako",
        person="hanako",
        reason="毎月の配信",
        expires_at=now + 30 * 86_400,
    )
    return reports


async def furnish_waiting(place: Premises) -> None:
    """Mail that waits for Hanako: for a password, for an administrator (asked for and not), and an original."""
    arrived = {"direction": "inbound", "owner": "", "peer": "203.0.113.5"}
    locked = Finding(
        "locked_attachment",
        "IN-CRYPT",
        (Evidence("見積書.zip", "2"),),
        weight=2,
        values={"name": "見積書.zip"},
    )
    lure = Finding("freemail_sender", "IN-FREEMAIL", weight=2, values={"domain": "freemail.example"})
    letter = "山田様\n\nお世話になっております。光陽電機の田中です。\nご依頼の見積書をお送りします。パスワードは昨日のお電話でお伝えしたものです。\n\n田中"
    await place.keep(
        item(
            "locked",
            mail("quotation", letter, attachment="%E8%A6%8B%E7%A9%8D%E6%9B%B8.zip"),
            "hanako@example.co.jp",
            holds=("locked_attachment",),
            reverse_path="tanaka@koyo.example",
            findings=(locked,),
            summary=Summary(
                "見積書の送付(5月分)",
                "tanaka@koyo.example",
                "田中 一郎",
                "<w1@koyo.example>",
                attachments=("見積書.zip",),
            ),
            **arrived,
        )
    )
    await place.keep(
        item(
            "doubtful",
            mail("urgent", HTML, html=True),
            "hanako@example.co.jp",
            "taro@example.co.jp",
            holds=("warning_score",),
            reverse_path="bounce@evil.example",
            findings=(
                lure,
                Finding("urgency", "IN-TEXT", values={"words": "至急", "phrase": "至急", "quote": "至急"}),
            ),
            summary=Summary(
                "【至急】お振込先の変更について", "keiri@freemail.example", "経理部", "<w2@evil.example>"
            ),
            **arrived,
        ),
        place.now[0] - 9000,
    )
    kept = await place.keep(
        item(
            "wanted",
            mail("list", "名簿をお送りします。"),
            "hanako@example.co.jp",
            holds=("warning_score",),
            findings=(lure,),
            reverse_path="x@freemail.example",
            summary=Summary(
                "同窓会の名簿",
                "sato.k@freemail.example",
                "佐藤",
                "<w3@freemail.example>",
                attachments=("名簿.xlsm",),
            ),
            **arrived,
        ),
        place.now[0] - 20_000,
    )
    await place.parts.requests.ask(
        kept,
        Actor("hanako", tenant="default"),
        "大学の同窓会の幹事からです。電話で送ると聞いています。",
        place.now[0] - 3000,
    )
    await place.keep(
        item(
            "without",
            mail("report", "月次の報告です。"),
            "hanako@example.co.jp",
            holds=("disarmed",),
            findings=(),
            reverse_path="report@partner.example",
            summary=Summary(
                "月次報告",
                "report@partner.example",
                "パートナー",
                "<w4@partner.example>",
                attachments=("報告.xlsm",),
            ),
            **arrived,
        ),
        place.now[0] - 90_000,
    )


NO_FILE = Finding(
    "absent_attachment", "OUT-MISSEND", (Evidence("規格書を添付", "1", 12),), 4, values={"words": "規格書を添付"},
    about=("規格書を添付",),
)  # fmt: skip
THEIR_FILE = Finding(
    "misdirected_attachment", "OUT-MISSEND", (Evidence("小樽グランド様", "2/見積書.pdf"),), 5,
    values={"name": "見積書.pdf", "partner": "小樽グランド観光", "address": "x@unknown.example"}, about=("見積書.pdf",),
)  # fmt: skip


async def furnish_review(place: Premises, **changes: object) -> Item:
    """Mail of Hanako's that waits for her own look."""
    prepare(Policy())
    made = item(
        "look", mail("quotation", "鈴木様\n\n規格書を添付いたします。", attachment="%E8%A6%8B%E7%A9%8D%E6%9B%B8.pdf"),
        "suzuki@client.example", "x@unknown.example", "taro@example.co.jp",
        findings=(NO_FILE, THEIR_FILE), self_review=True,
        summary=Summary("宴会用オードブルのお見積り", "hanako@example.co.jp", "山田 花子", "<l@x>", attachments=("見積書.pdf",)),
        **changes,
    )  # fmt: skip
    return await place.keep(made)


async def furnish(place: Premises) -> dict[str, Item]:
    """Mail in every state that a page can show."""
    keep, now = place.keep, place.now[0]
    many = (
        "suzuki@client.example",
        "tanaka@client.example",
        "ito@unknown.example",
        "mike@group.example",
        "taro@example.co.jp",
    )
    external = Finding(
        "many_external",
        "OUT-BCC",
        (Evidence("suzuki@client.example", "header:to"),),
        values={"count": "3", "domains": "2"},
    )
    person = Finding(
        "person_records",
        "OUT-PII",
        (Evidence("山田 太郎 090-****-5678", "2/名簿.xlsx"),),
        values={"count": "212", "where": "2/名簿.xlsx"},
    )
    lure = Finding(
        "freemail_sender",
        "IN-FREEMAIL",
        (Evidence("ceo.suzuki@freemail.example", "header:from"),),
        weight=2,
        values={"domain": "freemail.example"},
    )
    link = Finding(
        "false_link",
        "IN-LINK",
        (Evidence("bank.example → evil.example", "1"),),
        weight=5,
        values={"shown": "bank.example", "host": "evil.example"},
    )
    found = {
        "timed": await keep(item(
            "timed", mail("=?utf-8?b?6KaL56mN5pu444Gu6YCB5LuY?=", "鈴木様\n\nお世話になっております。\n見積書をお送りします。\n\n山田", attachment="%E8%A6%8B%E7%A9%8D%E6%9B%B8.pdf"),
            *many, delay=305, findings=(external, person), rewrites=("bcc", "encrypt"), passphrase_source="generated",
            summary=Summary("見積書の送付について(4月分)", "hanako@example.co.jp", "山田 花子", "<a1@example.co.jp>", attachments=("見積書.pdf",)))),
        "stopped": await keep(item("stopped", mail("minutes", "議事録"), delay=305,
            summary=Summary("議事録の確認のお願い", "hanako@example.co.jp", "山田 花子", "<a2@example.co.jp>"))),
        "approval": await keep(item("approval", mail("secret", "社外秘の資料です"), "boss@rival.example", delay=305,
            approvals=("department_head",), findings=(Finding("class_approval", "OUT-CLASS", (Evidence("社外秘", "1"),), values={"what": "社外秘", "approver": "department_head"}),),
            summary=Summary("社外秘: 新製品の価格表", "hanako@example.co.jp", "山田 花子", "<a3@example.co.jp>", attachments=("価格表.xlsx",)))),
        "review": await keep(item("review", mail("urgent", HTML, html=True), "hanako@example.co.jp", direction="inbound", owner="",
            peer="203.0.113.5", reverse_path="bounce@evil.example", holds=("warn",), delay=UNTIL_RELEASED, findings=(lure, link),
            summary=Summary("【至急】アカウントの確認", "ceo.suzuki@freemail.example", "鈴木 一郎", "<b1@evil.example>", attachments=("請求書\u202efdp.exe",)))),
        "outhold": await keep(item("outhold", mail("list", "名簿を送ります"), "friend@freemail.example", owner="taro", reverse_path="taro@example.co.jp",
            holds=("private_address",), findings=(Finding("private_address", "OUT-PRIVATE", (Evidence("friend@freemail.example", ""),), values={"address": "friend@freemail.example"}),),
            summary=Summary("Re: 名簿", "taro@example.co.jp", "佐藤 太郎", "<a4@example.co.jp>"))),
        "foreign": await keep(item("foreign", mail("x", "y"), "a@b.example", tenant="other", owner="other", holds=("x",), delay=UNTIL_RELEASED)),
        "left": await keep(item("left", mail("done", "送りました"), summary=Summary("先日のお礼", "hanako@example.co.jp", "山田 花子", "<a5@example.co.jp>")), now - 7200),
        "gone": await keep(item("gone", mail("gone", "やめました"), delay=305, summary=Summary("取り消したメール", "hanako@example.co.jp", "", "<a6@example.co.jp>")), now - 9000),
    }  # fmt: skip
    await place.store.change("stopped", Event.STOP, Actor("hanako", tenant="default"), now)
    await place.store.change("gone", Event.RECALL, Actor("hanako", tenant="default"), now - 8900)
    (leased,) = [i for i in await place.store.lease(now - 7190, 10, 60) if i.id == "left"]
    await place.store.finish(
        leased, [Outcome(0, Status.DELIVERED, "250 2.0.0 queued as 4F2")], now - 7180, None
    )
    return found
