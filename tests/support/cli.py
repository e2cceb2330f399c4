# SPDX-License-Identifier: BSD-2-Clause
"""How does a test run the program `danepriv` and read what it says?"""

import json
import os
import resource
import signal
import subprocess
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]
PATIENCE = 120  # seconds: far more than any row takes
WORKERS = 4


@dataclass
class Run:
    """What one call came to.  A signal shows as a negative code, a hang as None."""
    code: int | None
    data: dict = field(default_factory=dict)
    text: str = ""

    def __getitem__(self, key):
        return self.data.get(key)


def program():
    return os.environ.get("DANEPRIV_CLI", str(CHECKOUT / "build/examples/cli/danepriv"))


def call(*args, more=None):
    """Runs `danepriv ARGS… --json`, with `more` in its environment."""
    argv = [program(), *(str(a) for a in args), "--json"]
    try:
        done = subprocess.run(argv, capture_output=True, text=True, timeout=PATIENCE,
                              stdin=subprocess.DEVNULL, check=False,
                              env={**os.environ, **(more or {})})
    except subprocess.TimeoutExpired:
        return Run(None, text=f"no end after {PATIENCE} s: {' '.join(argv)}")
    text = f"$ {' '.join(argv)}\n{done.stdout}{done.stderr}"
    try:
        data = json.loads(done.stdout) if done.stdout.strip() else {}
    except ValueError:
        return Run(done.returncode, {"not JSON": done.stdout}, text)
    return Run(done.returncode, data, text)


def call_lines(*args):
    """The same where there is an object a line: a Run whose data has them as `lines`."""
    argv = [program(), str(args[0]), "--json", *(str(a) for a in args[1:])]
    done = subprocess.run(argv, capture_output=True, text=True, timeout=PATIENCE,
                          stdin=subprocess.DEVNULL, check=False)
    text = f"$ {' '.join(argv)[:2000]}\n{done.stdout}{done.stderr}"
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    return Run(done.returncode, {"lines": lines, "errors": done.stderr}, text)


def call_limited(args, ignored):
    """With room for 500 octets a file: writing more fails, or ends the program."""
    def limit():
        resource.setrlimit(resource.RLIMIT_FSIZE, (500, 500))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN if ignored else signal.SIG_DFL)

    return subprocess.run([program(), *map(str, args)], stdout=subprocess.PIPE, text=True,
                          stderr=subprocess.PIPE, preexec_fn=limit, restore_signals=False,
                          check=False)


def check_no_room(tap, args, path):
    """The command leaves `path` as it was, and nothing beside it, where there is no room."""
    before = path.read_bytes() if path.exists() else None
    for ignored in (True, False):
        done = call_limited(args, ignored)
        tap.equal(done.returncode, 4 if ignored else -signal.SIGXFSZ,
                  "no room: " + ("said" if ignored else "ended"), done.stderr)
        tap.equal(path.read_bytes() if path.exists() else None, before,
                  f"no room: {before} is as it was")
        left = list(path.parent.glob(path.name + ".*"))
        if ignored:
            tap.ok(done.stderr.count("\n") == 1 and not left, "no room: one line, nothing left",
                   done.stderr, *left)
        for file in left:
            file.unlink()


def words(*args):
    """What `danepriv ARGS…` says to people."""
    argv = [program(), *(str(a) for a in args)]
    return subprocess.run(argv, capture_output=True, text=True, timeout=PATIENCE,
                          stdin=subprocess.DEVNULL, check=False).stdout


def call_all(rows, workers=WORKERS):
    """Runs many calls at once; gives (row, run) in order.  A row is (arguments, anything…)."""
    with ThreadPoolExecutor(workers) as pool:
        yield from zip(rows, pool.map(lambda row: call(*row[0]), rows))


def knows(command):
    """Was the program built with this command?"""
    try:
        done = subprocess.run([program(), command, "--help"], capture_output=True, check=False)
    except OSError:
        return False
    return done.returncode == 0


def can_test(tap, command):
    """Says in the results when the program lacks a command; where CI=true that is a failure."""
    if knows(command):
        return True
    if os.environ.get("CI") == "true":
        tap.ok(False, f"danepriv {command} exists", f"not in {program()}")
    else:
        tap.skip(f"danepriv {command}", "the program was built without it")
    return False


def is_sane(run):
    """No crash, no hang, no code outside the contract."""
    return run.code in (0, 1, 2, 3, 4)
