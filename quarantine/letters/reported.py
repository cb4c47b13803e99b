"""What we write to people about reported mail, in Japanese and English: thanks, the outcome, an alert. Pure texts.

A letter names the mail by subject, sender and day, so that it is found in the mailbox; nothing of its content is
repeated, and what could be clicked in it is broken up.
"""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

import msgspec

from filters.examined import Summary
from filters.rewriters.harmless import harmless
from quarantine.letters.letter import Letter

WORDS = {
    "ja": {
        "thanks": "[受付] 不審なメールの報告: {subject}",
        "thanks_1": "ご報告ありがとうございます。管理者が確認します。",
        "thanks_2": "結果は、このアドレスにメールでお知らせします。それまで、添付ファイルやリンクは開かないでください。",
        "unknown": "報告されたメールを特定できませんでした。転送するときは「添付ファイルとして転送」をお使いください。",
        "outcome": "[確認結果] {subject}",
        "outcome_1": "ご報告いただいたメールを確認しました。",
        "dangerous": "危険なメールでした。",
        "spam": "迷惑メールでした。開いても被害はありませんが、返信はしないでください。",
        "harmless": "問題のないメールでした。安心してお読みください。",
        "note": "管理者より: {note}",
        "thanks_for": "お知らせいただいたおかげで、ほかの方にも注意を伝えることができました。ありがとうございました。",
        "alert": "[注意喚起] 不審なメールが届いています: {subject}",
        "alert_1": "次のメールは危険であることが分かりました。あなた宛てにも届いています。",
        "do": "してはいけないこと",
        "do_1": "・添付ファイルを開かない。リンクを押さない。返信しない。",
        "do_2": "・ID、パスワード、カード番号などを入力しない。",
        "do_3": "・メールは削除してください。ほかの人に転送しないでください。",
        "done": "もし開いてしまったとき、入力してしまったときは",
        "done_1": "すぐに知らせてください。早く分かれば、被害を防げます。パソコンはネットワークから切り離し、電源は切らないでください。",
        "contact": "連絡先: {contact}",
        "contact_none": "連絡先: システム管理者",
        "title": "件名: {subject}",
        "from": "差出人: {author}",
        "when": "日時: {first}",
        "between": "日時: {first} から {last} まで",
        "untitled": "(件名なし)",
        "nobody": "(不明)",
    },
    "en": {
        "thanks": "[Received] Your report of a suspicious mail: {subject}",
        "thanks_1": "Thank you for your report. An administrator will look at it.",
        "thanks_2": "You will hear the outcome by mail. Until then, please do not open its attachments or links.",
        "unknown": "We could not find out which mail you mean. Please forward it as an attachment.",
        "outcome": "[Outcome] {subject}",
        "outcome_1": "We have looked at the mail that you reported.",
        "dangerous": "It was dangerous.",
        "spam": "It was spam: annoying, but not dangerous to read. Please do not answer it.",
        "harmless": "It was harmless. You can read it without worry.",
        "note": "From the administrator: {note}",
        "thanks_for": "Because you told us, we could warn the others who got it. Thank you.",
        "alert": "[Alert] Suspicious mail has arrived: {subject}",
        "alert_1": "The following mail was found to be dangerous. It was sent to you, too.",
        "do": "Please do not",
        "do_1": "- open its attachments, click its links, or answer it;",
        "do_2": "- enter IDs, passwords or card numbers;",
        "do_3": "- forward it to anybody. Please delete it.",
        "done": "If you have opened it or entered something",
        "done_1": "tell us at once: the earlier we know, the more can be prevented. Take the computer off the network and leave it switched on.",
        "contact": "Contact: {contact}",
        "contact_none": "Contact: your system administrator",
        "title": "Subject: {subject}",
        "from": "From: {author}",
        "when": "Date: {first}",
        "between": "Date: {first} to {last}",
        "untitled": "(no subject)",
        "nobody": "(unknown)",
    },
}


class Wave(msgspec.Struct, frozen=True):
    """The mails that a letter is about: one of them, and when they arrived (UTC seconds)."""

    summary: Summary
    first: float
    last: float
    timezone: str = "Asia/Tokyo"


def thanks(wave: Wave, language: str, *, mail_id: str) -> Letter:
    """To somebody who reported by mail. `mail_id` is "" when we do not know which mail is meant."""
    words = _words(language)
    lines = [
        words["thanks_1"],
        *_about(wave, words),
        "",
        *([] if mail_id else [words["unknown"]]),
        words["thanks_2"],
    ]
    return _letter(words, "thanks", wave, lines, mail_id)


def outcome(
    wave: Wave, language: str, *, mail_id: str, verdict: str, note: str, alerted: bool, contact: str
) -> Letter:
    """To somebody who reported: what it was, and, when it was dangerous, what not to do."""
    words = _words(language)
    lines = [words["outcome_1"], *_about(wave, words), "", words[verdict]]
    if note:
        lines += ["", words["note"].format(note=note)]
    if verdict == "dangerous":
        lines += ["", *_conduct(words, contact)]
    if alerted:
        lines += ["", words["thanks_for"]]
    return _letter(words, "outcome", wave, lines, mail_id)


def alert(wave: Wave, language: str, *, mail_id: str, line: str, contact: str) -> Letter:
    """To everybody who got a dangerous mail. `line`: what the administrator adds."""
    words = _words(language)
    lines = [
        words["alert_1"],
        *_about(wave, words),
        "",
        *([line, ""] if line else []),
        *_conduct(words, contact),
    ]
    return _letter(words, "alert", wave, lines, mail_id)


def _words(language: str) -> dict[str, str]:
    return WORDS["ja" if language == "ja" else "en"]


def _conduct(words: dict[str, str], contact: str) -> list[str]:
    said = words["contact"].format(contact=contact) if contact else words["contact_none"]
    return [
        words["do"],
        words["do_1"],
        words["do_2"],
        words["do_3"],
        "",
        words["done"],
        words["done_1"],
        said,
    ]


def _about(wave: Wave, words: dict[str, str]) -> list[str]:
    summary = wave.summary
    name = f"{summary.author_name} <{summary.author}>" if summary.author_name else summary.author
    first, last = _moment(wave.first, wave.timezone), _moment(wave.last, wave.timezone)
    when = words["when"] if first == last else words["between"]
    return [
        "",
        "    " + words["title"].format(subject=harmless(summary.subject) or words["untitled"]),
        "    " + words["from"].format(author=harmless(name, 160) or words["nobody"]),
        "    " + when.format(first=first, last=last),
    ]


def _moment(at: float, timezone: str) -> str:
    return f"{datetime.fromtimestamp(at, ZoneInfo(timezone)):%Y-%m-%d %H:%M}"


def _letter(words: dict[str, str], kind: str, wave: Wave, lines: Sequence[str], mail_id: str) -> Letter:
    title = harmless(wave.summary.subject, 120) or words["untitled"]
    return Letter(words[kind].format(subject=title), "\n".join(lines) + "\n", mail_id=mail_id)
