#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""Writes the manual page of danepriv out of what the program says of itself.

    manual.py PROGRAM OUTPUT SECONDS

Nothing is said here but headings: --help is the only source.  SECONDS: the date of the page."""

import re
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

sys.dont_write_bytecode = True
sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "include" / "manual"))

import roff  # noqa: E402

# `  -x, --name VALUE  text`; the text may stand in the next line
OPTION = re.compile(r"^  (?:(-\w), |    )(--[\w-]+)(?: ('[^']*'|\S+))?(?:  +(.*))?$")
CONTINUED = re.compile(r"^ {20,}(\S.*)$")
ROW = re.compile(r"^  (\S+)  +(.*)$")


@dataclass
class Help:
    """One --help: its usage, its text, and its lists by their headings."""
    usage: list = field(default_factory=list)
    about: list = field(default_factory=list)
    lists: dict = field(default_factory=dict)


def say(program, *arguments):
    return subprocess.run([program, *arguments], check=True, capture_output=True,
                          text=True).stdout


def read_help(text):
    blocks = [block.splitlines() for block in text.strip("\n").split("\n\n")]
    made = Help(usage=[line.removeprefix("usage: ") for line in blocks[0]])
    for block in blocks[1:]:
        if block[0].endswith(":") and not block[0].startswith(" "):
            made.lists[block[0][:-1]] = block[1:]
        else:
            made.about.append(block)
    return made


def escape(text):
    return roff.escape(text).replace("-", "\\-")


def filled(text):
    """Lines of at most 80 columns, hyphens escaped."""
    return [escape(line) for line in roff.wrapped(text, 68)]


def paragraphs(blocks):
    return [line for block in blocks for line in [".PP", *filled(" ".join(block))]]


def verbatim(lines):
    return [".PP", ".nf", *(escape(line) for line in lines), ".fi"]


def rows(lines):
    return [line for left, right in (ROW.match(line).groups() for line in lines)
            for line in (".TP", f".B {escape(left)}", escape(right))]


def options(lines):
    made = []
    for line in lines:
        found, more = OPTION.match(line), CONTINUED.match(line)
        if found:
            letter, name, value, text = found.groups()
            names = ", ".join(f"\\fB{escape(n)}\\fR" for n in (letter, name) if n)
            made += [".TP", names + (f" \\fI{escape(value)}\\fR" if value else "")]
            made += [escape(text)] if text else []
        elif more:
            made.append(escape(more.group(1)))
        else:
            raise SystemExit(f"--help has a line that is no option: {line!r}")
    return made


def page(program, day):
    main = read_help(say(program, "--help"))
    version = say(program, "--version").strip()
    names = [ROW.match(line).group(1) for line in main.lists["commands"]]
    commands = {name: read_help(say(program, name, "--help")) for name in names}
    summary, *about = main.about
    text = " ".join(summary)
    lines = [f'.TH DANEPRIV 1 "{day}" "{version}" "User Commands"', ".SH NAME", "danepriv \\-",
             *filled(text[0].lower() + text[1:]), ".SH SYNOPSIS"]
    lines += verbatim([line for each in commands.values() for line in each.usage])[1:]
    lines += [".SH DESCRIPTION", *paragraphs(about)[1:], *rows(main.lists["commands"]),
              ".SH OPTIONS", *options(main.lists["options"]), ".SH COMMANDS"]
    for name, each in commands.items():
        lines += [f'.SS "danepriv {name}"', *paragraphs(each.about)[1:],
                  *options(each.lists["options"])]
    lines.append(".SH EXIT STATUS")
    for name, each in commands.items():
        lines += [f'.SS "danepriv {name}"', *rows(each.lists["exit status"])]
    examples = [line.strip() for each in commands.values() for line in each.lists["example"]]
    lines += [".SH EXAMPLES", *verbatim(examples)[1:], ".SH SEE ALSO"]
    lines += [escape(line.strip()) for line in main.lists["see also"]]
    return "\n".join(lines) + "\n"


def main():
    if len(sys.argv) != 4:
        print(__doc__, file=sys.stderr)
        return 2
    text = page(sys.argv[1], roff.date(sys.argv[3]))
    Path(sys.argv[2]).write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
