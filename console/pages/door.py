"""The door: login, one-time code, password, logout."""

import re

from starlette.responses import Response

from config.tenant import EVERY
from console.visit import ANYONE, SIGNED_IN, Visit, page
from directory.account import Account
from directory.logins import TooManyFailures
from directory.passwords import MAXIMUM
from directory.people import PasswordRefused
from quarantine.events import JournalEvent
from quarantine.item import Entry
from storage.interfaces import StoreError

_NEXT = re.compile(
    r"/(?:(?:mail|trace|received|reports)/[a-z0-9]{1,128}|mail|received|approvals|quarantine|reports|trace"
    r"|listings|partners|people)?"
)


_WAITING = re.compile(r"/waiting(?:/[a-z0-9]{1,128})?|/digest/[\w-]{43}", re.ASCII)


def _next(text: str) -> str:
    """Where to go after login: a page of ours, never another site."""
    return text if _NEXT.fullmatch(text) or _WAITING.fullmatch(text) else "/"


@page("GET", "/login", ANYONE)
async def login_form(visit: Visit) -> Response:
    if visit.session is not None:
        return visit.to("/")
    return visit.render("login.html", error="", login="", next=_next(visit.query("next")))


@page("POST", "/login", ANYONE)
async def login(visit: Visit) -> Response:
    """A password. The answer is the same for an unknown name, a wrong password and a disabled account."""
    name, next_page = visit.field("login", 320), _next(visit.field("next"))
    try:
        found = await _check(visit, name, "password", EVERY)
    except TooManyFailures:
        return visit.render("login.html", status=429, error="login_many", login=name, next=next_page)
    except StoreError:
        return visit.render("login.html", status=503, error="login_busy", login=name, next=next_page)
    if found is None:
        return visit.render("login.html", status=401, error="login_wrong", login=name, next=next_page)
    await _open(visit, found)
    return visit.to(next_page)


@page("GET", "/once", ANYONE)
async def once_form(visit: Visit) -> Response:
    return visit.render("once.html", error="")


@page("POST", "/once", ANYONE)
async def once(visit: Visit) -> Response:
    """A one-time code of 100 bits: typed or pasted, never part of an address."""
    found = await visit.context.sessions.redeem(visit.field("code", 100), visit.now)
    account = await visit.context.people.account(*found) if found else None
    if account is None or account.disabled:
        return visit.render("once.html", status=401, error="once_wrong")
    await _open(visit, account, once=True)
    return visit.to("/password")


@page("GET", "/password", SIGNED_IN)
async def password_form(visit: Visit) -> Response:
    return visit.render("password.html", errors=[], once=visit.session is not None and visit.session.once)


@page("POST", "/password", SIGNED_IN)
async def password(visit: Visit) -> Response:
    """A new password (OPS-PASSWORD). All other sessions of the person end."""
    context, once = visit.context, visit.session is not None and visit.session.once
    errors = []
    if not once:
        try:
            if await _check(visit, visit.me.login, "old", visit.me.tenant) is None:
                errors.append("password_old_wrong")
        except TooManyFailures:
            errors.append("login_many")
    if visit.field("new", MAXIMUM + 1) != visit.field("again", MAXIMUM + 1):
        errors.append("password_differs")
    if not errors:
        try:
            await context.people.set_password(
                visit.me.tenant, visit.me.login, visit.field("new", MAXIMUM + 1)
            )
        except PasswordRefused as refused:
            errors += refused.reasons
    if errors:
        return visit.render("password.html", status=400, errors=errors, once=once)
    await context.store.record(
        Entry(visit.now, JournalEvent.PASSWORD_SET, visit.me.login, tenant=visit.me.tenant)
    )
    await context.sessions.end_all(visit.me.tenant, visit.me.login)
    await _open(visit, visit.me)
    return visit.to("/", "did_password")


@page("POST", "/logout", SIGNED_IN)
async def logout(visit: Visit) -> Response:
    if visit.session is not None:
        await visit.context.sessions.end(visit.session.digest)
    visit.set_cookie("session", None)
    return visit.to("/login")


async def _check(visit: Visit, login: str, field: str, tenant: str) -> Account | None:
    """Whose login this is together with the password in a field of the form. Raises TooManyFailures, StoreError."""
    password = visit.field(field, MAXIMUM + 1)
    return await visit.context.authenticate(login, password, visit.peer, tenant, visit.cookie("device"))


async def _open(visit: Visit, account: Account, *, once: bool = False) -> None:
    """A new session; the one that was there ends (no fixation)."""
    if visit.session is not None:
        await visit.context.sessions.end(visit.session.digest)
    cookie = await visit.context.sessions.start(
        account.tenant, account.login, visit.peer, visit.now, language=visit.language, once=once
    )
    visit.set_cookie("session", cookie)
    visit.set_cookie("form", None)
    if not once:
        visit.set_cookie("device", visit.context.device(account))
    await visit.context.store.record(
        Entry(
            visit.now,
            JournalEvent.LOGIN,
            account.login,
            tenant=account.tenant,
            detail={"peer": visit.peer, "once": once},
        )
    )
