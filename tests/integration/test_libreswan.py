#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""Keys that are proven in a real pluto: examples/libreswan/try, and what pluto does with each peer.

Skipped where it cannot run on a person's machine; under CI=true that is a failure."""

import os
import sys
import tempfile
from functools import partial
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(CHECKOUT / "tests/support"))

import cli  # noqa: E402
import daemons  # noqa: E402
from tap import Tap  # noqa: E402

EXAMPLE = CHECKOUT / "examples/libreswan"
ROWS = CHECKOUT / "tests/integration/libreswan/rows.py"
BUILD = Path(cli.program()).resolve().parents[2]
FOLDER = BUILD / "libreswan"
PATIENCE = 500
run = partial(daemons.run, patience=PATIENCE)


def processes(word):
    """Command lines with a word in them."""
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            line = path.read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            continue
        if word in line:
            found.append(line)
    return found


def test_try(tap):
    with tempfile.TemporaryDirectory() as own:
        code, said = run(EXAMPLE / "try", BUILD, TMPDIR=own)
        tap.equal(os.listdir(own), [], "try leaves no file")
        tap.equal(processes(own), [], "try leaves no process")
    tap.equal(code, 0, "try passes", said)
    for word in ("authenticated", "refused"):
        tap.ok(any(word in line for line in said.splitlines()), f"try says {word}", said)


def test_rows(tap):
    with tempfile.TemporaryDirectory() as own:
        tap.repeat(run(EXAMPLE / "enter", FOLDER, sys.executable, ROWS, own, BUILD)[1])


def main():
    tap = Tap()
    reason = daemons.why_not(packages=(EXAMPLE / "packages", FOLDER))
    if reason and os.environ.get("CI") != "true":
        tap.skip("pluto with keys that are proven", reason)
    elif reason:
        tap.ok(False, "pluto with keys that are proven can run here", reason)
    else:
        test_try(tap)
        test_rows(tap)
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
