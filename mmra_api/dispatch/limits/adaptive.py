"""Successes and refusals → how many calls may run at once, and how fast they may start, where no limit is known.

Pure: every method is told the time. What it does:

- While nothing is refused, the room for concurrent calls doubles with each round that uses it, up to a ceiling. After
  a refusal for the rate it shrinks by a tenth, and grows by a tenth a round. It does not grow while a service stumbles.
- A refusal pauses everyone: as long as the service asks, or a second, doubled for each further refusal. From the second
  in a row on, one call goes alone until one succeeds.
- The pace is then set just below the rate at which calls were admitted until the refusal, waits included; when calls
  were refused in a row, to no less than two fifths of what it was. From there it follows the curve of TCP CUBIC (RFC
  9438, 4.2): back towards the rate that was refused, long beside it, then beyond it. The longer a rate was measured,
  the longer it is trusted.
- Where single refusals go on however much the pace is lowered, they do not depend on it: some services refuse a share
  of calls at any rate. Then the pace is lifted, and only refusals in a row, or many among few calls, set it again.
"""

from __future__ import annotations

from collections import deque
from contextlib import suppress

USED = 0.75
"""The part of the room that must be in use for it to grow."""
CUT = 0.95
"""The pace after a refusal, of the rate that was admitted."""
ROW_CUT = 0.4
"""How much of the pace is kept at least when calls were refused in a row."""
ROOM_CUT, ROOM_GROWTH = 0.9, 0.1
"""The room after a refusal, and how much each call that used it all adds again."""
SHORTEST_PLATEAU, LONGEST_PLATEAU = 2.0, 40.0
"""Seconds of use after which the pace is back at the rate that was refused: as long as that rate was measured."""
SEVERE = 0.4
"""The share of refusals among the last calls from which they are not few."""
RECENT = 20
"""How many calls the last ones are."""
SPAN = 90.0
"""Seconds over which an admitted rate is counted at most: more than a minute, which is what services count by."""
MEASURED = 60
"""Calls over which the pace is measured at most."""
FASTEST = 0.04
"""How much of itself the pace grows by at most in a second."""
SHORT = 5.0
"""Seconds that are too short to count a rate over."""
CLEAN = 30
"""Calls without a refusal that show that a pace helps."""
USELESS = 0.6
"""The part of the pace down to which it is lowered for single refusals before that counts as no help."""
FEW = 0.2
"""The share of refusals up to which they may be independent of the pace."""
DOWN = 20
"""Failures without a reply between them after which a service seems to be down."""
STEADY = 5
"""Calls that must be answered after a service failed by itself before anything grows again."""
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 60.0
ASKED_MOST = 4
"""A service that names a wait, and refuses again after it, is given up to so many times that wait, and a second."""
SLOWEST = 0.05
"""Calls per second: the pace is never set lower; pauses do the rest."""


class Adaptation:
    """What one process has learned about one model's limits. Times are seconds of any one clock."""

    def __init__(self, *, start: int, ceiling: int) -> None:
        self.room: float = start
        self.pace: float | None = None
        """Calls per second; None while no refusal has set one."""
        self.paused_until = 0.0
        self._ceiling = ceiling
        self._refused_rate = 0.0
        self._used = 0.0
        """Seconds since the pace was set in which calls waited for it: it is tried further only while it is used."""
        self._free = 0.0
        self._held_back = False
        self._admitted: deque[float] = deque()
        self._recent: deque[bool] = deque(maxlen=RECENT)
        self._pause = 0.0
        self._in_row = 0
        self._due = False
        self._plateau = SHORTEST_PLATEAU
        self._clean = 0
        """Calls since the last refusal."""
        self._tried_from: float | None = None
        """The pace from which single refusals began to lower it, and since then: calls, and refusals but for waves."""
        self._calls_since = self._refused_since = 0
        self._began: float | None = None
        self._set_at: float | None = None
        self._last_success = 0.0
        self._unsteady = 0
        self._failed_in_row = 0

    @property
    def limit(self) -> int:
        """Return how many calls may run at once."""
        return 1 if self._in_row > 1 or (self._in_row and self._due) or self.down else int(self.room)

    @property
    def down(self) -> bool:
        """Return whether the service seems to be down: then one call at a time looks whether it is back."""
        return self._failed_in_row >= DOWN

    def wait(self, now: float) -> float:
        """Return the seconds until a call may start; 0.0 if it may start now."""
        if now < self.paused_until:
            return self.paused_until - now
        if self._due and self._in_row == 1:
            self._set_pace(now)
        if self.pace is None or self._free <= now:
            return 0.0
        self._held_back = True
        return self._free - now

    def start(self, now: float) -> None:
        """Note that a call starts."""
        if self._began is None:
            self._began = now
        self._admitted.append(now)
        while self._admitted[0] < now - SPAN:
            self._admitted.popleft()
        if self.pace is not None:
            self._free = max(self._free, now - 1 / self.pace) + 1 / self.pace

    def succeed(self, now: float, *, started: float, running: int) -> None:
        """Note that a call was answered; ``running`` were under way with it."""
        self.admit(now, started=started)
        self._unsteady = max(0, self._unsteady - 1)
        self._failed_in_row = 0
        if running >= USED * int(self.room) and not self._unsteady:
            self.room = min(self._ceiling, self.room + (1.0 if self.pace is None else ROOM_GROWTH))
        self._grow_pace(now)
        self._last_success = now

    def admit(self, now: float, *, started: float) -> None:
        """Note that a call was not refused for its rate, whatever else became of it."""
        self._recent.append(True)
        self._clean += 1
        self._calls_since += 1
        if self._clean >= CLEAN:
            self._begin_to_try(None)
        if started >= self.paused_until:
            if self._due:
                self._set_pace(now)
            self._in_row = 0

    def refuse(self, now: float, *, started: float, running: int, asked: float | None) -> float:
        """Note that a call was refused for its rate; returns the seconds that nobody should call."""
        self._recent.append(False)
        with suppress(ValueError):  # it may lie further back than SPAN
            self._admitted.remove(started)
        if started < self.paused_until:  # of the wave that was refused already
            self.paused_until = max(self.paused_until, now + (asked or 0.0))
            return max(0.0, self.paused_until - now)
        self._in_row += 1
        pause: float = min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** (self._in_row - 1))
        if asked is not None:
            pause = max(asked, min(pause / 4, ASKED_MOST * asked + 1) if self._in_row > 1 else 0.0)
        self._pause, self.paused_until = pause, now + pause
        if self._in_row == 1 and running >= USED * int(self.room):  # else it was not for too many at once
            self.room = max(1.0, self.room * ROOM_CUT)
        self._clean = 0
        self._calls_since += 1
        self._refused_since += 1
        self._due = self._due or self.pace is not None or self._in_row > 1 or self._is_severe()
        return pause

    def stumble(self, now: float, *, started: float, asked: float | None = None) -> None:
        """Note that the service failed by itself: no growth until it is steady again; a pause where it asks for one, or
        where it has failed so often, one call after the other, that it seems to be down.
        """
        self.admit(now, started=started)
        self._unsteady = STEADY
        self._failed_in_row += 1
        self.paused_until = max(self.paused_until, now + (asked or 0.0), now + FIRST_PAUSE if self.down else 0.0)

    def _is_severe(self) -> bool:
        return self._recent.count(False) >= max(3, SEVERE * len(self._recent))

    def _set_pace(self, now: float) -> None:
        rate, span = self._measure(now)
        if not rate:
            return
        self._due = False
        self._recent.clear()
        before, known = self.pace, self._refused_rate
        if self._in_row > 1 and before is not None:
            rate = max(rate, before * ROW_CUT)  # while calls were refused in a row, hardly any was made
        self._refused_rate = max(rate, SLOWEST)
        self.pace = self._refused_rate * CUT
        self._plateau = min(max(span, SHORTEST_PLATEAU), LONGEST_PLATEAU)
        self._free, self._set_at, self._used = now, now, 0.0
        if self._in_row > 1:
            self._begin_to_try(None)
            return
        if self._tried_from is None and before is not None:
            self._begin_to_try(min(before, known))
        few = self._refused_since <= FEW * self._calls_since
        if self._tried_from is not None and self.pace < USELESS * self._tried_from and few:
            self.pace = None
            self._begin_to_try(None)

    def _begin_to_try(self, pace: float | None) -> None:
        self._tried_from, self._calls_since, self._refused_since = pace, 0, 0

    def _measure(self, now: float) -> tuple[float, float]:
        """Return the rate at which calls were admitted since the pace was last set, and over how many seconds.

        Where that was a moment ago, over the last seconds before too.
        """
        begin = max(now if self._began is None else self._began, now - SPAN)
        if self._set_at is not None:
            begin = max(begin, min(self._set_at, now - SHORT))
            if len(self._admitted) > MEASURED and self._pause <= SHORT:  # while the pace grows, its last part counts
                begin = max(begin, min(self._admitted[-MEASURED], now - SHORT))
        span = max(now - begin, 1.0)
        return sum(moment >= begin for moment in self._admitted) / span, span

    def _grow_pace(self, now: float) -> None:
        if self.pace is None or not self._held_back or self._unsteady:
            return
        self._held_back = False
        passed = min(SHORT, now - max(self._last_success, self._set_at or 0.0))
        self._used += passed
        curve = 1.0 + (1.0 - CUT) * ((self._used - self._plateau) / self._plateau) ** 3
        self.pace = max(self.pace, min(self._refused_rate * curve, self.pace * (1 + FASTEST * passed)))
