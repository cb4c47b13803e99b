"""Where a class is expected, in the languages of offices: labels ("Classification: …"), tags of titles, declarations.

Everyday words such as "internal" are a class behind a label or as a tag, and nowhere else.
"""

import re

_JAPANESE = (
    r"(?:機密|秘密|情報|セキュリティ|文書|資料|データ|開示|公開|取り?扱い?|秘匿|保護|閲覧|配布|格付)(?:性|度)?(?:管理|保護)?の?"
    r"(?:区分|分類|レベル|ランク|等級|種別|範囲|指定|ラベル|格付け?|制限|先|度)|格付け?|秘密(?:度|性)|機密(?:度|性)|取り?扱い(?:注記)?"
)
_ENGLISH = (
    r"(?:(?:security|information|document|data|confidentiality|sensitivity|protection|privacy|classification|handling|dissemination) )?"
    r"(?:classification|sensitivity|confidentiality|(?:protective )?marking|(?:security|confidentiality|sensitivity|protection|classification|information|handling) "
    r"(?:level|class|label|category|marking|rating|tier|grade|caveat))|distribution(?: list| statement)?|dissemination|handling"
)
_GERMAN = (
    r"(?:informations|dokument(?:en)?|daten|sicherheits)?(?:klassifizierung|klassifikation|einstufung)|(?:schutz|sicherheits|informations|vertraulichkeits|dokument(?:en)?)(?:klasse|stufe|level)|"
    r"vertraulichkeit(?:sgrad)?|geheimhaltung(?:sgrad|sstufe)?|geheimhaltungs(?:grad|stufe)"
)
_ROMANCE = (
    r"(?:niveau|degré|nivel|grado|livello|nível|grau) (?:de|di|du|da) (?:la )?(?:confidentialité|sensibilité|diffusion|classification|protection|sécurité|confidencialidad|seguridad|acceso|clasificación|sensibilidad|reserva|"
    r"riservatezza|confidenzialità|classificazione|sicurezza|segretezza|confidencialidade|sigilo|acesso|classificação|segurança)|"
    r"confidentialité|sensibilité|clasificación|confidencialidad|classificazione|riservatezza|classificação|confidencialidade|"
    r"classe de (?:confidentialité|sécurité)|classificatie(?:niveau)?|vertrouwelijkheid(?:sniveau)?|rubricering|beveiligings(?:niveau|klasse)"
)
_OTHERS = (
    r"(?:보안|기밀|문서|비밀|공개|취급|정보) ?(?:등급|구분|분류|수준|범위|여부)|密级|密級|密等|(?:保密|机密|機密|秘密|安全|信息|文件|資訊)(?:级别|等级|等級|級別|程度|分级|分級|分类|分類|级)|知悉范围|(?:公开|公開)(?:范围|範圍|程度)|"
    r"độ mật|mức độ (?:mật|bảo mật)|cấp độ (?:mật|bảo mật)|phân loại|(?:ระดับ)?ชั้นความลับ|klasifikasi|tingkat kerahasiaan|kerahasiaan|sifat|darjah keselamatan|klassning|klassificering|klauzula"
)
_LEVEL = re.compile(
    rf"(?i)(?:^|[^\w]|[_■◆●])(?:{_JAPANESE}|{_ENGLISH}|{_GERMAN}|{_ROMANCE}|{_OTHERS})[\s\])】」』\"']{{0,4}}(?:[:：=|/>→…\-]|,(?=\S|$)|は|\t|\s{{2,}}|$|(?<=[】\])])|\s(?=[\[(【「『■☑✓✔]))"
    r"[\s\[(【「『:：=■●☑✓✔☒*\"']{0,6}(?:[A-Za-z]?[0-9][\s.:\-]{1,2})?$"
)
_ENDS = re.compile(r"[\s\])】」』》*.。\"'}]*(?:$|\t|(?<=[\"']),|,(?:\S|$)|\s{2,}|[(（\[【—–―|]|\s-\s)")
_PAPER = (
    r"document|presentation|report|memo(?:randum)?|paper|file|slide ?(?:deck|s)?|deck|spreadsheet|workbook|plan|proposal|draft|note|material|briefing|dokument|unterlagen?|bericht|präsentation|datei|anlage|papier|übersicht|"
    r"présentation|rapport|fichier|pièce|dossier|documento|presentación|informe|archivo|fichero|presentazione|relazione|rapporto|allegato|apresentação|relatório|arquivo|ficheiro|bestand|presentatie|stuk|bijlage|"
    r"tài liệu|văn bản|dokumen|berkas|laporan"
)
_THIS_PAPER = re.compile(
    rf"(?i)(?:(?:this|the attached|the enclosed|diese[rs]?|(?:die|das|der) (?:beigefügte|anliegende|angehängte)n?|ce|cet|cette|le présent|la présente|(?:le|la) [a-zé]{{2,12}} joint|este|esta|el presente|quest[oa]|il presente|la presente|o presente|dit|deze|het bijgevoegde) "
    rf"(?:(?!not)\w{{2,16}} )?(?:{_PAPER})|(?:{_PAPER}) ini) (?:is|are|ist|sind|est|sont|es|son|è|é|zijn|bersifat)"
    r"(?: (?:strictly|highly|company|streng|strikt|strictement|hautement|estrictamente|strettamente|estritamente|altamente|zeer|de|für den|classified(?: as)?|als|eingestuft als|classé|clasificado como|classificato|als))*[ \"“'«]{1,2}$|"
    r"(?:본|이|해당|첨부(?:된|한)?) ?(?:문서|자료|보고서|파일|서류|계획서|도면)[은는이가] ?$|"
    r"(?:^|[\s。，,])(?:本|此|该|該|所附|附件)(?:份|件)?(?:文件|资料|資料|文档|报告|報告|材料|方案|图纸)(?:内容)?(?:均|皆)?(?:为|為|属于|屬於|属|系|是)(?:公司|本公司|我司|企业)?$"
)
"""In front of a mark: what says of this paper what it is."""
_SO_IT_IS = re.compile(
    r"[\"”'»]?(?:[.,;!。，、]|$|\s(?:and|und|et|y|e|en|dan|-|–|\()|\s?(?:입니다|이므로|이며|이오니|으로|로 ))"
)
_UNTIL = re.compile(
    r"(?i)^\s(?:until|till|bis(?: zum)?|jusqu'(?:au?|à)|hasta(?: el)?|fino a(?:l|ll')?|até|tot(?: en met)?)\s[^\n]{2,32}$"
)
_DECLARED_IN_CODE = re.compile(
    r"(?:^|\s)(?:class|enum|struct|interface|def|const|var|let|import|trait|namespace) $"
)
_IN_CODE = re.compile(r"\s?[({=:;<,]|$")
_LISTED_BEFORE = re.compile(r"[A-Z_]{3,40},\s{1,2}$")
_LISTED_BEHIND = re.compile(r",\s{1,2}[A-Z_]{3}")
_GIVEN = re.compile(r"\s{0,3}=\s{0,3}[\w\"'(]")
_VALUE = re.compile(r"\s{0,4}:?=\s?\S")
_SET_APART = re.compile(r"(?:\s[-|/~]{1,3}|[:|/]|\s?[·•»]|\s--)\s{1,4}$")
_TAG = "[【《≪〔<({（"
_CLOSED = dict(zip(_TAG, "]】》≫〕>)}）", strict=True))
_LEAST = 5
"""Letters of a word in capitals that is a mark when it stands alone."""


def is_level(before: str, after: str) -> bool:
    """True when the word between these is what the label of a class says."""
    return bool(_LEVEL.search(before[-64:]) and _ENDS.match(after))


def is_tag(word: str, role: str, before: str, after: str, *, page: bool) -> bool:
    """True for an everyday word that stands as a tag: in brackets in a subject or a name, or alone."""
    if _VALUE.match(after):
        return False
    left, right = before.strip(), after.strip()
    if role == "property" or page:
        return not any(map(str.isalpha, left + right))
    if role in ("subject", "name"):
        if left[-1:] in _CLOSED and left and right[:1] == _CLOSED[left[-1]]:
            return not any(map(str.isalpha, left[:-1])) or not any(
                map(str.isalpha, right[1:].partition(".")[0])
            )
        if role == "name":
            return word.isupper() and len(word) >= _LEAST
    return word.isupper() and len(word) >= _LEAST and not any(map(str.isalpha, left + right))


def says_of_paper(before: str, after: str) -> bool | None:
    """True when the sentence says of this paper what it is ("Dieses Dokument ist …"), None when it says nothing of it."""
    return bool(_SO_IT_IS.match(after)) if _THIS_PAPER.search(before) else None


def without_end(after: str) -> str:
    """What stands behind a mark, without how long it holds: "until 14 December"."""
    return _UNTIL.sub("", after)


def is_code(before: str, after: str) -> bool:
    """True for a name that a program gives to something of its own: class Confidential(Enum), CONFIDENTIAL = 3."""
    listed = "{" in before and (_LISTED_BEFORE.search(before) or _LISTED_BEHIND.match(after))
    given = _GIVEN.match(after) is not None and not before.strip()
    return (
        bool(listed)
        or given
        or (_DECLARED_IN_CODE.search(before) is not None and _IN_CODE.match(after) is not None)
    )


def is_set_apart(before: str) -> bool:
    """True behind a bar or dash that parts a title from what stands behind it: "Offer - …", "Prices | …"."""
    return _SET_APART.search(before) is not None
