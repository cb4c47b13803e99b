"""IN-LANGUAGE: orders to an assistant that summarises or answers mail, where no person reads them."""

import html
import re
from collections.abc import Iterator

import re2

from config.policy import Organisation
from filters.finding import Evidence, Sight
from filters.rule import rule
from filters.trigger import Given, Says
from filters.views import ByFiles
from mail.charset import fold

LONGEST = 400_000
"""Characters of a page that are searched."""
_ORDERS = (
    r"(?:ignore|disregard|forget|override)\s(?:all\s|any\s|the\s|your\s|of\s){0,3}(?:previous|prior|above|earlier|preceding|system)\s"
    r"(?:instructions?|prompts?|rules|guidelines|context)",
    r"(?:system\sprompt|developer\smessage)",
    r"(?:you\sare|act\sas)\s(?:now\s)?(?:an?\s|the\s)?(?:ai|artificial\sintelligence|language\smodel|llm|email\sassistant|mail\sassistant)",
    r"(?:note|message|instructions?|attention)\s(?:to|for)\s(?:the\s|all\s|any\s)?(?:ai|llms?|assistants?|copilot|gemini|chatgpt|claude|"
    r"language\smodels?)\s?[:：,]",
    r"(?:copilot|gemini|chatgpt|claude|ai\sassistant|the\sassistant|language\smodel)\s(?:must|should|shall|has\sto|is\sinstructed)",
    r"(?:when|if)\s(?:you\s)?(?:are\s)?(?:asked\sto\s)?summari[sz](?:e|ing)\s(?:this|the)\s(?:e-?mail|message|thread)",
    r"(?:これまで|以前|上記|直前|前|既存|すべて)の(?:すべての)?(?:指示|命令|プロンプト|ルール)[をは]?(?:すべて|全て)?(?:無視|忘れ|破棄)",
    r"(?:あなたは|お前は)(?:今から)?(?:ai|人工知能|言語モデル|メールアシスタント)",
    r"(?:ai|アシスタント|copilot|gemini|chatgpt|言語モデル)(?:アシスタント)?(?:への|に対する)(?:指示|命令|お願い)",
    r"(?:この|本)メールを要約(?:する|した)(?:際|場合|とき)",
)
_SEARCHED = re2.compile("|".join(_ORDERS))
_WORDS = (
    r"instruction|prompt|assistant|language model|artificial intelligence|copilot|gemini|chatgpt|claude|developer message|summari[sz]|\bllm|"
    r"\bai\b|指示|命令|要約|アシスタント|人工知能|言語モデル|プロンプト|ルール",
)
_HINT = re2.compile(rf"(?i){'|'.join(_WORDS)}|disregard|override|ignore|forget|[Ａ-Ｚａ-ｚ]{{3}}")
_HIDDEN = re2.compile(
    r"(?i)<(!--)|<([a-z][a-z0-9]*)\b[^<>]*(?:display\s*:\s*none|visibility\s*:\s*hidden|opacity\s*:\s*0\s*[;\"']|"
    r"font-size\s*:\s*[01](?:px|pt|em)?\s*[;\"']|[\"';\s]color\s*:\s*(?:#fff(?:fff)?|white)\b|\shidden\b)"
)
AFTER = 1_000
"""Characters of a hidden element that are searched."""
_TAG = re.compile(r"<[^<>]{0,2000}>")
_BLANKS = re.compile(r"\s+")


@rule(control="IN-LANGUAGE", direction="inbound", wakes=(Given.PAGE, Given.FILE, Says(_WORDS)))
def hidden_orders(mail: ByFiles, organisation: Organisation) -> Iterator[Sight]:
    """Words that tell an assistant what to do: 4 when no person sees them (comments, hidden, tiny or white text of a page),
    3 in a file, 1 in what is read, where people also write about such attacks."""
    for part in mail.reading.parts:
        if part.content_type == "text/html" and not part.children:
            page = part.text()[:LONGEST]
            if not _HINT.search(html.unescape(page) if "&#" in page else page):
                continue
            for hidden in _HIDDEN.finditer(page):
                text = page[hidden.end() : hidden.end() + AFTER]
                inside = text.partition("-->" if hidden[1] else f"</{hidden[2]}")[0]
                text = _TAG.sub(" ", html.unescape(inside.partition(">")[2] if hidden[2] else inside))
                if found := _SEARCHED.search(_flat(fold(text).lower())):
                    evidence = (Evidence(found[0][:120], part.path or "1", -1),)
                    yield Sight(evidence, weight=4, values={"words": found[0][:60]})
                    return
    for each in mail.incoming.attached:
        if _HINT.search(each.text) and (found := _SEARCHED.search(_flat(each.text))):
            evidence = (Evidence(found[0][:120], each.part, -1),)
            yield Sight(evidence, weight=3, values={"words": found[0][:60]})
            return
    if found := _SEARCHED.search(_flat(mail.incoming.folded)):
        yield Sight((mail.incoming.quote(found[0]),), weight=1, values={"words": found[0][:60]})


def _flat(text: str) -> str:
    return _BLANKS.sub(" ", text)
