"""`sekisho init`: the files of a first site, made of what is asked or said: settings, policy, people, keys, a certificate.

Nothing is overwritten: where one of the files is there, none is made. What is made passes check-config (as far as the hosts
that were named exist), and a node starts on it.

Diagnostics: ConfigError when something is there already, cannot be written, or cannot be meant.
"""

import argparse
import json
import os
import re
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import msgspec

from config.policy import ConfigError
from config.section import host_name
from config.words import LANGUAGES

SELECTOR = "sekisho"
OWNER = "sekisho"
"""The account under which the systemd unit runs; files are its group's where it exists and root makes them."""
PORTS = {"submission": 587, "inbound": 25, "console": 8025}

SETTINGS = """\
# Sekisho: このノードの設定。すべてのキーの説明は docs/schema/settings.json（sekisho schema settings）。
# The settings of this node; `sekisho schema settings` explains every key. `sekisho check-config` reads it as a start does.
hostname = {hostname}
state_dir = {state}
policy = "policy.toml"
people = "people.toml"
# 最初の数週間は観察のみ: 検知して記録するが、止めない。慣れたらこの行を消す。
# The first weeks: everything is detected and recorded, nothing is held. Take this line out when you have seen enough.
presets = ["observe"]

# 社員のメールソフトから（STARTTLS とログインが必要） / people's mail clients; STARTTLS and a login are required
[[listeners]]
name = "submission"
role = "submission"
host = "0.0.0.0"
port = {submission}

# インターネットから / from the internet
[[listeners]]
name = "inbound"
role = "inbound"
host = "0.0.0.0"
port = {inbound}

# 社外宛ての送り先 / where mail to outsiders goes
[relay]
host = {relay_host}
port = {relay_port}
tls = {relay_tls}

# 自社のメールボックス / where mail to our own people goes
[mailbox]
host = {mailbox_host}
port = {mailbox_port}
lmtp = {lmtp}
tls = {mailbox_tls}

# 管理画面。前段に TLS の Web サーバーを置く / the console; put a web server with TLS in front of it
[console]
port = {console}
base_url = {base_url}

# 自己署名: だれにも信頼されない。認証局の証明書に替えること。
# Self-signed, for a start: nobody who checks certificates trusts it. Replace it with one of an authority.
[tls]
certificate = "tls/self-signed.pem"
key = "tls/self-signed.key"

# 送信メールの DKIM 署名。公開するレコードは init の出力か sekisho doctor が示す。
# DKIM signatures; the record to publish is shown by init and by `sekisho doctor`.
[dkim.{domain}]
selector = "{selector}"
key_file = "keys/dkim-{selector}.key"

# ウイルス対策ソフト / the virus scanner (docs/howto/virus.md)
# [scanner]
# clamd = "unix:///run/clamav/clamd.ctl"
"""
POLICY = """\
# 自社のポリシー。標準ポリシー（config/policy.toml）の上に重なる。規則の一覧は sekisho rules。
# Our own policy; it lies over the shipped one, which explains every control. `sekisho rules` lists the rules.
[organisation]
name = {organisation}
domains = [{domain}]
language = {language}
"""
PEOPLE = """\
# アカウントのある人。パスワードは書かない: sekisho login-link LOGIN が、本人が設定するための一度きりのリンクを出す。
# Who has an account. No passwords here: `sekisho login-link LOGIN` prints a one-time link with which people set their own.
[[person]]
login = {login}
name = {{ {language_key} = {person} }}
addresses = [{address}]
roles = ["user", "president", "administrator"]

# [[person]]
# login = "hanako"
# name = {{ ja = "鈴木 花子", en = "Hanako Suzuki" }}
# addresses = ["hanako@{plain}"]
# department = "sales"
# head_of = ["sales"]                # 社外秘を承認する / approves 社外秘 of the department
# roles = ["user", "approver"]
"""


class Asked(msgspec.Struct, frozen=True):
    """What has to be said: its option, the question, and what is taken when nothing is answered (None: it must be)."""

    name: str
    question: str
    otherwise: Callable[[argparse.Namespace], str | None] = lambda said: None
    check: Callable[[str], str] = str


def _domain(text: str) -> str:
    try:
        name = host_name(text.encode("idna").decode() if not text.isascii() else text)
    except (ValueError, UnicodeError):
        raise ConfigError([f"{text!r} is not a domain such as example.jp"]) from None
    if "." not in name:
        raise ConfigError([f"{text!r} is not a domain such as example.jp"])
    return name


def _address(text: str) -> str:
    if not re.fullmatch(r"[^@\s\"]{1,64}@[^@\s\"]{1,253}", text):
        raise ConfigError([f"{text!r} is not an address such as taro@example.jp"])
    return text.lower()


def _hop(text: str) -> str:
    host, _, port = text.rpartition(":") if re.search(r":\d+$", text) else (text, "", "")
    if not host or not re.fullmatch(r"[A-Za-z0-9._\[\]:-]+", host) or (port and not 0 < int(port) < 65536):
        raise ConfigError([f"{text!r} is not a host such as relay.example.jp or 10.0.0.5:24"])
    return text


def _language(text: str) -> str:
    if text not in LANGUAGES:
        raise ConfigError([f"{text!r} is not one of our languages: {', '.join(LANGUAGES)}"])
    return text


QUESTIONS = (
    Asked("domain", "Your mail domain / メールのドメイン", check=_domain),
    Asked("organisation", "Your organisation's name / 組織の名前", lambda said: said.domain),
    Asked(
        "hostname",
        "This host's name on the internet / このホストの名前",
        lambda said: f"sekisho.{said.domain}",
        _domain,
    ),
    Asked(
        "relay",
        "Where mail to outsiders goes (host:port) / 社外宛ての送り先",
        lambda said: "127.0.0.1:2526",
        _hop,
    ),
    Asked(
        "mailbox",
        "Where mail to your people goes (host:port) / 自社宛ての送り先",
        lambda said: "127.0.0.1:2526",
        _hop,
    ),
    Asked("admin", "Your own address: the first administrator / 最初の管理者のアドレス", check=_address),
    Asked("language", "Language / 言語 (ja, en)", lambda said: "ja", _language),
)


def arguments(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "folder", nargs="?", type=Path, default=Path(), help="where the files are made (here)"
    )
    for each in QUESTIONS:
        command.add_argument(f"--{each.name}", default="", help=each.question.partition(" / ")[0])
    command.add_argument("--lmtp", action="store_true", help="the mailbox host speaks LMTP")
    command.add_argument("--state-dir", default="state", help="where the node keeps everything (state)")
    command.add_argument("--console-url", default="", help="how people reach the console")
    for name, port in PORTS.items():
        command.add_argument(f"--{name}-port", type=int, default=port, help=f"({port})")
    command.add_argument("--yes", action="store_true", help="ask nothing: take what is usual")


def run(options: argparse.Namespace) -> int:
    """Make the files, and say what is left to do."""
    folder: Path = options.folder
    names = ("sekisho.toml", "policy.toml", "people.toml", "keys", "tls")
    if there := [str(folder / name) for name in names if (folder / name).exists()]:
        raise ConfigError([f"{path} is there already: nothing was made" for path in there])
    _ask(options)
    print(_left_to_do(options, folder, _written(options, folder)))
    return 0


def _ask(options: argparse.Namespace) -> None:
    """Whatever was not said, of whoever sits there; what is usual where nobody does."""
    for each in QUESTIONS:
        usual = each.otherwise(options)
        said = getattr(options, each.name)
        while not said and not options.yes and sys.stdin.isatty():
            said = input(f"{each.question}{f' [{usual}]' if usual else ''}: ").strip() or usual or ""
        said = said or usual
        if not said:
            raise ConfigError([f"--{each.name} is not said: {each.question.partition(' / ')[0]}"])
        setattr(options, each.name, each.check(said))


def _written(options: argparse.Namespace, folder: Path) -> str:
    """Make the files; the line of the zone file for the DKIM key."""
    from gateway.authenticate.sign import Signer, generate_key
    from gateway.listen.tls import generate_self_signed

    key = generate_key("rsa")
    signer = Signer(options.domain, SELECTOR, key)
    texts = {
        "sekisho.toml": _settings(options),
        "policy.toml": _policy(options),
        "people.toml": _people(options),
    }
    try:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "keys").mkdir(mode=0o750)
        (folder / "tls").mkdir(mode=0o750)
        _write(folder / f"keys/dkim-{SELECTOR}.key", key, 0o640)
        pair = generate_self_signed(folder / "tls", options.hostname)
        for name, text in texts.items():
            _write(folder / name, text.encode(), 0o640)
        state = folder / options.state_dir
        if not state.exists():
            state.mkdir(mode=0o700, parents=True)
            _give(state)
        for path in (folder / "keys", folder / "tls", *pair):
            _give(path)
    except OSError as error:
        raise ConfigError([f"{error.filename or folder}: {error.strerror}"]) from None
    return signer.zone_line


def _write(path: Path, content: bytes, mode: int) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
    _give(path)


def _give(path: Path) -> None:
    """To the node's account, where root makes the files for it."""
    if os.geteuid() == 0:
        try:
            shutil.chown(path, OWNER, OWNER)
        except LookupError:
            return


def _text(value: str) -> str:
    """A string of TOML; what stands in JSON's does there, too."""
    return json.dumps(value, ensure_ascii=False)


def _settings(options: argparse.Namespace) -> str:
    relay, mailbox = _place(options.relay, 25), _place(options.mailbox, 24 if options.lmtp else 25)
    return SETTINGS.format(
        hostname=_text(options.hostname), state=_text(options.state_dir), domain=_text(options.domain),
        relay_host=_text(relay[0]), relay_port=relay[1], relay_tls=_tls(relay[0]),
        mailbox_host=_text(mailbox[0]), mailbox_port=mailbox[1], mailbox_tls=_tls(mailbox[0]),
        lmtp="true" if options.lmtp else "false", selector=SELECTOR,
        submission=options.submission_port, inbound=options.inbound_port, console=options.console_port,
        base_url=_text(options.console_url or f"http://127.0.0.1:{options.console_port or 8025}"),
    )  # fmt: skip


def _place(text: str, port: int) -> tuple[str, int]:
    match = re.fullmatch(r"(.+):(\d+)", text)
    return (match[1].strip("[]"), int(match[2])) if match else (text.strip("[]"), port)


def _tls(host: str) -> str:
    """Without TLS only where nobody can listen in between."""
    return '"none"' if host in ("127.0.0.1", "::1", "localhost") else '"opportunistic"'


def _policy(options: argparse.Namespace) -> str:
    return POLICY.format(
        organisation=_text(options.organisation),
        domain=_text(options.domain),
        language=_text(options.language),
    )


def _people(options: argparse.Namespace) -> str:
    login = re.sub(r"[^a-z0-9._-]", "-", options.admin.partition("@")[0])
    return PEOPLE.format(
        login=_text(login), person=_text(login), address=_text(options.admin), plain=options.domain,
        language_key=options.language,
    )  # fmt: skip


def _left_to_do(options: argparse.Namespace, folder: Path, dkim: str) -> str:
    at = f"--config {folder / 'sekisho.toml'}"
    return "\n".join(
        [
            f"made in {folder.resolve()}: sekisho.toml, policy.toml, people.toml, keys/, tls/",
            "The certificate is self-signed: nobody who checks certificates trusts it. 自己署名のため、信頼されません。",
            "",
            "To be published in the DNS / DNS に公開するレコード:",
            f"{options.domain}. IN MX 10 {options.hostname}.",
            f'{options.domain}. IN TXT "v=spf1 mx -all"',
            dkim,
            f'_dmarc.{options.domain}. IN TXT "v=DMARC1; p=none; rua=mailto:{options.admin}"',
            "",
            "Next / 次に:",
            f"sekisho check-config {at}",
            f"sekisho serve {at}",
            f"sekisho doctor {at}",
        ]
    )
