"""What can stand behind the verbs that look and change nothing: explain, queue, doctor; and send-test."""

import argparse
from pathlib import Path

from config.tenant import DEFAULT
from gateway.command import policy_arguments


def of_explain(command: argparse.ArgumentParser) -> None:
    command.add_argument("file", type=Path)
    command.add_argument("--as", dest="direction", choices=("outbound", "inbound"), default="inbound")
    command.add_argument("--from", dest="sender", default="", help="reverse-path (default: the header From)")
    command.add_argument("--to", nargs="*", default=[], help="recipients (default: To and Cc)")
    command.add_argument(
        "--policy",
        type=policy_arguments.number(policy_arguments.MOST_VERSIONS),
        default=0,
        metavar="N",
        help="by this version of the policy",
    )
    command.add_argument("--tenant", default=DEFAULT, help=f"by whose policy ({DEFAULT})")
    command.add_argument("--json", action="store_true")


def of_queue(command: argparse.ArgumentParser) -> None:
    command.add_argument("--state", choices=("held", "queued", "active", "done", "withdrawn"))
    command.add_argument("--json", action="store_true", help="one item a line")
    command.add_argument(
        "--page",
        type=policy_arguments.number(10**6),
        default=0,
        metavar="N",
        help="only the Nth page of --per-page items",
    )
    command.add_argument(
        "--per-page", type=policy_arguments.number(10**6), default=50, metavar="N", help="(50)"
    )


def of_doctor(command: argparse.ArgumentParser) -> None:
    command.add_argument("--json", action="store_true")
    command.add_argument(
        "--address",
        action="append",
        default=[],
        help="from which our mail reaches the internet, where that is neither the relay's nor the host name's",
    )


def of_send_test(command: argparse.ArgumentParser) -> None:
    command.add_argument("--to", required=True, help="an address of your own people, who will get it")
    command.add_argument("--login", default="", help="of an account, or of a device, for submitted mail")
    command.add_argument("--from", dest="sender", default="", help="an address of that account")
    command.add_argument("--password-file", type=Path, help="a file with its password")
