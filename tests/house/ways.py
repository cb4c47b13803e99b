"""How far a value travels: which files a reader opens who follows one parameter from where it comes in.

`follow` starts at FILE:function:parameter and goes, in the order of the lines, into each function of ours that is
handed the value, and back. A stay is one visit to a file (coming back counts again, as it does for a reader); a climb
is a call that goes up: from a layer to one further right, or out of a room of the gateway to its root. A call up through
a Protocol that the calling room declares itself is counted apart: whoever reads it needs to know nothing of above
(docs/adr/0009). Every other one is a climb.

What is the value: the parameter; objects of the classes that the way calls its `kinds`; bytes made of it. It is not
what an isinstance shows to be of another class (a refusal in its place). Each function is walked once: who has read it
knows it when it is called again.

Limits. What tests/house/types.py does not know is not followed. Tables of functions (rules, rewriters, readers of
formats) are therefore ends of a way, each behind the line that calls it. Calls *of* the value (`message.first(…)`)
are not stays: one reads a noun once. A queue, a process boundary and a table of commands are ends as well; where a
way goes on behind one, it has another leg.
"""

import ast
from collections.abc import Set
from dataclasses import dataclass, field

from tests.house.rooms import LAYERS, folder_of
from tests.house.types import (
    Class,
    Function,
    Module,
    arguments,
    attribute,
    class_of,
    element,
    find,
    method,
    read,
    stand_in,
)

BYTES = {"bytes", "bytearray", "memoryview"}
ACROSS = {
    "gateway.locked.zygote:Worker.ask": ("gateway.locked.process:_examined:raw", "filters.examine:run:raw"),
}
"""Where a value leaves one process: the call that sends it → what is called with it in the other."""


@dataclass(frozen=True)
class Way:
    """What is followed: the places MODULE:FUNCTION:NAME where it starts and goes on, and of which classes it may be.

    `most` is (stays, files, climbs, calls up by an own contract) that the house rules allow; it only ever goes down.
    """

    what: str
    legs: tuple[str, ...]
    kinds: frozenset[str]
    most: tuple[int, int, int, int]


WAYS = (
    Way(
        "content of an arriving mail",
        (
            "gateway.listen.commands:SmtpConnection._receive:data",
            "gateway.listen.commands:SmtpConnection._take:content",
        ),
        frozenset({"Data", "Content", "LocalDraft", "Message", "Mail", "Part"}),
        (
            55,
            26,
            0,
            1,
        ),  # a virus scanner looks meanwhile; deciding (cases, groups) is not preparing (ADR 30); pictures are read in another look (17)
    ),
    Way(
        "envelope of an arriving mail",
        (
            "gateway.listen.commands:SmtpConnection.smtp_MAIL:read",
            "gateway.listen.commands:SmtpConnection.smtp_RCPT:read",
            "gateway.listen.commands:SmtpConnection._take:envelope",
        ),
        frozenset({"Envelope", "MailCommand", "ForwardPath"}),
        (15, 7, 0, 3),
    ),
    Way(
        "setting of a rule",
        (
            "config.load:load_policy:merged",
            "gateway.locked.workers:Workers.reconfigure:policy",
            "filters.ruleset:prepare:policy",
            "filters.examine:look:prepared",
        ),
        frozenset({"Policy", "RulePolicy", "Prepared", "PreparedRule", "PreparedRule.settings", "Setup"}),
        (10, 7, 0, 0),
    ),
    Way(
        "journal entry",
        ("gateway.custody:Custody.refused:entry",),
        frozenset({"Entry"}),
        (7, 4, 0, 0),
    ),
)


@dataclass
class Route:
    """Where a value went: the files in the order in which a reader opens them."""

    files: list[str] = field(default_factory=list)
    climbs: list[tuple[str, str]] = field(default_factory=list)
    by_contract: list[tuple[str, str]] = field(default_factory=list)

    @property
    def measured(self) -> tuple[int, int, int, int]:
        """As in Way.most."""
        return len(self.files), len(set(self.files)), len(self.climbs), len(self.by_contract)

    def at(self, module: str, *, called: bool, contract: str = "") -> None:
        """The reader is in `module` now, by a call (through a Protocol of the module `contract`) or coming back from
        one."""
        here = self.files[-1] if self.files else module
        if self.files and here == module:
            return
        if called and floor(module) > floor(here):
            own = contract and folder_of(contract) == folder_of(here)
            (self.by_contract if own else self.climbs).append((here, module))
        self.files.append(module)

    def __str__(self) -> str:
        stays, files, climbs, own = self.measured
        return f"{stays} stays in {files} files, {climbs} climbs, {own} calls up by a contract of the caller's room"


def floor(module: str) -> tuple[int, bool]:
    """How high a module lies: its layer, and in the gateway, whose root composes its rooms, below or above them."""
    return LAYERS.index(module.split(".")[0]), folder_of(module) == "gateway"


def follow(way: Way) -> Route:
    """The route of a way. Raises LookupError when a leg of it does not start where it says."""
    route = Route()
    walk = _Walk(way, route)
    for leg in way.legs:
        module, name, parameter = leg.split(":")
        try:
            walk.enter(module, name, {parameter}, seeds={parameter})
        except KeyError as error:
            raise LookupError(
                f"{leg}: there is no {error}; say in tests/house/ways.py where it is now"
            ) from error
    return route


class _Walk:
    def __init__(self, way: Way, route: Route) -> None:
        self.way = way
        self.route = route
        self.walked: set[tuple[str, str, frozenset[str]]] = set()

    def enter(
        self, module: str, name: str, carrying: set[str], seeds: Set[str] = frozenset(), contract: str = ""
    ) -> None:
        """Go into a function: `name` or Class.name of `module`, where the names `carrying` are the value; `seeds`
        stay it whatever is assigned to them. `contract` is the module of the Protocol through which it is called."""
        owner, _, last = name.rpartition(".")
        here = read(module)
        of = here.classes[owner] if owner else None
        function = of.methods[last] if of else here.functions[last]
        key = module, name, frozenset(carrying)
        if key in self.walked:
            return
        self.walked.add(key)
        self.route.at(module, called=not seeds, contract=contract)
        _Function(self, here, of, function, carrying, seeds).walk()
        self.route.at(module, called=False)


class _Function:
    """One function on the way: which of its names are the value, and what it calls with them."""

    def __init__(
        self,
        walk: _Walk,
        module: Module,
        of: Class | None,
        function: Function,
        carrying: Set[str],
        seeds: Set[str],
    ) -> None:
        self.trail = walk
        self.module = module
        self.of = of
        self.function = function
        self.carrying = set(carrying)
        self.seeds = seeds
        self.types: dict[str, tuple[ast.expr, Module]] = {
            a.arg: (a.annotation, module) for a in arguments(function) if a.annotation is not None
        }
        self.made: dict[str, Class] = {"self": stand_in(of)} if of else {}

    def walk(self) -> None:
        for statement in self.function.body:
            self.statement(statement)

    def statement(self, node: ast.stmt) -> None:
        match node:
            case ast.Assign(targets=targets, value=value):
                self.expression(value)
                for target in targets:
                    self.bind(target, value)
            case ast.AnnAssign(target=ast.Name(id=name), value=value):
                if value is not None:
                    self.expression(value)
                    self.bind(node.target, value)
                self.types[name] = node.annotation, self.module
            case ast.For(target=target, iter=source) | ast.AsyncFor(target=target, iter=source):
                self.expression(source)
                self.bind_element(target, source)
                self.block(node.body, node.orelse)
            case ast.With(items=items) | ast.AsyncWith(items=items):
                for item in items:
                    self.expression(item.context_expr)
                    if item.optional_vars is not None:
                        self.bind(item.optional_vars, item.context_expr)
                self.block(node.body)
            case ast.If(test=ast.Call(func=ast.Name(id="isinstance"), args=[ast.Name(id=name), kind])) if (
                name in self.carrying and self.is_another(kind)
            ):
                self.carrying.discard(name)
                self.block(node.body)
                self.carrying.add(name)
                self.block(node.orelse)
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                self.block(node.body)  # an operation that is handed to the database runs here, for a reader
            case _:
                for part in ast.iter_child_nodes(node):
                    if isinstance(part, ast.expr):
                        self.expression(part)
                    elif isinstance(part, ast.stmt):
                        self.statement(part)
                    elif isinstance(part, ast.ExceptHandler | ast.match_case):
                        self.block(part.body)

    def block(self, *bodies: list[ast.stmt]) -> None:
        for body in bodies:
            for each in body:
                self.statement(each)

    def bind(self, target: ast.expr, value: ast.expr) -> None:
        """What a name means from here on."""
        match target:
            case ast.Name(id=name):
                if self.is_value(value):
                    self.carrying.add(name)
                elif name not in self.seeds:
                    self.carrying.discard(name)
                if (made := self.class_of(value)) is not None:
                    self.made[name] = made
            case ast.Tuple(elts=parts):
                if isinstance(value, ast.Tuple) and len(value.elts) == len(parts):
                    for part, each in zip(parts, value.elts, strict=True):
                        self.bind(part, each)
                elif (annotation := self.annotation(value)) is not None:
                    inner = element(annotation[0]) if isinstance(value, ast.Call) else None
                    match inner or annotation[0]:
                        case ast.Subscript(value=ast.Name(id="tuple"), slice=ast.Tuple(elts=kinds)):
                            given = isinstance(value, ast.Call) and self.is_given(value)
                            for part, kind in zip(parts, kinds, strict=False):
                                self.bind_type(part, kind, annotation[1], given)

    def bind_type(self, target: ast.expr, kind: ast.expr, module: Module, given: bool = False) -> None:
        if isinstance(target, ast.Name):
            self.types[target.id] = kind, module
            if (made := class_of(kind, module)) is not None:
                self.made[target.id] = made
                if made.name in self.trail.way.kinds:
                    self.carrying.add(target.id)
            if given and _is_bytes(kind):
                self.carrying.add(target.id)

    def bind_element(self, target: ast.expr, source: ast.expr) -> None:
        annotation = self.annotation(source)
        if annotation is not None and (one := element(annotation[0])) is not None:
            self.bind_type(target, one, annotation[1])
        if isinstance(target, ast.Name) and self.is_value(source):
            self.carrying.add(target.id)

    # -- what a value is -------------------------------------------------------------------------------------

    def annotation(self, node: ast.expr) -> tuple[ast.expr, Module] | None:
        """The annotation of an expression, with the module in which it is to be read."""
        match node:
            case ast.Await(value=value):
                return self.annotation(value)
            case ast.Name(id=name):
                return self.types.get(name)
            case ast.Attribute(value=value, attr=name):
                owner = self.class_of(value)
                return attribute(owner, name) if owner else None
            case ast.Call():
                called = self.called(node)
                if called is not None and called[2].returns is not None:
                    return called[2].returns, read(called[0])
        return None

    def class_of(self, node: ast.expr) -> Class | None:
        match node:
            case ast.Await(value=value) | ast.NamedExpr(value=value):
                return self.class_of(value)
            case ast.Name(id=name) if name in self.made:
                return self.made[name]
            case ast.Call(func=func) if (made := class_of(func, self.module)) is not None:
                return made
            case ast.Subscript(value=value):
                annotation = self.annotation(value)
                one = element(annotation[0]) if annotation else None
                return class_of(one, annotation[1]) if annotation and one is not None else None
        annotation = self.annotation(node)
        return class_of(*annotation) if annotation is not None else None

    def is_another(self, kind: ast.expr) -> bool:
        """True for a class of ours that the value is never of."""
        found = class_of(kind, self.module)
        return found is not None and found.name not in self.trail.way.kinds

    def is_value(self, node: ast.expr | None) -> bool:
        """True when an expression is the value that is followed, or made of it."""
        match node:
            case ast.Name(id=name):
                return name in self.carrying
            case ast.Await(value=value) | ast.Subscript(value=value) | ast.Starred(value=value):
                return self.is_value(value)
            case ast.NamedExpr(value=value):
                return self.is_value(value)
            case ast.Tuple(elts=parts) | ast.List(elts=parts):
                return any(self.is_value(part) for part in parts)
            case ast.IfExp(body=body, orelse=other):
                return self.is_value(body) or self.is_value(other)
            case ast.Attribute():
                found = self.class_of(node)
                owner = self.class_of(node.value)
                own = f"{owner.name}.{node.attr}" if owner else ""
                return own in self.trail.way.kinds or (
                    found is not None and found.name in self.trail.way.kinds
                )
            case ast.Call(func=func):
                return self.is_made_of_it(node, func)
        return False

    def is_made_of_it(self, node: ast.Call, func: ast.expr) -> bool:
        given = self.is_given(node)
        if isinstance(func, ast.Name) and func.id in BYTES:
            return given
        made = self.class_of(node)
        if made is not None:
            return made.name in self.trail.way.kinds
        annotation = self.annotation(node)
        own = isinstance(func, ast.Attribute) and self.is_value(func.value)
        return (given or own) and annotation is not None and _is_bytes(annotation[0])

    def is_given(self, node: ast.Call) -> bool:
        """True when the value is among a call's arguments."""
        return any(self.is_value(a) for a in (*node.args, *(k.value for k in node.keywords)))

    # -- calls -----------------------------------------------------------------------------------------------

    def expression(self, node: ast.expr) -> None:
        """Follow the calls inside an expression, the inner ones first."""
        for part in ast.iter_child_nodes(node):
            if isinstance(part, ast.expr):
                self.expression(part)
            elif isinstance(part, ast.comprehension):
                self.expression(part.iter)
                self.bind_element(part.target, part.iter)
            elif isinstance(part, ast.keyword):
                self.expression(part.value)
        if isinstance(node, ast.NamedExpr):
            self.bind(node.target, node.value)
        if isinstance(node, ast.Call):
            self.call(node)

    def called(self, node: ast.Call) -> tuple[str, str, Function] | None:
        """(module, name, function) that a call runs, when it is one of ours."""
        match node.func:
            case ast.Name(id=name):
                if name in self.module.functions:
                    return self.module.name, name, self.module.functions[name]
                target = find(self.module.names[name]) if name in self.module.names else None
            case ast.Attribute(value=value, attr=name):
                if (owner := self.class_of(value) or class_of(value, self.module)) is not None:
                    there = method(owner, name)
                    return (there[0].module, f"{there[0].name}.{name}", there[1]) if there else None
                target = None
                if isinstance(value, ast.Name) and value.id in self.module.names:
                    target = find(f"{self.module.names[value.id]}.{name}")
            case _:
                target = None
        made = class_of(node.func, self.module)
        if made is not None:
            init = method(made, "__init__")
            return (init[0].module, f"{init[0].name}.__init__", init[1]) if init else None
        if target is not None and target[1] in target[0].functions:
            return target[0].name, target[1], target[0].functions[target[1]]
        return None

    def call(self, node: ast.Call) -> None:
        called = self.called(node)
        if called is None:
            return
        module, name, function = called
        names = [a.arg for a in arguments(function)]
        if "." in name and not _is_static(function):
            names = names[1:]
        if function.args.vararg is not None:
            names = [*names, *[function.args.vararg.arg] * len(node.args)]
        carrying = {n for n, a in zip(names, node.args, strict=False) if self.is_value(a)}
        carrying |= {k.arg for k in node.keywords if k.arg and self.is_value(k.value)}
        if not carrying:
            return
        owner = self.class_of(node.func.value) if isinstance(node.func, ast.Attribute) else None
        self.trail.enter(module, name, carrying, contract=owner.contract if owner else "")
        for across in ACROSS.get(f"{module}:{name}", ()):
            there, function_name, parameter = across.split(":")
            self.trail.enter(there, function_name, {parameter})
        self.trail.route.at(self.module.name, called=False)


def _is_static(function: Function) -> bool:
    return any(isinstance(d, ast.Name) and d.id == "staticmethod" for d in function.decorator_list)


def _is_bytes(annotation: ast.expr) -> bool:
    return any(isinstance(n, ast.Name) and n.id in {*BYTES, "Pieces"} for n in ast.walk(annotation))
