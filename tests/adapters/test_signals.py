"""Signals are noted, and counted as a person means them."""

import os
import signal

from linksms_cli.adapters.signals import Interruption


def test_a_terminal_that_is_closed_counts_once() -> None:
    with Interruption(hangup=True) as signals:
        for number in (signal.SIGHUP, signal.SIGHUP):
            os.kill(os.getpid(), number)
        assert (signals(), signals.count) == (True, 1)
        os.kill(os.getpid(), signal.SIGINT)
        assert signals.count == 2
