#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""Does the manual page say all that --help says?  (tests/abi/manual: is it sound?)"""

import os
import re
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))

from cli import CHECKOUT, program  # noqa: E402
from tap import Tap  # noqa: E402

PAGE = Path(os.environ.get("DANEPRIV_MANUAL", CHECKOUT / "build/examples/cli/danepriv.1"))
SECTIONS = ["NAME", "SYNOPSIS", "DESCRIPTION", "OPTIONS", "COMMANDS", "EXIT STATUS", "EXAMPLES",
            "SEE ALSO"]


def run(*argv):
    return subprocess.run([str(a) for a in argv], capture_output=True, text=True, check=False)


def say(*arguments):
    return subprocess.run([program(), *arguments], capture_output=True, text=True,
                          check=True).stdout


def plain(roff):
    """The words of the page: without requests, fonts and escapes."""
    text = re.sub(r"\\f[BIR]", "", roff)
    text = re.sub(r'^\.(B|SS|SH|TH) ?"?(.*?)"?$', r"\2", text, flags=re.M)
    text = re.sub(r"^\.\w+$", "", text, flags=re.M)
    text = text.replace("\\-", "-").replace("\\&", "").replace("\\e", "\\")
    return " ".join(text.split())


def check_words(tap, roff):
    """Every line of every --help, and nothing but headings beside them."""
    words = plain(roff)
    commands = re.findall(r"^  (\w+)  +\S", say("--help").partition("commands:")[2], re.M)
    rest = words.lower()
    for command in ([], *([c] for c in commands)):
        text = say(*command, "--help").removeprefix("usage: ")
        missing = []
        for line in text.splitlines():
            for part in re.split(r"  +", line.strip()):
                if not part.endswith(":") and part not in words and part.lower() not in rest:
                    missing.append(part)
        missing = [m for m in missing if m != "danepriv COMMAND ..."]
        tap.equal(missing, [], f"all of danepriv {' '.join(command)} --help is in it")
        for option in re.findall(r"^ {2,6}(?:-\w, )?(--[\w-]+)", text, re.M):
            tap.ok(f"\\fB{option.replace('-', chr(92) + '-')}\\fR" in roff,
                   f"{' '.join(command)} {option} is described")
    for name in commands:
        tap.ok(f'.SS "danepriv {name}"' in roff, f"{name} has its section")


def check_parser(tap):
    """A --help of another form is not passed over in silence."""
    script = CHECKOUT / "examples/cli/manual.py"
    done = run(sys.executable, script, "/bin/true", "/dev/null", "0")
    tap.ok(done.returncode != 0, "a program that says nothing has no manual")
    done = run(sys.executable, script)
    tap.equal(done.returncode, 2, "usage")


def main():
    tap = Tap()
    if not PAGE.is_file() and os.environ.get("CI") != "true":
        tap.skip("the manual", "it was not made in this build")
        return tap.done()
    roff = PAGE.read_text(encoding="utf-8")
    tap.equal(re.findall(r"^\.SH (.*)$", roff, re.M), SECTIONS, "sections")
    tap.ok(roff.startswith(".TH DANEPRIV 1 "), "title")
    tap.ok(say("--version").strip() in roff.splitlines()[0], "version")
    check_words(tap, roff)
    check_parser(tap)
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
