#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""What `danepriv ipsec` prints, in a real pluto and a real charon: is each form loaded, is its policy
in the kernel, and does nothing leave in clear while IKE negotiates and after it has failed?

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

EXAMPLES, ROWS = CHECKOUT / "examples", CHECKOUT / "tests/integration/spd"
BUILD = Path(cli.program()).resolve().parents[2]
PATIENCE = 300
run = partial(daemons.run, patience=PATIENCE)


def test_pluto(tap, own):
    tap.repeat(run(EXAMPLES / "libreswan/enter", BUILD / "libreswan", sys.executable,
                   ROWS / "pluto.py", own, BUILD)[1])


def test_charon(tap, own):
    """Without the plugin: its folder is an empty one."""
    with tempfile.TemporaryDirectory() as none:
        os.chmod(none, 0o755)
        tap.repeat(run(EXAMPLES / "strongswan/enter", BUILD / "strongswan", none, sys.executable,
                       ROWS / "charon.py", own)[1])


def main():
    tap = Tap()
    if not cli.can_test(tap, "ipsec"):
        return tap.done()
    for daemon, test in (("libreswan", test_pluto), ("strongswan", test_charon)):
        reason = daemons.why_not(packages=(EXAMPLES / daemon / "packages", BUILD / daemon))
        if reason and os.environ.get("CI") != "true":
            tap.skip(f"what danepriv ipsec prints, in {daemon}", reason)
        elif reason:
            tap.ok(False, f"what danepriv ipsec prints, in {daemon}, can run here", reason)
        else:
            with tempfile.TemporaryDirectory() as own:
                test(tap, own)
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
