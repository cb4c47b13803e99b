"""Every verb of the command line across the border between two organisations (OPS-TENANT): the verbs are the parser's own, so
that one without a row fails. Each does its work inside first; outside it gets nothing, says nothing, and changes nothing."""

import argparse
import asyncio
import datetime
import inspect
import re
import shutil
import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from config.load import read_policy
from config.settings_file import load_settings
from config.tenant import DEFAULT
from config.written import Written, written
from directory.account import Account
from directory.correspondents import Correspondents
from filters.examine import run
from filters.facts import Facts
from gateway.command.cli import _parser, main
from gateway.command.operator import opened
from quarantine.item import State
from quarantine.policies.versions import Versions
from quarantine.service.handwork import Handwork
from tests.console.premises import Premises, enrolled, item, mail, premises
from tests.console.test_tenants import PASSPHRASE, WORDS, Ids, furnish

DOMAINS = {DEFAULT: "example.co.jp", "acme": "acme.example.com"}
SECRETS = {DEFAULT: "kingfisher", "acme": "bittern"}
"""What a rule of the tenant's own looks for."""
POLICY = """\
[organisation]
name = "{word} kabushiki"
domains = ["{domain}"]

[[organisation.patterns]]
name = "{word}-rule"
words = ["{secret}"]
then = "hold"

[groups.{word}group]
people = {{ department = ["{word}"] }}

[[exceptions]]
name = "{word}-exception"
rule = "external_recipient"
when = {{ from = "{word}group" }}
then = "observe"
owner = "kanri"
reason = "理由 {word}"
approved_by = "shacho"
until = 2099-03-31
"""
PERSON = """\
[[person]]
login = "only{word}"
name = {{ ja = "{word} 一人" }}
addresses = ["only@{domain}"]
department = "{word}"

[[person]]
login = "kanri"
name = {{ ja = "{word} 二人" }}
addresses = ["kanri@{domain}"]
roles = ["user", "president", "administrator"]
head_of = ["{word}"]

[[person]]
login = "shacho"
name = {{ ja = "{word} 三人" }}
addresses = ["shacho@{domain}"]
"""
SETTINGS = """\
hostname = "sekisho.test"
node = "n1"
state_dir = "state"
database = "sqlite:///{folder}/console.db"
seal_key_file = "seal.keys"
policy = "default.toml"
policy_from = "versions"
people = "people-default.toml"

[workers]
count = 1
sandbox = "off"

[[listeners]]
name = "mx"
role = "inbound"
port = 0
tenant = "*"

[relay]
host = "127.0.0.1"

[mailbox]
host = "127.0.0.1"

[tenants.acme]
policy = "acme.toml"
people = "people-acme.toml"
"""


class Thing(NamedTuple):
    """What a tenant has that a command can name; `tenant` is whose it is."""

    tenant: str
    ids: Ids
    queued: str
    folder: Path

    @property
    def word(self) -> str:
        return WORDS[self.tenant]

    def item(self, name: str) -> str:
        return f"{self.word}{name}"


class Probe(NamedTuple):
    """What is said, made of something of a tenant's.

    shows    its answer has the tenant's word in it, where it is its own
    refused  what is another's is an error, and not merely nothing
    """

    words: tuple[str, ...]
    shows: bool = True
    refused: bool = False

    def said(self, thing: Thing, mine: str) -> list[str]:
        """The words, about something of a tenant's, in the name of the tenant `mine`."""
        return [_filled(word, thing, mine) for word in self.words]


def named(*words: str, shows: bool = False) -> Probe:
    """A command that names something, and fails where there is no such thing."""
    return Probe(words, shows, refused=True)


def listed(*words: str, shows: bool = True) -> Probe:
    """A command that answers what there is."""
    return Probe(words, shows)


def _filled(word: str, thing: Thing, mine: str) -> str:
    return word.format(
        word=thing.word, queued=thing.queued, folder=thing.folder, tenant=thing.tenant, mine=mine, domain=DOMAINS[thing.tenant],
        timed=thing.item("timed"), doubtful=thing.item("doubtful"), locked=thing.item("locked"),
        delegation=thing.ids.delegations[0], hold=thing.ids.holds[0], device=thing.ids.devices[0],
    )  # fmt: skip


SOON = f"{datetime.date.today() + datetime.timedelta(days=30)}"
WHY = ("--reason", "asked by telephone")
ROWS: dict[str, tuple[Probe, ...]] = {
    "explain": (
        listed("{folder}/both-{mine}.eml", "--as", "outbound"),
        listed("{folder}/both-{mine}.eml", "--as", "outbound", "--json"),
        listed("{folder}/both-{mine}.eml", shows=False),
    ),
    "queue": (listed(), listed("--json"), listed("--state", "held"), listed("--page", "1")),
    "hold": (named("{timed}", *WHY),),
    "release": (named("{doubtful}", *WHY),),
    "discard": (named("{locked}", *WHY, "--tell"),),
    "retry": (
        named("{queued}", *WHY),
        listed("--all", shows=False),
        listed("--hop", "mx.client.example:25", shows=False),
        listed("--domain", "client.example", shows=False),
    ),
    "delegate list": (listed(),),
    "delegate end": (named("{delegation}"),),
    "delegate add": (
        named("--for", "only{word}", "--to", "kansa", "--may", "approve", "--until", SOON, *WHY),
        named("--for", "shacho", "--to", "only{word}", "--may", "approve", "--until", SOON, *WHY),
    ),
    "legal-hold list": (listed(),),
    "legal-hold add": (listed("--of", "only{word}", "{word}wave", *WHY, shows=False),),
    "legal-hold end": (named("{hold}"),),
    "evidence export": (named("{timed}", "--to", "{folder}/proof", *WHY),),
    "learn": (listed("{folder}/sent-{tenant}.eml", shows=False),),
    "login-link": (named("only{word}"), named("only@{domain}")),
    "reset-factor": (named("only{word}"),),
    "policy counts": (listed("--days", "3660"), listed("--json")),
    "policy history": (listed(), listed("--json")),
    "policy diff": (listed("3"), listed("1", "3")),
    "policy export": (listed("3"),),
    "policy import": (listed("{folder}/{mine}.toml", shows=False),),
    "policy rollback": (listed("3", shows=False),),
    "policy replay": (listed("{folder}/plain.toml", "--days", "3660", shows=False), listed("3", "--json", shows=False)),
    "policy test": (listed("{folder}/mails", "--expect", "{folder}/expect-{mine}.toml", "--write", shows=False),),
    "exceptions": (listed(), listed("--json")),
    "report": (listed("--language", "ja"), listed("--json")),
    "people": (listed(),),
    "device list": (listed(), listed("hanako"), listed("only{word}", shows=False)),
    "device add": (named("only{word}", "phone"),),
    "device revoke": (named("{device}", shows=True),),
}  # fmt: skip
"""Verbs that work on one tenant."""

HOUSE = {
    "backup": "a copy is of the whole installation",
    "check-config": "all files at once",
    "check-hops": "next hops of the settings; no mail",
    "completion": "the program's own",
    "database": "the installation's: the border of PostgreSQL, and what it lacks",
    "demo": "its own site",
    "docs": "the program's own",
    "doctor": "the installation: settings, ports, DNS",
    "evidence key": "the house's keys",
    "evidence verify": "a file that is given, nothing else",
    "extract": "a file that is given, nothing else",
    "health": "the node",
    "init": "makes files",
    "journal verify": "chains of hashes: names of chains and numbers",
    "keys": "keys of all tenants, by number",
    "mail-catcher": "a next hop of its own",
    "register again": "files that are given",
    "register document": "files that are given",
    "register key": "files that are given",
    "register table": "files that are given",
    "restore": "as backup",
    "rules": "the program's own",
    "schema": "the program's own",
    "send-test": "the paths through the node",
    "serve": "the node",
    "sightings": "an index, rebuilt for all tenants: a number",
    "tenant": "the house's own: adds an organisation, suspends one; of each it tells numbers",
    "upgrade": "the installation",
}
"""Verbs of the installation: whoever runs them has the host. They have no --tenant, each with the reason."""

LOOKS = (
    ["check-config"], ["check-hops"], ["health"], ["journal", "verify"], ["keys", "status"], ["rules"],
    ["sightings"], ["upgrade", "--check"], ["doctor"], ["completion", "bash"], ["schema", "policy"], ["database"],
    ["tenant", "suspend", "acme", "--reason", "unpaid"], ["tenant", "list"], ["tenant", "list", "--json"],
    ["tenant", "resume", "acme"],
)  # fmt: skip
"""What the house's own verbs say holds nothing of anybody's mail, people or policy."""

OF_THE_HOUSE = {"suspend", "resume"}
"""What a running node answers to the house's own verbs."""


def leaves(parser: argparse.ArgumentParser, path: str = "") -> Iterator[tuple[str, argparse.ArgumentParser]]:
    """Every verb to its end: those below verbs, and the actions that one chooses from."""
    below = [a for a in parser._actions if isinstance(a, argparse._SubParsersAction)]
    actions = [a for a in parser._actions if a.dest == "action" and a.choices and not a.option_strings]
    for each in below:
        for name, inner in each.choices.items():
            yield from leaves(inner, f"{path} {name}".strip())
    for action in actions if not below else ():
        assert action.choices is not None
        yield from ((f"{path} {choice}", parser) for choice in action.choices)
    if not below and not actions:
        yield path, parser


def test_every_verb_has_a_row() -> None:
    found = dict(leaves(_parser()))
    with_tenant = {
        path for path, parser in found.items() if any("--tenant" in a.option_strings for a in parser._actions)
    }
    assert set(ROWS) == with_tenant
    houses = {path if path in HOUSE else path.partition(" ")[0] for path in set(found) - with_tenant}
    assert houses == set(HOUSE), "a verb works on one tenant, or there is a reason why not"


async def _furnish(folder: Path) -> dict[str, Thing]:
    (folder / "state").mkdir()
    (folder / "mails").mkdir()
    (folder / "sekisho.toml").write_text(SETTINGS.format(folder=folder), "utf-8")
    (folder / "plain.toml").write_text('[organisation]\nname = "x"\ndomains = ["example.co.jp"]\n', "utf-8")
    both = "From: only@{}\r\nTo: x@client.example\r\nSubject: both\r\n\r\nkingfisher and bittern\r\n"
    (folder / "mails/one.eml").write_text(both.format(DOMAINS["acme"]), "utf-8")
    things = {}
    async with premises(folder) as place:
        place.now[0] = time.time()
        for tenant, word in WORDS.items():
            said = {"word": word, "domain": DOMAINS[tenant], "secret": SECRETS[tenant]}
            (folder / f"{tenant}.toml").write_text(POLICY.format(**said), "utf-8")
            (folder / f"people-{tenant}.toml").write_text(PERSON.format(**said), "utf-8")
            (folder / f"both-{tenant}.eml").write_text(both.format(DOMAINS[tenant]), "utf-8")
            text = f"From: taro@{DOMAINS[tenant]}\r\nTo: {word}@client.example\r\nDate: Thu, 26 Nov 2026 09:00:00 +0900\r\n\r\nx"
            (folder / f"sent-{tenant}.eml").write_text(text, "utf-8")
            things[tenant] = await _of(place, tenant, folder)
    return things


async def _of(place: Premises, tenant: str, folder: Path) -> Thing:
    """People, mail, lists and a policy with figures and two versions, of one tenant."""
    word, ids = WORDS[tenant], await furnish(place, tenant)
    alone = Account(
        f"only{word}", {"ja": f"{word} 一人"}, (f"only@{DOMAINS[tenant]}",), department=word, tenant=tenant
    )
    await place.parts.people.save(alone, place.now[0])
    await enrolled(place.parts, tenant, alone.login, place.now[0])
    queued = await place.keep(
        item(f"{word}queued", mail("x", word), f"{word}@client.example", tenant=tenant, state=State.QUEUED)
    )
    versions = Versions(place.store, tenant)
    path = folder / f"{tenant}.toml"
    for number, more in enumerate((f"\n# {word} first\n", f"\n# {word} second\n")):
        kept, problems, sources = read_policy(path, ())
        assert not problems
        made = written(kept, sources)
        made = Written(made.text + more, made.presets, made.policy)
        await versions.add(made, f"author {word}", place.now[0] + number, f"comment {word}")
    return Thing(tenant, ids, queued.id, folder)


@pytest.fixture
def furnished(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Thing]:
    monkeypatch.setenv("SEKISHO_CONFIG", str(tmp_path / "sekisho.toml"))
    things = asyncio.run(_furnish(tmp_path))
    shutil.copy(tmp_path / "console.db", tmp_path / "as it was")
    return things


def _again(folder: Path) -> None:
    """The database as it was furnished."""
    for file in folder.glob("console.db?*"):
        file.unlink()
    shutil.copy(folder / "as it was", folder / "console.db")


def _rows(folder: Path, tenant: str) -> dict[str, list[str]]:
    """Everything that the database keeps of a tenant."""
    database = sqlite3.connect(folder / "console.db")
    tables = [name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    kept = {}
    for table in tables:
        columns = [row[1] for row in database.execute(f"PRAGMA table_info({table})")]
        if "tenant" in columns:
            rows = database.execute(f"SELECT * FROM {table} WHERE tenant = ?", (tenant,))
            kept[table] = sorted(map(repr, rows))
    database.close()
    return kept


def _told(capsys: pytest.CaptureFixture[str], words: list[str]) -> str:
    """What was said, without what it was asked about."""
    out, err = capsys.readouterr()
    text = f"{out}\n{err}"
    for word in sorted(words, key=len, reverse=True):
        text = text.replace(word, "")
    return text


def _others(tenant: str) -> re.Pattern[str]:
    """What stands in nothing but what is this tenant's."""
    return re.compile("|".join(map(re.escape, (WORDS[tenant], SECRETS[tenant], PASSPHRASE[tenant]))), re.I)


PAIRS = [(DEFAULT, "acme"), ("acme", DEFAULT)]


@pytest.mark.parametrize(("mine", "other"), PAIRS)
def test_inside_each_verb_works_and_shows_ones_own(
    mine: str, other: str, furnished: dict[str, Thing], tmp_path: Path, capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    before, used = _rows(tmp_path, other), set()
    for name in _by_hand():
        monkeypatch.setattr(Handwork, name, _noted(name, getattr(Handwork, name), used))
    for verb, probes in ROWS.items():
        for probe in probes:
            said = probe.said(furnished[mine], mine)
            assert main([*verb.split(), *said, "--tenant", mine]) == 0, (verb, said, capsys.readouterr())
            told = _told(capsys, said if probe.refused else [])
            assert not _others(other).search(told), (verb, told)
            assert not probe.shows or WORDS[mine] in told, (verb, told)
    assert _rows(tmp_path, other) == before
    assert used == _by_hand() - OF_THE_HOUSE, "every verb that a running node answers to commands, too"


@pytest.mark.parametrize(("mine", "other"), PAIRS)
def test_across_the_border_there_is_nothing(
    mine: str, other: str, furnished: dict[str, Thing], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = _rows(tmp_path, other)
    for verb, probes in ROWS.items():
        across = [
            probe
            for probe in probes
            if probe.said(furnished[other], mine) != probe.said(furnished[mine], mine)
        ]
        if not across:
            continue  # names nothing: what is said inside is all that can be said
        _again(tmp_path)
        for probe in across:
            said = probe.said(furnished[other], mine)
            status = main([*verb.split(), *said, "--tenant", mine])
            told = _told(capsys, said)
            assert not probe.refused or status != 0, (verb, told)
            assert not _others(other).search(told), (verb, told)
        assert _rows(tmp_path, other) == before, verb


def test_the_houses_own_verbs_show_nothing_of_anybody(
    furnished: dict[str, Thing], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    used: set[str] = set()
    for name in OF_THE_HOUSE:
        monkeypatch.setattr(Handwork, name, _noted(name, getattr(Handwork, name), used))
    for said in LOOKS:
        main(said)
        told = _told(capsys, [])
        assert told.strip(), said
        for tenant in WORDS:
            assert not _others(tenant).search(told), (said, told)
    assert used == OF_THE_HOUSE


def test_who_suspends_one_changes_nothing_of_another(furnished: dict[str, Thing], tmp_path: Path) -> None:
    before = _rows(tmp_path, DEFAULT)
    assert main(["tenant", "suspend", "acme"]) == 0
    assert _rows(tmp_path, "acme")["suspension"]
    assert main(["tenant", "resume", "acme"]) == 0
    assert _rows(tmp_path, DEFAULT) == before


def test_a_policy_that_takes_a_domain_of_anothers_is_not_kept(
    furnished: dict[str, Thing], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Its mail would come to whoever names the domain; nor is it said whose it is, or what is wrong with theirs."""
    (tmp_path / "default.toml").write_text("broken = [\n", "utf-8")
    taken = (tmp_path / "acme.toml").read_text("utf-8").replace(DOMAINS["acme"], f"sales.{DOMAINS[DEFAULT]}")
    (tmp_path / "taken.toml").write_text(taken, "utf-8")
    before = _rows(tmp_path, "acme")
    assert main(["policy", "import", str(tmp_path / "taken.toml"), "--tenant", "acme"]) == 2
    told = _told(capsys, [])
    assert "another organisation's" in told
    assert DEFAULT not in told
    assert "broken" not in told
    assert _rows(tmp_path, "acme") == before


def test_a_mail_is_explained_by_what_its_own_tenant_remembers(
    furnished: dict[str, Thing], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A people file of one's own names no tenant: its people are not the house's for that."""

    async def writes() -> None:
        async with opened(load_settings(tmp_path / "sekisho.toml")) as store:
            known = Correspondents(store.database, learning=0)
            for tenant in WORDS:
                known.note_sent(tenant, [f"{tenant}@client.example"])
            await known.flush()

    asyncio.run(writes())
    asked: list[Facts] = []
    monkeypatch.setattr(
        "gateway.command.explain.run", lambda raw, facts, p: asked.append(facts) or run(raw, facts, p)
    )
    both = [f"{tenant}@client.example" for tenant in WORDS]
    for tenant in WORDS:
        said = [
            "explain",
            f"{tmp_path}/both-{tenant}.eml",
            "--as",
            "outbound",
            "--to",
            *both,
            "--tenant",
            tenant,
        ]
        assert main(said) == 0
        assert asked[-1].known == {f"{tenant}@client.example"}
        assert asked[-1].sender is not None
        assert asked[-1].sender.department == WORDS[tenant]


def _by_hand() -> set[str]:
    return {name for name, _ in inspect.getmembers(Handwork, inspect.isfunction) if not name.startswith("_")}


def _noted(name: str, method: Any, used: set[str]) -> Any:
    def noted(*given: Any, **named: Any) -> Any:
        used.add(name)
        return method(*given, **named)

    return noted
