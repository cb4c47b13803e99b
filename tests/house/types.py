"""What can be known without running anything: which class a value is, which function a call means.

Known are: annotations (of parameters, attributes, results), values made by calling a class, attributes set in
`__init__`, elements of annotated tuples and lists, and those of a `with`. Not known are: calls through a table or a
callback, and whatever carries no annotation.
"""

import ast
from dataclasses import dataclass, field, replace
from functools import cache

from tests.house.rooms import modules, tree

Function = ast.FunctionDef | ast.AsyncFunctionDef
STANDS_FOR = {
    "gateway.listen.session.Session": "gateway.inbound.InboundSession",
    "gateway.session.MailSession": "gateway.inbound.InboundSession",
    "gateway.listen.content.Content": "gateway.listen.content.Data",
    "storage.interfaces.Draft": "storage.draft.LocalDraft",
    "storage.interfaces.Blobs": "storage.contents.Contents",
    "storage.interfaces.Database": "storage.sqlite.SqliteDatabase",
}
"""Which implementation of a protocol or of a base a way goes through: an arriving mail on one node."""


@dataclass
class Class:
    """A class of ours: its methods, the annotations of its attributes, its bases. `contract`: the module of the Protocol
    in whose place it stands, "" when it stands for itself."""

    name: str
    module: str
    node: ast.ClassDef
    methods: dict[str, Function] = field(default_factory=dict)
    attributes: dict[str, ast.expr] = field(default_factory=dict)
    contract: str = ""


@dataclass
class Module:
    """A module of ours: what its names mean, its functions and its classes."""

    name: str
    names: dict[str, str] = field(default_factory=dict)
    functions: dict[str, Function] = field(default_factory=dict)
    classes: dict[str, Class] = field(default_factory=dict)
    aliases: dict[str, ast.expr] = field(default_factory=dict)


@cache
def read(name: str) -> Module:
    """What stands at the top level of a module."""
    module = Module(name)
    for node in ast.walk(tree(modules()[name])):
        if isinstance(node, ast.ImportFrom) and node.module and not node.level:
            for each in node.names:
                module.names[each.asname or each.name] = f"{node.module}.{each.name}"
        elif isinstance(node, ast.Import):
            for each in node.names:
                module.names[each.asname or each.name.split(".")[0]] = each.name
    for node in tree(modules()[name]).body:
        if isinstance(node, Function):
            module.functions[node.name] = node
        elif isinstance(node, ast.ClassDef):
            module.classes[node.name] = _class(node, name)
        elif isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            module.aliases[node.targets[0].id] = node.value
    return module


def _class(node: ast.ClassDef, module: str) -> Class:
    found = Class(node.name, module, node)
    for part in node.body:
        if isinstance(part, Function):
            found.methods[part.name] = part
        elif isinstance(part, ast.AnnAssign) and isinstance(part.target, ast.Name):
            found.attributes[part.target.id] = part.annotation
    if (init := found.methods.get("__init__")) is None:
        return found
    known = {a.arg: a.annotation for a in arguments(init) if a.annotation is not None}
    for part in ast.walk(init):
        match part:
            case ast.AnnAssign(target=ast.Attribute(value=ast.Name(id="self"), attr=attribute)):
                found.attributes[attribute] = part.annotation
            case ast.Assign(targets=[ast.Attribute(value=ast.Name(id="self"), attr=attribute)]):
                match part.value:
                    case ast.Name(id=given) if given in known:
                        found.attributes.setdefault(attribute, known[given])
                    case ast.Call(func=ast.Name() | ast.Attribute() as made):
                        found.attributes.setdefault(attribute, made)
    return found


def arguments(function: Function) -> list[ast.arg]:
    """The named parameters of a function, in their order, without *args and **kwargs."""
    return [*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs]


@cache
def find(dotted: str) -> tuple[Module, str] | None:
    """The module that defines a dotted name, and its name there; follows what is imported only to be passed on."""
    if dotted in modules():
        return read(dotted), ""
    owner, _, name = dotted.rpartition(".")
    if not owner:
        return None
    if owner in modules():
        module = read(owner)
        if name in module.classes or name in module.functions or name in module.aliases:
            return module, name
        return find(module.names[name]) if name in module.names and module.names[name] != dotted else None
    return None


def class_of(annotation: ast.expr | None, module: Module) -> Class | None:
    """The class of ours that an annotation names, of several the first; for a protocol, what stands for it."""
    found = _class_named(annotation, module)
    return stand_in(found) if found else None


def stand_in(found: Class) -> Class:
    """What a way goes through where this class is named: itself, unless STANDS_FOR says another."""
    instead = STANDS_FOR.get(f"{found.module}.{found.name}")
    if instead is None or (there := _class_at(instead)) is None:
        return found
    return replace(there, contract=found.module) if _is_protocol(found) else there


def _is_protocol(found: Class) -> bool:
    return any(isinstance(base, ast.Name) and base.id == "Protocol" for base in found.node.bases)


def _class_named(annotation: ast.expr | None, module: Module) -> Class | None:
    match annotation:
        case ast.Constant(value=str() as text) if text.isidentifier():
            return _class_named(ast.Name(text), module)
        case ast.BinOp(op=ast.BitOr(), left=left, right=right):
            return _class_named(left, module) or _class_named(right, module)
        case ast.Name(id=name) if name in module.classes:
            return module.classes[name]
        case ast.Name(id=name) if name in module.names:
            return _class_at(module.names[name])
        case ast.Attribute(value=ast.Name(id=owner), attr=name) if owner in module.names:
            return _class_at(f"{module.names[owner]}.{name}")
    return None


def _class_at(dotted: str) -> Class | None:
    found = find(dotted)
    return found[0].classes.get(found[1]) if found else None


def _bases(of: Class) -> list[Class]:
    return [base for node in of.node.bases if (base := _class_named(node, read(of.module))) is not None]


def element(annotation: ast.expr | None) -> ast.expr | None:
    """What one gets by going through a value so annotated."""
    match annotation:
        case ast.Subscript(value=ast.Name(id="tuple"), slice=ast.Tuple(elts=[one, *_])):
            return one
        case ast.Subscript(
            value=ast.Name(id="list" | "Sequence" | "Iterable" | "Iterator" | "deque"), slice=one
        ):
            return one
    return None


def method(found: Class, name: str) -> tuple[Class, Function] | None:
    """A method of a class or of its bases, with the class that defines it."""
    if name in found.methods:
        return found, found.methods[name]
    for base in _bases(found):
        if there := method(base, name):
            return there
    return None


def attribute(found: Class, name: str) -> tuple[ast.expr, Module] | None:
    """The annotation of an attribute or property, with the module in which to read it."""
    if name in found.attributes:
        return found.attributes[name], read(found.module)
    if name in found.methods and found.methods[name].returns is not None:
        return found.methods[name].returns, read(found.module)  # type: ignore[return-value]
    for base in _bases(found):
        if there := attribute(base, name):
            return there
    return None
