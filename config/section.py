"""What a section of the settings is made of: kinds of values, each with the sentence that says what is wrong with one."""

import ipaddress
import re
from typing import Annotated
from zoneinfo import ZoneInfo, available_timezones

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from config import tenant
from config.problems import meant

Port = Annotated[int, Field(ge=0, le=65535)]
Seconds = Annotated[float, Field(gt=0)]
Count = Annotated[int, Field(ge=1)]


def _network(text: str) -> str:
    try:
        ipaddress.ip_network(text, strict=False)
    except ValueError:
        raise ValueError('is not a network such as "10.0.0.0/8"') from None
    return text


def _address(text: str) -> str:
    try:
        return str(ipaddress.ip_address(text))
    except ValueError:
        raise ValueError('is not an IP address such as "192.0.2.53"') from None


def host_name(text: str) -> str:
    """The name as it is compared. Raises ValueError when it is none."""
    name = text.lower().rstrip(".")
    if not re.fullmatch(r"[a-z0-9_-]+(?:\.[a-z0-9_-]+)*", name):
        raise ValueError('is not a host or domain name such as "mx.example.jp" (use A-labels)')
    return name


def _timezone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ValueError, OSError, KeyError):
        guess = meant(name, available_timezones())
        raise ValueError(f'is not a time zone such as "Asia/Tokyo"{guess}') from None
    return name


def _mail_address(text: str) -> str:
    if text and not re.fullmatch(r"[^@\s]{1,64}@[^@\s]{1,253}", text):
        raise ValueError('is not an address such as "report@example.jp"')
    return text.lower()


def _tenant(name: str) -> str:
    if not tenant.valid(name):
        raise ValueError('is not the name of a tenant such as "acme": small letters, digits and hyphens')
    return name


Network = Annotated[str, AfterValidator(_network)]
Zone = Annotated[str, AfterValidator(_timezone)]
MailAddress = Annotated[str, AfterValidator(_mail_address)]
"""One mailbox, in lower case; may be empty."""
Address = Annotated[str, AfterValidator(_address)]
HostName = Annotated[str, AfterValidator(host_name)]
TenantName = Annotated[str, AfterValidator(_tenant)]


class Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)
