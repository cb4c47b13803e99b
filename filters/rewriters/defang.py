"""IN-TEXT: addresses that cannot be clicked: hxxps://host[.]example/path.

    fangs(text) -> [(start, end, replacement)]     what has to change in a text
    defanged(text) -> str                          the text with it

Only ASCII is read and written, so that offsets are valid for bytes whose other characters are masked.
"""

import re
from collections.abc import Iterator

import re2

# Endings that people write without a scheme, and that mail programs turn into links all the same.
_ENDS = (
    "com|net|org|info|biz|jp|cn|ru|top|xyz|shop|online|site|club|vip|icu|io|co|me|cc|tv|app|dev|link|click|live|"
    "store|work|page|web|cloud|space|website|tokyo|asia|uk|us|de|fr|kr|tw|hk|in|eu|br|vn|su|ly|gl|to|gg|ws|pw|tk|"
    "ml|ga|cf|gq|cyou|buzz|rest|bar|sbs|cfd|lol|monster|quest|fun|win|pro|bond|life|world|today|email|support"
)


def _octets() -> re2.Options:
    options = re2.Options()
    options.encoding = re2.Options.Encoding.LATIN1
    return options


_FANG = re.compile(
    r"(?P<scheme>(?i:https?(?=:)|(?:ftp|file)(?=:[\\/]{2})))(?P<rest>:[\\/]*(?P<authority>[^\x00-\x20/?#<>\"'\\\x7f-\U0010ffff]*))|"
    r"(?<![A-Za-z0-9@._/-])(?P<bare>(?i:www\.(?:[a-z0-9-]{1,63}\.)*[a-z0-9-]{1,63}|"
    r"(?:[a-z0-9-]{1,63}\.){1,20}(?:[a-z][a-z0-9-]{1,23}(?=/)|(?:"
    + _ENDS
    + r")(?!\.?[a-z0-9@_-]|\[\.))))(?!@)"
)
_SIGN = r"(?i)(?:https?|ftp|file):|[a-z0-9-]\.[a-z0-9-]"
_MAY, _MAY_OCTETS = re2.compile(_SIGN), re2.compile(_SIGN.encode(), _octets())
"""RE2 sees in a fiftieth of the time that a text has nothing of the kind."""
_SCHEMES = {"http": "hxxp", "https": "hxxps", "ftp": "fxp", "file": "fxle"}


def may_have_fangs(content: bytes) -> bool:
    """False for the octets of a text, in a charset that has ASCII, in which `fangs` would find nothing."""
    return (b"." in content or b":" in content) and _MAY_OCTETS.search(content) is not None


def fangs(text: str) -> Iterator[tuple[int, int, str]]:
    """(start, end, replacement) for every address in a text that a mail program would turn into a link."""
    if ("." not in text and ":" not in text) or not _MAY.search(text.encode("utf-8", "replace")):
        return
    for found in _FANG.finditer(text):
        if found["bare"] is not None:
            yield found.start(), found.end(), found["bare"].replace(".", "[.]")
            continue
        authority = found["authority"].replace("[.]", ".").replace(".", "[.]")
        colon = found["rest"][: len(found["rest"]) - len(found["authority"])]
        yield found.start(), found.end(), _SCHEMES[found["scheme"].casefold()] + colon + authority


def defanged(text: str) -> str:
    """`text` with every address in a form that cannot be clicked. Defanging twice changes nothing more."""
    out, at = [], 0
    for start, end, new in fangs(text):
        out += [text[at:start], new]
        at = end
    return "".join([*out, text[at:]])
