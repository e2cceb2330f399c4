#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""Does the sum that tests/run ends with count what failed, in every way a test can fail?"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))

from summary import Count, count_test  # noqa: E402
from tap import Tap  # noqa: E402

# what is tested, what meson recorded (result, exit code, output), what it counts as
ROWS = [
    ("all well", ("OK", 0, "ok 1 - a\nok 2 - b\n1..2\n"), Count(2, 0, 0)),
    ("one failed", ("FAIL", 1, "ok 1 - a\nnot ok 2 - b\n1..2\n"), Count(1, 1, 0)),
    ("one skipped", ("OK", 0, "ok 1 - a\nok 2 - b # SKIP no tool\n1..2\n"), Count(1, 0, 1)),
    ("skipped in lower case", ("OK", 0, "ok 1 # skip\n1..1\n"), Count(0, 0, 1)),
    ("all skipped by the plan", ("SKIP", 0, "1..0 # SKIP no tool\n"), Count(0, 0, 1)),
    ("skipped by exit code", ("SKIP", 77, ""), Count(0, 0, 1)),
    ("crashed at the end", ("ERROR", -11, "ok 1 - a\nok 2 - b\n"), Count(2, 1, 0)),
    ("crashed at once", ("ERROR", -11, ""), Count(0, 1, 0)),
    ("ran out of time", ("TIMEOUT", -15, "ok 1 - a\n"), Count(1, 1, 0)),
    ("interrupted", ("INTERRUPT", -2, "ok 1 - a\n"), Count(1, 1, 0)),
    ("good exit code, nothing said", ("OK", 0, ""), Count(0, 1, 0)),
    ("good exit code, no TAP", ("OK", 0, "fine\nokay\n"), Count(0, 1, 0)),
    ("failed after the plan", ("FAIL", 1, "1..2\nok 1\nok 2\n"), Count(2, 1, 0)),
    ("unknown result", ("WHATEVER", 0, "ok 1 - a\n1..1\n"), Count(1, 1, 0)),
    ("a diagnostic that looks like a result", ("OK", 0, "ok 1\n# not ok 2\n1..1\n"),
     Count(1, 0, 0)),
]

# what is tested, output, the lines told of it
TOLD = [
    ("what a test says of a failure",
     "ok 1\n# of the first\nnot ok 2 - b\n#   got 3\n#   wanted 4\nok 3\n# of the third\n",
     ["not ok 2 - b", "#   got 3", "#   wanted 4"]),
    ("two failures", "not ok 1 - a\n# first\nnot ok 2 - b\n# second\n",
     ["not ok 1 - a", "# first", "not ok 2 - b", "# second"]),
    ("what stands apart from it", "not ok 1 - a\nnoise\n# later\n", ["not ok 1 - a"]),
    ("no more than a dozen lines", "not ok 1 - a\n" + "# more\n" * 40,
     ["not ok 1 - a"] + ["# more"] * 12),
    ("nothing failed", "ok 1\n# all well\n", []),
]


def main():
    tap = Tap()
    for what, (result, code, output), wanted in ROWS:
        entry = {"name": what, "result": result, "returncode": code, "stdout": output}
        tap.equal(count_test(entry)[0], wanted, f"sum: {what}")
    for what, output, wanted in TOLD:
        entry = {"name": what, "result": "OK", "returncode": 0, "stdout": output}
        tap.equal(count_test(entry)[1], wanted, f"told: {what}")
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
