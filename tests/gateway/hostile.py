"""A target for workers that does what a mail's first line says; runs inside the locked-up processes."""

import hashlib
import os
import sys
import time
from collections.abc import Callable

import msgspec

from config.policy import ConfigError, Policy
from filters.examined import Copy, Examined, Summary
from filters.facts import Facts, Secrets
from filters.markup.dom import Document
from filters.verdict import PASS, Verdict
from gateway.locked import channel
from gateway.locked.sandbox import CHANNEL
from mail.compose import Edit

KEPT: list[object] = []
RAN: list[tuple[int, str]] = []
"""By which process, and in which direction, each mail was examined."""


def warm() -> None:
    """Nothing to load."""


def prepare(policy: Policy) -> str:
    if policy.version == "wrong":
        raise ConfigError(["the policy is wrong"])
    return policy.version


def run(
    raw: bytes | memoryview, facts: Facts, prepared: str, ask: Callable[[str, Verdict], Secrets] | None = None
) -> Examined:
    RAN.append((os.getpid(), facts.direction))
    first = bytes(raw[:200]).split(b"\r\n")[0].decode()
    word, _, argument = first.partition(" ")
    everybody = tuple(range(len(facts.envelope.forward_paths)))
    edits: tuple[Edit, ...] = ()
    verdict = PASS
    if word == "forge":
        edits = (Edit(len(raw), len(raw), b"please pay\r\n"),)
    if word == "abort":
        os.abort()
    if word == "segfault":
        import ctypes

        ctypes.string_at(8)
    if word == "loop":
        while True:
            pass
    if word == "tree":
        Document(f"<p {' '.join(f'a{i}' for i in range(int(argument)))}>")
    if word == "sleep":
        time.sleep(float(argument))
    if word == "bomb":
        kept = []
        while True:
            kept.append(bytearray(16 << 20))
    if word == "raise":
        raise RuntimeError("secret text of the mail")
    if word == "recurse":
        run(raw, facts, prepared)
    if word == "garbage":
        say(os.urandom(300))
        time.sleep(1)
    if word == "huge":
        say(channel.ANSWER.pack(channel.EXAMINED, 10, 1 << 40))
        time.sleep(10)
    if word == "twice":
        answer = msgspec.msgpack.encode(channel.Answer(Examined()))
        say(2 * (channel.ANSWER.pack(channel.EXAMINED, len(answer), 0) + answer))
        time.sleep(1)
    if word == "lose":
        everybody = everybody[1:]
    if word == "outside":
        edits = (Edit(0, len(raw) + 1, b""),)
    if word == "smuggle":
        edits = (Edit(0, 0, b"\n.\r\nMAIL FROM:<a@b.example>\r\n"),)
    if word == "edit":
        verdict = Verdict(rewrites=frozenset({"rebuild"}))
        edits = (Edit(0, 5, b"Edit:"), Edit(len(raw), len(raw), b"x" * int(argument) + b"\r\n"))
    subject = f"{prepared} {os.getpid()} {len(raw)} {first}"
    if word == "digest":
        subject = hashlib.sha256(raw).hexdigest()
    if word == "ran":
        subject = " ".join(direction for pid, direction in RAN if pid == os.getpid())
    if word == "environ":
        subject = repr(sorted(os.environ))
    if word == "keep":
        KEPT.append(raw)
    if word in ("secrets", "needs"):
        before = sees(facts, SECRET)
        if word == "needs":
            purpose, name = argument.split()
            assert ask is not None
            told = ask(purpose, Verdict(rewrites=frozenset({name})))
            verdict = Verdict(rewrites=frozenset({"encrypt"} if len(everybody) == 1 else ()))
            subject = f"{before} {sorted(msgspec.structs.asdict(told).items())}"
        else:
            subject = f"{before} nothing"
    if word == "leave":
        KEPT.append(facts.direction)
        subject = str(len(KEPT))
    if word == "grow":
        KEPT.append(bytearray(int(argument)))
    if word == "open":
        subject = tried(argument)
    copies = (Copy(everybody, verdict, edits),) if everybody else ()
    return Examined(verdict=verdict, copies=copies, summary=Summary(subject=subject))


SECRET = "".join(map(chr, (107, 117, 109, 113, 117, 97, 116)))
"""Written so that this module does not hold it: kumquat."""


def sees(facts: Facts, secret: str) -> bool:
    """Whether a secret stands in the facts, or in anything that the functions which called this one hold."""
    frame = sys._getframe(1)
    held = [msgspec.msgpack.encode(facts)]
    while frame is not None:
        held += [bytes(v) for v in frame.f_locals.values() if isinstance(v, bytes | bytearray | memoryview)]
        frame = frame.f_back  # type: ignore[assignment]
    return any(secret.encode() in each for each in held)


def say(data: bytes) -> None:
    os.write(CHANNEL, data)


def tried(path: str) -> str:
    try:
        with open(path, "rb"):
            return "opened"
    except OSError as error:
        return type(error).__name__
