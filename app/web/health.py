"""For whoever watches the machine: is the process there, and can it do its work."""

from datetime import timedelta

from fastapi import APIRouter
from sqlalchemy import text
from starlette.responses import JSONResponse, Response

from app.errors import Unavailable
from app.mailing import mail_states
from app.web.site import Serving

router = APIRouter()

# A worker takes what is due within seconds; after this long nobody is working.
WORKER_PATIENCE = timedelta(minutes=10)
UNCACHED = {"cache-control": "no-store"}


@router.get("/healthz")
async def healthz() -> Response:
    return JSONResponse({"status": "ok"}, headers=UNCACHED)


@router.get("/readyz")
def readyz(site: Serving) -> Response:
    """200 when pages can be served; `mail` is "waiting" while nobody sends what is due."""
    try:
        with site.database.read() as db:
            db.execute(text("SELECT 1 FROM letter LIMIT 1"))
            since = mail_states.oldest_due(db)
            is_late = since is not None and db.now - since > WORKER_PATIENCE
    except Unavailable:
        facts = {"status": "unavailable", "database": "down"}
        return JSONResponse(facts, 503, headers=UNCACHED)
    mail = "waiting" if is_late else "ok"
    return JSONResponse({"status": "ok", "database": "ok", "mail": mail}, headers=UNCACHED)
