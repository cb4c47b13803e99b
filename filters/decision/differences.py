"""What another policy would do differently with a mail, and which rules and cases that comes from."""

from collections.abc import Callable, Collection, Iterable, Sequence

import msgspec

from config.cases import strictest
from filters.examined import Applied
from filters.verdict import Verdict

SUM = "[warn]: the sum of weights"
"""What is responsible where the same indicators lead to something else."""


class Difference(msgspec.Struct, frozen=True, order=True):
    """A change for at least one recipient, such as "newly hold", with what is responsible, as `told` has it."""

    what: str
    by: tuple[str, ...] = ()


class _Respect(msgspec.Struct, frozen=True):
    """One thing that a verdict can say: its name, whether it does, and the consequences that it may come from."""

    name: str
    says: Callable[[Verdict], bool]
    of: tuple[str, ...]


_RESPECTS = (
    _Respect("refuse", lambda v: bool(v.rejects), ("reject",)),
    _Respect("hold", lambda v: bool(v.holds), ("hold", "warn")),
    _Respect("warn of", lambda v: "banner" in v.rewrites, ("warn",)),
    _Respect("move recipients of to Bcc", lambda v: "bcc" in v.rewrites, ("bcc",)),
    _Respect("send one copy each of", lambda v: "each" in v.rewrites, ("one",)),
    _Respect("delay until opening", lambda v: v.opening, ("delay",)),
    _Respect("forbid to shorten the delay of", lambda v: bool(v.fixed), ("delay",)),
    _Respect("encrypt", lambda v: "encrypt" in v.rewrites, ("encrypt",)),
    _Respect("tell the sender of", lambda v: bool(v.tells), ("tell",)),
)


def differences(
    was: Sequence[Verdict], did: Collection[Applied], now: Sequence[Verdict], does: Collection[Applied]
) -> list[Difference]:
    """What changes, each once however many recipients it concerns. `was` and `now` are the verdicts of the same recipients,
    `did` and `does` what was applied."""
    found: dict[str, tuple[str, ...]] = {}
    for before, after in dict.fromkeys(zip(map(_as_it_shows, was), map(_as_it_shows, now), strict=True)):
        if before == after:
            continue
        for respect in (*_RESPECTS, *_approvals(before, after)):
            if respect.says(after) and not respect.says(before):
                found[f"newly {respect.name}"] = _by(respect.of, does, did)
            elif respect.says(before) and not respect.says(after):
                found[f"no longer {respect.name}"] = _gone(respect.of, did, does)
        if after.waits != before.waits:
            ends = strictest(after.waits, None)
            said = f"{ends.on_timeout} after {ends.days:g}d" if ends else "as [waits] says"
            found[f"if nobody acts: {said}"] = ()
        if after.delay > before.delay:
            found["delay longer" if before.delay else "newly delay"] = _by(("delay",), does, did)
        elif after.delay < before.delay:
            found["delay shorter" if after.delay else "no longer delay"] = _by(
                ("delay",), does, did, least=True
            ) or _gone(("delay",), did, does)
    return [Difference(what, by) for what, by in found.items()]


def _as_it_shows(verdict: Verdict) -> Verdict:
    """Of a mail that is refused nothing else can be seen."""
    return Verdict(rejects=frozenset({"any"})) if verdict.rejects else verdict


def _approvals(before: Verdict, after: Verdict) -> Iterable[_Respect]:
    for role in sorted(before.approvals | after.approvals):
        says: Callable[[Verdict], bool] = lambda v, role=role: role in v.approvals  # type: ignore[misc] # noqa: E731
        yield _Respect(f"ask {role} to approve", says, ("approve",))


def _by(
    of: Sequence[str], does: Collection[Applied], did: Collection[Applied], *, least: bool = False
) -> tuple[str, ...]:
    """Who brings it about: what is applied now and was not before; what is applied, where that is the same (`least`: ())."""
    all_of = sorted(each for each in does if each.then.partition(" ")[0] in of)
    fresh = [each for each in all_of if each not in did]
    if fresh or least:
        return tuple(map(told, fresh))
    alone = tuple(told(each) for each in all_of if each.then != "warn")
    return alone or ((SUM,) if all_of else ())


def _gone(of: Sequence[str], did: Collection[Applied], does: Collection[Applied]) -> tuple[str, ...]:
    """What was applied and is not any more, with what its rule leads to now."""
    before = sorted(each for each in did if each.then.partition(" ")[0] in of)
    gone = [each for each in before if each not in does]
    now = {each.rule: each for each in sorted(does)}
    if not gone and any(each.then == "warn" for each in before):
        return (SUM,)
    return tuple(
        f"{told(each)}, now {now[each.rule].then}{_named(now[each.rule])}"
        if each.rule in now
        else f"{told(each)}, now nothing"
        for each in gone
    )


def told(applied: Applied) -> str:
    """ "many_external: hold", with the case or exception that it is by."""
    return f"{applied.rule}: {applied.then}{_named(applied)}"


def _named(applied: Applied) -> str:
    return f' by "{applied.by}"' if applied.by else ""
