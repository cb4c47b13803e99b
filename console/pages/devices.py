"""Devices: the credentials by which a person's devices submit mail, made, shown once, and revoked (OUT-DEVICE)."""

import re
from urllib.parse import quote

from starlette.exceptions import HTTPException
from starlette.responses import Response

from console.visit import SIGNED_IN, Visit, page
from directory.account import name_in
from directory.devices import DeviceRefused
from quarantine.item import NotAllowed
from quarantine.rights import Verb
from quarantine.service.device_keys import MadeDevice


@page("GET", "/devices", SIGNED_IN)
async def list_devices(visit: Visit) -> Response:
    """One's own; with `of` those of somebody else, for who is in charge of devices."""
    return await _show(visit, visit.query("of"))


@page("POST", "/devices", SIGNED_IN)
async def make(visit: Visit) -> Response:
    """Make one, and show its password in this answer only."""
    of, networks = visit.field("of", 320), tuple(re.split(r"[\s,;]+", visit.field("networks").strip()))
    try:
        made = await visit.service.make_device(
            visit.field("name", 200), networks=networks, certificate=visit.field("certificate", 200), of=of
        )
    except DeviceRefused as refused:
        return await _show(visit, of, errors=refused.reasons, status=400)
    except NotAllowed:
        raise HTTPException(404) from None
    return await _show(visit, of, made=made)


@page("POST", "/devices/{id}/revoke", SIGNED_IN)
async def revoke(visit: Visit) -> Response:
    try:
        gone = await visit.service.revoke_device(visit.request.path_params["id"])
    except NotAllowed:
        raise HTTPException(404) from None
    if not gone:
        raise HTTPException(404)
    of = visit.field("of", 320)
    return visit.to(f"/devices?of={quote(of, safe='')}" if of else "/devices", "did_device_revoke")


async def _show(
    visit: Visit,
    of: str,
    *,
    made: MadeDevice | None = None,
    errors: list[str] | None = None,
    status: int = 200,
) -> Response:
    try:
        found = await visit.service.devices(of)
    except NotAllowed:
        raise HTTPException(404) from None
    others = Verb.DEVICES in visit.charge and found.own
    return visit.render(
        "devices.html",
        status=status,
        person=found.account,
        own=found.own,
        made_by=lambda login: name_in(found.names.get(login, {}), visit.language) or login,
        devices=found.devices,
        others=[d for d in await visit.service.all_devices() if d.login != found.account.login]
        if others
        else [],
        made=made,
        errors=errors or [],
        filled={
            name: visit.field(name, 500) if errors else "" for name in ("name", "networks", "certificate")
        },
    )
