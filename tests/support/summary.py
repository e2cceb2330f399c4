#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""How many tests passed?  Adds up what meson recorded: every TAP line is a test.

    summary.py BUILD LOG.json…     prints the failures, and last `N passed, N failed, N skipped`

A meson test that crashed, ran out of time, or said nothing that can be counted is a failure, and so
is one that is missing from the log."""

import json
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

LINE = re.compile(r"^(not )?ok\b(.*)$")
SKIP = re.compile(r"#\s*skip", re.IGNORECASE)
NOTHING = re.compile(r"^1\.\.0\b")
GOOD = ("OK", "SKIP", "EXPECTEDFAIL")
DETAILS_MAX = 12  # lines of what a test says of a failure


@dataclass
class Count:
    passed: int = 0
    failed: int = 0
    skipped: int = 0

    def __add__(self, other):
        return Count(self.passed + other.passed, self.failed + other.failed,
                     self.skipped + other.skipped)

    def __str__(self):
        return f"{self.passed} passed, {self.failed} failed, {self.skipped} skipped"


def count_tap(text):
    """Counts the lines of one test program; also returns those that failed, and what it said of them."""
    count, failures, room = Count(), [], 0
    for line in text.splitlines():
        found = LINE.match(line)
        if room and line.startswith("#"):
            failures.append(line)
        room = room - 1 if room and line.startswith("#") else 0
        if NOTHING.match(line) and SKIP.search(line):
            count.skipped += 1
        elif found and SKIP.search(found[2]):
            count.skipped += 1
        elif found and found[1]:
            count.failed += 1
            failures.append(line)
            room = DETAILS_MAX
        elif found:
            count.passed += 1
    return count, failures


def count_test(entry):
    """One meson test: its TAP lines, and one failure more when there is no other sign of it."""
    count, failures = count_tap(entry.get("stdout") or "")
    if count == Count() and entry["result"] == "SKIP":
        return Count(skipped=1), []
    is_good = entry["result"] in GOOD and count != Count()
    if not is_good and not count.failed:
        failures.append(f"{entry['result']}, exit code {entry.get('returncode')}")
        failures += (entry.get("stderr") or "").splitlines()[-20:]
        count.failed += 1
    return count, failures


def read_log(path):
    """The entries of one testlog.json, one a line; none when meson wrote no log."""
    if not Path(path).exists():
        return []
    return [json.loads(line) for line in Path(path).read_text().splitlines() if line.strip()]


def all_tests(build):
    done = subprocess.run(["meson", "introspect", "--tests", build], capture_output=True,
                          text=True, check=True)
    return len(json.loads(done.stdout))


def main(argv):
    if len(argv) < 3:
        print(__doc__, file=sys.stderr)
        return 2
    total = Count()
    for path in argv[2:]:
        entries = read_log(path)
        is_whole = Path(path).name == "testlog.json"
        absent = max(0, all_tests(argv[1]) - len(entries)) if is_whole else int(not entries)
        if absent:
            print(f"{path}: {absent} tests did not run")
        total += Count(failed=absent)
        for entry in entries:
            count, failures = count_test(entry)
            total += count
            for failure in failures:
                print(f"{entry['name']}: {failure}")
    print(total)
    return 1 if total.failed or not total.passed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv))
