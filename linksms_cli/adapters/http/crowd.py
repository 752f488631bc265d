"""Keep the connections of one server within its limits: their number, memory and patience."""

import asyncio
import random
import time
from typing import Protocol

from linksms_cli.adapters.http.limits import HttpLimits


class Member(Protocol):
    """What the crowd asks of a connection."""

    held: int  # octets

    def abort(self) -> None:
        """End at once."""

    def pause(self) -> None:
        """Read no more until `resume`."""

    def resume(self) -> None:
        """Read again."""

    def finish(self) -> None:
        """End as soon as all is answered that has come whole."""


class Crowd:
    """The connections of one server.

    A connection is waited for while it owes a request, or owes to take an answer; each of the two
    has its time, after which it is cut. So whoever is first in a list is due first.
    """

    def __init__(self, limits: HttpLimits) -> None:
        self.limits = limits
        self.members: set[Member] = set()
        self._nobody = asyncio.Event()
        # What is read from any of them passes through here, one after the other.
        self.buffer = memoryview(bytearray(limits.read))
        self.paused = False
        self.held = 0  # octets, in all
        # Since when each has owed it.
        self._requests: dict[Member, float] = {}
        self._answers: dict[Member, float] = {}

    def enter(self, member: Member) -> None:
        """Let a connection in; where that is one too many, the one that owes longest goes."""
        self.members.add(member)
        self._nobody.clear()
        self.owes_request(member)
        if len(self.members) > self.limits.connections:
            debtors = [next(iter(debts.items())) for debts in self._debts if debts]
            min(debtors, key=_since)[0].abort()

    def leave(self, member: Member) -> None:
        """Forget a connection that has ended."""
        self.members.discard(member)
        if not self.members:
            self._nobody.set()
        self.owes_nothing(member)
        self._count(member, 0)

    def owes_request(self, member: Member) -> None:
        """Begin to wait for a whole request from it."""
        self.owes_nothing(member)
        self._requests[member] = time.monotonic()

    def owes_taking(self, member: Member) -> None:
        """Begin to wait for it to take an answer."""
        self.owes_nothing(member)
        self._answers[member] = time.monotonic()

    def owes_nothing(self, member: Member) -> None:
        """Wait for it no longer: it is our turn."""
        self._requests.pop(member, None)
        self._answers.pop(member, None)

    def holds(self, member: Member, octets: int) -> None:
        """Take note of what a connection holds from now on; where all hold too much, read later."""
        self._count(member, octets)
        if self.held > self.limits.held and not self.paused:
            self.paused = True
            for other in self.members:
                other.pause()
        if self.paused:
            self._make_room()

    def _count(self, member: Member, octets: int) -> None:
        self.held += octets - member.held
        member.held = octets
        if self.paused and self.held <= self.limits.held // 2:
            self._go_on()

    async def gone(self) -> None:
        """Wait until all have left."""
        if self.members:
            await self._nobody.wait()

    def cut_the_late(self) -> None:
        """Cut those that have owed something for too long."""
        now = time.monotonic()
        limits = (self.limits.request_seconds, self.limits.answer_seconds)
        for debts, seconds in zip(self._debts, limits, strict=True):
            if self.paused and debts is self._requests:
                continue  # they may owe it because nobody reads it
            late = [member for member, since in debts.items() if now - since >= seconds]
            for member in late:
                member.abort()
        if self.paused:
            self._make_room()

    def _make_room(self) -> None:
        """Where nothing is ours to answer, cut who owes longest and holds something."""
        if len(self.members) > len(self._requests) + len(self._answers):
            return
        for member, _ in sorted([*self._answers.items(), *self._requests.items()], key=_since):
            if not self.paused:
                return
            if member.held:
                member.abort()

    def _go_on(self) -> None:
        self.paused = False
        self._requests = dict.fromkeys(self._requests, time.monotonic())
        # In no order, so that nobody is the last one each time.
        for member in random.sample([*self.members], len(self.members)):
            member.resume()

    @property
    def _debts(self) -> tuple[dict[Member, float], dict[Member, float]]:
        return self._requests, self._answers


def _since(entry: tuple[Member, float]) -> float:
    return entry[1]
