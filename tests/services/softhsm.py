"""A token of SoftHSM (Debian's softhsm2): keys that no program gets out, behind the same library call as a hardware module's."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from storage.key_service import Pkcs11
from tests.services.postgres import unavailable

PIN = "1234-hachi"
TOKEN = "sekisho"


class Token:
    """A token in a folder, with AES keys of these labels; `away` and `back`: it cannot be reached, and can be again."""

    def __init__(self, folder: Path, *labels: str) -> None:
        if shutil.which("softhsm2-util") is None:
            unavailable("softhsm2 is not installed")
        self.module = next(Path("/usr/lib").glob("**/libsofthsm2.so"))
        self.folder = folder
        self._tokens, self._gone = folder / "tokens", folder / "gone"
        self._tokens.mkdir(parents=True)
        self.conf = folder / "softhsm2.conf"
        self.conf.write_text(
            f"directories.tokendir = {self._tokens}\nobjectstore.backend = file\nlog.level = ERROR\n"
        )
        self.pin_file = folder / "pin"
        self.pin_file.write_text(PIN + "\n")
        subprocess.run(
            ["softhsm2-util", "--init-token", "--free", "--label", TOKEN, "--pin", PIN, "--so-pin", "5678-sakura"],
            env={**os.environ, "SOFTHSM2_CONF": str(self.conf)}, check=True, capture_output=True,
        )  # fmt: skip
        self._make(labels)

    def _make(self, labels: tuple[str, ...]) -> None:
        import pkcs11

        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("SOFTHSM2_CONF", str(self.conf))
            library = pkcs11.lib(str(self.module))
            library.reinitialize()
            with library.get_token(token_label=TOKEN).open(user_pin=PIN, rw=True) as session:
                for label in labels:
                    session.generate_key(
                        pkcs11.KeyType.AES, 256, label=label, store=True,
                        template={pkcs11.Attribute.SENSITIVE: True, pkcs11.Attribute.EXTRACTABLE: False},
                    )  # fmt: skip

    def service(self, *labels: str, pin: str = PIN, seconds: float = 20.0) -> Pkcs11:
        return Pkcs11(self.module, TOKEN, labels, pin, seconds)

    def settings(self, *labels: str) -> str:
        """As lines of the settings, above all tables."""
        names = ", ".join(f'"{label}"' for label in labels)
        return (
            f'key_service = {{ module = "{self.module}", token = "{TOKEN}", keys = [{names}],'
            f' pin_file = "{self.pin_file}" }}\n'
        )

    def away(self) -> None:
        self._tokens.rename(self._gone)

    def back(self) -> None:
        self._gone.rename(self._tokens)
