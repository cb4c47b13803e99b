"""A mail's CSS reduced to what only styles it: known properties with plain values, nothing that loads, hides or moves.

What is left can neither fetch anything (no url, no @import) nor cover a warning or push it out of sight (no
position, no negative lengths, no generated text). Whatever is not understood is dropped.
"""

import re


def words(text: str) -> frozenset[str]:
    """The words of a text as a set."""
    return frozenset(text.split())


LONGEST = 300_000
"""Characters of one style sheet; a longer one is dropped."""
DEEP = 10
PROPERTIES = words(
    "background background-color border border-bottom border-bottom-color border-bottom-left-radius "
    "border-bottom-right-radius border-bottom-style border-bottom-width border-collapse border-color border-left "
    "border-left-color border-left-style border-left-width border-radius border-right border-right-color "
    "border-right-style border-right-width border-spacing border-style border-top border-top-color "
    "border-top-left-radius border-top-right-radius border-top-style border-top-width border-width box-sizing "
    "caption-side clear color direction display empty-cells float font font-family font-size font-stretch "
    "font-style font-variant font-weight height letter-spacing line-height list-style list-style-position "
    "list-style-type margin margin-bottom margin-left margin-right margin-top max-height max-width min-height "
    "min-width overflow-wrap padding padding-bottom padding-left padding-right padding-top table-layout text-align "
    "text-decoration text-transform vertical-align white-space width word-break word-spacing word-wrap"
)
_VALUE = re.compile(r"[\w\s#%.,'\"()+/!-]{1,300}", re.ASCII | re.IGNORECASE)
_CALL = re.compile(r"(?<![\w-])([\w-]++)\s*+\(|\(")
"""A function, or a bare parenthesis."""
_NEGATIVE = re.compile(r"(?:^|[\s,(:])-\s*[\d.]")
_SELECTOR = re.compile(r"[\w\s.#,>:*+~()\[\]='\"-]{1,1000}", re.ASCII)
_MEDIA = re.compile(r"@media[\w\s:(),.-]{1,300}", re.IGNORECASE | re.ASCII)
_STEP = re.compile(r"[^{};]*(?:[{};]|\Z)")


def declarations(style: str) -> str:
    """The harmless declarations of a style attribute or of one rule."""
    if len(style) > LONGEST or "\\" in style:
        return ""
    style = _uncommented(style)
    kept = []
    for declaration in style.split(";"):
        name, colon, value = declaration.partition(":")
        name, value = name.strip().lower(), value.strip()
        if colon and name in PROPERTIES and _is_plain(value):
            kept.append(f"{name}:{value}")
    return ";".join(kept)


def _is_plain(value: str) -> bool:
    if not _VALUE.fullmatch(value) or _NEGATIVE.search(value):
        return False
    return {(call[1] or "").lower() for call in _CALL.finditer(value)} <= {"rgb", "rgba", "hsl", "hsla"}


def sheet(css: str) -> str:
    """The harmless rules of a style sheet, including those inside @media; "" if it cannot be understood."""
    if len(css) > LONGEST or "\\" in css:
        return ""
    css = _uncommented(css).replace("<!--", " ").replace("-->", " ")
    out: list[str] = []
    open_: list[str] = []  # "media", "rule" or "dropped", outermost first
    said = ""
    for step in _STEP.finditer(css):
        text, end = step[0][:-1], step[0][-1:]
        if end == "{":
            if len(open_) > DEEP:
                return ""
            open_.append(_opened(text.strip(), open_, out))
            said = ""
        elif open_ and open_[-1] == "rule" and end in (";", "}"):
            said += text + ";"
        if end == "}" and open_:
            kind = open_.pop()
            if kind == "rule":
                out.append(declarations(said) + "}")
            elif kind == "media":
                out.append("}")
            said = ""
    closing = {"rule": "}", "media": "}", "dropped": ""}
    return "".join([*out, *(closing[kind] for kind in reversed(open_))])


def _opened(prelude: str, open_: list[str], out: list[str]) -> str:
    """What starts with `prelude {`; writes it if it is kept."""
    if set(open_) <= {"media"}:
        if _MEDIA.fullmatch(prelude):
            out.append(prelude + "{")
            return "media"
        if _SELECTOR.fullmatch(prelude):
            out.append(prelude + "{")
            return "rule"
    return "dropped"


def _uncommented(css: str) -> str:
    """Without comments; an unclosed one extends to the end."""
    out, at = [], 0
    while (found := css.find("/*", at)) >= 0:
        out.append(css[at:found])
        end = css.find("*/", found + 2)
        if end < 0:
            return " ".join(out)
        at = end + 2
    return " ".join([*out, css[at:]])
