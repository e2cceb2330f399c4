#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""The plugin in a real charon: examples/strongswan/try, and what charon does with each peer.

Skipped where it cannot run on a person's machine; under CI=true that is a failure."""

import os
import re
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(CHECKOUT / "tests/support"))

import cli  # noqa: E402
import daemons  # noqa: E402
from tap import Tap  # noqa: E402

EXAMPLE = CHECKOUT / "examples/strongswan"
ROWS = CHECKOUT / "tests/integration/strongswan/rows.py"
BUILD = Path(cli.program()).resolve().parents[2]
FOLDER = BUILD / "strongswan"
PATIENCE = 1500  # seconds: a busy machine takes long to configure strongSwan
TOOLS = ("dpkg-source", "ip", "make", "readelf")
PARTS = ("rogue", "honest", "live", "files", "hanging", "shared", "later")
AT_ONCE = 2
run = partial(daemons.run, patience=PATIENCE)


def why_not():
    """Why it cannot run here, or None."""
    if not Path("/dev/net/tun").exists():
        return "no /dev/net/tun"
    return daemons.why_not(*TOOLS)


def enter(plugins, part):
    """What one part of rows.py says, beside charon."""
    with tempfile.TemporaryDirectory() as own:
        _, said = run(EXAMPLE / "enter", FOLDER, plugins, sys.executable, ROWS, own, BUILD, part)
    return said


def test_try(tap):
    start = time.monotonic()
    code, said = run(EXAMPLE / "try", BUILD)
    print(f"# try: {time.monotonic() - start:.1f} s", flush=True)
    tap.equal(code, 0, "try passes", said)
    for word in ("authenticated", "refused"):
        tap.ok(any(word in line for line in said.splitlines()), f"try says {word}", said)


def other_charon(folder):
    """Beside a plugin that was built for another libcharon."""
    name = "libstrongswan-danepriv.so"
    octets = (FOLDER / "plugin" / name).read_bytes()
    changed = re.sub(rb"(libcharon\.so\.0 )[0-9a-f]", rb"\1x", octets)
    assert changed != octets
    folder.chmod(0o755)
    (folder / name).write_bytes(changed)
    return enter(folder, "other-version")


def test_rows(tap):
    """All parts; each has a world of its own."""
    with tempfile.TemporaryDirectory() as plugins, ThreadPoolExecutor(AT_ONCE) as pool:
        parts = [pool.submit(enter, FOLDER / "plugin", part) for part in PARTS]
        parts.append(pool.submit(other_charon, Path(plugins)))
        for part in parts:
            tap.repeat(part.result())


def main():
    tap = Tap()
    reason = why_not()
    if reason and os.environ.get("CI") != "true":
        tap.skip("charon with the plugin", reason)
    elif reason:
        tap.ok(False, "charon with the plugin can run here", reason)
    else:
        code, said = run(EXAMPLE / "build", BUILD)
        if tap.equal(code, 0, "packages and sources are to be had, the plugin is built", said):
            test_try(tap)
            test_rows(tap)
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
