"""Policy from TOML: the shipped policy, then presets, then the site's own file, each laid over the one before.

Diagnostics: ConfigError with every problem at once, each naming the file, its line and the key.
"""

import hashlib
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

import msgspec

from config.cases import BUILT_IN, Case, Group, OwnWaits, PolicyException
from config.consequence import consequence
from config.expected import either, refused
from config.lists import table as mark_lists
from config.policy import RULE_MODES, ConfigError, Organisation, Policy, Registered, RulePolicy
from config.problems import Source, in_order, meant, why_not
from config.sense import senseless
from config.sense_cases import senseless_cases
from config.structs import table_as, tables
from config.words import LANGUAGES
from mail.address import a_labels

SHIPPED = resources.files("config") / "policy.toml"
PRESETS = resources.files("config") / "presets"
MODES = ("enforce", "observe")
TABLES = (
    "organisation",
    "encrypt",
    "warn",
    "risk",
    "review",
    "warned",
    "arriving",
    "calendar",
    "waits",
    "sending",
)
_GUID = re.compile(r"[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}")
RENAMED = {
    "warn.subject_mark_ja": 'subject_mark = { ja = "…" }',
    "warn.subject_mark_en": 'subject_mark = { en = "…" }',
}
"""Settings of older files, and how they are written now."""


def load_policy(
    path: Path | str | None,
    presets: Iterable[str] = (),
    *,
    demo: bool = False,
    check: Callable[[Policy], list[str]] | None = None,
) -> Policy:
    """The policy of this site. As `read_policy`; raises ConfigError with all that is wrong."""
    policy, problems, _ = read_policy(path, presets, demo=demo, check=check)
    if problems:
        raise ConfigError(problems)
    return policy


def read_policy(
    path: Path | str | None,
    presets: Iterable[str] = (),
    *,
    demo: bool = False,
    check: Callable[[Policy], list[str]] | None = None,
    own: Source | None = None,
) -> tuple[Policy, list[str], tuple[Source, ...]]:
    """The policy of this site without what is wrong in it, all that is wrong, located, and the files it stands in: the
    site's own before its presets.

    `presets` are names of config/presets (such as "observe") or paths of files. `demo` admits a policy
    without own domains. `own` stands in the place of the file at `path`, which says where relative names begin. `check` is asked what else is wrong; pass filters.ruleset.problems to have the names and settings
    of rules checked together with the rest.
    """
    problems: list[str] = []
    layers = [Source("policy.toml", SHIPPED.read_text(encoding="utf-8"))]
    layers += filter(None, [_preset(name, problems) for name in presets])
    if own is not None or path is not None:
        layers.append(own or Source.of(Path(path or "")))
    merged: dict[str, Any] = {}
    for layer in layers:
        merged = _with_marks(_laid_over(merged, layer.table), merged)
    policy = _policy(merged, problems)
    base = Path(path).parent if path is not None else Path()
    policy = msgspec.structs.replace(policy, organisation=_registered(policy.organisation, base, problems))
    if not demo and not policy.organisation.domains and not any("domains" in p for p in problems):
        problems.append("organisation.domains: name the domains of this organisation")
    problems += [*senseless(policy), *senseless_cases(policy)]
    if check is not None:
        problems += check(policy)
    sources = tuple(layers[:0:-1])
    broken = [problem for layer in layers for problem in layer.problems]
    if broken:
        problems = []  # they may come of what could not be read
    elif sources:
        problems = [p if p.startswith("presets: ") else sources[0].located(p, *sources[1:]) for p in problems]
    version = hashlib.sha256("\0".join(layer.text for layer in layers).encode())
    for index in policy.organisation.registered.indexes:
        version.update(hashlib.sha256(index).digest())
    policy = msgspec.structs.replace(policy, version=version.hexdigest()[:12])
    return policy, in_order([*broken, *problems]), sources


@cache
def shipped() -> Policy:
    """The shipped policy alone: the defaults of all consequences, weights and settings."""
    return load_policy(None, demo=True)


MOST_REGISTERED = 256 << 20
"""Bytes of all indexes together: every examining process carries them."""


def _registered(organisation: Organisation, base: Path, problems: list[str]) -> Organisation:
    """The organisation with the key and the indexes that `organisation.registered` names read in."""
    said = organisation.registered
    if said.key or said.indexes:
        problems.append("organisation.registered: key and indexes are read from files, not written here")
    if not said.files:
        return msgspec.structs.replace(organisation, registered=Registered())
    try:
        key = read_key(base / said.key_file)
    except (OSError, ValueError) as error:
        problems.append(f"organisation.registered.key_file: cannot be used ({_why(error)})")
        return organisation
    indexes: list[bytes] = []
    for file in said.files:
        try:
            if sum(map(len, indexes)) + (base / file).stat().st_size > MOST_REGISTERED:
                raise ValueError(f"all indexes together may have {MOST_REGISTERED >> 20} MB")
            indexes.append((base / file).read_bytes())
        except (OSError, ValueError) as error:
            problems.append(f"organisation.registered.files: {file}: cannot be read ({_why(error)})")
    registered = msgspec.structs.replace(said, key=key, indexes=tuple(indexes))
    return msgspec.structs.replace(organisation, registered=registered)


def read_key(file: Path) -> bytes:
    """The key in a key file: 64 hexadecimal digits. Raises OSError, ValueError."""
    key = bytes.fromhex(file.read_text("ascii").strip())
    if len(key) != 32:
        raise ValueError("a key has 32 bytes")
    return key


def _why(error: Exception) -> str:
    """OSError's text names the path, ValueError's may quote the key: neither is repeated."""
    return str(error) if type(error) is ValueError and "may have" in str(error) else why_not(error)


def _preset(name: str, problems: list[str]) -> Source | None:
    shipped = PRESETS / f"{name}.toml"
    if name.replace("-", "").replace("_", "").isalnum() and shipped.is_file():
        return Source(f"preset {name}", shipped.read_text(encoding="utf-8"))
    if "/" in name or name.endswith(".toml"):
        return Source.of(Path(name))
    known = sorted(p.name.removesuffix(".toml") for p in PRESETS.iterdir() if p.name.endswith(".toml"))
    problems.append(
        f"presets: there is no preset called {name} (known: {', '.join(known)}){meant(name, known)}"
    )
    return None


def _laid_over(below: Mapping[str, Any], above: Mapping[str, Any]) -> dict[str, Any]:
    """Tables join key by key, everything else (lists too) is replaced."""
    result = dict(below)
    for key, value in above.items():
        old = result.get(key)
        result[key] = (
            _laid_over(old, value) if isinstance(old, Mapping) and isinstance(value, Mapping) else value
        )
    return result


def _with_marks(merged: dict[str, Any], below: Mapping[str, Any]) -> dict[str, Any]:
    """The tables with the marks of the classes of the same name below, for classes that name none themselves."""
    organisation, under = merged.get("organisation"), below.get("organisation")
    if not isinstance(organisation, Mapping) or not isinstance(under, Mapping):
        return merged
    classes, known = organisation.get("classes"), under.get("classes")
    if not isinstance(classes, list) or not isinstance(known, list):
        return merged
    marks = {c.get("name"): c["marks"] for c in known if isinstance(c, Mapping) and "marks" in c}
    filled = [
        {"marks": marks[each["name"]], **each}
        if isinstance(each, Mapping) and isinstance(each.get("name"), str) and each["name"] in marks
        else each
        for each in classes
    ]
    return {**merged, "organisation": {**organisation, "classes": filled}}


def _policy(merged: dict[str, Any], problems: list[str]) -> Policy:
    """The typed policy of what could be read; the rest is in `problems`."""
    values: dict[str, Any] = {}
    known = {f.name: f.type for f in msgspec.structs.fields(Policy)}
    for key, value in merged.items():
        if key == "rules":
            values[key] = _rules(value, problems)
        elif key == "groups":
            values[key] = _groups(value, problems)
        elif key == "exceptions":
            values[key] = tables(key, value, PolicyException, problems)
        elif key == "version" or key not in known:
            names = ("mode", "rules", "groups", "exceptions", *TABLES)
            problems.append(f"{key}: no such table or key (known: {', '.join(names)}){meant(key, names)}")
        elif key in TABLES:
            values[key] = _table(key, value, known[key], problems)
        else:
            values[key] = value
    mode = values.get("mode", "enforce")
    if mode not in MODES:
        problems.append(f"mode: {mode!r} is none of {', '.join(MODES)}{meant(mode, MODES)}")
        values["mode"] = "enforce"
    return Policy(**values)


def _table(name: str, table: Any, type: Any, problems: list[str]) -> Any:
    """One table, field by field, so that each mistake is named."""
    if not isinstance(table, Mapping):
        problems.append(f"{name}: must be a table")
        return type()
    fields = {f.name: f.type for f in msgspec.structs.fields(type)}
    good: dict[str, Any] = {}
    for key, value in table.items():
        if f"{name}.{key}" in RENAMED:
            problems.append(f"{name}.{key} is now written {RENAMED[f'{name}.{key}']}")
            continue
        if key not in fields:
            problems.append(
                f"{name}.{key}: no such setting (known: {', '.join(sorted(fields))}){meant(key, fields)}"
            )
            continue
        try:
            good[key] = msgspec.convert(value, fields[key])
        except msgspec.ValidationError as error:
            problems.append(refused(f"{name}.{key}", value, fields[key], error))
    if name == "organisation":
        good |= {k: _lower(good[k]) for k in ("domains", "group_domains") if k in good}
        if partners := good.get("partners"):
            good["partners"] = {_lower([domain])[0]: name for domain, name in partners.items()}
        problems += _organisation(good)
    problems += _languages(name, good)
    return type(**good)


def _languages(name: str, table: dict[str, Any]) -> list[str]:
    """Languages that have no files; they are taken out, so that what else is wrong can be said."""
    known, problems = ", ".join(LANGUAGES), []
    for key in ("language", "languages", "subject_mark"):
        said = table.get(key, ())
        unknown = [tag for tag in ((said,) if isinstance(said, str) else said) if tag not in LANGUAGES]
        problems += [
            f"{name}.{key}: no language {tag!r} (known: {known}){meant(tag, LANGUAGES, 0.5)}"
            for tag in unknown
        ]
        if unknown:
            del table[key]
    return problems


def _lower(domains: Sequence[str]) -> tuple[str, ...]:
    """As the envelope has them, however they are written: in lower case, A-labels."""
    return tuple(a_labels(d.strip().strip("@.")) for d in domains)


def _organisation(table: dict[str, Any]) -> list[str]:
    problems = [
        f"organisation.{key}: {d!r} is not a domain"
        for key in ("domains", "group_domains")
        for d in table.get(key, ())
        if "." not in d or any(c.isspace() or c in "@/*" for c in d)
    ]
    names: set[str] = set()
    labels: dict[str, str] = {}
    lists = mark_lists("markings")
    for each in table.get("classes", ()):
        where = f"organisation.classes.{each.name}"
        if each.name in names:
            problems.append(f"{where}: stands twice")
        names.add(each.name)
        if each.audience not in ("anyone", "group", "internal"):
            problems.append(f"{where}.audience: {each.audience!r} is none of anyone, group, internal")
        problems += [f"{where}.marks: an empty mark" for m in each.marks if len(m.strip()) < 1 + m.isascii()]
        problems += [
            f"{where}.marks: {m!r} is none of the lists {', '.join('@' + name for name in lists)}"
            for m in each.marks
            if m.startswith("@") and m[1:] not in lists
        ]
        for label in each.labels:
            if not _GUID.fullmatch(label):
                problems.append(
                    f"{where}.labels: {label!r} is no GUID such as 0a1b2c3d-1111-2222-3333-444455556666"
                )
            elif (other := labels.setdefault(label.lower(), each.name)) != each.name:
                problems.append(f"{where}.labels: {label!r} is also a label of {other}")
    return problems


def _rules(table: Any, problems: list[str]) -> dict[str, RulePolicy]:
    if not isinstance(table, Mapping):
        problems.append("rules: must be a table of tables")
        return {}
    result = {}
    for name, said in table.items():
        if not isinstance(said, Mapping):
            problems.append(f"rules.{name}: must be a table")
            continue
        then, weight = said.get("then"), said.get("weight")
        if then is not None:
            try:
                consequence(then)
            except (ConfigError, TypeError) as error:
                problems.append(f"rules.{name}.then: {error}")
                then = None
        if weight is not None and (isinstance(weight, bool) or not isinstance(weight, int) or weight < 0):
            problems.append(f"rules.{name}.weight: must be a number from 0 on")
            weight = None
        cases = tables(f"rules.{name}.cases", said.get("cases", []), Case, problems)
        mode = said.get("mode", "enforce")
        if mode not in RULE_MODES:
            told = f"must be {either(RULE_MODES)}{meant(mode, RULE_MODES)}"
            problems.append(f"rules.{name}.mode: {told}")
            mode = "enforce"
        own = said.get("waits")
        waits = None if own is None else table_as(f"rules.{name}.waits", own, OwnWaits, problems)
        settings = {k: v for k, v in said.items() if k not in ("then", "weight", "cases", "mode", "waits")}
        result[name] = RulePolicy(then, weight, settings, cases, mode, waits)
    return result


def _groups(table: Any, problems: list[str]) -> dict[str, Group]:
    if not isinstance(table, Mapping):
        problems.append("groups: must be a table of tables, such as [groups.sales]")
        return {}
    groups = {}
    for name, said in table.items():
        if name in BUILT_IN:
            problems.append(f"groups.{name}: is a group that is always there; choose another name")
        elif (group := table_as(f"groups.{name}", said, Group, problems)) is not None:
            groups[name] = group
    return groups
