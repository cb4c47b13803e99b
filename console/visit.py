"""One visit: a request with the person behind it, and the table of pages with the rule of each.

Every page is declared with `page(method, path, rule)`; there is no other way into the application, so a page
without a rule cannot exist, and the tests walk the same table (T35). The rules:

    ANYONE                 before login
    SIGNED_IN              any living session
    InCharge(Verb.X)       a session of somebody who is in charge of this (quarantine/rights.py)
    May(Verb.X)            a session of somebody who may do this to the mail in the path
    RECEIVED               a session of somebody for whom the mail in the path arrived

A GET changes nothing. A POST needs the token of the session (before login: of the form cookie) and must not
come from another site (Sec-Fetch-Site, Origin). Cookies are SameSite=Lax, not Strict: a link in a notice
mail must find the session that is there; since no GET acts, Lax gives nothing away.
"""

import secrets
from collections.abc import Awaitable, Callable
from typing import Any

import msgspec
import structlog
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from config.approval import all_spoken
from config.words import LANGUAGES, known, listed, preferred, say
from console.context import Context, host_at
from console.form import read_form, same_site
from console.view import browser, hour, moment, templates
from directory.account import Account
from directory.logins import DEVICE_LIFE, TooManyFailures
from directory.passwords import MAXIMUM
from filters.sentences import sentences
from quarantine.item import Item
from quarantine.rights import Verb, charge
from quarantine.service.arrivals import Arrived
from quarantine.service.caller import Stage
from quarantine.service.entrance import Entered, Suspended
from quarantine.service.mails import OneMail
from quarantine.service.service import Service
from quarantine.store import MANY

COOKIE_LIFE = {"note": 30, "device": int(DEVICE_LIFE)}
"""Seconds for which browsers keep a cookie; the others end with the browser."""


class May(msgspec.Struct, frozen=True):
    """The person may do this to the mail whose id is in the path."""

    verb: Verb


class InCharge(msgspec.Struct, frozen=True):
    """The person is in charge of this in their tenant."""

    verb: Verb


ANYONE = "anyone"
SIGNED_IN = "signed in"
RECEIVED = "received"
Rule = str | InCharge | May

PROOF = "sekisho-proof"
"""The field in which somebody shows again who they are."""
OPEN = {
    Stage.PASSWORD: ("/password",),
    Stage.SECOND: ("/second",),
    Stage.ENROL: ("/second-factor", "/second-factor/begin", "/second-factor/new", "/second-factor/enrol"),
}
"""The pages for who has not come in whole, the first of them where everything else leads; /logout besides."""
BADGES = {"/waiting": "held", "/approvals": "asked", "/quarantine": "requested"}
"""The numbers in the menu, by the page that they stand beside (quarantine/service/overview.py: Badges)."""


class Visit:
    """A request whose rule has been checked. `mail` is set for pages of one mail, `received` for those of a mail that
    arrived; `stage` says how far the person came in, `factor` what second factor they showed, `enrol_by` until when they may go on without a second factor (0: for
    ever)."""

    account: Account | None = None
    suspended: Suspended | None = None
    stage: Stage = Stage.WHOLE
    factor: str = ""
    enrol_by: float = 0.0
    mail: OneMail
    received: Arrived

    def __init__(self, request: Request, context: Context, page: "Page | None" = None) -> None:
        self.request = request
        self.page = page
        self.context = context
        self.host = host_at(request.headers.get("host", ""))
        self.now = context.clock()
        self.service: Service = context.services(self.cookie("session"))
        self.form: dict[str, list[str]] = {}
        self.language = context.language
        self.form_token = ""
        self.badges: dict[str, int] = {}
        self._cookies: dict[str, str | None] = {}

    @property
    def me(self) -> Account:
        if self.account is None:
            raise HTTPException(403)
        return self.account

    @property
    def timezone(self) -> str:
        """In which times are told to whoever this is."""
        return self.context.zone(self.account.tenant) if self.account else self.context.timezone

    @property
    def report_address(self) -> str:
        """Where the person can forward suspicious mail, "" when there is no such address."""
        return self.context.report_address(self.me.tenant)

    @property
    def item(self) -> Item:
        return self.mail.item

    @property
    def rights(self) -> frozenset[Verb]:
        """What the person may do with the mail of this visit."""
        return self.mail.rights

    @property
    def charge(self) -> frozenset[Verb]:
        """What the person is in charge of."""
        return charge(self.me)

    @property
    def peer(self) -> str:
        return self.request.client.host if self.request.client else ""

    @property
    def agent(self) -> str:
        """What browser it is."""
        return browser(self.request.headers.get("user-agent", "")[:500])

    @property
    def here(self) -> str:
        """The page to open again by GET: this one, or after a POST the nearest one above it in the table."""
        if self.page is None or self.page.method == "GET":
            return "/" + self.request.url.path.lstrip("/\\")  # "//host" would be another site
        readable = {p.path for p in PAGES if p.method == "GET"}
        path = self.page.path
        while path and path not in readable:
            path = path.rpartition("/")[0]
        return path.format_map(self.request.path_params) or "/"

    def field(self, name: str, limit: int = 2000) -> str:
        """A field of the form, "" when absent."""
        return self.form.get(name, [""])[0][:limit]

    def query(self, name: str, limit: int = 200) -> str:
        return self.request.query_params.get(name, "")[:limit]

    def cookie_name(self, name: str) -> str:
        return f"__Host-sekisho-{name}" if self.context.secure(self.host) else f"sekisho-{name}"

    def cookie(self, name: str) -> str:
        return self.request.cookies.get(self.cookie_name(name), "")

    def set_cookie(self, name: str, value: str | None) -> None:
        """Set (None: delete) a cookie on the response of this visit."""
        self._cookies[name] = value

    def open(self, entered: Entered) -> None:
        """A new session; the one that was there has ended."""
        self.set_cookie("session", entered.token)
        self.set_cookie("form", None)
        if entered.device:
            self.set_cookie("device", entered.device)

    def say(self, key: str, **values: object) -> str:
        """A sentence of the console (config/words/*/console.toml) in the language of this visit."""
        return say(self.language, f"console.{key}", **values)

    def say_of(self, item: Item, key: str, **values: object) -> str:
        """As `say`, in the words for the direction of this mail: "KEY_inbound" where there is one, else "KEY"."""
        directed = f"{key}_{item.direction}"
        return self.say(directed if known(self.language, f"console.{directed}") else key, **values)

    def known_of(self, item: Item, prefix: str, name: str) -> str:
        """As `known`, in the words for the direction of this mail."""
        return known(self.language, f"values.{prefix}.{name}_{item.direction}") or self.known(prefix, name)

    def known(self, prefix: str, name: str) -> str:
        """The word for a name that comes from data, such as a state or an event; the name itself when there is none."""
        return known(self.language, f"values.{prefix}.{name}") or str(name)

    def hour(self, at: float) -> str:
        """The clock time of UTC seconds, for sentences."""
        return hour(at, self.language, self.timezone)

    def _noted(self) -> str:
        """The note of the page before, as a sentence; "" for none. Behind "~" stands a time (UTC seconds)."""
        key, _, at = self.cookie("note").partition("~")
        if not key.startswith("did_") or not known(self.language, f"console.{key}", {"time": ""}):
            return ""
        return self.say(key, time=self.hour(float(at)) if at.isdecimal() else "")

    def render(self, template: str, *, status: int = 200, **values: Any) -> Response:
        """A page from a template."""
        language, timezone = self.language, self.timezone
        note = self.cookie("note")
        if note:
            self.set_cookie("note", None)
        text = templates().get_template(template).render(
            visit=self,
            me=self.account,
            language=language,
            languages=[(tag, say(tag, "language.name")) for tag in LANGUAGES if tag != language],
            now=self.now,
            form_token=self.form_token,
            note=self._noted(),
            late=note == "late",
            t=self.say,
            t_of=self.say_of,
            known=self.known,
            known_of=self.known_of,
            all_known=lambda prefix, names: listed(language, [self.known(prefix, n) for n in names]),
            approvers=lambda chains: all_spoken(chains, language),
            comma=say(language, "language.comma"),
            colon=say(language, "language.colon"),
            moment=lambda at, seconds=False: moment(at, language, timezone, seconds=seconds),
            hour=self.hour,
            number=lambda n: n if n <= MANY else self.say("number_more", count=MANY),
            reasons_of=lambda item: sentences(item.findings, language),
            section="",
            **values,
        )  # fmt: skip
        return HTMLResponse(text, status_code=status)

    def to(self, path: str, note: str = "") -> Response:
        """See other: the page to look at after a POST, with a note that it shows once.

        The note is a cookie, not a parameter of the address: nobody can send a link that claims a success.
        """
        if note:
            self.set_cookie("note", note)
        return RedirectResponse(path, status_code=303)

    def finish(self, response: Response) -> Response:
        """The response with the cookies of this visit."""
        for name, value in self._cookies.items():
            response.set_cookie(
                self.cookie_name(name),
                value or "",
                max_age=0 if value is None else COOKIE_LIFE.get(name),
                path="/",
                secure=self.context.secure(self.host),
                httponly=True,
                samesite="lax",
            )
        return response


Endpoint = Callable[[Visit], Awaitable[Response]]


class Page(msgspec.Struct, frozen=True):
    """One entry of the table of pages."""

    method: str
    path: str
    rule: Rule
    endpoint: Endpoint


PAGES: list[Page] = []


def page(method: str, path: str, rule: Rule) -> Callable[[Endpoint], Endpoint]:
    """Declare a page and who may use it."""

    def declare(endpoint: Endpoint) -> Endpoint:
        PAGES.append(Page(method, path, rule, endpoint))
        return endpoint

    return declare


async def answer(declared: Page, request: Request) -> Response:
    """Check a request against the rule of its page, then let the page answer."""
    visit = request.state.visit = Visit(request, request.app.state.context, declared)
    await _recognise(visit)
    if visit.suspended is not None:
        return visit.finish(closed(visit, visit.suspended))
    if declared.method == "POST":
        visit.form = await read_form(request)
        same_site(request, visit.form, visit.form_token)
    if declared.rule != ANYONE:
        if visit.account is None:
            if declared.method != "GET":
                raise HTTPException(403)
            return visit.finish(
                visit.to(f"/login?next={request.url.path}" if request.url.path != "/" else "/login")
            )
        if visit.stage and declared.path not in (*OPEN[visit.stage], "/logout"):
            where, then = OPEN[visit.stage][0], request.url.path
            leads = visit.stage is Stage.SECOND and declared.method == "GET" and then != "/"
            return visit.finish(visit.to(f"{where}?next={then}" if leads else where))
    if PROOF in visit.form and (asked := await _proved(visit)) is not None:
        return visit.finish(asked)
    await _check(visit, declared.rule)
    if declared.rule != ANYONE and declared.method == "GET":  # a POST answers without a menu
        visit.badges = await _badges(visit)
    return visit.finish(await declared.endpoint(visit))


async def _proved(visit: Visit) -> Response | None:
    """Somebody shows again who they are, with the form that asked for it; None when it was right, and the form goes on in a
    new session."""
    shown = visit.form.pop(PROOF)[0][: MAXIMUM + 1]
    if visit.account is None:
        raise HTTPException(403)
    try:
        entered = await visit.service.prove(
            shown, peer=visit.peer, device=visit.cookie("device"), language=visit.language
        )
    except TooManyFailures:
        return prove(visit, "second_wait" if visit.factor else "login_many", 429)
    if entered is None:
        return prove(visit, "second_wrong" if visit.factor else "password_old_wrong", 401)
    visit.open(entered)
    visit.service = visit.context.services(entered.token)
    visit.form_token = (await visit.service.who()).form_token
    return None


def prove(visit: Visit, error: str = "", status: int = 403) -> Response:
    """The page on which somebody shows again who they are; what they had typed goes along in it."""
    typed = [(name, value) for name, values in visit.form.items() if name != "token" for value in values]
    return visit.render("prove.html", status=status, error=error, factor=visit.factor, typed=typed)


def closed(visit: Visit, suspended: Suspended) -> Response:
    """For whose organisation is suspended, whatever they ask for."""
    return visit.render("suspended.html", status=403, suspended=suspended)


async def _badges(visit: Visit) -> dict[str, int]:
    """Numbers in the menu, by the path of the page that they belong to."""
    if visit.stage:
        return {}
    numbers = await visit.service.badges()
    return {path: getattr(numbers, name) for path, name in BADGES.items()}


async def _recognise(visit: Visit) -> None:
    """Session, person and language of the request."""
    asked_for, chosen = visit.query("lang"), visit.cookie("lang")
    browser = visit.request.headers.get("accept-language", "")
    visit.language = chosen if chosen in LANGUAGES else preferred(browser, visit.language)
    if asked_for in LANGUAGES:
        visit.language = chosen = asked_for
        visit.set_cookie("lang", asked_for)
    present = await visit.service.who(visit.host)
    visit.suspended = present.suspended
    if present.account is not None:
        visit.account, visit.form_token = present.account, present.form_token
        visit.stage, visit.enrol_by, visit.factor = present.stage, present.enrol_by, present.factor
        structlog.contextvars.bind_contextvars(tenant=visit.account.tenant)
    else:
        structlog.contextvars.unbind_contextvars("tenant")  # of the request before on this connection
        visit.form_token = visit.cookie("form")
        if len(visit.form_token) != 32:
            visit.form_token = secrets.token_urlsafe(24)
            visit.set_cookie("form", visit.form_token)
    if chosen not in LANGUAGES:
        person = visit.account.language if visit.account is not None else ""
        visit.language = person if person in LANGUAGES else preferred(browser, present.language)


async def _check(visit: Visit, rule: Rule) -> None:
    """Raises what the page answers; the service asks again for everything that is done. Missing is 404."""
    if isinstance(rule, InCharge) and rule.verb not in visit.charge:
        raise HTTPException(404)
    if rule == RECEIVED:
        visit.received = await visit.service.arrived(visit.request.path_params["mail_id"])
    if isinstance(rule, May):
        visit.mail = await visit.service.mail(visit.request.path_params["id"])
        if rule.verb not in visit.rights:
            raise HTTPException(403 if Verb.SEE in visit.rights else 404)
