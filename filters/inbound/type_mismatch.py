"""IN-TYPE: a file that is not what its name says."""

from collections.abc import Iterator

from config.policy import Organisation
from filters.extract.kinds import EXECUTABLE
from filters.finding import Evidence, Finding
from filters.incoming import File, incoming_of
from filters.names import extension, marked
from filters.rule import Mail, rule

_KINDS = {
    extension: frozenset(kinds.split())
    for extensions, kinds in (
        ("pdf", "pdf"),
        ("docx dotx", "docx ooxml encrypted-ooxml"),
        ("xlsx xltx", "xlsx ooxml encrypted-ooxml"),
        ("pptx ppsx", "pptx ooxml encrypted-ooxml"),
        ("doc dot", "doc ole rtf docx html xml ooxml encrypted-ooxml eml"),
        ("xls xlt", "xls ole xlsx html xml ooxml encrypted-ooxml"),
        ("ppt pps", "ppt ole pptx ooxml encrypted-ooxml"),
        ("jpg jpeg jpe png gif bmp tif tiff webp heic", "image"),
        ("txt csv log", "xml html eml script"),
        ("mp4 mov avi wmv", "video"),
    )
    for extension in extensions.split()
}
"""What the content of a file with this extension may be; text of any kind is not held against it."""
_UNSURE = frozenset({"unknown", "empty", "text"})


@rule(
    control="IN-TYPE",
    direction="inbound",
    then="warn",
    weight=3,
    ja="添付ファイル「{name}」の中身（{kind}）は、名前が示す種類と違います",
    en='The content of the attachment "{name}" ({kind}) is not what its name says',
)
def type_mismatch(mail: Mail, organisation: Organisation) -> Iterator[Finding]:
    """The extension of a file disagrees with its content; a program under the name of a document weighs double."""
    for file in incoming_of(mail).files:
        if disguised := _disguised(file):
            weight = 6 if file.kind in EXECUTABLE else 3
            evidence = (Evidence(marked(file.name)[:120], file.place),)
            values = {"name": marked(disguised)[:60], "kind": file.kind}
            yield Finding("", "", evidence, weight=weight, values=values)
            return


def _disguised(file: File) -> str:
    """The name under which the file poses as something else, "" when it is what it says."""
    for name in file.names:
        expected = _KINDS.get(extension(name))
        if expected and file.kind not in expected and file.kind not in _UNSURE:
            return name
        if not expected and file.declared.startswith("image/") and file.kind in EXECUTABLE:
            return name
    return ""
