"""The settings as they are written: one TOML file, environment variables on top, and every mistake with its place.

    SEKISHO_RELAY__HOST     the same as `host` in `[relay]` ("__" between levels); unknown names are mistakes
    relative paths          are relative to the file

Diagnostics: ConfigError with everything that is wrong at once. Values are not repeated: they may hold secrets.
"""

import os
from pathlib import Path
from typing import Any, get_args

from pydantic import BaseModel, ValidationError

from config.policy import ConfigError, Policy
from config.problems import Source, in_order, meant
from config.settings import Settings
from config.tenant import DEFAULT

_PREFIX = "SEKISHO_"
_PATHS = {"policy", "people", "state_dir", "key_folder", "certificate", "key", "ca_file"} | {
    "client_ca",
    "client_certificate",
    "client_key",
    "folder",
    "keys_mirror",
    "departures",
    "path",
    "module",
    "syslog_ca",
    "syslog_certificate",
    "syslog_key",
}
_ROUNDS = 20


def load_settings(path: Path | None = None, **values: Any) -> Settings:
    """Settings from a TOML file, the environment, and `values` (which stand below both). Raises ConfigError."""
    settings, problems, _ = read_settings(path, **values)
    if problems:
        raise ConfigError(problems)
    return settings


def load_settings_of(path: Path | None, tenant: str) -> Settings:
    """As `load_settings`, as a tenant has them. Raises ConfigError also where there is no such tenant."""
    settings = load_settings(path)
    if settings.tenants and tenant not in {DEFAULT, *settings.tenants}:
        raise ConfigError([f"--tenant: there is no table [tenants.{tenant}] in the settings"])
    return settings.of(tenant)


def read_settings(path: Path | None = None, **values: Any) -> tuple[Settings, list[str], Source]:
    """The settings, without what is wrong in them; all that is wrong, located; and the file, an empty one without a
    path. What a file names that is not TOML is read as far as possible, so that the other files are found."""
    source = Source("settings", "") if path is None else Source.of(path)
    found = _unknown_variables()
    table = {**values, **_anchored(source.table, Path() if path is None else path.parent)}
    settings, wrong = _validated(table)
    for place, sentence in wrong if source.whole else ():
        problem = f"{'.'.join(map(str, place))}: {sentence}"
        if variable := _variable(place):
            found.append(f"{variable}: {sentence}")
        else:
            found.append(source.located(problem) if path is not None else problem)
    return settings, in_order([*source.problems, *found]), source


def _validated(table: dict[str, Any]) -> tuple[Settings, list[tuple[tuple[Any, ...], str]]]:
    """The settings of what is right in the table, and what is not, with its place."""
    wrong: list[tuple[tuple[Any, ...], str]] = []
    for number in range(_ROUNDS):
        try:
            return Settings(**table), wrong
        except ValidationError as error:
            errors = error.errors()
        for each in errors:
            said = (tuple(each["loc"]), _sentence(each))
            # What is taken out may uncover another mistake; that it is missing then is none, nor what its table lacks then.
            below = any(len(p) > len(said[0]) and p[: len(said[0])] == said[0] for p, _ in wrong)
            if said not in wrong and not (number and (each["type"] == "missing" or below)):
                wrong.append(said)
        places = {tuple(e["loc"][:-1] if e["type"] == "missing" else e["loc"]) for e in errors}
        left: Any = table
        for place in sorted(places, key=lambda place: [str(step) for step in place], reverse=True):
            left = _without(left, place)
        if left == table:
            break
        table = left
    try:
        # It is the environment that is wrong.
        return Settings(_env_prefix="NOTHING_", **table), wrong  # type: ignore[call-arg]
    except ValidationError:
        return Settings.model_construct(), wrong


def _without(value: Any, place: tuple[Any, ...]) -> Any:
    """A table or list without what stands at a place below it; as it is when nothing does."""
    step, *more = place or (None,)
    kept: Any
    if isinstance(value, dict):
        if step not in value:
            return value
        kept = {key: inner for key, inner in value.items() if key != step or more}
    elif isinstance(value, list) and isinstance(step, int) and step < len(value):
        kept = [inner for number, inner in enumerate(value) if number != step or more]
    else:
        return value
    if more:
        kept[step] = _without(value[step], tuple(more))
    return kept


def _sentence(error: Any) -> str:
    kind, place, given = error["type"], error["loc"], error.get("input")
    if kind == "extra_forbidden":
        return f"no such setting{_hint(place)}"
    if kind == "missing":
        return "is missing"
    text = str(error["msg"]).removeprefix("Value error, ")
    if kind == "literal_error":
        known = str(error["ctx"]["expected"]).replace("'", '"')
        return f"must be {known}{meant(given, known.split(chr(34))[1::2])}"
    return text[:1].lower() + text[1:]


def _hint(place: tuple[Any, ...]) -> str:
    """What was meant by a key that is not known at a place."""
    *above, key = place
    if above and key in Settings.model_fields:
        return "; it has no table: write it above the first [table]"
    if not above and key in Policy.__struct_fields__:
        return "; it belongs in the policy's file (`policy`)"
    if guess := meant(key, _fields(tuple(above))):
        return guess
    sections = [name for name in Settings.model_fields if key in _fields((name,))]
    if sections and len(sections) <= 4:
        return f"; it belongs in {' or '.join(f'[{name}]' for name in sections)}"
    return ""


def _fields(place: tuple[Any, ...]) -> tuple[str, ...]:
    """What may stand in the table at a place."""
    model: type[BaseModel] = Settings
    for step in place:
        field = model.model_fields.get(str(step))
        if field is None:
            continue  # the number of an entry, or the name of a table of one's own
        inner = _model(field.annotation)
        if inner is None:
            return ()
        model = inner
    return tuple(model.model_fields)


def _model(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next(filter(None, map(_model, get_args(annotation))), None)


def _variable(place: tuple[Any, ...]) -> str:
    """The environment variable that says what stands at a place, "" when the file does."""
    for end in range(len(place), 0, -1):
        name = _PREFIX + "__".join(map(str, place[:end])).upper()
        for variable in os.environ:
            if variable.upper() == name:
                return variable
    return ""


def _unknown_variables() -> list[str]:
    """pydantic ignores a misspelt environment variable; silence there has cost people their passwords."""
    known = {name.upper() for name in Settings.model_fields} | {"CONFIG"}
    return [
        f"{name}: no such setting{meant(first, known)}"
        for name in os.environ
        if name.startswith(_PREFIX)
        and not name.startswith("SEKISHO_TEST_")
        and (first := name.removeprefix(_PREFIX).split("__")[0]) not in known
    ]


def _anchored(table: dict[str, Any], folder: Path) -> dict[str, Any]:
    """The table with relative paths made relative to the settings file's folder."""

    def walk(key: str, value: Any) -> Any:
        if isinstance(value, dict):
            return {k: walk(k, v) for k, v in value.items()}
        if isinstance(value, list):
            return [walk(key, v) for v in value]
        if isinstance(value, str) and (key in _PATHS or key.endswith("_file")):
            return str(folder / value)
        return value

    return {k: walk(k, v) for k, v in table.items()}
