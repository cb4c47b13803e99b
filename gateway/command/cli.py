"""The command `sekisho`: serve, look, explain, and the few things an operator does by hand."""

import argparse
import asyncio
import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from config.policy import ConfigError
from config.problems import in_order
from config.settings import Settings
from config.settings_file import load_settings, load_settings_of
from config.tenant import DEFAULT
from gateway.command import delegate as delegating
from gateway.command import (
    device,
    door_arguments,
    keeping_arguments,
    looking_arguments,
    policy_arguments,
    register_arguments,
    report,
    tenant,
    trouble,
)
from gateway.command import init as beginning
from gateway.command import legal_hold as legal_holding
from storage.interfaces import StoreError


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; answers the process's exit status (2: the configuration or the arguments are wrong)."""
    try:
        options = _parser().parse_args(arguments)
        try:
            return int(options.run(options) or 0)
        except BaseExceptionGroup as several:
            raise trouble.first(several) from None
    except ConfigError as error:
        print("\n".join(f"sekisho: {problem}" for problem in error.problems), file=sys.stderr)
        return 2
    except StoreError as error:
        print(f"sekisho: the store: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        return 141
    except (OSError, UnicodeDecodeError) as error:
        print(f"sekisho: {trouble.said(error)}", file=sys.stderr)
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="sekisho", description="An e-mail checkpoint that watches both directions"
    )
    parser.add_argument("--version", action="version", version=f"sekisho {trouble.version()}")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")

    def command(name: str, run: object, text: str) -> argparse.ArgumentParser:
        sub = commands.add_parser(name, help=text, description=text)
        sub.set_defaults(run=run)
        _config(sub)
        return sub

    begin = commands.add_parser("init", help="make the files of a first site; nothing is overwritten")
    begin.set_defaults(run=beginning.run)
    beginning.arguments(begin)
    command("serve", _serve, "run the gateway")
    demo = command("demo", _demo, "run the gateway on embedded defaults and play sample mails through it")
    demo.add_argument("--once", action="store_true", help="stop after the samples")
    demo.add_argument("--any-port", action="store_true", help="take free ports instead of the usual ones")
    demo.add_argument("--keep", action="store_true", help="go on with the state of the last time")
    catcher = command("mail-catcher", _mail_catcher, "run a next hop that keeps every mail and shows it")
    catcher.add_argument("--host", default="127.0.0.1")
    catcher.add_argument("--port", type=int, default=2526, help="of SMTP (2526)")
    catcher.add_argument("--page-port", type=int, default=8081, help="of the page with the mails (8081)")
    catcher.add_argument("--folder", type=Path, default=Path("caught"), help="where the mails are written")
    command("check-config", _check_config, "say everything that is wrong with all files, at once")
    command("check-hops", _check_hops, "ask every next hop, without mail; status 1: one has no session")
    looking_arguments.of_doctor(
        command("doctor", _doctor, "say what this installation lacks, and how each is mended; status 1: some")
    )
    looking_arguments.of_send_test(
        command("send-test", _send_test, "send a mail by each path, and say what became of it")
    )
    command("health", _health, "ask the node that runs here whether it answers; status 1: it does not")
    looking_arguments.of_explain(
        command("explain", _explain, "what the checkpoint thinks of a mail in a file")
    )
    extract = command("extract", _extract, "what the checkpoint sees in a file, part by part")
    extract.add_argument("file", type=Path)
    extract.add_argument("--passphrases", type=Path, help="a file of passphrases to be tried, one a line")
    extract.add_argument("--json", action="store_true")
    command("rules", _rules, "list the rules with their controls, consequences and settings")
    looking_arguments.of_queue(queue := command("queue", _queue, "list the items in custody"))
    _tenant(queue)
    for name, text in (
        ("hold", "stop an item until somebody acts"),
        ("release", "let a held item go"),
        ("discard", "throw a held item away"),
    ):
        act = command(name, _act, text)
        act.add_argument("item")
        act.add_argument("--reason", required=True, help="kept in the journal")
        act.add_argument(
            "--tell", action="store_true", help="tell the reason to those who asked for the mail"
        )
        _tenant(act)
    again = command("retry", _retry, "try mail that waits for a next hop now")
    what = again.add_mutually_exclusive_group(required=True)
    what.add_argument("item", nargs="?", default="", help="one mail")
    what.add_argument("--hop", default="", metavar="HOST:PORT", help="what this next hop keeps waiting")
    what.add_argument("--domain", default="", help="what goes to recipients of this domain")
    what.add_argument("--all", action="store_true", help="everything")
    again.add_argument("--reason", default="", help="kept in the journal")
    _tenant(again)
    delegate = command("delegate", _delegate, "say who acts for whom: list, add or end a delegation")
    delegating.arguments(delegate)
    _tenant(delegate)
    hold = command("legal-hold", _legal_hold, "say whose mail is not to be erased: list, add or end a hold")
    legal_holding.arguments(hold)
    _tenant(hold)
    keeping_arguments.add(command)
    journal = command("journal", _journal, "check the journal's hash chain")
    journal.add_argument("action", choices=("verify",))
    journal.add_argument(
        "--heads", type=Path, action="append", default=[], help="a file or log to which heads were carried"
    )
    command("sightings", _sightings, "rebuild the search index for reported mail from the journal")
    learn = command("learn", _learn, "fill the memory of correspondents from mail that we sent")
    learn.add_argument("paths", nargs="+", type=Path, metavar="PATH", help="mbox, Maildir, folder or mail")
    _tenant(learn)
    door_arguments.add(command, _tenant)
    policies = commands.add_parser("policy", help="try a policy, what it did, its versions")
    policies.set_defaults(run=_policy)
    policy_arguments.add(policies, _config)
    policy_arguments.of_exceptions(
        command(
            "exceptions", _exceptions, "list the policy's exceptions, their ends and how often they were used"
        )
    )
    report.arguments(
        command("report", _report, "a month in figures: rules, exceptions, approvals, how holds ended")
    )
    tenant.arguments(
        command("tenant", tenant.run, "organisations of this house: add one, list their volumes")
    )
    _tenant(command("people", _people, "list the people, and from where each is known"))
    device.arguments(command("device", _device, "credentials by which one device of a person submits mail"))
    register = commands.add_parser(
        "register", help="make indexes of tables and documents that shall be found again"
    )
    register_arguments.add(register)
    completion = commands.add_parser("completion", help="print what bash or zsh completes (see --help)")
    completion.set_defaults(run=_completion)
    completion.add_argument("shell", choices=("bash", "zsh"))
    schema = command("schema", _schema, "print the JSON Schema of a file, for editors")
    schema.add_argument("of", choices=("policy", "settings", "people"))
    docs = command("docs", _docs, "write the generated documents")
    docs.add_argument("--check", action="store_true", help="only say whether they are current")
    return parser


def _completion(options: argparse.Namespace) -> int:
    from gateway.command.completion import script

    sys.stdout.write(script(options.shell, _parser()))
    return 0


def _config(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--config",
        type=Path,
        default=os.environ.get("SEKISHO_CONFIG"),
        help="the settings file (TOML); without it what SEKISHO_CONFIG names",
    )


def _tenant(command: argparse.ArgumentParser) -> None:
    command.add_argument("--tenant", default=DEFAULT, help=f"whose ({DEFAULT})")


def _settings(options: argparse.Namespace) -> Settings:
    return load_settings_of(options.config, getattr(options, "tenant", DEFAULT))


def _serve(options: argparse.Namespace) -> int:
    from gateway.command import serve
    from gateway.start.configuration import Configuration

    return serve.run(options.config, Configuration(options.config).sound())


def _demo(options: argparse.Namespace) -> int:
    from gateway.demo import play

    return play.run(once=options.once, any_port=options.any_port, keep=options.keep)


def _mail_catcher(options: argparse.Namespace) -> int:
    from gateway.demo import mail_catcher

    return mail_catcher.run(options.folder, options.host, options.port, options.page_port)


def _doctor(options: argparse.Namespace) -> int:
    from gateway.command import doctor

    return doctor.run(options.config, options.address, as_json=options.json)


def _send_test(options: argparse.Namespace) -> int:
    from gateway.command import send_test

    password = options.password_file.read_text("utf-8").strip() if options.password_file else ""
    return send_test.run(_settings(options), options.to, options.sender, options.login, password)


def _health(options: argparse.Namespace) -> int:
    from gateway.command import health

    found = health.ailments(_settings(options))
    print("\n".join(found) or "ok")
    return 1 if found else 0


def _check_config(options: argparse.Namespace) -> int:
    from gateway.start.configuration import Configuration

    found = Configuration(options.config)
    problems = in_order([*found.problems, *found.ports()])
    for line in (*problems, *found.doubts):
        print(line, file=sys.stderr)
    if problems:
        print(f"{len(problems)} {'mistake' if len(problems) == 1 else 'mistakes'}", file=sys.stderr)
        return 2
    settings, rules = found.settings, len(found.policy.rules)
    print(f"ok: {len(settings.listeners)} listeners, {len(found.people)} people, {rules} rules with a policy")
    return 0


def _people(options: argparse.Namespace) -> int:
    from gateway.command.operator import people

    return asyncio.run(people(_settings(options), options.tenant))


def _explain(options: argparse.Namespace) -> int:
    from directory.people_file import people_of
    from gateway.command import explain

    settings = _settings(options)
    policy, number = explain.policy_for(settings, options.tenant, options.policy)
    try:
        raw = options.file.read_bytes()
    except OSError as error:
        raise ConfigError([f"{options.file}: {error.strerror}"]) from None
    people = people_of(load_settings(options.config).people_files, options.tenant)
    answer = explain.explain(
        raw, policy, options.direction, sender=options.sender, recipients=options.to,
        people=people, zone=settings.console.timezone, version=number, settings=settings,
        tenant=options.tenant,
    )  # fmt: skip
    print(json.dumps(answer, ensure_ascii=False, indent=2) if options.json else explain.readable(answer))
    return 0


def _extract(options: argparse.Namespace) -> int:
    from gateway.command import extract

    words = options.passphrases.read_text().split("\n") if options.passphrases else []
    answer = extract.look(options.file.name, options.file.read_bytes(), [w for w in words if w])
    print(json.dumps(answer, ensure_ascii=False, indent=2) if options.json else extract.readable(answer))
    return 0


def _rules(options: argparse.Namespace) -> int:
    from filters.catalogue import rules_markdown

    print(rules_markdown())
    return 0


def _check_hops(options: argparse.Namespace) -> int:
    from gateway.command import check_hops

    return asyncio.run(check_hops.check(_settings(options)))


def _queue(options: argparse.Namespace) -> int:
    from gateway.command import queue

    shown = queue.PageOfQueue(options.page, options.per_page, as_json=options.json)
    return asyncio.run(queue.show(_settings(options), options.tenant, options.state, shown))


def _act(options: argparse.Namespace) -> int:
    from gateway.command import operator

    return asyncio.run(
        operator.act(
            _settings(options),
            options.tenant,
            options.command,
            options.item,
            options.reason,
            tell=options.tell,
        )
    )


def _retry(options: argparse.Namespace) -> int:
    from gateway.command import queue

    return asyncio.run(
        queue.retry_now(
            _settings(options),
            options.tenant,
            options.item,
            hop=options.hop,
            domain=options.domain,
            reason=options.reason,
        )
    )


def _policy(options: argparse.Namespace) -> int:
    from gateway.command import policy

    return policy.run(options, _settings(options))


def _exceptions(options: argparse.Namespace) -> int:
    from gateway.command import exceptions

    return asyncio.run(exceptions.show(_settings(options), options))


def _report(options: argparse.Namespace) -> int:
    return asyncio.run(report.run(_settings(options), options))


def _delegate(options: argparse.Namespace) -> int:
    return asyncio.run(delegating.run(_settings(options), options))


def _legal_hold(options: argparse.Namespace) -> int:
    return asyncio.run(legal_holding.run(_settings(options), options))


def _journal(options: argparse.Namespace) -> int:
    from gateway.command import operator

    return asyncio.run(operator.verify(_settings(options), options.heads))


def _sightings(options: argparse.Namespace) -> int:
    from gateway.command import operator

    return asyncio.run(operator.sightings(_settings(options)))


def _learn(options: argparse.Namespace) -> int:
    from gateway.command import learn

    return learn.command(_settings(options), options.tenant, options.paths)


def _schema(options: argparse.Namespace) -> int:
    from gateway.command import schemas

    sys.stdout.write(schemas.text_of(options.of))
    return 0


def _device(options: argparse.Namespace) -> int:
    return asyncio.run(device.run(_settings(options), options))


def _docs(options: argparse.Namespace) -> int:
    from gateway.command import documents

    return documents.write(check=options.check)


if __name__ == "__main__":
    sys.exit(main())
