"""What says a mail's class beside its texts: header fields of mail programs, and what pictures say where they are not shown.

Sensitivity: Company-Confidential        X-Classification: Internal        <img alt="社外秘">
"""

import re
from collections.abc import Iterable

from filters.detect.text import Text
from mail.message import Part

LABELS = frozenset({
    "sensitivity", "x-sensitivity", "msip_labels", "x-msip-labels", "x-classification", "classification",
    "x-data-classification", "x-document-classification", "x-protective-marking", "x-confidentiality", "keywords",
    "x-security-classification", "security-label", "x-security-label",
})  # fmt: skip
"""Header fields in which mail programs record a class: Sensitivity (RFC 4021 §2.1.55), and sensitivity labels."""


def _named(text: str) -> str:
    """The names in `MSIP_Label_<id>_Name=Confidential; MSIP_Label_<id>_Enabled=true; …`, else the text itself."""
    names = re.findall(r"MSIP_Label_[0-9A-Fa-f-]{1,40}_Name=([^;]{1,200})", text)
    return "\n".join(names) if names else text[:1000]


def labels(root: Part, shown: Iterable[tuple[str, str]]) -> tuple[Text, ...]:
    """Texts of the fields of a mail's root, and of what the pictures of each page say; `shown`: (path of the part, that)."""
    fields = (Text(f"header:{h.name}", _named(h.text), "property") for h in root.headers if h.name in LABELS)
    return (*fields, *(Text(f"{path}#alt", instead, "body") for path, instead in shown if instead))
