"""Response headers: what pages may do, and who may read or frame them."""

from app.settings import Settings

_CSP = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self'",
    "connect-src": "'self'",
    "frame-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
    "require-trusted-types-for": "'script'",
    "trusted-types": "'none'",
}
CORS = {"access-control-allow-origin": "*"}


def page(settings: Settings) -> dict[str, str]:
    """For every answer that doesn't say otherwise."""
    headers = {
        "content-security-policy": _policy(_CSP),
        "x-content-type-options": "nosniff",
        # With no-referrer browsers would send `Origin: null` on our own forms.
        "referrer-policy": "same-origin",
        "permissions-policy": "camera=(), geolocation=(), microphone=(), browsing-topics=()",
        "cross-origin-opener-policy": "same-origin",
        "x-frame-options": "DENY",
    }
    if settings.is_https:
        headers["strict-transport-security"] = "max-age=31536000"
    return headers


def embed(settings: Settings) -> dict[str, str]:
    """For the one page that other sites may frame: it has no form and no cookie."""
    policy = {**_CSP, "frame-ancestors": "*", "form-action": "'none'", "frame-src": "'none'"}
    headers = {**page(settings), **CORS, "content-security-policy": _policy(policy)}
    del headers["x-frame-options"]
    return headers


def shared(settings: Settings) -> dict[str, str]:
    """For lists that any site may read."""
    return {**page(settings), **CORS}


def _policy(parts: dict[str, str]) -> str:
    return "; ".join(f"{name} {value}" for name, value in parts.items())
