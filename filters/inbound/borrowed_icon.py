"""IN-ICON: a program that shows itself with the icon of a document or folder."""

from collections.abc import Iterator

from config.policy import Organisation
from filters.finding import Evidence, Finding
from filters.names import marked
from filters.reading import reading_of
from filters.rule import Mail, rule


@rule(
    control="IN-ICON",
    direction="inbound",
    then="warn",
    weight=6,
    ja="添付ファイル「{name}」は、アイコンを文書やフォルダー（{icon}）に見せかけたプログラムです",
    en='The attachment "{name}" is a program that shows itself with the icon of a document or folder ({icon})',
)
def borrowed_icon(mail: Mail, organisation: Organisation) -> Iterator[Finding]:
    """A program or shortcut, also inside an archive, whose icon is that of a document."""
    for attachment in reading_of(mail).attachments:
        for sign in attachment.extracted.signs:
            if sign.name.startswith("icon:"):
                name = sign.place.rpartition("/")[2] or attachment.name
                place = f"{attachment.path}/{marked(attachment.name)}/{sign.place}".rstrip("/")[:160]
                values = {"name": marked(name)[:60], "icon": sign.name[5:][:20]}
                yield Finding("", "", (Evidence(sign.name, place),), values=values)
                return
