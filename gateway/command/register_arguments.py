"""The arguments of `sekisho register`, and what each runs: only then is it loaded."""

import argparse
from pathlib import Path


def add(register: argparse.ArgumentParser) -> None:
    """What it takes: keys, tables, documents and ledgers, and doing it again."""
    register.set_defaults(run=_register)
    kinds = register.add_subparsers(dest="what", required=True, metavar="WHAT")
    key = kinds.add_parser("key", help="make a key file")
    key.add_argument("file", type=Path)
    table = kinds.add_parser("table", help="index the rows of a CSV, TSV or xlsx file with a heading row")
    table.add_argument("file", type=Path)
    table.add_argument("--columns", required=True, help="names of the columns, separated by commas")
    table.add_argument("--need", type=int, default=2, help="columns of a row that must stand together (2)")
    table.add_argument(
        "--name", default="", help="what the table is called in findings (default: the file's name)"
    )
    document = kinds.add_parser("document", help="index documents: files, folders, or what a ledger names")
    document.add_argument("files", type=Path, nargs="*", help="files, and folders with all below them")
    document.add_argument("--class", dest="of", default="", help="the class of these documents")
    document.add_argument(
        "--ledger", type=Path, help="a ledger of information assets (CSV, xlsx) instead of files"
    )
    document.add_argument(
        "--map", action="append", default=[], metavar="THERE=HERE",
        help="how paths of the ledger begin, and where that is here",
    )  # fmt: skip
    again = kinds.add_parser("again", help="index documents again: what is new or changed is read")
    again.add_argument("indexes", type=Path, nargs="+")
    again.add_argument("--drop", action="store_true", help="forget documents that are gone")
    for each in (table, document):
        each.add_argument("--key", type=Path, required=True, help="of `register key`")
        each.add_argument("--out", type=Path, required=True, help="the index: organisation.registered.files")


def _register(options: argparse.Namespace) -> int:
    from gateway.command import assets, register

    if options.what == "key":
        register.make_key(options.file)
    elif options.what == "table":
        columns = [c.strip() for c in options.columns.split(",")]
        told = register.table(
            options.file, columns, options.key, options.out, need=options.need, name=options.name
        )
        print(told)
    elif options.what == "again":
        return max([assets.repeated(index, drop=options.drop) for index in options.indexes])
    else:
        return assets.registered(
            options.files, options.of, options.ledger, options.map, options.key, options.out
        )
    return 0
