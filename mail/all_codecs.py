"""Python's codecs, loaded: each is a module that is imported at its first use, which a process without files cannot do."""

import encodings
import importlib
import pkgutil

_SKIPPED = {"encodings.mbcs", "encodings.oem", "encodings.idna", "encodings.__main__"}


def load() -> None:
    """Import every codec. Repeatable."""
    for module in pkgutil.iter_modules(encodings.__path__, "encodings."):
        if module.name not in _SKIPPED:
            importlib.import_module(module.name)
    importlib.import_module("encodings.idna")
