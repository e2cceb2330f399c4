#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""How does the bench come by the test world, which its live rows need?

    with_world.py BENCH ARGUMENT…

Where the servers of the world are missing it runs without, and says so."""

import subprocess
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))

from servers import find_server  # noqa: E402
from world import open_world  # noqa: E402


def has_servers():
    try:
        return all(find_server(name) for name in ("nsd", "unbound"))
    except FileNotFoundError as missing:
        print(f"bench: no test world: {missing}", file=sys.stderr)
        return False


def world_arguments(stack):
    """A running world until the stack is closed, as arguments of the bench."""
    folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="danepriv-"))
    world = stack.enter_context(open_world(Path(folder) / "world"))
    return ["--resolver", world["resolver"]["address"], "--anchor", world["anchors"]["root_dnskey"]]


def run(argv, **how):
    with ExitStack() as stack:
        more = world_arguments(stack) if has_servers() else []
        return subprocess.run([*argv, *more], check=False, **how)


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    sys.exit(run(sys.argv[1:]).returncode)
