"""IN-MACRO: a web page as an attachment: it opens in the browser, asks for a password, and no filter sees where."""

from collections.abc import Iterator

from config.policy import Organisation
from filters.finding import Evidence, Finding
from filters.links import read_html
from filters.names import PAGES, extension, marked
from filters.reading import reading_of
from filters.rule import Mail, rule
from mail.charset import decode


@rule(
    control="IN-MACRO",
    direction="inbound",
    then="warn",
    weight=3,
    ja="添付ファイル「{name}」はWebページで、開くと偽の画面が表示されるおそれがあります",
    en='The attachment "{name}" is a web page that may show a false login',
)
def page_attachment(mail: Mail, organisation: Organisation) -> Iterator[Finding]:
    """An HTML (or SVG) attachment; with a script, form or redirection it weighs 5."""
    for attachment in reading_of(mail).attachments:
        names = (attachment.name, *attachment.part.filenames)
        if attachment.extracted.kind == "html" or any(extension(name) in PAGES for name in names):
            page = read_html(decode(attachment.content[:1_000_000], attachment.part.charset))
            active = page.scripts or page.forms or page.refresh
            place = f"{attachment.path}/{marked(attachment.name)}"[:160]
            values = {"name": marked(attachment.name)[:60]}
            yield Finding(
                "",
                "",
                (Evidence(marked(attachment.name)[:120], place),),
                weight=5 if active else 3,
                values=values,
            )
            return
        for member in attachment.extracted.members:
            if extension(member.path) in PAGES and attachment.extracted.kind not in ("msg", "eml"):
                place = f"{attachment.path}/{marked(attachment.name)}/{member.path}"[:160]
                yield Finding(
                    "",
                    "",
                    (Evidence(marked(member.path)[:120], place),),
                    values={"name": marked(member.path)[:60]},
                )
                return
