"""`python -m bench NAME [ARGUMENTS]` runs bench/NAME.py; without a name it lists what there is."""

import importlib
import pkgutil
import sys

import bench


def main() -> None:
    names = [
        m.name for m in pkgutil.iter_modules(bench.__path__) if not m.name.startswith("_") and not m.ispkg
    ]
    if len(sys.argv) < 2 or sys.argv[1] not in names:
        sys.exit("usage: python -m bench NAME\n" + "\n".join(names))
    importlib.import_module(f"bench.{sys.argv[1]}").main(sys.argv[2:])


if __name__ == "__main__":
    main()
