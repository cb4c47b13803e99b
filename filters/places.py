"""Where in a mail something was found, as a person would say it: a header field, or a file's name."""

from config.words import known

CONTAINERS = frozenset(
    [
        "zip",
        "7z",
        "rar",
        "tar",
        "gz",
        "tgz",
        "bz2",
        "tbz",
        "xz",
        "txz",
        "zst",
        "lzh",
        "cab",
        "iso",
        "img",
        "vhd",
        "eml",
        "msg",
        "dat",
        "mht",
        "mhtml",
        "one",
        "deb",
        "ar",
    ]
)
"""Extensions of containers whose members people know by name."""


def place(part: str, language: str) -> str:
    """The words for an Evidence.part; "" for the text and for the whole mail.

    A field is named in `language`. For a file only names that its sender and readers can see are given, outer
    archives first: neither part numbers nor folders, nor what is inside a document.
    """
    field = part.removeprefix("header:")
    if field != part:
        return known(language, f"places.{field}") or field.title()
    names = part.split("/")[1:]
    shown: list[str] = []
    for name in names:
        if shown and "." not in name.strip("."):
            continue
        shown.append(name)
        if name.rpartition(".")[2].lower() not in CONTAINERS:
            break
    return " › ".join(shown)
