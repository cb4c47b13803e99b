"""Mistakes of a newcomer's day: each is told with its place and its mend, all at once, by check-config and by a start."""

import re
import socket
from pathlib import Path

import pytest

from config.policy import ConfigError
from gateway.authenticate.sign import generate_key
from gateway.command.cli import main
from gateway.listen.tls import generate_self_signed
from gateway.start.configuration import Configuration
from storage.claim import FileClaim

SETTINGS = """\
hostname = "gate.izumi.example"
state_dir = "state"
policy = "policy.toml"
people = "people.toml"
[[listeners]]
name = "clients"
role = "submission"
port = 0
[[listeners]]
name = "internet"
role = "inbound"
port = 0
[relay]
host = "127.0.0.1"
port = 2601
tls = "verify"
username = "izumi"
password_file = "relay.password"
ca_file = "tls/self-signed.pem"
[mailbox]
host = "localhost"
port = 2602
[console]
port = 0
base_url = "https://gate.izumi.example"
[tls]
certificate = "tls/self-signed.pem"
key = "tls/self-signed.key"
[dkim."izumi.example"]
selector = "a"
key_file = "dkim.key"
"""
POLICY = """\
[organisation]
name = "Izumi"
domains = ["izumi.example"]
group_domains = ["izumi-kaihatsu.example"]
[rules.many_external]
addresses = 4
"""
PEOPLE = """\
[[person]]
login = "mori"
addresses = ["mori@izumi.example"]
department = "planning"
[[person]]
login = "kato"
addresses = ["kato@izumi.example", "kato@izumi-kaihatsu.example"]
department = "planning"
head_of = ["planning"]
roles = ["user", "approver"]
[[person]]
login = "abe"
roles = ["president", "auditor"]
"""
FILES = {"sekisho.toml": SETTINGS, "policy.toml": POLICY, "people.toml": PEOPLE}


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("keys")
    generate_self_signed(folder / "tls", "gate.izumi.example")
    generate_self_signed(folder / "other", "gate.izumi.example")
    (folder / "dkim.key").write_bytes(generate_key("ed25519"))
    (folder / "relay.password").write_text("secret\n")
    return folder


@pytest.fixture
def site(tmp_path: Path, keys: Path) -> Path:
    for name in ("tls", "other", "dkim.key", "relay.password"):
        (tmp_path / name).symlink_to(keys / name)
    for name, text in FILES.items():
        (tmp_path / name).write_text(text, "utf-8")
    return tmp_path


def changed(site: Path, name: str, old: str, new: str) -> None:
    text = (site / name).read_text("utf-8")
    assert text.count(old) == 1, "the example must be right"
    (site / name).write_text(text.replace(old, new), "utf-8")


def told(site: Path) -> list[str]:
    return [text.replace(f"{site}/", "") for text in Configuration(site / "sekisho.toml").problems]


def test_the_good_one_has_no_problems_and_no_doubts(site: Path) -> None:
    before = sorted(path.name for path in site.iterdir())
    found = Configuration(site / "sekisho.toml").sound()
    assert (found.doubts, found.ports()) == ([], [])
    assert [entry.login for entry in found.people] == ["mori", "kato", "abe"]
    assert sorted(path.name for path in site.iterdir()) == before, "nothing is made"


S, P, M = "sekisho.toml", "policy.toml", "people.toml"
RULE = "[rules.many_external]"
GROUP = '[groups.sales]\npeople = { department = "planning" }\n'


def case(when: str, then: str, name: str = "") -> str:
    """A case of external_recipient as the policy file has it: three lines, or four."""
    named = f'name = "{name}"\n' if name else ""
    return f'[[rules.external_recipient.cases]]\nwhen = {{ {when} }}\nthen = "{then}"\n{named}'


def exception(when: str = "", **more: str) -> str:
    """An exception from many_external: its when stands in the third line."""
    said = {"owner": "kato", "reason": "r", "approved_by": "abe", **more}
    lines = [f'{key} = "{value}"' for key, value in said.items() if key != "then"]
    last = f'then = "{more["then"]}"\n' if "then" in more else ""
    return "\n".join(
        [
            "[[exceptions]]",
            'rule = "many_external"',
            f"when = {{ {when} }}",
            *lines,
            "until = 2027-03-31",
            last,
        ]
    )


CASES = [
    # misspelt keys, in each file
    (S, "[mailbox]\n", "[mailbox]\nlmpt = true\n", r'^sekisho\.toml:21:1: mailbox\.lmpt: no such setting; did you mean "lmtp"\?$'),
    (S, "hostname", "hostnane", r'^sekisho\.toml:1:1: hostnane: no such setting; did you mean "hostname"\?$'),
    (P, "many_external", "many_externals", r'^policy\.toml:5:2: rules\.many_externals: there is no such rule; did you mean "many_external"\?$'),
    (P, "addresses =", "adresses =", r'^policy\.toml:6:1: rules\.many_external\.adresses: .*did you mean "addresses"\?$'),
    (P, "group_domains", "groupdomains", r'^policy\.toml:4:1: organisation\.groupdomains: .*did you mean "group_domains"\?$'),
    (P, "[organisation]", "[organization]", r'^policy\.toml:1:2: organization: .*did you mean "organisation"\?$'),
    (M, 'department = "planning"\nhead_of', 'departement = "planning"\nhead_of', r'^people\.toml:8:1: person kato: departement: no such key; did you mean "department"\?$'),
    (M, '[[person]]\nlogin = "abe"', '[[persons]]\nlogin = "abe"', r'^people\.toml:11:3: persons: no such table.*did you mean "person"\?$'),
    # in the wrong place
    (S, 'selector = "a"\n', 'selector = "a"\npresets = ["observe"]\n', r"dkim\.izumi\.example\.presets: no such setting; it has no table: write it above the first \[table\]"),
    (S, "[mailbox]\n", '[mailbox]\nlog_level = "debug"\n', r"^sekisho\.toml:21:1: mailbox\.log_level: no such setting; it has no table"),
    (S, "state_dir", 'base_url = "https://x"\nstate_dir', r"^sekisho\.toml:2:1: base_url: no such setting; it belongs in \[console\] or \[tenants\]$"),
    (S, "[mailbox]\n", "[rules.credential]\n[mailbox]\n", r"^sekisho\.toml:20:2: rules: no such setting; it belongs in the policy's file"),
    # kinds of values
    (S, "port = 2602", 'port = "lmtp"', r"^sekisho\.toml:22:1: mailbox\.port: input should be a valid integer"),
    (S, "port = 2602", "port = 70000", r"^sekisho\.toml:22:1: mailbox\.port: .*65535$"),
    (S, '"verify"', '"verfiy"', r'^sekisho\.toml:16:1: relay\.tls: must be .*did you mean "verify"\?$'),
    (S, 'role = "inbound"', 'role = "incoming"', r'^sekisho\.toml:11:1: listeners\.1\.role: must be "submission", "inbound" or "relay"'),
    (S, "[console]\n", '[console]\ntimezone = "Asia/Osaka"\n', r"^sekisho\.toml:24:1: console\.timezone: is not a time zone"),
    (S, "[console]\n", '[console]\ntimezone = "Europe/Londn"\n', r'did you mean "Europe/London"\?$'),
    (P, "addresses = 4", 'addresses = "four"', r"^policy\.toml:6:1: rules\.many_external\.addresses: "),
    (P, "addresses = 4", 'then = "delay 2 hours"', r'^policy\.toml:6:1: rules\.many_external\.then: "delay 2 hours" is not a consequence; a delay is written "delay 5m"'),
    (P, "addresses = 4", 'then = "rejct"', r'did you mean "reject"\?$'),
    (P, 'name = "Izumi"', 'language = "jp"', r'^policy\.toml:2:1: organisation\.language: no language \'jp\' \(known: en, ja\); did you mean "ja"\?$'),
    (M, 'login = "mori"', 'login = "mori"\nlanguage = "jp"', r"^people\.toml:3:1: person mori: language: no language 'jp'"),
    (M, '"approver"', '"approvr"', r'^people\.toml:10:18: person kato: roles: no role \'approvr\' .*did you mean "approver"\?$'),
    (P, "[rules.many_external]", '[[organisation.patterns]]\nname = "x"\npattern = "(a"\n[rules.many_external]', r"^policy\.toml:7:1: organisation\.patterns\.x\.pattern: "),
    # TOML itself
    (S, '"gate.izumi.example"\nstate', '"gate.izumi.example\nstate', r'^sekisho\.toml:1:31: is not TOML: .*is a quotation mark \("\) missing\?$'),
    (P, '"Izumi"', "Izumi", r"^policy\.toml:2:8: is not TOML: .*quotation marks"),
    (M, 'login = "mori"', "login = 「mori」", r"^people\.toml:2:9: is not TOML: .*full-width or typographic"),
    (M, '[[person]]\nlogin = "abe"', '[person]]\nlogin = "abe"', r"^people\.toml:11:8: is not TOML: "),
    # files that are not there, or not what they should be
    (S, '"policy.toml"', '"polcy.toml"', r"^sekisho\.toml:3:1: policy: polcy\.toml cannot be read: No such file or directory$"),
    (S, '"people.toml"', '"staff.toml"', r"^sekisho\.toml:4:1: people: staff\.toml cannot be read: No such file"),
    (S, 'certificate = "tls/self-signed.pem"', 'certificate = "tls/gone.pem"', r"^sekisho\.toml:27:1: tls\.certificate: tls/gone\.pem cannot be read: No such file"),
    (S, '"relay.password"', '"passwords/relay"', r"^sekisho\.toml:18:1: relay\.password_file: passwords/relay cannot be read: No such file"),
    (S, '"dkim.key"', '"relay.password"', r"^sekisho\.toml:31:1: dkim\.izumi\.example\.?.*the DKIM key cannot be read"),
    (S, 'ca_file = "tls/self-signed.pem"', 'ca_file = "dkim.key"', r"^sekisho\.toml:19:1: relay\.ca_file: holds no certificates"),
    (S, 'key = "tls/self-signed.key"\n', "", r"^sekisho\.toml:27:1: tls\.certificate: is nothing without `key`"),
    (S, '"tls/self-signed.key"', '"other/self-signed.key"', r"^sekisho\.toml:27:1: tls\.certificate: self-signed\.pem and self-signed\.key: KEY_VALUES_MISMATCH"),
    (S, 'state_dir = "state"', 'state_dir = "state"\nseal_key_file = "relay.password"', r"^sekisho\.toml:3:1: seal_key_file: "),
    (S, 'state_dir = "state"', 'state_dir = "state"\npresets = ["observ"]', r'^sekisho\.toml:3:1: presets: .*did you mean "observe"\?$'),
    (S, 'state_dir = "state"', 'state_dir = "state"\ndatabase = "mysql://x/y"', r'^sekisho\.toml:3:1: database: "mysql://…" is not a database'),
    # no way for the mail
    (S, SETTINGS[SETTINGS.index("[relay]"):SETTINGS.index("[mailbox]")], "", r"^sekisho\.toml:1:1: relay: no \[relay\]: mail to external recipients has nowhere to go$"),
    (S, '[mailbox]\nhost = "localhost"\nport = 2602\n', "", r"^sekisho\.toml:1:1: mailbox: no \[mailbox\]"),
    (S, '"localhost"', '"mailbox.izumi.invalid"', r"^sekisho\.toml:21:1: mailbox\.host: there is no host mailbox\.izumi\.invalid$"),
    (S, 'role = "inbound"\nport = 0', 'role = "inbound"\nport = 2601', r"^sekisho\.toml:15:1: relay: 127\.0\.0\.1:2601 is our own listener internet: mail would go in circles$"),
    (S, 'tls = "verify"\n', 'tls = "none"\n', r"^sekisho\.toml:13:2: relay: .*a password is never sent without TLS$"),
    (S, 'password_file = "relay.password"\n', "", r"^sekisho\.toml:17:1: relay\.username: is nothing without `password_file`$"),
    # what contradicts itself
    (S, "[console]\nport = 0", "[console]\nport = 2700\n[limits]\nconnections = 10", r"^sekisho\.toml:25:2: limits\.connections_per_address: is more than all of them"),
    (S, '"https://gate.izumi.example"', '"gate.izumi.example"', r'^sekisho\.toml:25:1: console\.base_url: has no scheme; did you mean "https://gate\.izumi\.example"\?$'),
    (S, 'hostname = "gate.izumi.example"', 'hostname = "our gate"', r"^sekisho\.toml:1:1: hostname: is not a host or domain name"),
    (S, "[console]\n", "[digest]\nhours = []\n[console]\n", r"^sekisho\.toml:24:1: digest\.hours: no hour"),
    (S, 'state_dir = "state"', 'state_dir = "state"\nreport_address = "report@izumi.exmaple"', r'^sekisho\.toml:3:1: report_address: izumi\.exmaple is none of our domains; did you mean "izumi\.example"\?$'),
    (S, '[dkim."izumi.example"]', '[dkim."izmi.example"]', r'^sekisho\.toml:29:2: dkim\.izmi\.example: nobody of ours writes from there; did you mean "izumi\.example"\?$'),
    (S, "[console]\n", '[retention.found]\n"極秘" = 1\npersonal_dat = 2\n[console]\n', r'^sekisho\.toml:25:1: retention\.found\.personal_dat: is no class of the policy and no kind of data; did you mean "personal_data"\?$'),
    (P, "[rules.many_external]", "[warn]\nhold_at = 3\n[rules.many_external]", r"^policy\.toml:6:1: warn\.hold_at: is below warn_at \(5\)"),
    (P, "[rules.many_external]", "[warn]\nwarn_at = 0\n[rules.many_external]", r"^policy\.toml:6:1: warn\.warn_at: must be 1 or more$"),
    (P, "addresses = 4", "addresses = 0", r"^policy\.toml:6:1: rules\.many_external\.addresses: must be 1 or more$"),
    (P, "[rules.many_external]", "[rules.person_records]\napproved = 900\n[rules.many_external]", r"^policy\.toml:5:2: rules\.person_records\.observed: must not be more"),
    (P, "[rules.many_external]", "[encrypt]\npassphrase_length = 12\n[rules.many_external]", r"^policy\.toml:6:1: encrypt\.passphrase_length: .*every mail to be encrypted would be held$"),
    (P, "[rules.many_external]", '[rules.credential]\nkinds = ["tokens"]\n[rules.many_external]', r'^policy\.toml:6:1: rules\.credential\.kinds: nobody looks for "tokens" .*did you mean "token"\?$'),
    (P, "[rules.many_external]", '[rules.credential]\nthen = "approve class"\n[rules.many_external]', r'^policy\.toml:6:1: rules\.credential\.then: only .* know whom "approve class" means'),
    (P, '"izumi.example"', '"izumi"', r"^policy\.toml:3:1: organisation\.domains: 'izumi' is not a domain$"),
    (P, 'domains = ["izumi.example"]\ngroup', "group", r"^policy\.toml:1:2: organisation\.domains: name the domains of this organisation$"),
    (P, "addresses = 4", 'then = "delay"', r'many_external\.then: "delay" is not a consequence; a delay is written "delay 5m"'),
    (P, "addresses = 4", 'addresses = "4"', r"^policy\.toml:6:1: rules\.many_external\.addresses: must be a whole number, without quotation marks; it is a text$"),
    (P, "addresses = 4", 'when = { from = "sales" }', r"many_external\.when: no such setting .*; it belongs to a case, below \[\[rules\.many_external\.cases\]\]$"),
    (P, RULE, '[organisation.partners]\n"a.example" = ["A"]\n' + RULE, r"^policy\.toml:6:1: organisation\.partners\.a\.example: must be a text in quotation marks; it is a list$"),
    (P, RULE, '[groups.x]\ndepartment = "sales"\n' + RULE, r"^policy\.toml:6:1: groups\.x\.department: no such key; it belongs in people = "),
    (P, RULE, '[calendar]\nopens = 9:00\n' + RULE, r"^policy\.toml:6:10: is not TOML: .*; a time is written 09:00:00$"),
    (P, RULE, '[calendar]\nclosed = 2027/01/04\n' + RULE, r"^policy\.toml:6:14: is not TOML: .*; a day is written 2027-03-31$"),
    (P, RULE, '[encrypt]\n[rules.many_external]\n' + RULE, r"^policy\.toml:7:21: is not TOML: .*; \[rules\.many_external\] begins in line 6 already: write it there$"),
    (P, RULE, '[calendar]\ndays = ["mon",\n  "tue"\nopens = 09:00:00\n' + RULE, r"^policy\.toml:6:8: is not TOML: Unclosed array; the list that begins here does not end: is a \] missing\?$"),
    (P, RULE, '[groups.x]\npeople = {\n  role = "user" }\n' + RULE, r"^policy\.toml:6:11: is not TOML: .*; a table in braces \{ … \} stands on one line$"),
    (P, "addresses = 4", 'then = "approve person yoko"', r"^policy\.toml:6:1: nobody has the login yoko, whom rules\.many_external\.then asks"),
    (M, 'login = "mori"', 'login = "mori"\nname = "森 一郎"', r'^people\.toml:\d+:1: person mori: name: must be a table .*such as \{ ja = "…", en = "…" \}; it is a text$'),
    # groups, cases and exceptions that cannot be meant
    (P, RULE, '[groups.sales]\npeople = {}\n' + RULE, r"^policy\.toml:5:2: groups\.sales: names nobody$"),
    (P, RULE, '[groups.sales]\npeople = { department = "sales" }\nrecipients = { domains = "a.example" }\n' + RULE, r"^policy\.toml:5:2: groups\.sales: is either of people or of recipients"),
    (P, RULE, '[groups.external]\npeople = { department = "sales" }\n' + RULE, r"^policy\.toml:5:2: groups\.external: is a group that is always there"),
    (P, RULE, '[groups.leavers]\npeople = { leaving_within = "a month" }\n' + RULE, r"^policy\.toml:6:12: groups\.leavers\.people\.leaving_within: 'a month' is not a number of days"),
    (P, RULE, '[groups.koyo]\nrecipients = { partners = "高洋" }\n' + RULE, r"^policy\.toml:6:16: groups\.koyo\.recipients\.partners: no partner '高洋'"),
    (P, RULE, '[groups.koyo]\nrecipients = { domain = "koyo.example" }\n' + RULE, r'^policy\.toml:6:16: groups\.koyo\.recipients\.domain: no such key; did you mean "domains"\?$'),
    (P, RULE, GROUP + case('from = "seles"', "delay 1m") + RULE, r'^policy\.toml:8:10: rules\.external_recipient\.cases\.0\.when\.from: no group \'seles\'; did you mean "sales"\?$'),
    (P, RULE, GROUP + case('from = "sales"', "delay 1h") + RULE, r'^policy\.toml:9:1: rules\.external_recipient\.cases\.0\.then: "delay 1h" is not a consequence'),
    (P, RULE, GROUP + case('from = "sales"', "approve cfo") + RULE, r'^policy\.toml:9:1: rules\.external_recipient\.cases\.0\.then: nobody can have the role "cfo" \(roles: '),
    (P, RULE, GROUP + case('from = "sales"', "delay 1m") + case('from = "sales", size_over = "1 MB"', "delay 9m") + RULE, r"^policy\.toml:10:3: rules\.external_recipient\.cases\.1: is never reached: case 1 fits whenever this one does$"),
    (P, RULE, GROUP + case('size_over = "1 MB"', "delay 1m") + case('size_over = "5 MB"', "delay 9m") + RULE, r"^policy\.toml:10:3: rules\.external_recipient\.cases\.1: is never reached"),
    (P, RULE, GROUP + case('class = "社外秘"', "delay 1m") + case('class = "極秘"', "delay 9m") + RULE, r"^policy\.toml:10:3: rules\.external_recipient\.cases\.1: is never reached"),
    (P, RULE, GROUP + case("", "delay 1m") + RULE, r"^policy\.toml:8:1: rules\.external_recipient\.cases\.0\.when: fits always; write it as the rule's own then$"),
    (P, RULE, GROUP + case('to = "internal"', "delay 1m") + RULE, r"^policy\.toml:8:10: rules\.external_recipient\.cases\.0\.when\.to: external_recipient is about external recipients"),
    (P, RULE, '[groups.us]\nrecipients = { domains = "tokyo.izumi.example" }\n' + case('to = "us"', "delay 1m") + RULE, r"^policy\.toml:8:10: rules\.external_recipient\.cases\.0\.when\.to: external_recipient is about external recipients"),
    (P, RULE, GROUP + case('size_over = "10"', "delay 1m") + RULE, r"^policy\.toml:8:10: rules\.external_recipient\.cases\.0\.when\.size_over: '10' is not a size"),
    (P, RULE, GROUP + case('class = "社外"', "delay 1m") + RULE, r'^policy\.toml:8:10: rules\.external_recipient\.cases\.0\.when\.class: no class .*did you mean "社外秘"\?$'),
    (P, RULE, GROUP + case('hours = "night"', "delay 1m") + RULE, r"^policy\.toml:8:10: rules\.external_recipient\.cases\.0\.when\.hours: "),
    (P, RULE, GROUP + '[[rules.many_external.cases]]\nwhen = { from = "sales" }\nthen = "observe"\n' + RULE, r'^policy\.toml:9:1: rules\.many_external\.cases\.0\.then: a case cannot loosen "bcc" to "observe"'),
    (P, RULE, GROUP + exception() + RULE, r"^policy\.toml:9:1: exceptions\.0\.when: fits always, so that many_external never counts"),
    (P, RULE, GROUP + exception('to = "external"') + RULE, r"^policy\.toml:9:1: exceptions\.0\.when: fits all that many_external sees"),
    (P, RULE, GROUP + exception('to = "internal"') + RULE, r"^policy\.toml:9:10: exceptions\.0\.when\.to: many_external is about external recipients"),
    (P, RULE, GROUP + exception('from = "sales"', then="bcc") + RULE, r'^policy\.toml:14:1: exceptions\.0\.then: "bcc" is what many_external does anyway$'),
    (P, RULE, GROUP + exception('from = "sales"', approved_by="Kato") + RULE, r"^policy\.toml:12:1: exceptions\.0\.approved_by: is the owner; somebody else has to agree$"),
    (P, RULE, GROUP + exception('from = "sales"', reason=" ") + RULE, r"^policy\.toml:11:1: exceptions\.0\.reason: must not be empty$"),
    (P, RULE, GROUP + exception('from = "sales"').replace("until = 2027-03-31\n", "") + RULE, r"^policy\.toml:7:3: exceptions\.0: until is missing$"),
    (P, RULE, GROUP + exception('from = "sales"').replace("2027-03-31", '"2027-02-30"') + RULE, r"^policy\.toml:13:1: exceptions\.0\.until: "),
    (P, RULE, GROUP + exception('from = "sales"').replace("many_external", "many_externals") + RULE, r'^policy\.toml:8:1: exceptions\.0\.rule: there is no rule \'many_externals\'; did you mean "many_external"\?$'),
    (P, RULE, GROUP + case('from = "sales"', "delay 1m", name="x") + case('hours = "business"', "delay 2m", name="x") + RULE, r"^policy\.toml:7:3: rules\.external_recipient\.cases: 'x' is the name of two cases or exceptions"),
    (P, RULE, '[calendar]\ndays = ["mon", "tus"]\n' + RULE, r'^policy\.toml:6:16: calendar\.days\.1: must be .*did you mean "tue"\?$'),
    (P, "addresses = 4", 'mode = "enforced"', r'^policy\.toml:6:1: rules\.many_external\.mode: must be .*did you mean "enforce"\?$'),
    # approvals that nobody can give
    (P, "addresses = 4", 'then = "approve cfo"', r'^policy\.toml:6:1: rules\.many_external\.then: nobody can have the role "cfo" \(roles: '),
    (P, "addresses = 4", 'then = "approve house_operator"', r'^policy\.toml:6:1: rules\.many_external\.then: nobody can have the role "house_operator" \(roles: '),
    (P, "addresses = 4", 'then = "approve kacho"', r'^policy\.toml:6:1: rules\.many_external\.then: nobody can have the role "kacho" \(roles: '),
    (P, "addresses = 4", 'then = "approve presidnt"', r'did you mean "president"\?$'),
    (P, "[rules.many_external]", '[[organisation.classes]]\nname = "役員限"\nlevel = 4\nmarks = ["役員限"]\napprover = "director"\n[rules.many_external]', r'^policy\.toml:9:1: organisation\.classes\.役員限\.approver: nobody can have the role "director"'),
    (M, '"president", ', "", r'^people\.toml:1:3: nobody has the role "president", whom organisation\.classes\.極秘\.approver asks: such mail would wait for ever$'),
    (M, 'head_of = ["planning"]\n', "", r'^people\.toml:4:1: nobody is the head of "planning" \(head_of\), whom organisation\.classes\.社外秘\.approver asks'),
    (M, 'head_of = ["planning"]', 'head_of = ["planing"]', r'would wait for ever; did you mean "planing"\?$'),
    (S, 'ca_file = "tls/self-signed.pem"', 'client_certificate = "tls/self-signed.pem"', r"^sekisho\.toml:19:1: relay\.client_certificate: is nothing without `client_key`$"),
    (S, 'ca_file = "tls/self-signed.pem"', 'client_key = "tls/self-signed.key"', r"^sekisho\.toml:19:1: relay\.client_key: is nothing without `client_certificate`$"),
    (S, 'ca_file = "tls/self-signed.pem"', 'client_certificate = "tls/self-signed.pem"\nclient_key = "other/self-signed.key"', r"^sekisho\.toml:19:1: relay\.client_certificate: cannot be used with client_key \(KEY_VALUES_MISMATCH\)$"),
    (S, 'ca_file = "tls/self-signed.pem"', 'client_certificate = "tls/self-signed.pem"\nclient_key = "tls/gone.key"', r"^sekisho\.toml:20:1: relay\.client_key: tls/gone\.key cannot be read"),
    # people
    (M, 'login = "mori"', 'login = "Kato"', r"^people\.toml:6:1: person kato: kato stands there twice$"),
    (M, '"kato@izumi.example"', '"mori@izumi.example"', r"^people\.toml:7:14: person kato: mori@izumi\.example belongs to mori$"),
    (M, '"mori@izumi.example"', '"mori@izmui.example"', r'^people\.toml:3:14: person mori: addresses: izmui\.example is none of our domains \(organisation\.domains\); did you mean "izumi\.example"\?$'),
    (M, '"mori@izumi.example"', '"mori"', r"^people\.toml:3:14: person mori: addresses: 'mori' is not an address$"),
    (M, 'login = "abe"\n', "", r"^people\.toml:11:3: person 3: login: a person without a login$"),
    (M, 'login = "abe"', 'login = "abe"\npassword_hash = "secret"', r"^people\.toml:13:1: person abe: password_hash: is not an argon2id hash"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "old", "new", "pattern"), CASES)
def test_a_mistake_is_told_with_its_place_and_its_mend(
    site: Path, name: str, old: str, new: str, pattern: str
) -> None:
    changed(site, name, old, new)
    problems = told(site)
    assert any(re.search(pattern, problem) for problem in problems), problems
    assert not any("secret" in problem for problem in problems), "values are not repeated"
    assert len(problems) <= 2, "one mistake is not told many times"


def test_all_mistakes_of_all_files_are_told_at_once(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    changed(site, S, "port = 2602", 'port = "lmtp"')
    changed(site, S, "[console]\n", "[console]\nprot = 1\n")
    changed(site, P, "addresses = 4", 'then = "approve kacho"')
    changed(site, M, '"mori@izumi.example"', '"mori@izmui.example"')
    changed(site, S, '"tls/self-signed.key"', '"tls/gone.key"')
    assert main(["check-config", "--config", str(site / S)]) == 2
    lines = capsys.readouterr().err.replace(f"{site}/", "").splitlines()
    places = [line.split(": ")[0] for line in lines]
    assert places == [f"{S}:22:1", f"{S}:24:1", f"{S}:29:1", f"{P}:6:1", f"{M}:3:14", "5 mistakes"]


def test_a_start_refuses_for_the_same_reasons(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    changed(site, P, "addresses = 4", 'then = "approve kacho"')
    changed(site, M, '"approver"', '"aprover"')
    with pytest.raises(ConfigError) as refused:
        Configuration(site / S).sound()
    assert main(["serve", "--config", str(site / S)]) == 2
    assert capsys.readouterr().err.splitlines() == [f"sekisho: {text}" for text in refused.value.problems]
    assert not (site / "state").exists()


def test_a_port_that_somebody_has_is_told_unless_it_is_our_own_node(site: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        changed(site, S, "[console]\nport = 0", f"[console]\nport = {port}")
        found = Configuration(site / S).sound()
        where = f"{site}/sekisho.toml:24:1: console.port: cannot listen on 127.0.0.1:{port}"
        assert found.ports() == [f"{where} (Address already in use)"]
        (site / "state").mkdir()
        claim = FileClaim(site / "state/lock")
        claim.take()
        assert found.ports() == []
        claim.release()
        assert found.ports()


def test_the_same_port_twice_is_told(site: Path) -> None:
    changed(site, S, 'role = "submission"\nport = 0', 'role = "submission"\nport = 2700')
    changed(site, S, "[console]\nport = 0", "[console]\nport = 2700")
    assert told(site) == ["sekisho.toml:24:1: console.port: 2700 is taken by the listener clients"]


def test_what_may_be_right_later_is_a_doubt(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def silent(*_: object, **__: object) -> list[object]:
        raise socket.gaierror(socket.EAI_AGAIN, "try again")

    monkeypatch.setattr(socket, "getaddrinfo", silent)
    changed(
        site, M, '[[person]]\nlogin = "abe"',
        '[[person]]\nlogin = "ito"\naddresses = ["ito@izumi.example"]\n[[person]]\nlogin = "abe"',
    )  # fmt: skip
    changed(
        site, M, 'login = "abe"', 'login = "abe"\naddresses = ["abe@izumi.example"]\ndepartment = "planning"'
    )
    in_line = [doubt for doubt in Configuration(site / S).doubts if "people.toml" in doubt]
    assert not in_line, "who is next in line agrees"
    changed(
        site,
        P,
        "[organisation]",
        '[organisation]\nnext_in_line = { department_head = "" }\nlast_in_line = ""',
    )
    assert not Configuration(site / S).of_policy
    found = Configuration(site / S).sound()
    assert [doubt.replace(f"{site}/", "") for doubt in found.doubts] == [
        "sekisho.toml:14:1: note: relay.host: the DNS does not say whether there is a host 127.0.0.1",
        "sekisho.toml:21:1: note: mailbox.host: the DNS does not say whether there is a host localhost",
        'people.toml:10:1: note: person kato: is the only "department_head": nobody can approve what'
        " organisation.classes.社外秘.approver asks of their own mail",
        "people.toml:11:3: note: person ito: is in no department: nobody can approve what"
        " organisation.classes.社外秘.approver asks of their mail",
        'people.toml:18:1: note: person abe: is the only "president": nobody can approve what'
        " organisation.classes.極秘.approver asks of their own mail",
    ]


def test_nothing_waits_for_approval_where_nothing_is_held(site: Path) -> None:
    changed(site, S, 'state_dir = "state"', 'state_dir = "state"\npresets = ["observe"]')
    changed(site, M, '"president", ', "")
    assert told(site) == []


def test_each_tenant_needs_its_own(site: Path) -> None:
    changed(site, M, 'login = "mori"', 'login = "mori"\ntenant = "acme"')
    assert [problem.partition(", whom")[0] for problem in told(site)] == [
        'people.toml:1:3: nobody of the tenant acme has the role "president"',
        'people.toml:5:1: nobody of the tenant acme is the head of "planning" (head_of)',
    ]


def test_who_would_be_next_in_line_but_may_edit_the_policy_is_named(site: Path) -> None:
    changed(site, M, '"president", "auditor"', '"president", "administrator"')
    own = f"{site}/people.toml:10:1: note: person kato: is the only"
    (doubt,) = [each for each in Configuration(site / S).doubts if each.startswith(own)]
    assert doubt.endswith("; next in line, but an administrator, who never stands in: abe")
