"""The section of the settings that says who keeps the master key to itself (config/settings.py)."""

from pathlib import Path
from typing import Annotated, Self

from pydantic import Field, model_validator

from config.section import Section


class KeyServiceSection(Section):
    """A token that keeps the master key above the keys of contents to itself (storage/key_service.py; the extra [hsm]).
    Small secrets stay under seal.key.

    module     the library of the token's maker, PKCS #11; without it there is no service
    token      the token's label
    keys       labels of its AES keys: the first one wraps, every one opens
    pin_file   the PIN of its user
    seconds    for which an answer is waited for; then 451
    leave      the service only opens: a start puts all under seal.key again
    """

    module: Path | None = None
    token: str = ""
    keys: tuple[Annotated[str, Field(min_length=1)], ...] = ()
    pin_file: Path | None = None
    seconds: Annotated[float, Field(ge=0.1, le=60)] = 5.0
    leave: bool = False

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if self.module is not None and not (self.token and self.keys and self.pin_file):
            raise ValueError("a key service needs module, token, keys and pin_file")
        if len(set(self.keys)) < len(self.keys):
            raise ValueError("a key is named twice")
        return self
