"""A target for workers that reads documents with the real extractors and tells whether files can still be opened."""

from config.policy import Policy
from filters.examined import Copy, Examined, Summary
from filters.extract import Budget, extract, warm
from filters.facts import Facts
from filters.rule import Ask
from tests.gateway.hostile import tried

__all__ = ["prepare", "run", "warm"]


def prepare(policy: Policy) -> Policy:
    return policy


def run(raw: bytes | memoryview, facts: Facts, prepared: Policy, ask: Ask | None = None) -> Examined:
    """The subject is what could be read: verdict, kind and the beginning of the text."""
    name, _, content = bytes(raw).partition(b"\n")
    found = extract(name.decode(), "", content, Budget())
    text = " ".join(str(t) for t in found.texts)[:2000]
    subject = f"{found.verdict} {found.kind} {tried('/etc/passwd')} {text}"
    return Examined(
        copies=(Copy(tuple(range(len(facts.envelope.forward_paths)))),), summary=Summary(subject=subject)
    )
