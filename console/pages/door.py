"""The door: login, one-time code, password, logout; and the page that a refusal names."""

import re

from starlette.responses import Response

from console.visit import ANYONE, SIGNED_IN, Visit, closed, page
from directory.logins import TooManyFailures
from directory.passwords import MAXIMUM
from directory.people import PasswordRefused
from quarantine.service.caller import Stage
from storage.interfaces import StoreError

_NEXT = re.compile(
    r"/(?:(?:mail|trace|received|reports)/[a-z0-9]{1,128}|mail|received|approvals|quarantine|reports|trace"
    r"|listings|partners|people)?"
)


_CODE = re.compile(r"[a-z0-9]{1,128}", re.ASCII)
_WAITING = re.compile(r"/waiting(?:/[a-z0-9]{1,128})?|/digest/[\w-]{43}", re.ASCII)


def _next(text: str) -> str:
    """Where to go after login: a page of ours, never another site."""
    return text if _NEXT.fullmatch(text) or _WAITING.fullmatch(text) else "/"


@page("GET", "/login", ANYONE)
async def login_form(visit: Visit) -> Response:
    if visit.account is not None:
        return visit.to("/")
    return visit.render("login.html", error="", login="", next=_next(visit.query("next")))


@page("POST", "/login", ANYONE)
async def login(visit: Visit) -> Response:
    """A password. The answer is the same for an unknown name, a wrong password and a disabled account."""
    name, next_page = visit.field("login", 320), _next(visit.field("next"))
    try:
        entered = await visit.service.login(
            name,
            visit.field("password", MAXIMUM + 1),
            peer=visit.peer,
            device=visit.cookie("device"),
            language=visit.language,
            host=visit.host,
            agent=visit.agent,
        )
    except TooManyFailures:
        return visit.render("login.html", status=429, error="login_many", login=name, next=next_page)
    except StoreError:
        return visit.render("login.html", status=503, error="login_busy", login=name, next=next_page)
    if entered is None:
        return visit.render("login.html", status=401, error="login_wrong", login=name, next=next_page)
    if entered.suspended is not None:
        return closed(visit, entered.suspended)
    visit.open(entered)
    return visit.to(next_page)


@page("GET", "/second", SIGNED_IN)
async def second_form(visit: Visit) -> Response:
    """The second step, for who has given a password."""
    if visit.stage is not Stage.SECOND:
        return visit.to("/")
    return visit.render("second.html", error="", next=_next(visit.query("next")))


@page("POST", "/second", SIGNED_IN)
async def second(visit: Visit) -> Response:
    next_page, error, status = _next(visit.field("next")), "second_wrong", 401
    if visit.stage is not Stage.SECOND:
        return visit.to("/")
    try:
        entered = await visit.service.second(
            visit.field("code", 100), peer=visit.peer, language=visit.language
        )
    except TooManyFailures:
        entered, error, status = None, "second_wait", 429
    if entered is None:
        return visit.render("second.html", status=status, error=error, next=next_page)
    visit.open(entered)
    return visit.to(next_page)


@page("GET", "/once", ANYONE)
async def once_form(visit: Visit) -> Response:
    return visit.render("once.html", error="")


@page("POST", "/once", ANYONE)
async def once(visit: Visit) -> Response:
    """A one-time code of 100 bits: typed or pasted, never part of an address."""
    code = visit.field("code", 100)
    entered = await visit.service.redeem(code, peer=visit.peer, language=visit.language, agent=visit.agent)
    if entered is None:
        return visit.render("once.html", status=401, error="once_wrong")
    if entered.suspended is not None:
        return closed(visit, entered.suspended)
    visit.open(entered)
    return visit.to("/password")


@page("GET", "/refused/{code}", ANYONE)
async def refused(visit: Visit) -> Response:
    """Where an SMTP reply leads whose mail was refused: how to go on. It tells nothing of any mail, and asks for no login."""
    code = visit.request.path_params["code"]
    return visit.render("refused.html", code=code if _CODE.fullmatch(code) else "")


@page("GET", "/password", SIGNED_IN)
async def password_form(visit: Visit) -> Response:
    return visit.render("password.html", errors=[], once=visit.stage is Stage.PASSWORD)


@page("POST", "/password", SIGNED_IN)
async def password(visit: Visit) -> Response:
    """A new password (OPS-PASSWORD). All other sessions of the person end."""
    new, errors = visit.field("new", MAXIMUM + 1), []
    if new != visit.field("again", MAXIMUM + 1):
        errors.append("password_differs")
    else:
        try:
            entered = await visit.service.set_password(
                visit.field("old", MAXIMUM + 1),
                new,
                peer=visit.peer,
                device=visit.cookie("device"),
                language=visit.language,
            )
        except PasswordRefused as refused:
            errors += refused.reasons
    if errors:
        return visit.render("password.html", status=400, errors=errors, once=visit.stage is Stage.PASSWORD)
    visit.open(entered)
    return visit.to("/", "did_password")


@page("POST", "/logout", SIGNED_IN)
async def logout(visit: Visit) -> Response:
    await visit.service.logout()
    visit.set_cookie("session", None)
    return visit.to("/login")
