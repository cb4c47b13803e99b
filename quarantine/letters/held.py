"""Letters about held mail: a locked file waits for its password, a request was decided, requests wait.

The words are here; who gets them, and that each is written once, is the matter of gateway/quarantine_rounds.py.
"""

from collections.abc import Sequence

import msgspec

from filters.rewriters.harmless import harmless
from quarantine.item import Item
from quarantine.letters.letter import Letter
from quarantine.requests import Request

LISTED = 20
"""Requests that one letter to administrators names."""

WORDS = {
    "ja": {
        "locked": "[確認のお願い] パスワード付きの添付ファイルが届いています",
        "locked_1": "あなた宛てのメールに、パスワード付きの添付ファイルがあります。中身を検査できないため、まだお届けしていません。",
        "locked_2": "差出人に心当たりがあり、パスワードをご存じの場合は、次のページで入力してください(ログインが必要です)。検査して問題がなければ、すぐにお届けします。パスワードは保存されません。",
        "locked_3": "心当たりがない場合は、何もしないでください。",
        "released": "[隔離] ご依頼のメールをお届けします",
        "released_1": "ご依頼のあった次のメールは、確認が済みました。まもなく届きます。",
        "refused": "[隔離] ご依頼のメールはお届けしません",
        "refused_1": "ご依頼のあった次のメールは、お届けしないことになりました。",
        "answer": "管理者より: {answer}",
        "requests": "[隔離] 解除の依頼が{count}件あります",
        "requests_1": "次のメールを届けてほしいという依頼があります。内容を確認して、判断してください。",
        "requests_2": "次のページで確認できます(ログインが必要です)。",
        "more": "ほか{count}件",
        "by": "依頼した人: {person}",
        "comment": "コメント: {comment}",
        "from": "差出人: {author}",
        "title": "件名: {subject}",
        "files": "添付: {files}",
        "untitled": "(件名なし)",
        "nobody": "(不明)",
    },
    "en": {
        "locked": "[Please check] A mail with a locked file waits for you",
        "locked_1": "A mail to you has an attachment that is locked with a password. We cannot look into it, so it has not been delivered yet.",
        "locked_2": "If you know the sender and the password, type it on this page (after login). We inspect the file and deliver the mail at once when nothing is wrong. The password is not kept.",
        "locked_3": "If you do not expect it, please do nothing.",
        "released": "[Quarantine] The mail you asked for is on its way",
        "released_1": "The following mail, which you asked for, has been checked. It will arrive in a moment.",
        "refused": "[Quarantine] The mail you asked for will not be delivered",
        "refused_1": "It was decided that the following mail, which you asked for, will not be delivered.",
        "answer": "From the administrator: {answer}",
        "requests": "[Quarantine] {count} waiting for your decision",
        "requests_1": "Somebody asks for the following mail. Please look at it and decide.",
        "requests_2": "You find it on this page (after login):",
        "more": "and {count} more",
        "by": "Asked for by: {person}",
        "comment": "Comment: {comment}",
        "from": "From: {author}",
        "title": "Subject: {subject}",
        "files": "Attached: {files}",
        "untitled": "(no subject)",
        "nobody": "(unknown)",
    },
}


class Wish(msgspec.Struct, frozen=True):
    """A request with the mail that it is about and the name of the person."""

    request: Request
    item: Item
    name: str


def words_of(language: str) -> dict[str, str]:
    return WORDS["en" if language == "en" else "ja"]


def locked(item: Item, language: str, console: str) -> Letter:
    """To a recipient of mail that waits for nothing but a password."""
    words = words_of(language)
    files = ", ".join(harmless(name, 80) for name in item.summary.attachments[:5])
    lines = [
        words["locked_1"],
        *about(item, words),
        *(["    " + words["files"].format(files=files)] if files else []),
        "",
        words["locked_2"],
        "",
        f"    {console}/waiting/{item.id}",
        "",
        words["locked_3"],
    ]
    return Letter(words["locked"], "\n".join(lines) + "\n", mail_id=item.mail_id)


def outcome(request: Request, item: Item, language: str) -> Letter:
    """To a person whose request was decided."""
    words = words_of(language)
    lines = [words[f"{request.state}_1"], *about(item, words)]
    if request.answer:
        lines += ["", words["answer"].format(answer=" ".join(request.answer.split()))]
    return Letter(words[request.state], "\n".join(lines) + "\n", mail_id=item.mail_id)


def requested(wishes: Sequence[Wish], language: str, console: str) -> Letter:
    """To an administrator: what people have asked for since the last letter."""
    words = words_of(language)
    lines = [words["requests_1"]]
    for wish in wishes[:LISTED]:
        lines += [*about(wish.item, words), "    " + words["by"].format(person=harmless(wish.name, 80))]
        if wish.request.comment:
            lines.append("    " + words["comment"].format(comment=harmless(wish.request.comment, 300)))
    if len(wishes) > LISTED:
        lines += ["", words["more"].format(count=len(wishes) - LISTED)]
    lines += ["", words["requests_2"], "", f"    {console}/quarantine?state=requested"]
    return Letter(words["requests"].format(count=len(wishes)), "\n".join(lines) + "\n")


def about(item: Item, words: dict[str, str]) -> list[str]:
    """By which the reader recognises the mail."""
    return [
        "",
        "    " + words["title"].format(subject=harmless(item.summary.subject) or words["untitled"]),
        "    " + words["from"].format(author=author(item) or words["nobody"]),
    ]


def author(item: Item) -> str:
    """Who the mail says wrote it, in a form that nobody can click."""
    summary = item.summary
    address = summary.author or item.reverse_path
    name = summary.author_name
    return harmless(f"{name} <{address}>" if name and address else name or address, 160)
