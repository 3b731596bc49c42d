"""What the user sees while `make` works: steps with their seconds, and clear failures.

Everything goes to standard error, so that standard output stays with the program that
was asked for (pytest, Odoo's shell).
"""

import sys
import threading
import time
from contextlib import contextmanager

HEARTBEAT = 20  # seconds between two lines of a long step where lines cannot move


class Failure(Exception):
    """A step that cannot go on; the message names what is missing and the cure."""


def say(text=""):
    """Print one line."""
    print(text, file=sys.stderr, flush=True)


class Step:
    """A step in progress: a moving line on a terminal, plain lines elsewhere."""

    def __init__(self, title):
        self.title = title
        self.detail = ""
        self.started = time.monotonic()
        self._moving = sys.stderr.isatty()
        self._finished = threading.Event()
        self._ticker = threading.Thread(target=self._tick, daemon=True)

    def seconds(self):
        """Return the whole seconds since the step began."""
        return int(time.monotonic() - self.started)

    def progress(self, detail):
        """Show what the step is busy with."""
        self.detail = detail

    def _line(self):
        detail = f": {self.detail}" if self.detail else ""
        return f"{self.title}{detail} ({self.seconds()} s)"

    def _tick(self):
        pause = 0.5 if self._moving else HEARTBEAT
        while not self._finished.wait(pause):
            if self._moving:
                sys.stderr.write(f"\r\033[K… {self._line()[:110]}")
                sys.stderr.flush()
            else:
                say(f"  … {self._line()}")

    def __enter__(self):
        if not self._moving:
            say(f"{self.title} …")
        self._ticker.start()
        return self

    def __exit__(self, kind, error, trace):
        self._finished.set()
        self._ticker.join()
        mark = "✗" if kind else "✓"
        start = "\r\033[K" if self._moving else ""
        say(f"{start}{mark} {self.title} ({time.monotonic() - self.started:.1f} s)")


@contextmanager
def step(title):
    """Show a step around a block."""
    with Step(title) as current:
        yield current
