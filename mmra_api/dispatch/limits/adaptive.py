"""Successes and rate-limit failures → how many calls may run at once, and how fast they may start, where nobody stated
a limit.

Pure: every method is told the time. It is additive increase, multiplicative decrease (AIMD), for two figures:

- ``room``, the calls at once: one more for each call that used all of it, a tenth less after a 429.
- ``pace``, the calls a second: there is none until the first 429, which sets it to the rate that was let in so far;
  that is a guess, and grows by itself until it is refused. After each further 429 the pace is cut, by more where calls
  are refused in a row. Then it grows while calls wait for it.

A 429 pauses everyone for as long as the service asks, or for a second, doubled for each further one in a row. All calls
that started before the end of a pause are one wave, and count as one.

Three things differ from plain AIMD; ``bench/limiter.py`` shows what each is worth. The first pace is a guess, measured
within seconds, and grows by itself until it is refused, as in TCP's slow start. Later the increase grows with the cube
of the time since the last cut: with a constant one, a limit that rose tenfold is not found within minutes. And some
services refuse a share of calls at any rate, which would bring plain AIMD to a halt: where the pace was lowered by a
third and few calls are still refused, the pace is not the reason, and there is none until it is set anew.
"""

from __future__ import annotations

USED = 0.75
"""The part of the room that must be in use for it to change: a room that nobody fills says nothing."""
ROOM_CUT = 0.9
"""What is kept of the room; it grows back within a round."""
CUT = 0.9
"""What is kept of the pace after a 429. TCP halves, but a service's limit is steady: a small step finds it again."""
ROW_CUT = 0.7
"""The same for calls refused in a row: the pace is far off. Half would do, but finds back slowly after an outage."""
CLIMB = 20.0
"""Seconds of use until a pace that was cut is back where it was. At 300 a minute one call in 100 is refused so."""
CLIMB_CALLS = 60
"""Calls that this takes at least, so that few are refused where the limit is so low that few are made in CLIMB."""
GROWTH = 0.1
"""How much of itself a pace that was guessed grows by in a second, until the first 429: TCP's slow start, slowed."""
PLAUSIBLE = 4
"""A stated limit above so many times the rate of a first burst is not believed: some services state calls a day."""
USELESS = 0.65
"""The part of the pace down to which it is lowered before that counts as no help: four cuts."""
FEW = 1 / 8
"""The share of 429s up to which they may be independent of the pace. One that is just too fast is refused as seldom,
but not any more after four cuts.
"""
DOWN = 20
"""Failures without a reply between them after which a service seems to be down: more than chance gives in a row."""
STEADY = 5
"""Calls that must be answered after a service failed by itself before anything grows again."""
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 60.0
"""Seconds; a minute is the longest stretch over which services usually count."""
ASKED_MOST = 4
"""A service that names a wait, and refuses again after it, is given up to so many times that wait, and a second."""
SLOWEST = 0.05
"""Calls per second: the pace is never set lower; pauses do the rest."""


class Adaptation:
    """What one process has learned about one model's limits. Times are seconds of any one clock."""

    def __init__(self, *, start: int, ceiling: int) -> None:
        self.room: float = start
        self.pace: float | None = None
        """Calls per second; None while no 429 has set one."""
        self.stated = 0.0
        """Calls per second that the user or the service states; 0.0 where nobody does."""
        self.paused_until = 0.0
        self._ceiling = ceiling
        self._free = 0.0
        """When the pace allows the next call."""
        self._held_back = False
        """Whether a call waited for the pace since it last grew: a pace that nobody uses is not tried further."""
        self._refused_pace = 0.0
        """The pace before the last cut, and how far the climb back is done: 1.0 when it is there again."""
        self._climbed = 0.0
        self._guessed = False
        """Whether the pace was measured over too short a time to be near the limit."""
        self._last_reply = 0.0
        self._in_row = 0
        self._cut_due = False
        """A pace is set when the first call after a pause ends, not before: the pause counts in the rate, and only
        then it is known whether calls were refused in a row.
        """
        self._lowered_from: float | None = None
        """The pace from which single 429s began to lower it, and since when; calls let in and refused since then."""
        self._since: float | None = None
        self._admitted = self._refused = 0
        self._failed_in_row = self._unsteady = 0

    @property
    def limit(self) -> int:
        """Return how many calls may run at once."""
        return 1 if self.down or self._cut_due else int(self.room)

    @property
    def down(self) -> bool:
        """Return whether the service seems to be down: then one call at a time looks whether it is back."""
        return self._failed_in_row >= DOWN

    def wait(self, now: float) -> float:
        """Return the seconds until a call may start; 0.0 if it may start now."""
        if now < self.paused_until:
            return self.paused_until - now
        if self.pace is None or self._free <= now:
            return 0.0
        self._held_back = True
        return self._free - now

    def start(self, now: float) -> None:
        """Note that a call starts."""
        if self._since is None:
            self._since = now
        if self.pace is not None:  # one call may be made up for: a timer that wakes late must not cost throughput
            self._free = max(self._free, now - 1 / self.pace) + 1 / self.pace

    def succeed(self, now: float, *, started: float, running: int) -> None:
        """Note that a call was answered; ``running`` were under way with it."""
        self.admit(now, started=started)
        self._failed_in_row = 0
        self._unsteady = max(0, self._unsteady - 1)
        if self._unsteady:
            return
        if running >= USED * int(self.room):
            self.room = min(self._ceiling, self.room + 1)
        self._raise_pace(now)
        self._last_reply = now

    def admit(self, now: float, *, started: float) -> None:
        """Note that a call was not refused for its rate, whatever else became of it."""
        if started >= (self._since or 0.0):  # earlier ones left at another pace
            self._admitted += 1
        if started >= self.paused_until:
            if self._cut_due:
                self._cut_pace(now)
            self._in_row = 0

    def refuse(self, now: float, *, started: float, running: int, asked: float | None) -> float:
        """Note that a call was refused for its rate; returns the seconds that nobody should call."""
        if started < self.paused_until:  # of the wave that was refused already
            if asked:  # without a wait the wave ends where it ended: else overlapping calls would excuse each other
                self.paused_until = max(self.paused_until, now + asked)
            return max(0.0, self.paused_until - now)
        self._in_row += 1
        self._refused += 1
        self._cut_due = True
        if self._in_row == 1 and running >= USED * int(self.room):  # else it was not for too many at once
            self.room = max(1.0, self.room * ROOM_CUT)
        pause: float = min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** (self._in_row - 1))
        if asked is not None:
            pause = max(asked, min(pause / 4, ASKED_MOST * asked + 1) if self._in_row > 1 else 0.0)
        self.paused_until = now + pause
        return pause

    def stumble(self, now: float, *, started: float, asked: float | None = None) -> None:
        """Note that the service failed by itself: no growth until it is steady again; a pause where it asks for one, or
        where it has failed so often, one call after the other, that it seems to be down.
        """
        self.admit(now, started=started)
        self._unsteady = STEADY
        self._failed_in_row += 1
        pause = max(asked or 0.0, FIRST_PAUSE if self.down else 0.0)
        if pause:  # without one, the calls under way are of no wave: a 429 among them must count
            self.paused_until = max(self.paused_until, now + pause)

    def _cut_pace(self, now: float) -> None:
        guessed, self._cut_due, self._guessed = self._guessed, False, False
        if self.pace is None:
            seconds = max(1.0, now - (self._since or 0.0))
            pace, self._guessed = self._admitted / seconds, seconds < CLIMB
            # A first burst may be refused before the service has stated its limit, and says less than that.
            if pace < self.stated <= PLAUSIBLE * pace:
                pace, self._guessed = self.stated / CUT, False
            self._watch(now, None)
        elif self._in_row > 1:
            pace = self.pace * ROW_CUT
            self._watch(now, None)
        else:
            pace = self.pace
            if guessed:  # it has grown beyond the limit, nobody knows how far: no figure to compare with
                self._watch(now, None)
            elif self._lowered_from is None or self._climbed >= 1:  # a pace that could be regained did help
                self._watch(now, pace)
            elif self._is_useless(pace * CUT):
                self.pace = None
                self._watch(now, None)
                return
        self._refused_pace = max(SLOWEST, pace)
        self.pace = self._refused_pace * CUT
        self._climbed, self._last_reply, self._free = 0.0, now, now

    def _is_useless(self, pace: float) -> bool:
        low = pace < USELESS * (self._lowered_from or 0.0)
        return low and self._refused <= FEW * (self._admitted + self._refused)

    def _watch(self, now: float, pace: float | None) -> None:
        """Begin anew to count what is let in and refused, to see whether lowering the pace helps."""
        self._lowered_from, self._since = pace, now
        self._admitted = self._refused = 0

    def _raise_pace(self, now: float) -> None:
        if self.pace is None or not self._held_back:
            return
        self._held_back = False
        passed = now - self._last_reply
        if self._guessed:
            self.pace *= 1 + GROWTH * min(passed, 1.0)
            return
        self._climbed += min(passed / CLIMB, 1 / CLIMB_CALLS)
        self.pace = max(self.pace, self._refused_pace * (CUT + (1 - CUT) * self._climbed**3))
