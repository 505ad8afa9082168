"""Bytes that are sent over and over: encoded once, with the headers that belong to them."""

import gzip
import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

import brotli
from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import Message

# Fresh for a second, shown at most one more while a cache asks again.
CACHING = "public, max-age=1, stale-while-revalidate=1"
FOR_ALL = {"vary": "accept-encoding"}
# The smallest first.
ENCODINGS = (b"br", b"gzip")
# Bytes of an Accept-Encoding header that are looked at, and remembered.
LONGEST_WISH = 200


# The answer to HEAD ends with this, after the headers that GET would have.
NO_BODY: Message = {"type": "http.response.body", "body": b""}


@dataclass(frozen=True)
class Body:
    content: bytes
    media_type: str


class Answer(NamedTuple):
    """The two messages of an answer (ASGI), made once: servers only read them."""

    start: Message
    body: Message

    @classmethod
    def of(cls, status: int, headers: list[tuple[bytes, bytes]], content: bytes) -> "Answer":
        return cls(
            {"type": "http.response.start", "status": status, "headers": headers},
            {"type": "http.response.body", "body": content},
        )


class Encoded:
    """Bytes as they are and in some encodings, a picture's in none, each with its headers."""

    def __init__(
        self, body: Body, headers: Mapping[str, str], encodings: Collection[bytes] = ENCODINGS
    ) -> None:
        self.digest = hashlib.sha256(body.content).hexdigest()[:24].encode()
        encoded = {b"": body.content}
        if not body.media_type.startswith("image/"):  # which are compressed in themselves
            if b"gzip" in encodings:
                encoded[b"gzip"] = gzip.compress(body.content, compresslevel=6, mtime=0)
            if b"br" in encodings:
                encoded[b"br"] = brotli.compress(body.content, quality=5)
        common = {
            "content-type": body.media_type,
            "cache-control": CACHING,
            "vary": "accept-encoding, accept-language",
            **headers,
        }
        self.size = sum(map(len, encoded.values()))
        # By encoding: all of it, and that nothing has changed.
        self._answers: dict[bytes, tuple[Answer, Answer]] = {}
        for encoding, content in encoded.items():
            tag = self.digest + (b"-" + encoding if encoding else b"")
            raw = [(k.encode(), v.encode()) for k, v in common.items()]
            raw.append((b"etag", b'"' + tag + b'"'))
            full = [*raw, (b"content-length", str(len(content)).encode())]
            if encoding:
                full.append((b"content-encoding", encoding))
            self._answers[encoding] = Answer.of(200, full, content), Answer.of(304, raw, b"")

    def answer(self, accepts: bytes, if_none_match: bytes, *, is_head: bool = False) -> Answer:
        """In the best of the encodings somebody accepts; a 304 if they have the bytes already, in
        whichever encoding (RFC 9110, 13.1.2)."""
        full, unchanged = self._answers.get(_taken(accepts)) or self._answers[b""]
        if if_none_match and (self.digest in if_none_match or if_none_match.strip() == b"*"):
            return unchanged
        return Answer(full.start, NO_BODY) if is_head else full

    def response(self, headers: Headers) -> Response:
        """The answer to a request with these headers."""
        accepts = headers.get("accept-encoding", "").encode()
        answer = self.answer(accepts, headers.get("if-none-match", "").encode())
        response = Response(answer.body["body"], status_code=answer.start["status"])
        response.raw_headers = list(answer.start["headers"])
        return response


def encoding_of(headers: Headers) -> bytes:
    """The one of ours in which somebody gets an answer, b"" for none."""
    return _taken(headers.get("accept-encoding", "").encode())


def _taken(accepts: bytes) -> bytes:
    return _best(accepts[:LONGEST_WISH])


@lru_cache(maxsize=256)
def _best(accepts: bytes) -> bytes:
    """The smallest of ours that an Accept-Encoding header takes (RFC 9110, 12.5.3)."""
    taken = set()
    for part in accepts.lower().split(b","):
        coding, _semicolon, weight = part.partition(b";")
        if weight.replace(b" ", b"").rstrip(b".0") != b"q=":  # "q=0": not at all
            taken.add(coding.strip())
    return next((coding for coding in ENCODINGS if coding in taken), b"")
