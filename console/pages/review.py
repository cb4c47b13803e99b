"""Self-review: the sender looks through a mail of theirs before it leaves (OUT-MISSEND). What is missing says the service."""

from starlette.responses import Response

from console.view import visible
from console.visit import May, Visit, page
from filters.places import place
from quarantine.item import NotAllowed
from quarantine.rights import Verb


@page("GET", "/mail/{id}/review", May(Verb.CONFIRM))
async def review(visit: Visit) -> Response:
    """The page to which the letter leads."""
    return await _show(visit)


@page("POST", "/mail/{id}/review", May(Verb.CONFIRM))
async def go_on(visit: Visit) -> Response:
    """Back from a file, with what was ticked before."""
    return await _show(visit)


@page("POST", "/mail/{id}/confirm", May(Verb.CONFIRM))
async def confirm(visit: Visit) -> Response:
    """Send it, if all is ticked that must be."""
    try:
        missing = await visit.service.confirm(visit.item.id, _ticked(visit))
    except NotAllowed:
        return visit.to(f"/mail/{visit.item.id}", "late")
    if missing:
        return await _show(visit, missing=missing, status=400)
    return visit.to(f"/mail/{visit.item.id}", "did_confirm")


@page("POST", "/mail/{id}/files/{number}", May(Verb.CONFIRM))
async def show_file(visit: Visit) -> Response:
    """The text of a file, as the examining process reads it; that it was shown is on record."""
    number = visit.request.path_params["number"]
    names = visit.item.summary.attachments
    if not number.isdecimal() or int(number) >= len(names):
        return await _show(visit, status=404)
    try:
        shown = await visit.service.open_file(visit.item.id, int(number))
    except NotAllowed:
        return visit.to(f"/mail/{visit.item.id}", "late")
    name = names[int(number)]
    texts: list[tuple[str, list[str]]] = []
    for inside, text in shown.texts if shown else ():
        label = place(f"1/{name}/{inside}" if inside else f"1/{name}", visit.language)
        if not texts or texts[-1][0] != label:
            texts.append((label, []))
        texts[-1][1].append(text)
    return visit.render(
        "review_file.html",
        item=visit.item,
        name=name,
        key=f"file:{number}",
        shown=shown,
        texts=texts,
        ticked=_ticked(visit),
    )


def _ticked(visit: Visit) -> tuple[str, ...]:
    return tuple(dict.fromkeys(visit.form.get("checked", [])))


async def _show(visit: Visit, *, missing: tuple[str, ...] = (), status: int = 200) -> Response:
    try:
        found = await visit.service.self_review(visit.item.id)
    except NotAllowed:
        return visit.to(f"/mail/{visit.item.id}")
    ticked = _ticked(visit)
    points = found.checks.points(ticked)
    return visit.render(
        "review.html",
        status=status,
        item=found.item,
        checks=found.checks,
        opened=found.opened,
        ticked=ticked,
        missing=missing,
        points=points,
        word=found.checks.word(points).value,
        inside=[party for party in found.checks.parties if not party.checks],
        asked=[party for party in found.checks.parties if party.checks],
        visible=visible,
    )
