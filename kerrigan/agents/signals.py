"""Signals to end while an agent runs: they end the agent first, and nothing keeps its end from being finished."""

import os
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

ENDING = (signal.SIGTERM, signal.SIGHUP)


@contextmanager
def interruptible() -> Iterator[Callable[[], None]]:
    """SIGTERM and SIGHUP raise SystemExit, as SIGINT raises KeyboardInterrupt, until the function it gives is called.

    From then on all three only wait: an impatient second Ctrl-C must not leave half of an agent behind. They are
    delivered at the end. Signals that the caller ignores or handles stay with it. Outside of the main thread, where
    Python delivers no signal, nothing is done.
    """
    if threading.current_thread() is not threading.main_thread():
        yield lambda: None
        return
    saved = {number: signal.getsignal(number) for number in (signal.SIGINT, *ENDING)}
    waiting: list[int] = []

    def hold() -> None:
        for number, handler in saved.items():
            if handler is not signal.SIG_IGN:
                signal.signal(number, lambda caught, _: waiting.append(caught))

    for number in ENDING:
        if saved[number] is signal.SIG_DFL:
            signal.signal(number, _end)
    try:
        yield hold
    finally:
        for number, handler in saved.items():
            signal.signal(number, handler)
        for received in waiting:
            os.kill(os.getpid(), received)


def _end(number: int, _: FrameType | None) -> None:
    raise SystemExit(128 + number)
