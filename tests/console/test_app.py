"""The application as a whole: who may open what (T35), and what every answer carries."""

import re
from html.parser import HTMLParser

import pytest
import structlog

from console.app import HEADERS, STATIC, create_app
from console.visit import ANYONE, PAGES, RECEIVED, SIGNED_IN, InCharge, May, Page
from filters.examined import Summary
from filters.finding import Evidence, Finding
from quarantine.item import Item
from quarantine.rights import Verb
from quarantine.service.mails import EVENTS
from storage.interfaces import StoreError
from tests.console.premises import PEOPLE, Premises, item, mail

LOGINS = [a.login for a in PEOPLE]

# Who has which right on the mails of tests/console/premises.py: the table of OPS-DUTY, written out by hand.
OWNER = {"exclude", "see", "open", "recall", "drop", "stop", "resume", "send_now", "confirm", "passphrase"}
WAIT = {"read", "ask", "examine"}
ADMINISTRATOR = {"see", "open", "release", "discard", "retry"}
EXPECTED: dict[tuple[str, str], set[str]] = {
    **{("kansa", i): {"see"} for i in ("timed", "approval", "review", "outhold")},
    **{("unyo", i): {"see", "retry"} for i in ("timed", "approval", "review", "outhold")},
    **{("kanri", i): ADMINISTRATOR for i in ("timed", "approval", "review", "outhold")},
    ("hanako", "timed"): OWNER,
    ("hanako", "approval"): OWNER,
    ("taro", "approval"): {"see", "open", "approve", "deny"},
    ("taro", "outhold"): OWNER,
    ("other", "foreign"): OWNER | (ADMINISTRATOR - {"release"}),
}
EXPECTED |= {("kansa", "arrived"): {"see"}, ("unyo", "arrived"): {"see", "retry"}}
EXPECTED |= {("hanako", "arrived"): WAIT, ("kanri", "arrived"): {*WAIT, *ADMINISTRATOR} - {"release"}}
CHARGE = {
    "quarantine": {"kanri", "other"},
    "reports": {"kanri", "other"},
    "listings": {"kanri", "other"},
    "partners": {"kanri", "other"},
    "legal-holds": {"kanri", "kansa", "other"},
    "trace": {"kanri", "unyo", "kansa", "other"},
    "people": {"kanri", "unyo", "kansa", "other"},
    "factors": {"kanri", "other"},
    "invitations": {"kanri", "other"},
    "retry": {"kanri", "unyo", "other"},
    "exceptions": {"kanri", "kansa", "other"},
    "policy": {"kanri", "kansa", "other"},
    "organisations": set[str](),  # of the house's operator alone: tests/console/test_organisations.py
}
ITEMS = ("timed", "approval", "review", "outhold", "foreign", "arrived")
FIELDS = {"reason": "確認のため", "comment": "確認しました", "recipient": "0"}


def test_every_route_comes_from_the_table_and_every_page_has_a_rule(place: Premises) -> None:
    routes = {(r.path, m) for r in create_app(place.context).routes for m in r.methods - {"HEAD"}}  # type: ignore[attr-defined]
    assert routes == {(p.path, p.method) for p in PAGES} | {("/static/{name}", "GET")}
    for page in PAGES:
        assert page.rule in (ANYONE, SIGNED_IN, RECEIVED) or isinstance(page.rule, May | InCharge)
        assert ("{id}" in page.path and page.path.startswith(("/mail/", "/waiting/"))) == isinstance(
            page.rule, May
        ), page.path
        assert ("{mail_id}" in page.path and page.path.startswith("/received/")) == (page.rule == RECEIVED), (
            page.path
        )
    for event in EVENTS:
        assert [p.rule for p in PAGES if p.path == f"/mail/{{id}}/{event}"] == [May(Verb[event.name])]


def roles_allow(page: Page, login: str) -> bool:
    if page.rule == ANYONE:
        return True
    if login in ("", "gone"):
        return False
    section = page.path.split("/")[1]
    return page.rule == SIGNED_IN or login in CHARGE[section]


@pytest.mark.parametrize("login", ["", *LOGINS])
async def test_pages_by_role(full: Premises, login: str) -> None:
    visitor = await full.visitor(login)
    for page in PAGES:
        if isinstance(page.rule, May):
            continue
        path = page.path.replace("{token}", "t" * 43).replace("{mail_id}", "timed").replace("{id}", "0" * 32)
        path = path.replace("{number}", "0")
        if page.rule == RECEIVED:  # by person: tests/console/test_received.py
            continue
        if (
            page.path in ("/logout", "/password", "/login", "/once", "/second-factor/enrol")
            and page.method == "POST"
        ):
            continue
        answer = await (visitor.get(path) if page.method == "GET" else visitor.post(path))
        if roles_allow(page, login):
            foreign = login == "other" and "{" in page.path and page.rule != ANYONE  # another tenant's mail
            assert answer.status_code in ({404} if foreign else {200, 303, 400, 404}), (
                page.path,
                answer.status_code,
            )
            if page.method == "GET" and not foreign and answer.status_code == 303:
                assert page.path in ("/login", "/second", "/second-factor/new")
        elif login in ("", "gone"):
            assert answer.status_code == (303 if page.method == "GET" else 403), page.path
        else:
            assert answer.status_code == 404, (page.path, answer.status_code)


@pytest.mark.parametrize("login", ["", *LOGINS])
async def test_mails_by_person(place: Premises, login: str) -> None:
    """Every page of one mail, for everybody, for everybody's mail; each allowed one on a mail that is fresh."""
    for number, page in enumerate(p for p in PAGES if isinstance(p.rule, May)):
        for name in ITEMS:
            before = await fresh(place, name, f"{name}{number}")
            visitor = await place.visitor(login)
            path = page.path.replace("{id}", before.id)
            if page.method == "GET":
                answer = await visitor.get(path)
            else:
                checked = [
                    "client.example",
                    "unknown.example",
                    "rival.example",
                    "b.example",
                    "freemail.example",
                    "attachments",
                ]
                answer = await visitor.post(path, **FIELDS, checked=checked, bound=before.bound)
            after = await place.store.get(before.id, before.tenant)
            rights = EXPECTED.get((login, name), set())
            assert isinstance(page.rule, May)
            if page.rule.verb in rights:
                assert answer.status_code in (200, 303, 400, 404), (login, page.path, name)
                if answer.status_code == 404:
                    assert page.rule.verb == "passphrase"
                if answer.status_code == 400:
                    assert page.path == "/waiting/{id}/password"
            else:
                expected = (
                    403 if "see" in rights or (login in ("", "gone") and page.method == "POST") else 404
                )
                if login in ("", "gone") and page.method == "GET":
                    expected = 303
                assert answer.status_code == expected, (login, page.path, name)
                assert after == before
                if not rights and name != "x":
                    assert before.summary.message_id not in answer.text


async def fresh(place: Premises, name: str, id: str) -> Item:
    """One of the furnished mails again, under an id of its own."""
    made = {
        "timed": item(id, mail("a", "b"), delay=305),
        "approval": item(id, mail("a", "b"), "boss@rival.example", delay=305, approvals=("department_head",)),
        "review": item(id, mail("a", "b"), direction="inbound", owner="", holds=("warn",)),
        "arrived": item(
            id,
            mail("a", "b"),
            "hanako@example.co.jp",
            "Kanri+x@example.co.jp",
            direction="inbound",
            owner="",
            holds=("warn",),
        ),
        "outhold": item(id, mail("a", "b"), "f@freemail.example", owner="taro", holds=("private_address",)),
        "foreign": item(id, mail("a", "b"), "a@b.example", tenant="other", owner="other", delay=305),
    }
    return await place.keep(made[name])


async def test_nothing_is_done_by_get_or_head(full: Premises) -> None:
    """Link scanners fetch every address a hundred times (T38)."""
    visitor = await full.visitor("hanako")
    before = await full.store.get("timed", "default")
    for right in (*EVENTS, "open", "passphrase"):
        for _ in range(3):
            assert (await visitor.client.get(f"/mail/timed/{right}")).status_code == 405
            assert (await visitor.client.head(f"/mail/timed/{right}")).status_code == 405
    assert await full.store.get("timed", "default") == before


@pytest.mark.parametrize(
    "bad",
    ["../timed", "%2e%2e/timed", "timed%00", "tim", "timed1", "TIMED", "%c0%ae", "t" * 5000, "timed/", "'--"],
)
async def test_tricks_with_ids_find_nothing(full: Premises, bad: str) -> None:
    """T36."""
    visitor = await full.visitor("kanri")
    for path in (f"/mail/{bad}", f"/trace/{bad}", f"/static/{bad}", f"/static/..%2f{bad}"):
        answer = await visitor.get(path)
        assert answer.status_code == 404, path
        assert "見積書" not in answer.text


@pytest.mark.parametrize(
    "path", ["/login", "/", "/mail/timed", "/nothing", "/static/console.css", "/mail/timed/recall"]
)
async def test_every_answer_has_the_headers(full: Premises, path: str) -> None:
    answer = await (await full.visitor("hanako")).get(path)
    for name, value in HEADERS.items():
        if name == "cache-control" and path.startswith("/static"):
            continue
        assert answer.headers[name] == value
    assert answer.headers["cache-control"] == (
        "public, max-age=600" if path.startswith("/static") else "no-store"
    )


async def test_an_unexpected_error_says_nothing(full: Premises, monkeypatch: pytest.MonkeyPatch) -> None:
    async def broken(*_: object) -> None:
        raise RuntimeError("secret path <script>alert(1)</script>")

    monkeypatch.setattr(full.parts.store, "get", broken)
    visitor = await full.visitor("hanako")
    visitor.client._transport.raise_app_exceptions = False  # type: ignore[attr-defined]
    answer = await visitor.get("/mail/timed")
    assert answer.status_code == 500
    assert "secret" not in answer.text
    assert "Traceback" not in answer.text
    assert answer.headers["x-content-type-options"] == "nosniff"


async def test_a_store_that_is_away_is_503(full: Premises, monkeypatch: pytest.MonkeyPatch) -> None:
    async def away(*_: object) -> None:
        raise StoreError("disk full at /secret")

    monkeypatch.setattr(full.parts.store, "find", away)
    with structlog.testing.capture_logs([structlog.contextvars.merge_contextvars]) as log:
        answer = await (await full.visitor("hanako")).get("/mail")
    assert answer.status_code == 503
    assert "secret" not in answer.text
    assert [(line["event"], line["tenant"]) for line in log] == [("store_failed", "default")]


async def test_static_files_are_those_of_the_list(place: Premises) -> None:
    visitor = await place.visitor()
    for name, kind in STATIC.items():
        answer = await visitor.get(f"/static/{name}")
        assert answer.status_code == 200
        assert answer.headers["content-type"] == kind
    assert not re.search(r"https?://|@import|url\(", (await visitor.get("/static/console.css")).text)


PAYLOADS = [
    "<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "'><svg onload=alert(1)>", "javascript:alert(1)",
    "</title><script>alert(1)</script>", "{{ 7*7 }}", "{% raw %}", "<iframe src=//evil.example>", "&lt;b&gt;",
    '" onmouseover="alert(1)', "<a href=//evil.example>x</a>", "</textarea><script>", "]]><script>", "\x00<b>",
    "<style>*{display:none}</style>", "<base href=//evil.example>", "<form action=//evil.example>", "\u202e<b>gpj.exe",
]  # fmt: skip


@pytest.mark.parametrize("payload", PAYLOADS)
async def test_nothing_from_a_mail_becomes_markup(place: Premises, payload: str) -> None:
    """T34: subject, names, file names, addresses, header fields, body, evidence, replies, reasons."""
    summary = Summary(payload, payload, payload, payload, attachments=(payload,))
    finding = Finding(payload, payload, (Evidence(payload, payload),))
    body = payload.replace("\x00", "")
    made, raw = item("xss", mail(body, body, html=True), f"{body}@client.example", owner="hanako", holds=(payload,),
                     reverse_path=payload, summary=summary, findings=(finding,), rewrites=(payload,))  # fmt: skip
    await place.keep((made, raw))
    kanri, hanako = await place.visitor("kanri"), await place.visitor("hanako")
    pages = [
        await hanako.get("/mail"), await hanako.get("/mail/xss"), await kanri.get("/quarantine"), await kanri.get("/mail/xss"),
        await kanri.post("/mail/xss/open", reason=payload), await kanri.get("/trace"), await kanri.get("/trace/xss"),
        await kanri.get("/quarantine?text=" + "".join(f"%{b:02x}" for b in payload.encode())),
    ]  # fmt: skip
    for page in pages:
        assert page.status_code == 200
        inert(page.text)


class Strict(HTMLParser):
    """Collects every tag and attribute that a browser would see."""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        assert tag not in {"iframe", "svg", "style", "base", "object", "embed", "b"}
        assert not [
            n for n in given if n.startswith("on") or n in ("style", "srcdoc", "formaction", "background")
        ], given
        if tag == "script":
            assert given in ({"src": f"/static/{name}.js", "defer": ""} for name in ("countdown", "review"))
        if tag == "img":
            assert given["src"] == "/static/logo.svg"
        for name in ("href", "action", "src"):
            target = given.get(name, "/")
            assert target.startswith(("/", "#main")), target
            assert not target.startswith("//"), target


def inert(text: str) -> None:
    """Only our own markup."""
    reader = Strict(convert_charrefs=True)
    reader.feed(text)
    reader.close()
