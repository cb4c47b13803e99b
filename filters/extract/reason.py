"""Why a file cannot be read, or not to its end: a closed set that people read as [reason] of values.toml."""

from enum import StrEnum


class Reason(StrEnum):
    """A reason by its name, with the verdict it implies: "limit", "corrupt", "encrypted" or "unsupported"."""

    verdict: str

    def __new__(cls, name: str, verdict: str) -> "Reason":
        member = str.__new__(cls, name)
        member._value_ = name
        member.verdict = verdict
        return member

    BYTES = "bytes", "limit"
    MEMBERS = "members", "limit"
    PARTS = "parts", "limit"
    PAGES = "pages", "limit"
    TEXT = "text", "limit"
    DEPTH = "depth", "limit"
    RATIO = "ratio", "limit"
    MEMORY = "memory", "limit"
    TIME = "time", "limit"
    CUT_OFF = "cut_off", "corrupt"
    MALFORMED = "malformed", "corrupt"
    CHECKSUM = "checksum", "corrupt"
    CONTRADICTORY = "contradictory", "corrupt"
    BEHIND = "behind", "corrupt"
    PASSWORD = "password", "encrypted"
    TOO_LARGE = "too_large", "encrypted"
    FORMAT = "format", "unsupported"
    METHOD = "method", "unsupported"
    RUNS = "runs", "unsupported"
    NO_TEXT = "no_text", "unsupported"
    VOLUME = "volume", "unsupported"
    REST = "rest", "unsupported"


class Stop(Exception):
    """Reading ends here. `detail` is for operators: a format and a few words of English, such as "zip: cut off"."""

    def __init__(self, reason: Reason, detail: str = "") -> None:
        super().__init__(detail or reason.value)
        self.reason = reason
        self.detail = detail

    @property
    def verdict(self) -> str:
        return self.reason.verdict
