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
from collections.abc import Callable, Iterable
from importlib import resources
from pathlib import Path

import msgspec

from config.policy import ConfigError
from config.section import host_name
from config.words import LANGUAGES, say
from storage.seal import sync_folder

SELECTOR = "sekisho"
OWNER = "sekisho"
"""The account under which the systemd unit runs; files are its group's where it exists and root makes them."""
PORTS = {"submission": 587, "inbound": 25, "console": 8025}


class Asked(msgspec.Struct, frozen=True):
    """What has to be said: its option, and what is taken when nothing is answered (None: it must be). The question is
    in config/words/*/init.toml."""

    name: str
    otherwise: Callable[[argparse.Namespace], str | None] = lambda said: None
    check: Callable[[str], str] = str

    @property
    def question(self) -> str:
        return " / ".join(say(language, f"init.question.{self.name}") for language in LANGUAGES)


def domain_name(text: str) -> str:
    """A domain as it stands in a policy. Raises ConfigError."""
    try:
        name = host_name(text.encode("idna").decode() if not text.isascii() else text)
    except (ValueError, UnicodeError):
        raise ConfigError([f"{text!r} is not a domain such as example.jp"]) from None
    if "." not in name:
        raise ConfigError([f"{text!r} is not a domain such as example.jp"])
    return name


def mail_address(text: str) -> str:
    """An address in small letters. Raises ConfigError."""
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
    Asked("domain", check=domain_name),
    Asked("organisation", lambda said: said.domain),
    Asked("hostname", lambda said: f"sekisho.{said.domain}", domain_name),
    Asked("relay", lambda said: "127.0.0.1:2526", _hop),
    Asked("mailbox", lambda said: "127.0.0.1:2526", _hop),
    Asked("admin", check=mail_address),
    Asked("language", lambda said: "ja", _language),
)


def arguments(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "folder", nargs="?", type=Path, default=Path(), help="where the files are made (here)"
    )
    for each in QUESTIONS:
        command.add_argument(f"--{each.name}", default="", help=say("en", f"init.question.{each.name}"))
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
    ask(options, QUESTIONS)
    print(_left_to_do(options, folder, _written(options, folder)))
    return 0


def ask(options: argparse.Namespace, questions: Iterable[Asked]) -> None:
    """Whatever was not said, of whoever sits there; what is usual where nobody does. Raises ConfigError."""
    for each in questions:
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
        "policy.toml": policy_text(options),
        "people.toml": people_text(options),
    }
    try:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "keys").mkdir(mode=0o750)
        (folder / "tls").mkdir(mode=0o750)
        write_new(folder / f"keys/dkim-{SELECTOR}.key", key, 0o640)
        pair = generate_self_signed(folder / "tls", options.hostname)
        for name, text in texts.items():
            write_new(folder / name, text.encode(), 0o640)
        state = folder / options.state_dir
        if not state.exists():
            state.mkdir(mode=0o700, parents=True)
            give(state)
        for path in (folder / "keys", folder / "tls", *pair):
            give(path)
    except OSError as error:
        raise ConfigError([f"{error.filename or folder}: {error.strerror}"]) from None
    return signer.zone_line


def write_new(path: Path, content: bytes, mode: int) -> None:
    """A new file on stable storage. Raises OSError, also where there is one."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(descriptor)
    sync_folder(path.parent)
    give(path)


def give(path: Path) -> None:
    """To the node's account, where root makes the files for it."""
    if os.geteuid() == 0:
        try:
            shutil.chown(path, OWNER, OWNER)
        except LookupError:
            return


def quoted(value: str) -> str:
    """A string of TOML; what stands in JSON's does there, too."""
    return json.dumps(value, ensure_ascii=False)


def _settings(options: argparse.Namespace) -> str:
    relay, mailbox = (
        host_and_port(options.relay, 25),
        host_and_port(options.mailbox, 24 if options.lmtp else 25),
    )
    return template("sekisho").format(
        hostname=quoted(options.hostname), state=quoted(options.state_dir), domain=quoted(options.domain),
        relay_host=quoted(relay[0]), relay_port=relay[1], relay_tls=tls_to(relay[0]),
        mailbox_host=quoted(mailbox[0]), mailbox_port=mailbox[1], mailbox_tls=tls_to(mailbox[0]),
        lmtp="true" if options.lmtp else "false", selector=SELECTOR,
        submission=options.submission_port, inbound=options.inbound_port, console=options.console_port,
        base_url=quoted(options.console_url or f"http://127.0.0.1:{options.console_port or 8025}"),
    )  # fmt: skip


def host_and_port(text: str, port: int) -> tuple[str, int]:
    """Of "host" or "host:port"; `port` where none is said."""
    match = re.fullmatch(r"(.+):(\d+)", text)
    return (match[1].strip("[]"), int(match[2])) if match else (text.strip("[]"), port)


def tls_to(host: str) -> str:
    """Without TLS only where nobody can listen in between."""
    return '"none"' if host in ("127.0.0.1", "::1", "localhost") else '"opportunistic"'


def policy_text(options: argparse.Namespace) -> str:
    """A first policy file; `options` as QUESTIONS ask for them."""
    return template("policy").format(
        organisation=quoted(options.organisation),
        domain=quoted(options.domain),
        language=quoted(options.language),
    )


def people_text(options: argparse.Namespace) -> str:
    """A first people file, with one administrator."""
    login = people_login(options)
    return template("people").format(
        login=quoted(login), person=quoted(login), address=quoted(options.admin), plain=options.domain,
        language_key=options.language,
    )  # fmt: skip


def people_login(options: argparse.Namespace) -> str:
    """The login of the first administrator."""
    return re.sub(r"[^a-z0-9._-]", "-", options.admin.partition("@")[0])


def _left_to_do(options: argparse.Namespace, folder: Path, dkim: str) -> str:
    at = f"--config {folder / 'sekisho.toml'}"
    return "\n".join(
        [
            *_told("made", folder=str(folder.resolve())),
            *_told("self_signed"),
            "",
            *_told("publish"),
            f"{options.domain}. IN MX 10 {options.hostname}.",
            f'{options.domain}. IN TXT "v=spf1 mx -all"',
            dkim,
            f'_dmarc.{options.domain}. IN TXT "v=DMARC1; p=none; rua=mailto:{options.admin}"',
            "",
            *_told("next"),
            f"sekisho check-config {at}",
            f"sekisho serve {at}",
            f"sekisho doctor {at}",
        ]
    )


def _told(key: str, **values: object) -> list[str]:
    """A sentence in each language."""
    return [say(language, f"init.told.{key}", **values) for language in LANGUAGES]


def template(name: str) -> str:
    """What is filled in, of config/first."""
    return (resources.files("config") / "first" / f"{name}.template").read_text("utf-8")
