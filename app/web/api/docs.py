"""The API described: OpenAPI for programs, and the same as a page for people."""

from functools import cache
from types import SimpleNamespace
from typing import Any

import orjson
from fastapi import APIRouter
from fastapi.openapi.utils import get_openapi
from starlette.responses import JSONResponse, Response

from app.web.api import endorsements, invitations, letters
from app.web.pages import page

router = APIRouter()

VERSION = "1"
DESCRIBED = (letters, endorsements, invitations)


@router.get("/api/v1/openapi.json", include_in_schema=False)
def openapi() -> Response:
    return JSONResponse(description(), headers={"cache-control": "public, max-age=300"})


@router.get("/api/docs", include_in_schema=False)
def docs_page() -> Response:
    described = description()
    return page("api/docs.html", operations=_operations(described), models=_models(described))


@cache
def description() -> dict[str, Any]:
    """The OpenAPI document (3.1)."""
    return get_openapi(
        title="Undersigned",
        version=VERSION,
        summary="For programs of a letter's organisers.",
        routes=[route for one in DESCRIBED for route in one.router.routes],
    )


def _operations(described: dict[str, Any]) -> list[SimpleNamespace]:
    return [
        SimpleNamespace(
            method=method.upper(),
            path=path,
            summary=facts["summary"],
            text=facts.get("description", ""),
            parameters=facts.get("parameters", []),
            takes=_model_of(facts.get("requestBody", {})),
            answers=_model_of(facts["responses"]["200"]),
        )
        for path, methods in described["paths"].items()
        for method, facts in methods.items()
    ]


def _model_of(facts: dict[str, Any]) -> str:
    """The name of the model that is sent or answered; "" for none."""
    schema = facts.get("content", {}).get("application/json", {}).get("schema", {})
    return str(schema.get("$ref", "")).rpartition("/")[2]


def _models(described: dict[str, Any]) -> list[SimpleNamespace]:
    ours = described["components"]["schemas"].items()
    return [
        SimpleNamespace(
            name=name,
            text=schema.get("description", ""),
            fields=[_field(*one) for one in schema["properties"].items()],
        )
        for name, schema in ours
        if not name.endswith("ValidationError")
    ]


def _field(name: str, facts: dict[str, Any]) -> SimpleNamespace:
    examples = facts.get("examples", [""])
    return SimpleNamespace(
        name=name,
        type=_type(facts),
        text=facts.get("description", ""),
        example=examples[0] if isinstance(examples[0], str) else orjson.dumps(examples[0]).decode(),
    )


def _type(facts: dict[str, Any]) -> str:
    """In the words of JSON Schema, choices spelled out."""
    if "anyOf" in facts:
        return " | ".join(_type(one) for one in facts["anyOf"])
    if "enum" in facts:
        return " | ".join(facts["enum"])
    if "$ref" in facts:
        return str(facts["$ref"]).rpartition("/")[2]
    if facts.get("type") == "array":
        return f"[{_type(facts['items'])}]"
    return str(facts.get("format") or facts.get("type", ""))
