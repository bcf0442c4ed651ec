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
- Few refusals change the pace at most every HOLD seconds. Where refusals come soon after each change, however slow the
  pace, they do not depend on it: some services refuse a share of calls at any rate. Then it is lifted for a while.
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
HOLD = 10.0
"""Seconds between two changes of the pace for refusals that are few."""
SEVERE = 0.3
"""The share of refusals among the last calls from which they are not few."""
RECENT = 20
"""How many calls the last ones are."""
SPAN = 60.0
"""Seconds over which an admitted rate is counted at most: services count by the minute."""
MEASURED = 60
"""Calls over which the pace is measured at most."""
SHORT = 5.0
"""Seconds that are too short to count a rate over."""
SOON = 20
"""Calls after a change of the pace within which a refusal says that the change did not help."""
STRIKES = 3
"""Changes in a row that did not help, after which refusals count as independent of the pace."""
LIFTED = 60.0
"""Seconds for which the pace is then lifted."""
STUMBLE = 10.0
"""Seconds without growth after a service failed by itself."""
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
        self._calls_since_set = 0
        self._strikes = 0
        self._judged = True
        self._lifted_until = 0.0
        self._began: float | None = None
        self._set_at: float | None = None
        self._last_success = 0.0
        self._no_growth_until = 0.0

    @property
    def limit(self) -> int:
        """Return how many calls may run at once."""
        return 1 if self._in_row > 1 or (self._in_row and self._due) else int(self.room)

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
        self._calls_since_set += 1
        self._admitted.append(now)
        while self._admitted[0] < now - SPAN:
            self._admitted.popleft()
        if self.pace is not None:
            self._free = max(self._free, now - 1 / self.pace) + 1 / self.pace

    def succeed(self, now: float, *, started: float, running: int) -> None:
        """Note that a call was answered; ``running`` were under way with it."""
        self.admit(now, started=started)
        if running >= USED * int(self.room) and now >= self._no_growth_until:
            self.room = min(self._ceiling, self.room + (1.0 if self.pace is None else ROOM_GROWTH))
        self._grow_pace(now)
        self._last_success = now

    def admit(self, now: float, *, started: float) -> None:
        """Note that a call was not refused for its rate, whatever else became of it."""
        self._recent.append(True)
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
        if self._in_row == 1:  # later ones are of calls that went alone
            self.room = max(1.0, min(self.room, running) * ROOM_CUT)
        self._judge_pace(now)
        held = self._set_at is not None and now - self._set_at < HOLD and not self._is_severe()
        self._due = self._due or self._in_row > 1 or not (held or now < self._lifted_until)
        return pause

    def stumble(self, now: float) -> None:
        """Note that the service failed by itself: no growth for a while."""
        self._no_growth_until = now + STUMBLE

    def _is_severe(self) -> bool:
        return self._recent.count(False) >= max(3, SEVERE * len(self._recent))

    def _judge_pace(self, now: float) -> None:
        """At the first refusal after the pace was set: did setting it help?"""
        if self._judged or self.pace is None:
            return
        self._judged = True
        trusted = self._plateau >= SHORT and self._in_row == 1
        helped = self._calls_since_set >= SOON or self.pace > self._refused_rate or not trusted
        self._strikes = 0 if helped else self._strikes + 1
        if self._strikes >= STRIKES:
            self._lifted_until = now + LIFTED
            self._strikes, self.pace, self._due = 0, None, False

    def _set_pace(self, now: float) -> None:
        rate, span = self._measure(now)
        if not rate:
            return
        if self._in_row > 1 and self.pace is not None:
            rate = max(rate, self.pace * ROW_CUT)  # while calls were refused in a row, hardly any was made
        self._refused_rate = max(rate, SLOWEST)
        self.pace = self._refused_rate * CUT
        self._plateau = min(max(span, SHORTEST_PLATEAU), LONGEST_PLATEAU)
        self._free, self._set_at, self._used = now, now, 0.0
        self._due, self._judged, self._calls_since_set = False, False, 0
        self._recent.clear()

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
        if self.pace is None or not self._held_back or now < self._no_growth_until:
            return
        self._held_back = False
        self._used += min(SHORT, now - max(self._last_success, self._set_at or 0.0))
        curve = 1.0 + (1.0 - CUT) * ((self._used - self._plateau) / self._plateau) ** 3
        self.pace = max(self.pace, self._refused_rate * curve)
