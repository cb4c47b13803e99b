"""JSON Schemas of the three files people write, so that editors complete and check them (docs/policy.md says how).

Made from the very types that read the files: settings (config/settings.py), policy (config/policy.py and the settings of
every rule), people (directory/people_file.py). What is a matter between several values no schema sees; `check-config`
does. Sources: JSON Schema draft-07, which the TOML editors know.
"""

import ast
import inspect
import json
import re
import textwrap
from collections.abc import Iterable
from typing import Any

import msgspec
from pydantic import BaseModel

from config import cases
from config.cases import Case, PolicyException
from config.consequence import FORMATS, KINDS, REWRITES, SEALING, Consequence
from config.load import MODES
from config.policy import RULE_MODES, Policy
from config.sense import FROM_NOTHING, KNOW_A_CLASS, ROLES
from config.sense import KINDS as CONTENTS
from config.settings import Settings
from config.words import LANGUAGES
from directory.people_file import PeopleEntry
from filters.rule import Rule
from filters.ruleset import SHIPPED, discover

Schema = dict[str, Any]
DRAFT = "http://json-schema.org/draft-07/schema#"
_REF = "#/definitions/{name}"
_FIELD = re.compile(r"^(\w+)(?: {2,})(\S.*)$")
UNWRITTEN = {
    "Policy": ("version", "rules"),
    "Organisation": ("people_of",),
    "Registered": ("key", "indexes"),
}
"""Fields of structs that the file does not have, or has in another form."""
INHERITED = {"Class": ("marks",)}
"""Fields that a file may leave out because a layer below it may say them (config/load.py)."""
_STEP = r"(?:\d{1,2} of )?(?:person )?[^\s,]+"
_CHAIN = rf"(?=.*(?: of |person |, then )){_STEP}(?:, then {_STEP})*"
"""Steps; a single word is a role, so that a misspelt one is seen: a group alone is written "1 of directors"."""
_ASKED: Schema = {"anyOf": [{"enum": list(ROLES)}, {"type": "string", "pattern": f"^{_CHAIN}$"}]}
"""Who has to agree: a role, or a chain such as "2 of directors, then person hanako"."""
_DOMAIN = r"^[^@\s/*]+\.[^@\s/*]+$"
NARROWER: dict[str, Schema] = {
    "Policy.mode": {"enum": list(MODES)},
    "Organisation.domains": {"items": {"type": "string", "pattern": _DOMAIN}},
    "Organisation.group_domains": {"items": {"type": "string", "pattern": _DOMAIN}},
    "Organisation.language": {"enum": list(LANGUAGES)},
    "Organisation.languages": {"items": {"enum": list(LANGUAGES)}},
    "Organisation.next_in_line": {"additionalProperties": {"enum": [*ROLES, ""]}},
    "Class.audience": {"enum": ["anyone", "group", "internal"]},
    "Class.approver": {"anyOf": [{"const": ""}, *_ASKED["anyOf"]]},
    "Class.contains": {"items": {"enum": list(CONTENTS)}},
    "Pattern.validator": {"enum": ["luhn", "mynumber", "none"]},
    "Warn.warn_at": {"minimum": 1},
    "Warn.reasons": {"minimum": 1},
    "Warn.several": {"minimum": 0},
    "Staff.leaving_within": {"pattern": f"^(?:{cases.DAYS.pattern})$"},
    "When.size_over": {"pattern": f"^(?:{cases.SIZE.pattern})$"},
    "When.recipients_over": {"minimum": 1},
    "PolicyException.owner": {"pattern": r"\S"},
    "PolicyException.reason": {"pattern": r"\S"},
    "PolicyException.approved_by": {"pattern": r"\S"},
    "Group": {"minProperties": 1, "maxProperties": 1},
    "Staff": {"minProperties": 1},
    "Recipients": {"minProperties": 1},
    "When": {"minProperties": 1},
    "PeopleEntry.language": {"enum": [*LANGUAGES, ""]},
    "PeopleEntry.name": {"propertyNames": {"enum": list(LANGUAGES)}},
}
"""What more is true of a field, or of a table, than its type says; config/load.py and config/sense.py refuse the rest."""


def policy() -> Schema:
    """Of policy.toml and of presets."""
    (schema, *_), definitions = _structs([Policy, Case, PolicyException])
    whole = definitions.pop(schema["$ref"].rpartition("/")[2])
    rules = {name: _rule(rule) for name, rule in sorted(discover().items())}
    whole["properties"]["rules"] = {
        "type": "object", "properties": rules, "additionalProperties": False,
        "description": "What each rule's finding leads to.",
    }  # fmt: skip
    definitions["PolicyException"]["properties"]["rule"] = {"enum": [*rules, SEALING]}
    whole["properties"]["groups"]["propertyNames"] = {"not": {"enum": list(cases.BUILT_IN)}}
    definitions |= {f"then_{way}": _then(way) for way in ("outbound", "inbound", "both")}
    for name in ("Case", "PolicyException"):
        definitions[name]["properties"]["then"] = {"$ref": "#/definitions/then_both"}
    formats = [f"{SEALING} {name}" for name, change in FORMATS.items() if change]
    definitions["PolicyException"]["properties"]["then"] = {
        "anyOf": [{"$ref": "#/definitions/then_both"}, {"enum": formats}]
    }
    definitions["Pattern"]["properties"]["then"] = {"anyOf": [{"const": ""}, _then("outbound")]}
    return _published("The policy (policy.toml)", whole, definitions)


def settings() -> Schema:
    """Of sekisho.toml."""
    whole = Settings.model_json_schema(ref_template=_REF.format(name="{model}"))
    definitions = whole.pop("$defs")
    models: list[type[BaseModel]] = [Settings, *_models(Settings)]
    for model in models:
        described = whole if model is Settings else definitions[model.__name__]
        _describe(described, model, _attributes(model))
    return _published("The settings of a node (sekisho.toml)", whole, definitions)


def people() -> Schema:
    """Of people.toml."""
    (person,), definitions = _structs([PeopleEntry])
    whole = {
        "type": "object", "additionalProperties": False,
        "properties": {"person": {"type": "array", "items": person}},
        "description": "The people who have an account: a table [[person]] for each.",
    }  # fmt: skip
    return _published("The people (people.toml)", whole, definitions)


SCHEMAS = {"policy": policy, "settings": settings, "people": people}


def text_of(name: str) -> str:
    """One of SCHEMAS as JSON."""
    return json.dumps(SCHEMAS[name](), ensure_ascii=False, indent=1) + "\n"


def _published(title: str, whole: Schema, definitions: dict[str, Schema]) -> Schema:
    whole = {key: value for key, value in whole.items() if key not in ("title", "required")}
    return {"$schema": DRAFT, "title": title, **whole, "definitions": _plain(definitions)}


def _structs(types: Iterable[Any]) -> tuple[tuple[Schema, ...], dict[str, Schema]]:
    """msgspec's schemas of structs, with what more we know of their fields."""
    schemas, definitions = msgspec.json.schema_components(types, ref_template=_REF)
    for name, definition in definitions.items():
        definition |= NARROWER.get(name, {})
        properties = definition.get("properties", {})
        for field in UNWRITTEN.get(name, ()):
            properties.pop(field, None)
        if inherited := INHERITED.get(name):
            definition["required"] = [field for field in definition["required"] if field not in inherited]
        for field, schema in properties.items():
            schema |= NARROWER.get(f"{name}.{field}", {})
    for struct in _described_structs(types):
        if struct.__name__ in definitions:
            _describe(definitions[struct.__name__], struct, {})
    return schemas, definitions


def _rule(rule: Rule) -> Schema:
    """The table of one rule."""
    properties: dict[str, Schema] = {
        "then": {"$ref": f"#/definitions/then_{rule.direction}"},
        "weight": {"type": "integer", "minimum": 0, "description": "How much it counts towards a warning."},
        "mode": {"enum": list(RULE_MODES), "description": "What becomes of the consequence."},
        "cases": {
            "type": "array",
            "items": {"$ref": "#/definitions/Case"},
            "description": "Other consequences for some people, recipients or hours; the first that fits counts.",
        },
        "waits": {"$ref": "#/definitions/OwnWaits"},
    }
    if rule.name in KNOW_A_CLASS:
        properties["then"] = {"anyOf": [properties["then"], {"const": "approve class"}]}
    default = SHIPPED[rule.name].settings if rule.name in SHIPPED else {}
    for name, kind in rule.settings.items():
        properties[name] = {**msgspec.json.schema(kind), **_narrower(name, kind)}
        if name in default:
            properties[name]["default"] = msgspec.to_builtins(default[name])
    first = rule.description.partition("\n\n")[0]
    return {
        "type": "object", "properties": properties, "additionalProperties": False,
        "description": f"{rule.control}. {' '.join(first.split())}".strip(),
    }  # fmt: skip


def _narrower(name: str, kind: Any) -> Schema:
    """As config/sense.py has it."""
    if kind is int:
        most = {"maximum": 100} if name == "share" else {}
        return {"minimum": 0 if name in FROM_NOTHING else 1, **most}
    if name == "kinds":
        return {"items": {"enum": list(CONTENTS)}}
    return _ASKED if name.endswith("approver") else {}


def _then(way: str) -> Schema:
    """The consequences of rules of a direction."""
    others = {"outbound": (), "inbound": (*REWRITES, "tell"), "both": ()}[way]
    words = [str(Consequence(kind)) for kind in KINDS if kind not in ("delay", "approve", *others)]
    if way != "outbound":
        words.append("hold rebuilt")
    words += ["delay until released", "delay until opening", *(f"approve {role}" for role in ROLES)]
    return {
        "description": "What a finding leads to (docs/policy.md).",
        "anyOf": [
            {"enum": words},
            {"type": "string", "pattern": r"^delay \d{1,4}\s*[sm]( fixed)?$"},
            {"type": "string", "pattern": f"^approve {_CHAIN}$"},
        ],
        "examples": ["delay 5m", "delay 5m fixed", "approve department_head, then president"],
    }


def _describe(schema: Schema, of: type, fields: dict[str, str]) -> None:
    """Put the docstring's words where they belong: those about a field beside it, the rest beside the whole."""
    rest, found = _read(inspect.cleandoc(of.__doc__ or ""))
    schema["description"] = rest
    for name, text in {**found, **fields}.items():
        if name in schema.get("properties", {}):
            schema["properties"][name]["description"] = text


def _read(text: str) -> tuple[str, dict[str, str]]:
    """A docstring without its lines about fields ("name   what it is"), and these."""
    rest, fields, last = [], {}, ""
    for line in text.splitlines():
        if match := _FIELD.match(line):
            last = match[1]
            fields[last] = match[2]
        elif last and line.startswith("   "):
            fields[last] += f" {line.strip()}"
        else:
            last = ""
            rest.append(line)
    return " ".join(" ".join(rest).split()), fields


def _attributes(model: type) -> dict[str, str]:
    """The docstrings behind the fields of a class."""
    (made,) = ast.parse(textwrap.dedent(inspect.getsource(model))).body
    assert isinstance(made, ast.ClassDef)
    found = {}
    for field, text in zip(made.body, made.body[1:], strict=False):
        if (
            isinstance(field, ast.AnnAssign)
            and isinstance(field.target, ast.Name)
            and isinstance(text, ast.Expr)
            and isinstance(text.value, ast.Constant)
        ):
            found[field.target.id] = " ".join(str(text.value.value).split())
    return found


def _models(model: type[BaseModel]) -> list[type[BaseModel]]:
    """The sections below a model."""
    found: dict[str, type[BaseModel]] = {}

    def walk(annotation: Any) -> None:
        section = inspect.isclass(annotation) and issubclass(annotation, BaseModel)
        if section and annotation.__name__ not in found:
            found[annotation.__name__] = annotation
            for field in annotation.model_fields.values():
                walk(field.annotation)
        for inner in getattr(annotation, "__args__", ()):
            walk(inner)

    for field in model.model_fields.values():
        walk(field.annotation)
    return list(found.values())


def _described_structs(types: Iterable[Any]) -> list[type]:
    """These structs and those below them."""
    found: dict[str, type] = {}

    def walk(kind: Any) -> None:
        if inspect.isclass(kind) and issubclass(kind, msgspec.Struct) and kind.__name__ not in found:
            found[kind.__name__] = kind
            for field in msgspec.structs.fields(kind):
                walk(field.type)
        for inner in getattr(kind, "__args__", ()):
            walk(inner)

    for kind in types:
        walk(kind)
    return list(found.values())


def _plain(value: Any) -> Any:
    """Without the titles that only repeat names."""
    if isinstance(value, dict):
        return {k: _plain(v) for k, v in value.items() if not (k == "title" and isinstance(v, str))}
    return [_plain(each) for each in value] if isinstance(value, list) else value
