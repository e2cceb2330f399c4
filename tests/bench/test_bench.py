#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""Do all rows of the bench do their work, and can programs read what it prints?  No time is judged.

    test_bench.py BENCH"""

import json
import os
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))

from tap import Tap  # noqa: E402
from with_world import run  # noqa: E402

PATIENCE = 100  # seconds
# What must be there whatever is installed, by the first words of its rows.
ROWS = ("verify P-256", "verify RSA-2048", "verify Ed25519", "SHA-256", "judge 3 1 1",
        "judge 2 0 1", "judge 0 0 1", "cache put", "cache wants_tls", "cache evaluate",
        "cache of", "zones get_provenance", "prove RFC 9102", "prove a new leaf", "heap for",
        "a signature that is remembered", "profile of", "plan for", "plan, four",
        "look up", "fetch", "keytrap")
NUMBERS = ("microseconds", "peer_microseconds", "scaling", "peer_scaling", "ratio", "octets",
           "allocations")
KEYS = {"row", "peer", "of", "wanted", "met", "skipped", *NUMBERS}


def check_row(tap, row):
    """One row: it says what it is, and either a number or why there is none."""
    name = " beside ".join(str(row[key]) for key in ("row", "peer") if key in row)
    numbers = [row[key] for key in NUMBERS if key in row]
    compared = "ratio" in row and row.get("of") in ("time", "speed", "scaling")
    tap.ok(set(row) <= KEYS and (numbers or row.get("skipped"))
           and all(isinstance(n, (int, float)) and n >= 0 for n in numbers)
           and ("peer" not in row or compared or row.get("skipped"))
           and ("wanted" in row) == isinstance(row.get("met"), bool), name, row)


def check_skips(tap, rows):
    """Where everything has to be installed nothing may be left out."""
    skipped = [row for row in rows if "in this build" not in row.get("skipped", "in this build")]
    if os.environ.get("CI") == "true":
        tap.ok(not skipped, "nothing is left out", *skipped)
    for row in skipped:
        tap.skip(f"{row['row']} {row.get('peer', '')}", row["skipped"])


def check_usage(tap, bench):
    for argument in ("--nonsense", "--resolver", "--only", "json"):
        code = subprocess.run([bench, argument], capture_output=True, check=False).returncode
        tap.equal(code, 2, f"exit 2: {argument}")


def main(bench):
    tap = Tap()
    done = run([bench, "--quick", "--json"], capture_output=True, text=True, timeout=PATIENCE)
    if not tap.equal(done.returncode, 0, "all rows do their work", done.stdout, done.stderr):
        return tap.done()
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    for row in rows:
        check_row(tap, row)
    for words in ROWS:
        tap.ok(any(row["row"].startswith(words) for row in rows), f"there is a row: {words}")
    check_skips(tap, rows)
    check_usage(tap, bench)
    return tap.done()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
