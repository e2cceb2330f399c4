# SPDX-License-Identifier: BSD-2-Clause
"""How does a test of a command come by a world of its own?"""

import tempfile
from pathlib import Path

from cli import can_test
from tap import Tap
from world import open_world


def run_in_world(command, test):
    """Runs test(tap, world, folder) where the program has the command.  Gives the exit code."""
    tap = Tap()
    if can_test(tap, command):
        with tempfile.TemporaryDirectory(prefix="danepriv-") as folder, \
                open_world(Path(folder) / "world") as world:
            test(tap, world, Path(folder))
    return tap.done()
