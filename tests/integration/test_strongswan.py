#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""The plugin in a real charon: examples/strongswan/try, and what charon does with each peer.

Part of tests/run --all.  Skipped where it cannot run on a person's machine; under CI=true that is a
failure."""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(CHECKOUT / "tests/support"))

import cli  # noqa: E402
from tap import Tap  # noqa: E402

EXAMPLE = CHECKOUT / "examples/strongswan"
ROWS = CHECKOUT / "tests/integration/strongswan/rows.py"
BUILD = Path(cli.program()).resolve().parents[2]
FOLDER = BUILD / "strongswan"
PATIENCE = 300
MOST_SECONDS = 45


def run(*argv):
    """A program's exit status and all that it said."""
    done = subprocess.run([str(a) for a in argv], capture_output=True, text=True, check=False,
                          stdin=subprocess.DEVNULL, timeout=PATIENCE)
    return done.returncode, done.stdout + done.stderr


def why_not():
    """Why it cannot run here, or None."""
    if os.getuid():
        return "not root"
    if not shutil.which("apt-get"):
        return "no apt-get"
    if not Path("/dev/net/tun").exists():
        return "no /dev/net/tun"
    code, said = run("unshare", "--mount", "--net", "--pid", "--fork", "true")
    if code:
        return said
    code, said = run(EXAMPLE / "packages", FOLDER)
    return said or "no packages" if code else None


def is_sanitized():
    """charon is not built with a sanitizer, and cannot load what is."""
    return b"__asan_init" in (BUILD / "lib/libdanepriv.so").read_bytes()


def enter(plugins, *argv):
    """Runs one part of rows.py beside charon."""
    with tempfile.TemporaryDirectory() as own:
        return run(EXAMPLE / "enter", FOLDER, plugins, sys.executable, ROWS, own, BUILD, *argv)


def test_try(tap):
    start = time.monotonic()
    code, said = run(EXAMPLE / "try", BUILD)
    took = time.monotonic() - start
    tap.equal(code, 0, "try passes", said)
    for word in ("authenticated", "refused"):
        tap.ok(any(word in line for line in said.splitlines()), f"try says {word}", said)
    tap.ok(took < MOST_SECONDS, f"try takes less than {MOST_SECONDS} s", f"{took:.1f} s")


def repeat(tap, said):
    """The tests that rows.py made, as ours."""
    details = []
    planned = None
    results = []
    for line in said.splitlines():
        if line.startswith(("ok ", "not ok ")):
            details = []
            results.append((line.startswith("ok "), line.split(" - ", 1)[1], details))
        elif line.startswith("1.."):
            planned = int(line[3:])
        else:
            details.append(line)
    for passed, name, lines in results:
        tap.ok(passed, name, *lines)
    tap.equal(planned, len(results), "all rows were run", said[-2000:])


def test_other_version(tap):
    """A plugin that was built for another charon does not load."""
    name = "libstrongswan-danepriv.so"
    octets = (FOLDER / "plugin" / name).read_bytes()
    upstream = (FOLDER / "version").read_text().strip().rsplit("-", 1)[0].encode() + b"\0"
    with tempfile.TemporaryDirectory() as plugins:
        os.chmod(plugins, 0o755)
        (Path(plugins) / name).write_bytes(
            octets.replace(b"\0" + upstream, b"\0" + b"9" * (len(upstream) - 1) + b"\0"))
        repeat(tap, enter(plugins, "other-version")[1])


def main():
    tap = Tap()
    reason = why_not()
    if is_sanitized():
        tap.skip("charon with the plugin", "the library has a sanitizer, and charon has not")
    elif reason and os.environ.get("CI") != "true":
        tap.skip("charon with the plugin", reason)
    elif reason:
        tap.ok(False, "charon with the plugin can run here", reason)
    else:
        test_try(tap)
        repeat(tap, enter(FOLDER / "plugin")[1])
        test_other_version(tap)
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
