"""Static files and logos: bytes with names that change when they do."""

from fastapi import APIRouter
from starlette.responses import FileResponse, Response

from app import logos
from app.errors import NotFound
from app.i18n import _
from app.web.site import Serving

router = APIRouter()

FOR_EVER = {"cache-control": "public, max-age=31536000, immutable"}


@router.get("/logos/{name}")
def logo(name: str, site: Serving) -> Response:
    path = logos.path(site.settings.logos_dir, name)
    if path is None:
        raise NotFound(_("There is no such picture."))
    return FileResponse(path, media_type="image/png", headers=FOR_EVER)
