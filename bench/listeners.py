"""Live clients in a process of their own: `python -m bench.listeners URL NUMBER`.

Says "open" once each of them has the first event. For every word on its input it answers with the
instants, by the clock that all processes share, at which each had the next event.
"""

import asyncio
import json
import resource
import sys
import time
from typing import cast
from urllib.parse import urlsplit

import uvloop

AT_ONCE = 100  # so many connect at a time: more would overrun the queue of a listening socket


class Listener(asyncio.Protocol):
    """One page that listens; `heard_at` is when it had the newest event."""

    def __init__(self, request: bytes, waiting: "Waiting") -> None:
        self.request, self.waiting = request, waiting
        self.heard_at = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        cast(asyncio.Transport, transport).write(self.request)

    def data_received(self, data: bytes) -> None:
        if b"data: " in data:
            self.heard_at = time.monotonic()
            self.waiting.has_heard()


class Waiting:
    """Until so many have heard."""

    def __init__(self, number: int) -> None:
        self.number = self.missing = number
        self.is_over = asyncio.Event()

    def has_heard(self) -> None:
        self.missing -= 1
        if not self.missing:
            self.is_over.set()

    async def over(self) -> None:
        await self.is_over.wait()
        self.missing = self.number
        self.is_over.clear()


async def main(url: str, number: int) -> None:
    parts = urlsplit(url)
    request = f"GET {parts.path} HTTP/1.1\r\nHost: {parts.netloc}\r\n\r\n".encode()
    loop = asyncio.get_running_loop()
    waiting = Waiting(number)
    listeners: list[Listener] = []
    for begun in range(0, number, AT_ONCE):
        made = [
            loop.create_connection(lambda: Listener(request, waiting), parts.hostname, parts.port)
            for _number in range(min(AT_ONCE, number - begun))
        ]
        listeners += [listener for _transport, listener in await asyncio.gather(*made)]
    await waiting.over()
    print("open", flush=True)
    while await loop.run_in_executor(None, sys.stdin.readline):
        await waiting.over()
        print(json.dumps([listener.heard_at for listener in listeners]), flush=True)


if __name__ == "__main__":
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    uvloop.run(main(sys.argv[1], int(sys.argv[2])))
