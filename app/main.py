"""The whole app on one screen: settings, layers, routes, error pages."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import urlencode

import anyio.to_thread
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from app.errors import DomainError
from app.settings import Settings
from app.web import (
    api,
    cards,
    confirm,
    desk,
    disputes,
    documents,
    drafts,
    embeds,
    files,
    health,
    invitations,
    mailbox,
    manage,
    oembed,
    public,
    reported,
    signatories,
    unsubscribe,
    versions,
)
from app.web.desk.access import SignInNeeded, StepUpNeeded
from app.web.desk.refusals import refusal_page
from app.web.front import Front
from app.web.guard import Guard
from app.web.live import Hub, LiveStream
from app.web.pages import error_page, heading, problem, sentence_of, sentences, status_page
from app.web.site import Site

# Few threads: more have the same throughput and seven times the slowest answer.
THREADS = 6
API = "/api/v1/"
log = logging.getLogger("undersigned")


class Undersigned(FastAPI):
    """Pages that are ready leave at once; everything else is the framework's."""

    def __init__(self, front: Front, **options: Any) -> None:
        super().__init__(**options)
        self.front = front

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        answer = self.front.answer(scope) or await self.front.made_for_another(scope)
        if answer:
            await send(answer.start)
            await send(answer.body)
        else:
            with self.front.making(scope):
                await super().__call__(scope, receive, send)


def create_app(settings: Settings, *, with_worker: bool = False) -> FastAPI:
    """The site for these settings; `with_worker` also sends mail from this process."""
    site = Site.of(settings, with_worker=with_worker)
    app = Undersigned(
        Front(site.shelf),
        title="Undersigned",
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        lifespan=_life,
        redirect_slashes=False,
        # Addresses hold tokens: no span may carry them away. Asking whether to trace costs 9 µs.
        telemetry={"tracing": False, "metrics": False, "logs": False, "auto_configure": False},
    )
    app.state.site, app.state.hub = site, Hub(site.shelf)
    # The busiest first: routes are tried in their order.
    app.router.routes.append(Route("/letters/{slug}/live", LiveStream, methods=["GET"]))
    app.router.routes.append(Route("/letters/{slug}/endorsements", public.sign, methods=["POST"]))
    for pages in (
        *(public, signatories, embeds, oembed, cards, disputes, confirm, manage, reported),
        versions,
        *(invitations, unsubscribe, documents, drafts),
        *desk.ROUTERS,
        *api.ROUTERS,
        *(health, files, mailbox),
    ):
        app.include_router(pages.router)
    app.add_exception_handler(SignInNeeded, _to_sign_in)
    app.add_exception_handler(StepUpNeeded, _to_step_up)
    app.add_exception_handler(DomainError, _refused)
    app.add_exception_handler(HTTPException, _http_error)
    app.add_exception_handler(RequestValidationError, _bad_address)
    app.add_exception_handler(Exception, _crashed)
    # Outside of everything: the page of a crash needs its headers and the reader's language too.
    app.middleware_stack = Guard(app.build_middleware_stack(), settings)
    return app


@asynccontextmanager
async def _life(app: FastAPI) -> AsyncIterator[None]:
    site: Site = app.state.site
    hub: Hub = app.state.hub
    anyio.to_thread.current_default_thread_limiter().total_tokens = THREADS
    site.start()
    watching = asyncio.create_task(hub.watch())
    yield
    hub.stop()
    watching.cancel()
    await asyncio.to_thread(site.stop)


async def _to_sign_in(_request: Request, _refusal: Exception) -> Response:
    return RedirectResponse("/desk/sign-in", status_code=303)


async def _to_step_up(_request: Request, refusal: Exception) -> Response:
    assert isinstance(refusal, StepUpNeeded)
    query = urlencode({"next": refusal.then}, safe="/")
    return RedirectResponse(f"/desk/step-up?{query}", status_code=303)


async def _refused(request: Request, refusal: Exception) -> Response:
    assert isinstance(refusal, DomainError)
    if refusal.status >= 500:
        log.error("%s", refusal.sentence, exc_info=refusal.__cause__)
    if _is_for_programs(request):
        answer = problem(refusal.status, refusal.sentence)
        if refusal.status == 401:
            answer.headers["www-authenticate"] = "Bearer"
        return answer
    sentence = refusal.sentence
    page = await run_in_threadpool(refusal_page, request, refusal.status, lambda: sentence)
    return page or error_page(refusal, request.url.path)


async def _http_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    if error.status_code == 404 and request.method == "GET" and request.url.path.endswith("/"):
        # A slash too many. The way leads to a path of ours, never to a host that somebody named.
        return RedirectResponse("/" + request.url.path.strip("/"), status_code=308)
    if _is_for_programs(request):
        return problem(error.status_code, heading(error.status_code))
    status = error.status_code
    page = await run_in_threadpool(refusal_page, request, status, lambda: sentence_of(status))
    return page or status_page(status, request.url.path)


async def _bad_address(request: Request, error: Exception) -> Response:
    """A parameter that can't be what the address needs: there is nothing at such an address. To
    programs it is told which one."""
    assert isinstance(error, RequestValidationError)
    if request.url.path.startswith(API):
        return problem(422, api.sentence(error))
    return await _http_error(request, HTTPException(404))


async def _crashed(request: Request, _error: Exception) -> Response:
    if _is_for_programs(request):
        return problem(500, sentences()[500])
    return status_page(500, request.url.path)


def _is_for_programs(request: Request) -> bool:
    accepts = request.headers.get("accept", "")
    path = request.url.path
    is_list = path.endswith((".json", ".csv", ".atom"))
    is_programs = is_list or path == "/oembed" or path.startswith(API)
    return is_programs or ("json" in accepts and "text/html" not in accepts)
