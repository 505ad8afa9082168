"""Sign-ons that wait are entered as a group: one transaction, one wait for the disk.

One writer for a process. It takes what waits without delay, commits, and only then are all of the
group answered; so sign-ons wait for the disk together instead of one after the other.
"""

import asyncio
from collections import defaultdict, deque
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

from sqlalchemy.exc import IntegrityError

from app.db import Database
from app.errors import DomainError, Unavailable
from app.letter import letters
from app.signer import signing
from app.signer.signing import SignOn

MOST_AT_ONCE = 250
MOST_WAITING = 5_000


class Waiting(NamedTuple):
    slug: str
    sign_on: SignOn
    entered: asyncio.Future[bool]


class SigningQueue:
    def __init__(self, database: Database) -> None:
        self._database = database
        self._waiting: deque[Waiting] = deque()
        self._writer = ThreadPoolExecutor(1, thread_name_prefix="signing")
        self._is_coming = False

    async def enter(self, slug: str, sign_on: SignOn) -> bool:
        """Returns once it is on disk; False if the letter can no longer be signed as it was read.

        Raises Unavailable.
        """
        if len(self._waiting) >= MOST_WAITING:
            raise Unavailable.to_save()
        loop = asyncio.get_running_loop()
        waiting = Waiting(slug, sign_on, loop.create_future())
        self._waiting.append(waiting)
        self._call(loop)
        try:
            return await waiting.entered
        except Unavailable as outage:
            raise Unavailable.to_save() from outage  # in the language of whoever waits

    def close(self) -> None:
        self._writer.shutdown()

    def _call(self, loop: asyncio.AbstractEventLoop) -> None:
        if not self._is_coming:
            self._is_coming = True
            # After the requests that have come in already: they make one group.
            loop.call_soon(self._writer.submit, self._enter_waiting, loop)

    def _enter_waiting(self, loop: asyncio.AbstractEventLoop) -> None:
        by_slug: dict[str, list[Waiting]] = defaultdict(list)
        for waiting in self._taken(MOST_AT_ONCE):
            by_slug[waiting.slug].append(waiting)
        for slug, signers in by_slug.items():
            outcomes = self._entered(slug, [waiting.sign_on for waiting in signers])
            loop.call_soon_threadsafe(_answer, signers, outcomes)
            if isinstance(outcomes[0], Unavailable):
                # Whoever came while these waited for the database has waited enough.
                others = self._taken(len(self._waiting))
                loop.call_soon_threadsafe(_answer, others, [outcomes[0]] * len(others))
        self._is_coming = False
        if self._waiting:
            loop.call_soon_threadsafe(self._call, loop)

    def _taken(self, most: int) -> list[Waiting]:
        return [self._waiting.popleft() for _number in range(min(most, len(self._waiting)))]

    def _entered(
        self, slug: str, sign_ons: list[SignOn], *, is_last: bool = False
    ) -> Sequence[bool | Exception]:
        """For each sign-on whether it was entered, or why it failed."""
        try:
            with self._database.write() as db:
                return signing.sign(db, letters.public(db, slug), sign_ons)
        except DomainError as refusal:
            return [refusal] * len(sign_ons)
        except Exception as mistake:  # noqa: BLE001 - whoever waits is answered, and logs it
            is_single = len(sign_ons) == 1
            # What clashed with something new is seen, and taken for what it is, the next time.
            is_clash = isinstance(mistake, IntegrityError)
            if is_single and (is_last or not is_clash):
                return [mistake]
            # One that can't be entered must not take the others with it.
            return [self._entered(slug, [sign_on], is_last=is_single)[0] for sign_on in sign_ons]


def _answer(signers: list[Waiting], outcomes: Sequence[bool | Exception]) -> None:
    for waiting, outcome in zip(signers, outcomes, strict=True):
        if waiting.entered.done():
            continue  # its client has gone
        if isinstance(outcome, Exception):
            waiting.entered.set_exception(outcome)
        else:
            waiting.entered.set_result(outcome)
