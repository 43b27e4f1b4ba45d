"""What may go wrong on purpose: delays, error pages, refusals and cut connections."""

from collections import defaultdict, deque
from dataclasses import dataclass

PAGES = {500: "Internal Server Error", 502: "Bad Gateway", 503: "Service Unavailable"}
EVERY = "*"


class Refused(Exception):
    """A call that Telegram refuses: code, description and, for 429, the seconds to wait."""

    def __init__(self, description: str, code: int = 400, retry_after: int = 0) -> None:
        super().__init__(description)
        self.description, self.code, self.retry_after = description, code, retry_after


def bad(words: str) -> Refused:
    """A 400 in Telegram's form."""
    return Refused(f"Bad Request: {words}")


def too_many(seconds: int) -> Refused:
    """A 429 that says how long to wait."""
    return Refused(f"Too Many Requests: retry after {seconds}", 429, seconds)


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing to go wrong: a status (0: none), or a cut before or after the call is taken."""

    status: int = 0
    retry_after: int = 1
    cut_before: bool = False
    cut_after: bool = False


class Faults:
    """Faults waiting for their calls; `delay` (seconds, the whole trip) is on every call.

    `skew` is how many seconds Telegram's clock is ahead in its Date header.
    """

    def __init__(self, delay: float = 0.0) -> None:
        self.delay = delay
        self.skew = 0.0
        self._waiting: defaultdict[str, deque[Fault]] = defaultdict(deque)

    def fail(self, method: str, status: int, times: int = 1, retry_after: int = 1) -> None:
        """The next calls of a method ("*": any) are answered with 429, 403, 500 or 502."""
        if status not in PAGES and status not in (400, 401, 403, 404, 409, 429):
            raise ValueError(f"no such failure: {status}")
        self._add(method, Fault(status, retry_after), times)

    def cut_before(self, method: str, times: int = 1) -> None:
        """The next calls lose their connection before Telegram has taken them."""
        self._add(method, Fault(cut_before=True), times)

    def cut_after(self, method: str, times: int = 1) -> None:
        """The next calls are taken, but their answer is lost with the connection."""
        self._add(method, Fault(cut_after=True), times)

    def clear(self) -> None:
        """Nothing goes wrong any more; the delay stays."""
        self._waiting.clear()

    def take(self, method: str) -> Fault | None:
        """The fault of this call, if one waits; `method` in small letters."""
        if not self._waiting:
            return None
        for name in (method, EVERY):
            if waiting := self._waiting.get(name):
                fault = waiting.popleft()
                if not waiting:
                    del self._waiting[name]
                return fault
        return None

    def _add(self, method: str, fault: Fault, times: int) -> None:
        self._waiting[method.lower()].extend([fault] * times)


WORDS = {
    400: "Bad Request: a fault of the test",
    401: "Unauthorized",
    403: "Forbidden: bot was blocked by the user",
    404: "Not Found",
    409: "Conflict: terminated by other getUpdates request; "
    "make sure that only one bot instance is running",
}


def refusal(fault: Fault) -> Refused:
    """The JSON refusal of a fault that is no error page."""
    if fault.status == 429:
        return too_many(fault.retry_after)
    return Refused(WORDS[fault.status], fault.status)
