"""The people file: TOML, one table [[person]] for each account, read with everything that is wrong in it."""

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import msgspec

from config import tenant as tenants
from config.expected import refused
from config.problems import Source, in_order, meant
from config.tenant import DEFAULT
from config.words import LANGUAGES
from directory.account import Account, Role, canonical

_ARGON = "$argon2id$"
_ADDRESS = re.compile(r"[^@\s]+@[^@\s]+")
_OF_THE_HOUSE = (
    f'"{Role.HOUSE_OPERATOR}" is a role of the house: of people who name no tenant, in its own people file'
)
_ROLES = tuple(str(role) for role in Role)


class PeopleEntry(Account, frozen=True, forbid_unknown_fields=True):
    """An account as the file has it."""

    password_hash: str = ""


_TYPES = {field.name: field.type for field in msgspec.structs.fields(PeopleEntry)}


Problem = tuple[str, str]
"""A key, with numbers for the entries of lists, and the sentence."""


def read_people(path: Path) -> tuple[list[PeopleEntry], list[str], Source]:
    """The accounts without what is wrong in them, all that is wrong, located, and the file."""
    source = Source.of(path)
    if not source.whole:
        return [], source.problems, source
    problems: list[Problem] = []
    for key in source.table:
        if key != "person":
            told = f"{key}: no such table; each person is a table [[person]]{meant(key, ('person',))}"
            problems.append((key, told))
    written = source.table.get("person", [])
    if not isinstance(written, list) or not all(isinstance(each, dict) for each in written):
        problems.append(
            ("person", "person: each person is a table of its own: [[person]], in double brackets")
        )
        written = []
    entries = [_entry(number, each, problems) for number, each in enumerate(written)]
    problems += _twice(entries)
    return entries, in_order(source.at(*problem) for problem in problems), source


def read_all_people(files: Mapping[str, Path]) -> tuple[list[PeopleEntry], list[str]]:
    """The accounts of the house's file ("") and of tenants' own ones, and all that is wrong, located. Whose a tenant's own
    file is says the settings: nobody in it names a tenant, and nobody elsewhere names this one."""
    found: list[PeopleEntry] = []
    problems: list[str] = []
    for tenant, path in files.items():
        entries, wrong, source = read_people(path)
        problems += wrong
        for number, entry in enumerate(entries):
            if entry.tenant != DEFAULT and (tenant or entry.tenant in files):
                sentence = (
                    "the settings say whose people these are"
                    if tenant
                    else f"{entry.tenant} has a people file of its own"
                )
                problems.append(
                    source.at(f"person.{number}.tenant", f"{named(number, entry.login)}: tenant: {sentence}")
                )
        for number, entry in enumerate(entries if tenant else ()):
            if Role.HOUSE_OPERATOR in entry.roles:
                sentence = f"{named(number, entry.login)}: roles: {_OF_THE_HOUSE}"
                problems.append(source.at(f"person.{number}.roles", sentence))
        found += [msgspec.structs.replace(entry, tenant=tenant or entry.tenant) for entry in entries]
    return found, problems


def people_of(files: Mapping[str, Path], tenant: str) -> list[PeopleEntry]:
    """A tenant's accounts, without what is wrong in them: of its own file, or of the house's."""
    return [entry for entry in read_all_people(files)[0] if entry.tenant == tenant]


def named(number: int, login: object) -> str:
    """How a sentence about the entry with this number begins."""
    return f"person {login}" if isinstance(login, str) and login else f"person {number + 1}"


def _entry(number: int, written: dict[str, Any], problems: list[Problem]) -> PeopleEntry:
    """One account, key by key, so that each mistake is named."""
    who = named(number, written.get("login"))

    def wrong(key: str, text: str) -> None:
        problems.append((f"person.{number}.{key}", f"{who}: {key.partition('.')[0]}: {text}"))

    good: dict[str, Any] = {"login": ""}
    for key, value in written.items():
        if key.startswith("name_"):
            wrong(key, f'is now written name = {{ {key.removeprefix("name_")} = "…" }}')
        elif key not in _TYPES:
            wrong(key, f"no such key{meant(key, _TYPES)}")
        elif key == "roles" and isinstance(value, list):
            good[key] = tuple(Role(role) for role in value if role in _ROLES)
            for place, role in enumerate(value):
                if role not in _ROLES:
                    wrong(
                        f"roles.{place}",
                        f"no role {role!r} (roles: {', '.join(_ROLES)}){meant(role, _ROLES)}",
                    )
        else:
            try:
                good[key] = msgspec.convert(value, _TYPES[key])
            except msgspec.ValidationError as error:
                sentence = refused(f"person.{number}.{key}", value, _TYPES[key], error)
                problems.append((sentence.partition(": ")[0], f"{who}: {sentence.split('.', 2)[2]}"))
    entry = PeopleEntry(**{**good, "login": canonical(good["login"])})
    _check(entry, wrong)
    return entry


def _check(entry: PeopleEntry, wrong: Callable[[str, str], None]) -> None:
    if not entry.login:
        wrong("login", "a person without a login")
    if "/" in entry.login:
        wrong("login", "a login has no /")
    for key, tags in (("language", filter(None, [entry.language])), ("name", entry.name)):
        for tag in tags:
            if tag not in LANGUAGES:
                known = ", ".join(LANGUAGES)
                wrong(key, f"no language {tag!r} (known: {known}){meant(tag, LANGUAGES, 0.5)}")
    if entry.tenant != DEFAULT and Role.HOUSE_OPERATOR in entry.roles:
        wrong("roles", _OF_THE_HOUSE)
    if not tenants.valid(entry.tenant):
        wrong("tenant", f"{entry.tenant!r} cannot name a tenant")
    for key in ("addresses", "send_as", "private"):
        for number, address in enumerate(getattr(entry, key)):
            if not _ADDRESS.fullmatch(address.strip()):
                wrong(f"{key}.{number}", f"{address!r} is not an address")
    if entry.password_hash and not entry.password_hash.startswith(_ARGON):
        wrong("password_hash", f"is not an argon2id hash ({_ARGON}…)")


def _twice(entries: list[PeopleEntry]) -> list[Problem]:
    """Logins and addresses that two people of a tenant have."""
    problems: list[Problem] = []
    logins: set[tuple[str, str]] = set()
    owners: dict[tuple[str, str], str] = {}
    for number, entry in enumerate(entries):
        who, here = named(number, entry.login), f"person.{number}"
        if entry.login and (entry.tenant, entry.login) in logins:
            problems.append((f"{here}.login", f"{who}: {entry.login} stands there twice"))
        logins.add((entry.tenant, entry.login))
        for place, address in enumerate(a.strip().lower() for a in entry.addresses):
            owner = owners.setdefault((entry.tenant, address), entry.login)
            if owner != entry.login:
                problems.append((f"{here}.addresses.{place}", f"{who}: {address} belongs to {owner}"))
    return problems
