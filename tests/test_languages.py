"""A language is its files: a pseudo-language is added and everything that people read is played in it.

A word in plain letters that is left is a sentence in code, a key that is missing, or data.
"""

import ast
import re
from collections.abc import AsyncIterator
from html.parser import HTMLParser
from pathlib import Path

import pytest

from config.cases import Waits
from config.policy import Organisation, Policy
from config.words import LANGUAGES, known, problems, say
from console.visit import PAGES
from filters.examined import UNEXAMINABLE, Examined, Summary
from filters.facts import Facts, Origin
from filters.finding import Evidence, Finding
from filters.rewriters.banner import Banner, html_banner, plain_banner
from filters.rewriters.disarm import Replaced, note
from filters.rewriters.encrypt import _note_part
from filters.rewriters.mark import mark
from filters.rewriters.rebuild import _note
from filters.rule import Mail
from filters.ruleset import discover
from filters.sentences import sentence
from filters.verdict import Verdict
from gateway.deliver.delivery_reports import dsn_item
from gateway.refusals import not_yours, overdrawn, refusal, routed
from mail.compose import applied
from mail.dsn import ACTIONS, RecipientStatus
from mail.envelope import Envelope
from mail.message import Message
from quarantine.item import Item
from quarantine.letters import digest, held, on_hold, reported
from quarantine.letters.letter import Letter
from quarantine.requests import Request
from storage.spool import Spool
from tests import pseudo
from tests.browser.pictures import BAN, HALF, furnish_factors, furnish_organisations, name_reports
from tests.browser.pictures import PAGES as PICTURES
from tests.console.premises import (
    PEOPLE,
    Premises,
    furnish,
    furnish_arrivals,
    furnish_review,
    furnish_waiting,
    premises,
)
from tests.console.test_approvals import furnish_deciding
from tests.console.test_policy import furnish_policy
from tests.filters.mails import facts
from tests.house import rooms
from tests.pseudo import TAG, plain
from tests.quarantine.items import item

ROOT = Path(__file__).parent.parent
LAYERS = ("mail", "config", "filters", "storage", "directory", "quarantine", "console", "gateway")


@pytest.fixture
async def place(tmp_path: Path) -> AsyncIterator[Premises]:
    async with premises(tmp_path) as found:
        yield found


@pytest.fixture(autouse=True)
def third(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(LANGUAGES, TAG, pseudo.language(tmp_path / "words"))


def test_it_says_everything() -> None:
    assert problems(LANGUAGES) == []


# -- the console


class Shown(HTMLParser):
    """What people see or hear of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.words: list[str] = []
        self.foreign = 0
        self.tags: list[tuple[str, bool]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = dict(attrs)
        # The links to the other languages are written in those.
        if tag not in ("meta", "link", "img", "input", "br", "hr"):
            self.tags.append((tag, "hreflang" in told))
            self.foreign += "hreflang" in told
        for name in ("aria-label", "placeholder", "title", "alt", "data-label", "data-over"):
            self.words.append(told.get(name) or "")

    def handle_endtag(self, tag: str) -> None:
        while self.tags:
            name, foreign = self.tags.pop()
            self.foreign -= foreign
            if name == tag:
                break

    def handle_data(self, data: str) -> None:
        if not self.foreign and self.tags and self.tags[-1][0] not in ("script", "style"):
            self.words.append(data)


async def test_the_console_is_read_in_it(place: Premises) -> None:
    """A word in plain letters that stands on the Japanese and on the English page, too, is data."""
    await furnish(place)
    await furnish_review(place)
    await furnish_waiting(place)
    await furnish_arrivals(place)
    await furnish_policy(place)
    await furnish_deciding(place)
    await furnish_organisations(place)
    await furnish_factors(place)
    await place.store.database.write(name_reports)
    names = plain(" ".join(name for account in (*PEOPLE, BAN, HALF) for name in account.name.values()))
    for login, path, _ in PICTURES:
        visitor = await place.visitor(login, half=login == HALF.login)
        separator = "&" if "?" in path else "?"
        shown = {}
        for tag in ("ja", "en", TAG):
            answer = await visitor.get(f"{path}{separator}lang={tag}")
            assert answer.status_code == 200, path
            assert f'<html lang="{tag}"' in answer.text
            shown[tag] = plain(" ".join(Shown(answer.text).words))
        assert not shown[TAG] - (shown["ja"] & shown["en"]) - names, path


async def test_every_page_leads_to_every_other_language(place: Premises) -> None:
    visitor = await place.visitor()
    page = (await visitor.get(f"/login?lang={TAG}")).text
    for tag in ("ja", "en"):
        assert re.search(rf'href="/login\?lang={tag}" lang="{tag}"[^>]*>{say(tag, "language.name")}<', page)
    assert f'lang={TAG}"' not in page
    assert f">{say(TAG, 'language.name')}<" in (await visitor.get("/login?lang=en")).text
    assert (
        f'<html lang="{TAG}"'
        in (await (await place.visitor(**{"accept-language": "qps-x, en;q=0.5"})).get("/login")).text
    )


@pytest.mark.parametrize("status", [403, 404, 405, 413, 429, 500, 503])
def test_errors_have_a_page(status: int) -> None:
    assert not plain(say(TAG, f"console.error_{status}") + say(TAG, f"console.error_{status}_lead"))


def test_templates_have_no_words_of_their_own() -> None:
    for path in [*ROOT.glob("console/templates/*.html"), *ROOT.glob("quarantine/letters/templates/*.html")]:
        bare = re.sub(r"\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\}", " ", path.read_text(), flags=re.DOTALL)
        assert plain(" ".join(Shown(bare).words)) <= {"UTC"}, path


# -- letters

NAMELESS = Summary("１２３", "", "９", "", attachments=("４.５",))


def mails(count: int = 1) -> list[Item]:
    found = (Finding("external_recipient", "", values={"count": "3"}),)
    return [
        item("1@2.3", direction="inbound", reverse_path="1@2.3", summary=NAMELESS, findings=found)
        for _ in range(count)
    ]


def letters() -> list[tuple[str, Letter]]:
    (one,) = mails()
    asked = {
        state: Request(one.id, "1", "1", 1.0, "２", state, "３", None)
        for state in ("released", "refused", "open")
    }
    wave = reported.Wave(NAMELESS, 0.0, 9e6)
    found = Examined(findings=one.findings, verdict=Verdict(), copies=())
    return [
        ("locked", held.locked(one, TAG, "")),
        ("released", held.outcome(asked["released"], one, TAG)),
        ("refused", held.outcome(asked["refused"], one, TAG)),
        ("requested", held.requested([held.Wish(asked["open"], one, "４")] * (held.LISTED + 2), TAG, "")),
        ("digest", digest.letter(mails(2), TAG, "Asia/Tokyo", "", more=3)),
        ("report", reported.thanks(wave, TAG, mail_id="")),
        *((v, reported.outcome(wave, TAG, mail_id="1", verdict=v, note="５", alerted=True, contact=""))
          for v in ("dangerous", "spam", "harmless")),
        ("alert", reported.alert(wave, TAG, mail_id="1", line="６", contact="")),
        *((str(changes), on_hold.held([item("1@2", summary=NAMELESS, **changes)], found, TAG, console="", timezone="Asia/Tokyo", margin=5.0, usual=Waits()))
          for changes in ({"delay": 60, "passphrase_source": "generated"}, {"delay": 10**9, "passphrase_source": "a"},
                          {"holds": ("x",)}, {"approvals": ("president", "department_head")})),
    ]  # fmt: skip


def test_letters_are_written_in_it() -> None:
    for name, letter in letters():
        said = " ".join([letter.subject, letter.text, *Shown(letter.html).words])
        assert plain(re.sub(r"/(waiting|quarantine|mail)/?\S*|\[at\]|UTC", "", said)) == set(), name


# -- what is written into mails, and replies

ORGANISATION = Organisation(language=TAG, languages=(TAG,))
POLICY = Policy(organisation=ORGANISATION)


def test_rules_speak_it() -> None:
    tables = {k.split(".")[1]: [] for k in LANGUAGES[TAG].sentences if k.startswith("values.")}
    for key in LANGUAGES[TAG].sentences:
        topic, _, rest = key.partition(".")
        if topic == "values":
            table, _, code = rest.partition(".")
            tables[table].append(code)
    for name in [*discover(), UNEXAMINABLE]:
        template = LANGUAGES[TAG].sentences[f"rules.{name}"]
        texts = [template] if isinstance(template, str) else list(template.values())
        asked = dict(p.split(":") for text in texts for p in re.findall(r"\{(\w+:\w+)\}", text))
        values = {p: "7" for text in texts for p in re.findall(r"\{(\w+)\}", text)} | {
            "number": "1",
            "address": "2",
        }
        values |= {p: "\n".join(tables[table]) for p, table in asked.items()}
        assert plain(sentence(Finding(name, "", values=values), TAG)) == set(), name
    for why in tables["unexaminable"]:
        where, _, why = why.partition("_")
        said = sentence(Finding(UNEXAMINABLE, "", values={"where": where, "why": why}), TAG)
        assert plain(said) == set()


def test_the_warning_and_the_notes_are_in_it() -> None:
    said = Banner(TAG, ("１",), "２", "")
    assert plain(plain_banner(said)) == {"Sekisho"}
    assert plain(" ".join(Shown(html_banner(said)).words)) == {"Sekisho"}
    mail = Mail(Message(b"Subject: 1\r\n\r\n2\r\n"), facts(direction="inbound"))
    marked = Message(applied(bytes(mail.message.view), mark(mail, POLICY, (), (0,))))
    assert marked.first("subject").text.startswith(say(TAG, "rewriters.mark.subject"))  # type: ignore[union-attr]
    for why in ("macro", "program", "shortcut", "page", "all"):
        for kept in (True, False):
            assert (
                plain(note(mail, Replaced("1", "3", why, 5 << 20), TAG, kept))
                - {"KB", "MB", mail.facts.mail_id}
                == set()
            )
    assert plain(_note(["4"], POLICY)) == set()
    for old in (False, True):
        body = Message(_note_part("5", (TAG,), True, old) + b"\r\n")
        assert plain(body.parts[0].text()) <= {"names", "txt"}, old


def test_refusals_are_in_it() -> None:
    utf8 = Facts("outbound", Origin("s", "p"), Envelope("", smtputf8=True), mail_id="1")
    found = (Finding("external_recipient", "", (Evidence("1", "2"),), values={"count": "3"}),)
    examined = Examined(findings=found, verdict=Verdict(rejects=frozenset({"external_recipient"})), copies=())
    silent = Examined(findings=(), verdict=Verdict(), copies=())
    for reply in (
        refusal(examined, POLICY, utf8),
        refusal(silent, POLICY, utf8),
        routed(POLICY, True),
        not_yours(POLICY, True),
        overdrawn(POLICY, True),
    ):
        assert plain(reply.text) == set()


@pytest.mark.parametrize("action", ACTIONS)
async def test_delivery_reports_are_in_it(tmp_path: Path, action: str) -> None:
    blobs = Spool(tmp_path / "spool")
    told = [RecipientStatus("1@2.3", action)]
    made = await dsn_item(
        item("1@2.3"), told, b"Subject: 1\r\n\r\n", blobs=blobs, hostname="h.example", author="m@h.example",
        now=0.0, languages=(TAG,),
    )  # fmt: skip
    report = Message(bytes(await blobs.get(made.blob)))
    await blobs.close()
    assert plain(report.first("subject").text + report.parts[1].text()) == set()  # type: ignore[union-attr]


# -- no language is known to code


def test_code_asks_for_no_language_by_name() -> None:
    """A comparison, a table or a name that knows two languages is a place where a third must be added."""
    wrong = []
    tags = {"ja", "en"}
    for path in rooms.modules().values():
        if "demo" in path.parts:  # its people have names in two languages
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            constants: list[ast.expr | None] = []
            names: list[str] = []
            if isinstance(node, ast.Compare):
                constants = [node.left, *node.comparators]
            elif isinstance(node, ast.Dict):
                constants = list(node.keys)
            elif isinstance(node, ast.Subscript):
                constants = [node.slice]
            elif isinstance(node, ast.Attribute):
                names = [node.attr]
            elif isinstance(node, ast.Name):
                names = [node.id]
            elif isinstance(node, ast.keyword | ast.arg):
                names = [node.arg or ""]
            constants += [
                e for c in constants if isinstance(c, ast.Tuple | ast.Set | ast.List) for e in c.elts
            ]
            asked = any(isinstance(c, ast.Constant) and c.value in tags for c in constants)
            if asked or any(n in tags or n.endswith(("_ja", "_en")) for n in names):
                wrong.append(f"{path.relative_to(ROOT)}:{node.lineno}")
    assert not wrong


def test_code_has_no_sentences_in_japanese() -> None:
    """What detects words in mail has them; what speaks to people has none."""
    readers = (
        "filters/detect",
        "filters/lures",
        "filters/inbound",
        "filters/outbound",
        "filters/extract",
        "filters/reading",
    )
    others = (
        "filters/warm.py",
        "filters/examples.py",
        "gateway/demo/",
        "gateway/rounds/canary_letters.py",
        "gateway/command/documents.py",
        "mail/folding.py",
    )
    wrong = []
    for path in rooms.modules().values():
        inside = str(path.relative_to(ROOT))
        if inside.startswith((*readers, *others)):
            continue
        tree = ast.parse(path.read_text())
        strings = {n for n in ast.walk(tree) if isinstance(n, ast.Constant) and isinstance(n.value, str)}
        told = {n.value for n in ast.walk(tree) if isinstance(n, ast.Expr)}
        wrong += [f"{inside}:{n.lineno}" for n in strings - told if re.search(r"[\u3041-\u3096]{2}", n.value)]
    assert not wrong


def test_every_page_was_looked_at() -> None:
    """A new page is added to the pictures, and so to the walk above."""
    seen = [path.partition("?")[0] for _, path, _ in PICTURES]
    patterns = {
        p.path: re.compile(re.sub(r"\{\w+\}", "[^/]+", p.path) + "$") for p in PAGES if p.method == "GET"
    }
    unseen = {path for path, pattern in patterns.items() if not any(pattern.match(s) for s in seen)}
    assert unseen == {"/password", "/once", "/digest/{token}"}
    assert known(TAG, "console.password_title")
