"""Child processes that never outlive the tests, not even tests that are killed."""

import ctypes
import signal
import socket
import sys
from collections.abc import Callable

PR_SET_PDEATHSIG = 1


def dies_with_parent(by: signal.Signals = signal.SIGKILL) -> Callable[[], None]:
    """A `preexec_fn` for Popen: Linux sends the child `by` when the parent is gone.

    Popen calls it after it has changed the user, which matters: changing the user clears the
    wish (prctl(2)). Elsewhere than on Linux it does nothing.
    """
    # Loaded here, not in the child: between fork and exec nothing may be imported.
    prctl = ctypes.CDLL(None).prctl if sys.platform == "linux" else None

    def ask() -> None:
        if prctl is not None:
            prctl(PR_SET_PDEATHSIG, by)

    return ask


def free_port(host: str = "127.0.0.1") -> int:
    """A TCP port on which nothing listens at this moment."""
    with socket.socket() as probe:
        probe.bind((host, 0))
        port: int = probe.getsockname()[1]
        return port
