"""The JSON Schemas: they take every file of the tree, and refuse the mistakes that can be seen without the other files."""

import datetime
import re
import tomllib
from functools import cache
from typing import Any

import pytest
from jsonschema import Draft7Validator

from gateway.command.cli import main
from gateway.command.schemas import DRAFT, SCHEMAS, text_of
from tests.gateway.start.test_configuration import CASES, FILES
from tests.house.rooms import ROOT

KIND = {
    "sekisho.toml": "settings",
    "cluster.toml": "settings",
    "policy.toml": "policy",
    "people.toml": "people",
}


@cache
def validator(name: str) -> Draft7Validator:
    return Draft7Validator(SCHEMAS[name]())


def plain(value: Any) -> Any:
    """As an editor's validator sees TOML: dates and times are texts."""
    if isinstance(value, dict):
        return {key: plain(each) for key, each in value.items()}
    if isinstance(value, list):
        return [plain(each) for each in value]
    return value.isoformat() if isinstance(value, datetime.date | datetime.time) else value


def complaints(kind: str, text: str) -> list[str]:
    found = validator(kind).iter_errors(plain(tomllib.loads(text)))
    return [f"{'.'.join(map(str, each.absolute_path))}: {each.message[:200]}" for each in found]


def examples() -> list[tuple[str, str, str]]:
    """(where, kind, text) of every TOML of the tree that one of the files could be."""
    found = []
    for path in (
        *ROOT.glob("docker/*.toml"),
        ROOT / "config/policy.toml",
        *ROOT.glob("config/presets/*.toml"),
    ):
        kind = KIND.get(path.name, "policy")
        found.append((path.relative_to(ROOT).as_posix(), kind, path.read_text("utf-8")))
    readme = (ROOT / "README.md").read_text("utf-8")
    for block in re.finditer(r"`(\w+\.toml)`,[^`]*(?:`[^`]*`[^`]*)*?```toml\n(.*?)```", readme, re.DOTALL):
        found.append((f"README.md {block[1]}", KIND[block[1]], block[2]))
    guide = re.split(r"\n(?=    \[)", (ROOT / "docs/policy.md").read_text("utf-8"))[1:]
    for number, part in enumerate(part for part in guide if not part.startswith("    [[mails]]")):
        lines = [line[4:] for line in part.split("\n\n")[0].splitlines() if line.startswith("    ")]
        found.append((f"docs/policy.md {number}", "policy", "\n".join(lines)))
    return found


@pytest.mark.parametrize("name", SCHEMAS)
def test_each_is_a_schema_that_editors_know(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    schema = SCHEMAS[name]()
    Draft7Validator.check_schema(schema)
    assert schema["$schema"] == DRAFT
    assert main(["schema", name]) == 0
    assert capsys.readouterr().out == text_of(name)


def test_the_examples_are_found() -> None:
    where = [each[0] for each in examples()]
    assert {"README.md sekisho.toml", "README.md policy.toml", "README.md people.toml"} <= set(where)
    assert len([each for each in where if each.startswith("docs/policy.md")]) >= 5
    assert "docker/cluster.toml" in where


@pytest.mark.parametrize(("where", "kind", "text"), examples(), ids=lambda each: each[:40])
def test_every_file_of_the_tree_is_right(where: str, kind: str, text: str) -> None:
    assert complaints(kind, text) == [], where


@pytest.mark.parametrize("name", FILES)
def test_the_good_site_is_right(name: str) -> None:
    assert complaints(KIND[name], FILES[name]) == []


NOT_SEEN = {
    'console.base_url: has no scheme; did you mean "h',
    "console.timezone: is not a time zone",
    'database: "mysql://…" is not a database',
    'did you mean "Europe/London"?$',
    "digest.hours: no hour",
    "dkim.izmi.example: nobody of ours writes from th",
    "dkim.izumi.example.?.*the DKIM key cannot be rea",
    "encrypt.passphrase_length: .*every mail to be en",
    "exceptions.0.approved_by: is the owner; somebody",
    'exceptions.0.then: "bcc" is what many_external d',
    "exceptions.0.until: ",
    "exceptions.0.when.to: many_external is about ext",
    "exceptions.0.when: fits all that many_external s",
    "groups.koyo.recipients.partners: no partner '高洋'",
    "hostname: is not a host or domain name",
    "mailbox.host: there is no host mailbox.izumi.inv",
    "mailbox: no [mailbox]",
    "nobody has the login yoko, whom rules.many_exter",
    'nobody has the role "president", whom organisati',
    'nobody is the head of "planning" (head_of), whom',
    "organisation.domains: name the domains of this o",
    "organisation.patterns.x.pattern: ",
    "people: staff.toml cannot be read: No such file",
    "person abe: password_hash: is not an argon2id ha",
    "person kato: kato stands there twice$",
    "person kato: mori@izumi.example belongs to mori$",
    "person mori: addresses: 'mori' is not an address",
    "person mori: addresses: izmui.example is none of",
    "policy: polcy.toml cannot be read: No such file ",
    'presets: .*did you mean "observe"?$',
    "relay.ca_file: holds no certificates",
    "relay.client_certificate: cannot be used with cl",
    "relay.client_certificate: is nothing without `cl",
    "relay.client_key: is nothing without `client_cer",
    "relay.client_key: tls/gone.key cannot be read",
    "retention.found.personal_dat: is no class of the",
    "relay.password_file: passwords/relay cannot be r",
    "relay.username: is nothing without `password_fil",
    "relay: .*a password is never sent without TLS$",
    "relay: 127.0.0.1:2601 is our own listener intern",
    "relay: no [relay]: mail to external recipients h",
    "report_address: izumi.exmaple is none of our dom",
    "rules.external_recipient.cases.0.when.class: no ",
    "rules.external_recipient.cases.0.when.from: no g",
    "rules.external_recipient.cases.0.when.to: extern",
    "rules.external_recipient.cases.1: is never reach",
    "rules.external_recipient.cases: 'x' is the name ",
    "rules.many_external.cases.0.then: a case cannot ",
    "rules.person_records.observed: must not be more",
    "seal_key_file: ",
    "tls.certificate: is nothing without `key`",
    "tls.certificate: self-signed.pem and self-signed",
    "tls.certificate: tls/gone.pem cannot be read: No",
    "warn.hold_at: is below warn_at (5)",
    'would wait for ever; did you mean "planing"?$',
}
"""Of the mistakes of tests/gateway/start/test_configuration.py those that need more than one value, or the machine."""


def said(pattern: str) -> str:
    """How the sentence about a mistake begins, without its place."""
    return re.sub(r"^\^\w+\\\.toml:\d+:\d+: ", "", pattern).replace("\\", "")[:48]


def test_the_mistakes_that_can_be_seen_are_refused() -> None:
    unseen = set()
    for name, old, new, pattern in CASES:
        text = FILES[name].replace(old, new)
        try:
            if not complaints(KIND[name], text):
                unseen.add(said(pattern))
        except tomllib.TOMLDecodeError:
            continue
    assert unseen == NOT_SEEN


def test_what_a_key_means_and_its_usual_value_stand_beside_it() -> None:
    policy, settings = SCHEMAS["policy"](), SCHEMAS["settings"]()
    rule = policy["properties"]["rules"]["properties"]["many_external"]
    assert rule["properties"]["addresses"]["default"] == 5
    assert rule["description"].startswith("OUT-BCC")
    assert "each recipient" in policy["definitions"]["When"]["properties"]["to"]["description"]
    assert settings["definitions"]["QueueSection"]["properties"]["stuck_minutes"]["description"]
    assert settings["properties"]["node"]["description"].startswith("Names this node")


@pytest.mark.parametrize("chain", ["2 of directors", "department_head, then person hanako", "1 of directors"])
def test_chains_of_approval_are_right_wherever_somebody_is_asked(chain: str) -> None:
    texts = (
        f'[rules.many_external]\nthen = "approve {chain}"\n',
        f'[rules.person_records]\napprover = "{chain}"\n',
        f'[[organisation.classes]]\nname = "x"\nlevel = 2\nmarks = ["xx"]\napprover = "{chain}"\n',
    )
    assert [complaints("policy", text) for text in texts] == [[], [], []]
