"""The console as an ASGI application: the table of pages, the headers of every answer, the pages for errors.

Diagnostics: an unexpected exception is logged with its traceback and answered with a page that says only
that the fault is ours; StoreError becomes 503, as in SMTP it becomes 451.
"""

from collections.abc import Awaitable, Callable
from functools import cache
from importlib import resources
from typing import cast

import structlog
from starlette.applications import Starlette
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

import console.pages  # noqa: F401 (fills the table of pages)
from config.log_events import LogEvent
from config.words import LANGUAGES, known
from console import content
from console.context import Context, host_at
from console.pages import second_factor
from console.view import moment, templates
from console.visit import PAGES, Page, Visit, answer, prove
from mail import all_codecs
from quarantine.item import NotAllowed
from quarantine.service.caller import ProofNeeded
from quarantine.store import Missing
from storage.interfaces import StoreError

log = structlog.get_logger()

HEADERS = {
    "content-security-policy": "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "cache-control": "no-store",
}
"""On every answer (ASVS 3.4)."""
_HTTPS = (b"strict-transport-security", b"max-age=31536000")
"""Where the console is reached by https."""

STATIC = {
    "console.css": "text/css; charset=utf-8",
    "countdown.js": "text/javascript; charset=utf-8",
    "logo.svg": "image/svg+xml",
    "review.js": "text/javascript; charset=utf-8",
}


def create_app(context: Context) -> Starlette:
    """The application. Everything that is not in the table of pages is 404."""
    paths: dict[str, dict[str, Page]] = {}
    for declared in PAGES:
        paths.setdefault(declared.path, {})[declared.method] = declared
    routes = [Route(path, _endpoint(by_method), methods=list(by_method)) for path, by_method in paths.items()]
    routes.append(Route("/static/{name}", _static, methods=["GET"]))
    app = Starlette(
        routes=routes,
        exception_handlers={HTTPException: _refused},
    )
    app.router.redirect_slashes = False
    app.state.context = context
    app.add_middleware(Shield, context=context)
    return app


class Shield:
    """Puts HEADERS on every answer."""

    def __init__(self, app: ASGIApp, context: Context) -> None:
        self._app = app
        self._context = context
        self._headers = [(k.encode(), v.encode()) for k, v in HEADERS.items()]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def shielded(message: Message) -> None:
            if message["type"] == "http.response.start":
                own = {name.lower() for name, _ in message["headers"]}
                host = host_at(Headers(scope=scope).get("host", ""))
                secure = [_HTTPS] if self._context.secure(host) else []
                message["headers"] = [
                    *message["headers"], *(h for h in (*self._headers, *secure) if h[0] not in own)
                ]  # fmt: skip
            await send(message)

        await self._app(scope, receive, shielded if scope["type"] == "http" else send)


def _endpoint(by_method: dict[str, Page]) -> Callable[[Request], Awaitable[Response]]:
    async def endpoint(request: Request) -> Response:
        try:
            return await answer(by_method["GET" if request.method == "HEAD" else request.method], request)
        except HTTPException as refusal:
            return _page(request, refusal.status_code)
        except Missing:
            return _page(request, 404)
        except ProofNeeded:
            visit = request.state.visit
            return cast(Response, visit.finish(prove(visit)))
        except NotAllowed:  # the rule of the page allowed it, and then the directory or the mail changed
            return _page(request, 403)
        except StoreError as error:
            log.error(LogEvent.STORE_FAILED, path=request.url.path, error=str(error))
            return _page(request, 503)
        except Exception as error:
            log.error(LogEvent.PAGE_FAILED, path=request.url.path, exc_info=error)
            return _page(request, 500)

    return endpoint


async def _static(request: Request) -> Response:
    name = request.path_params["name"]
    if name not in STATIC:
        raise HTTPException(404)
    return Response(_file(name), media_type=STATIC[name], headers={"cache-control": "public, max-age=600"})


@cache
def _file(name: str) -> bytes:
    return resources.files("console").joinpath("static", name).read_bytes()


def warm(*timezones: str) -> None:
    """Load whatever is loaded at its first use: afterwards the console opens no file."""
    for name in STATIC:
        _file(name)
    environment = templates()
    for name in environment.list_templates():
        environment.get_template(name)
    for language in LANGUAGES:
        for timezone in timezones:
            moment(0.0, language, timezone)
    all_codecs.load()
    content.warm()
    second_factor.warm()


async def _refused(request: Request, error: Exception) -> Response:
    """For what the router itself refuses: an unknown path, a wrong method."""
    status = error.status_code if isinstance(error, HTTPException) else 500
    return _page(request, status)


def _page(request: Request, status: int) -> Response:
    """A page for an error: never its text, never a traceback."""
    visit = getattr(request.state, "visit", None) or Visit(request, request.app.state.context)
    key = f"error_{status}" if known(visit.language, f"console.error_{status}") else "error_500"
    response = visit.render("error.html", status=status, key=key)
    return visit.finish(response) if isinstance(visit, Visit) else response
