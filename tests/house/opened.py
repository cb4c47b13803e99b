"""What a folder opens, as far as its text shows: network, files, database, processes.

Seen are imports of what opens things, and calls of what is always there. Not seen: what is opened by an object that
somebody else has made (a Transaction, a Draft); that one is the maker's.
"""

import ast
from collections.abc import Iterator
from functools import cache

from tests.house import rooms

KINDS = ("network", "files", "database", "processes")
IMPORTS = {
    "network": {
        "socket", "ssl", "smtplib", "http", "urllib.request", "requests", "aiosmtpd", "aiosmtplib", "dns", "uvicorn",
        "obstore", "socketserver",
    },
    "files": {"tempfile", "shutil", "mmap", "fileinput", "glob", "importlib.resources"},
    "database": {"sqlite3", "psycopg", "psycopg_pool"},
    "processes": {"subprocess", "multiprocessing", "signal", "pty"},
}  # fmt: skip
CALLS = {
    "network": {"asyncio.open_connection", "asyncio.start_server", "asyncio.start_unix_server"},
    "files": {
        "open",
        "os.open",
        "os.scandir",
        "os.listdir",
        "os.unlink",
        "os.rename",
        "os.replace",
        "os.mkdir",
    },
    "processes": {"os.fork", "os.execv", "os.kill", "os.posix_spawn", "asyncio.create_subprocess_exec"},
}
METHODS = {
    "network": {"create_server", "create_connection", "sock_connect", "create_unix_server"},
    "files": {
        "read_text",
        "read_bytes",
        "write_text",
        "write_bytes",
        "iterdir",
        "mkdir",
        "unlink",
        "touch",
        "stat",
    },
    "processes": {"subprocess_exec", "add_signal_handler"},
}


@cache
def opened() -> dict[str, dict[str, tuple[str, ...]]]:
    """By folder and kind: the places (file:line) where something is opened."""
    found: dict[str, dict[str, tuple[str, ...]]] = {folder: {} for folder in rooms.rooms()}
    for path in rooms.paths():
        row = found[rooms.inside(path.parent)]
        for line, kind in _of(rooms.tree(path)):
            row[kind] = (*row.get(kind, ()), f"{rooms.inside(path)}:{line}")
    return found


def _of(tree: ast.Module) -> Iterator[tuple[int, str]]:
    for node in ast.walk(tree):
        names: tuple[str, ...] = ()
        if isinstance(node, ast.Import):
            names = tuple(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            names = (node.module, *(f"{node.module}.{alias.name}" for alias in node.names))
        for kind, modules in IMPORTS.items():
            if any(name in modules or name.split(".")[0] in modules for name in names):
                yield node.lineno, kind
        if isinstance(node, ast.Call):
            called = ast.unparse(node.func)
            last = called.rpartition(".")[2] if "." in called else ""
            for kind in KINDS:
                if called in CALLS.get(kind, ()) or last in METHODS.get(kind, ()):
                    yield node.lineno, kind
