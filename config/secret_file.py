"""Secrets stand in files of their own, never in the settings (config/settings.py)."""

from pathlib import Path

from config.policy import ConfigError
from config.problems import why_not


def secret_of(name: str, file: Path | None) -> str:
    """What stands in a file of the settings, "" without a file. Raises ConfigError."""
    if file is None:
        return ""
    try:
        return file.read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError([f"{name}: {file} cannot be read ({why_not(error)})"]) from None
