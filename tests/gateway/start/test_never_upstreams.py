"""Relay listeners in check-config: less than enough is refused, with its place and its mend."""

import re
from pathlib import Path

import pytest

from gateway.start.configuration import Configuration
from tests.gateway.start.test_configuration import keys, site
from tests.house.rooms import ROOT

__all__ = ["keys", "site"]

HOST = 'networks = ["192.0.2.0/28"]'
M365 = 'kind = "microsoft365"\ntenant_id = "9b2fa7c4-1d3e-4c55-8a21-6f0d3b7e9c10"'
GOOGLE = 'kind = "google"\nsecret_header = "X-Izumi-Relay"\nsecret_file = "relay.secret"'
LOGIN = 'login = "postfix"\npassword_file = "relay.secret"'
HOP = '[listeners.upstream.relay]\nhost = "127.0.0.1"\nport = 2603\n'


def relaying(
    site: Path, upstream: str, more: str = "", secret: str = "mellow-kite-0419-Hm3-q7RtW2"
) -> list[str]:
    (site / "relay.secret").write_text(f"{secret}\n", "utf-8")
    text = (site / "sekisho.toml").read_text("utf-8")
    table = f'[[listeners]]\nname = "relay"\nrole = "relay"\nport = 0\n{more}[listeners.upstream]\n{upstream}\n[relay]\n'
    (site / "sekisho.toml").write_text(text.replace("[relay]\n", table, 1), "utf-8")
    return Configuration(site / "sekisho.toml").problems


@pytest.mark.parametrize(
    "upstream",
    [HOST, M365, GOOGLE, LOGIN, f'{HOST}\nunknown = "hold"\nunknown_as = "Kato"', f"{M365}\n{HOP}"],
)
def test_the_good_ones_have_no_problems(site: Path, upstream: str) -> None:
    assert relaying(site, upstream) == []


@pytest.mark.parametrize(
    ("upstream", "pattern"),
    [
        ('networks = ["40.107.0.0/16"]', r'upstream\.networks\.0: 40\.107\.0\.0/16 is Microsoft 365\'s, .*write kind = "microsoft365"$'),
        ('networks = ["0.0.0.0/0"]', r"networks\.0: 0\.0\.0\.0/0 is more than one house has"),
        ('kind = "microsoft365"', r"tenant_id is missing"),
        ('kind = "microsofft365"\ntenant_id = ""', r'must be "host", "microsoft365" or "google"; did you mean "microsoft365"\?$'),
        ('kind = "google"', r"secret_header and secret_file are missing"),
        (f'{M365}\noriginators = ["izmui.example"]', r'originators\.0: izmui\.example is neither a domain of ours .*did you mean "izumi\.example"\?$'),
        (f'{HOST}\nunknown = "pass"\nunknown_as = "katoh"', r"unknown_as: nobody has the login 'katoh'; did you mean \"kato\"\?$"),
        (f'{HOST}\nunknown = "pas"\nunknown_as = "kato"', r'did you mean "pass"\?$'),
        (f'{HOST}\n{HOP.replace("127.0.0.1", "nowhere.invalid")}', r"upstream\.relay\.host: there is no host nowhere\.invalid"),
        (f'{HOST}\n{HOP}ca_file = "gone.pem"', r"upstream\.relay\.ca_file: .*gone\.pem cannot be read"),
        (GOOGLE.replace("relay.secret", "gone"), r"secret_file: .*gone cannot be read"),
    ],
)  # fmt: skip
def test_less_than_enough_is_told(site: Path, upstream: str, pattern: str) -> None:
    problems = relaying(site, upstream)
    assert any(re.search(pattern, problem) for problem in problems), problems
    assert len(problems) == 1


@pytest.mark.parametrize("upstream", [GOOGLE, LOGIN])
@pytest.mark.parametrize(
    "secret",
    [
        "short",
        "with blanks in the middle of it",
        "mellow-kite-0419-Hm3-q7RtW2\nshort",
        "パスワードは二十文字より長いものにすること",
    ],
)
def test_a_secret_that_can_be_guessed_is_refused_and_not_repeated(
    site: Path, upstream: str, secret: str
) -> None:
    (problem,) = relaying(site, upstream, secret=secret)
    assert "openssl rand" in problem
    assert secret not in problem


def test_mail_must_have_a_way_on(site: Path) -> None:
    text = (site / "sekisho.toml").read_text("utf-8")
    end = text.index("[mailbox]\n")
    text = text[: text.index("[relay]\n")] + text[end:]
    submission = text.index("[[listeners]]"), text.index('[[listeners]]\nname = "internet"')
    text = text[: submission[0]] + text[submission[1] :]
    relay = f'[[listeners]]\nname = "relay"\nrole = "relay"\nport = 0\n[listeners.upstream]\n{HOST}\n'
    (site / "sekisho.toml").write_text(text.replace("[mailbox]\n", relay + "[mailbox]\n"), "utf-8")
    (problem,) = Configuration(site / "sekisho.toml").problems
    assert "mail to outsiders has nowhere to go" in problem
    relay += HOP
    (site / "sekisho.toml").write_text(text.replace("[mailbox]\n", relay + "[mailbox]\n"), "utf-8")
    assert Configuration(site / "sekisho.toml").problems == []


BLOCKS = dict(
    re.findall(
        r"<!-- settings: (\w+) -->\n```toml\n(.*?)```", (ROOT / "docs/relay.md").read_text("utf-8"), re.DOTALL
    )
)


def test_the_recipes_have_settings() -> None:
    assert set(BLOCKS) == {"host", "microsoft365", "google", "exchange", "filter"}


@pytest.mark.parametrize("name", BLOCKS)
def test_what_the_recipes_print_is_taken(site: Path, name: str) -> None:
    (site / "relay.secret").write_text("6f1c0b9d2a7e4c58b3f0a1d2e3c4b5a697887766\n", "utf-8")
    (site / "exchange.pem").write_bytes((site / "tls/self-signed.pem").read_bytes())
    text = (site / "sekisho.toml").read_text("utf-8")
    block = re.sub(
        r'host = "[a-z-]+\.mail\.protection\.outlook\.com"', 'host = "127.0.0.1"\nport = 2609', BLOCKS[name]
    )
    (site / "sekisho.toml").write_text(text + block, "utf-8")
    assert Configuration(site / "sekisho.toml").problems == []
