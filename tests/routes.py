"""Every route the application has, found in the application and not kept by hand."""

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import product

from fastapi import FastAPI
from fastapi.routing import RouteContext, iter_route_contexts
from starlette.routing import Mount

from tests.world import World

PARAMETER = re.compile(r"([^/{}]*)/\{(\w+)(?::\w+)?\}")

NOBODY = "0198a1f0-0000-7000-8000-000000000000"

Values = Mapping[str, Sequence[str]]
"""What parameters stand for: those of paths by what precedes them, as in "letters/{slug}",
those of queries as in "?q"."""


def addresses(app: FastAPI, method: str, values: Values, *, desk: bool) -> Iterator[str]:
    """Every address of the desk, or every other one, with each of the values given.

    A parameter that `values` doesn't know is a failure: a new route has to be walked too.
    """
    for found in by_route(app, method, values, desk=desk).values():
        yield from found


def by_route(app: FastAPI, method: str, values: Values, *, desk: bool) -> dict[str, list[str]]:
    """The same by the paths of the routes, as the application writes them."""
    found: dict[str, list[str]] = {}
    for route in iter_route_contexts(app.routes):
        path = _path(route)
        if path.startswith("/desk") == desk and method in (route.methods or {"GET"}):
            for address in _filled(path, values):
                found.setdefault(path, []).extend([address, *_queried(address, route, values)])
    return found


def values_of(world: World, **more: Sequence[str]) -> dict[str, Sequence[str]]:
    """Values that lead somewhere in this world, for parameters that are not somebody's own."""
    names = [path.name for path in world.settings.logos_dir.glob("*.png")]
    return {
        "letters/{slug}": [world.slug, "no-such-letter"],
        "confirm/{token}": ["unknown"],
        "manage/{token}": ["unknown"],
        "dispute/{token}": ["unknown"],
        "drafts/{token}": ["unknown"],
        "signatories/{public_id}": [*world.listed_ids()[:1], "0" * 22, "unknown"],
        "invitations/{token}": ["unknown"],
        "invitations/{invitation_id}": [*world.invitation_ids()[:2], NOBODY],
        "reminders/{days}": ["7"],
        "sign-in/{token}": ["unknown"],
        "link/{token}": ["unknown"],
        "code/{token}": ["unknown"],
        "sessions/{handle}": ["0" * 16],
        "passkeys/{passkey_id}": ["0198a1f0-0000-7000-8000-000000000000", "unknown"],
        "endorsements/{endorsement_id}": [NOBODY, "unknown"],
        "organisations/{organisation_id}": ["0198a1f0-0000-7000-8000-000000000000"],
        "reported/{token}": ["unknown"],
        "unsubscribe/{token}": ["unknown"],
        "reported/{endorsement_id}": [NOBODY],
        "messages/{message_id}": [NOBODY],
        "endorsements/{id}": ["0" * 22, "unknown"],
        "tokens/{token_id}": [NOBODY],
        "webhooks/{webhook_id}": [NOBODY],
        "calls/{call_id}": [NOBODY],
        "disputes/{dispute_id}": [NOBODY],
        "versions/{number}": ["1", "99", "0"],
        "?since": ["1", "99"],
        "team/{token}": ["unknown"],
        "team/{organiser_id}": ["0198a1f0-0000-7000-8000-000000000000"],
        "invitations/{team_invitation_id}": ["0198a1f0-0000-7000-8000-000000000000"],
        "agreements/{proposal_id}": ["0198a1f0-0000-7000-8000-000000000000"],
        "logos/{name}": [*names, f"{'0' * 32}.png"],
        "mailbox/{name}": ["0" * 32],
        "static/{name}": ["undersigned.css", "nothing.css"],
        "desk/{path}": ["nothing"],
        "?book": ["", "0198a1f0-0000-7000-8000-000000000000", "unknown"],
        "?country": ["", "NO", "unknown"],
        "?category": ["", "unknown"],
        "?added": ["", "3", "unknown"],
        "?changed": ["", "3"],
        "?q": ["aurora", "nobody"],
        "?letter": ["", world.slug, "no-such-letter"],
        "?after": ["", "unknown"],
        "?before": ["", "unknown"],
        "?who": ["", "signer", "nobody"],
        "?entered": ["", "1"],
        "?held": ["", "1", "unknown"],
        "?sampled": ["", "yes"],
        "?theme": ["dark"],
        "?layout": ["columns", "logos"],
        "?limit": ["1"],
        "?invited": ["yes"],
        "?language": ["", "pt", "xx"],
        "?at": ["", "unknown"],
        "?url": ["", f"{world.settings.base_url}{world.path}", "https://evil.example/letters/x"],
        "?format": ["json", "xml", "unknown"],
        "?maxwidth": ["300"],
        "?maxheight": ["200"],
        "?done": [
            "sent-2",
            "",
            "name",
            "unknown",
            "asked",
            "kept",
            "approved.2",
            "0198a1f0-0000-7000-8000-000000000000",
        ],
        "?next": [
            "",
            "/desk/letters",
            "https://evil.example/",
            "//evil.example",
            "/\\\\evil.example",
        ],
        "?v": ["", "0" * 12],
        "?lang": ["en", "pt", "xx"],
        "?status": ["verified", "approved", "disputed"],
        "?order": ["newest", "nothing"],
        "?only": ["proof", "duplicates", "question", "nothing"],
        "?back": ["status=approved&order=newest", "status=nothing"],
        "?view": ["list", "board"],
        "?owner": ["nobody", "unknown"],
        "?kind": ["", "capitals", "individual", "unknown"],
        "?merged": ["true", "unknown"],
        "?show": ["", "merged", "apart", "unknown"],
        "?sheet": ["1", "2"],
        "?saved": ["", "2", "yes"],
        "?page": ["", "1", "99", "unknown"],
        **more,
    }


def _path(route: RouteContext) -> str:
    path = route.path or "/"
    return f"{path}/{{path}}" if isinstance(route.original_route, Mount) else path


def _filled(path: str, values: Values) -> Iterator[str]:
    keys = [f"{before}/{{{name}}}" for before, name in PARAMETER.findall(path)]
    for key in keys:
        assert key in values, f"{path} is new: say in tests/routes.py what {key} stands for"
    for chosen in product(*(values[key] for key in keys)):
        yield re.sub(r"\{[^}]+\}", "{}", path).format(*chosen)


def _queried(address: str, route: RouteContext, values: Values) -> Iterator[str]:
    dependant = getattr(route, "dependant", None)
    for parameter in dependant.query_params if dependant else ():
        key = f"?{parameter.alias}"
        assert key in values, f"{address} is new: say in tests/routes.py what {key} stands for"
        yield from (f"{address}?{parameter.alias}={value}" for value in values[key])
