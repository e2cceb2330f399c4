#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""Does bash complete the command line of danepriv by what the program says of itself?"""

import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))

from cli import CHECKOUT, can_test, program  # noqa: E402
from tap import Tap  # noqa: E402

COMPLETION = CHECKOUT / "examples/cli/danepriv.bash"
DRIVE = """\
source "$1" || exit 9
shift
COMP_WORDS=("$@")
COMP_CWORD=$(($# - 1))
_danepriv "$1" "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]}"
[ ${#COMPREPLY[@]} -eq 0 ] || printf '%s\\n' "${COMPREPLY[@]}"
"""
# a program that has other options than ours: nothing may be known beforehand
OTHER = """\
#!/bin/sh
[ "$1" = --help ] && printf 'usage: x\\n\\ncommands:\\n  walk        on foot\\n\\noptions:\\n\
      --help                      print this\\n'
[ "$1 $2" = "walk --help" ] && printf 'usage: x\\n\\n--about is no option\\n\\noptions:\\n\
  -s, --speed slow|fast           how\\n      --long-name-of-it WORD|OTHER\\n\
                                  below\\n      --map FILE                  where\\n\
\\nexit status:\\n  0  --well\\n'
exit 0
"""


def complete(*words, of=None, folder=None):
    """What is offered for the last of the words; the program comes first by itself."""
    done = subprocess.run(["bash", "--norc", "-c", DRIVE, "bash", str(COMPLETION),
                           of or program(), *words], cwd=folder, capture_output=True, text=True,
                          stdin=subprocess.DEVNULL, check=False)
    if done.returncode or done.stderr:
        return [f"exit {done.returncode}", done.stderr]
    return done.stdout.split()


def say(*arguments):
    return subprocess.run([program(), *arguments], capture_output=True, text=True,
                          check=True).stdout


def options_of(command):
    """Every option that --help has, and how it calls its value."""
    listed = say(command, "--help").partition("\noptions:\n")[2].partition("\n\n")[0]
    rows = re.findall(r"^ {2,6}(?:-\w, )?(--[\w-]+)(?: ('[^']+'|\S+))?(?:  .*)?$", listed, re.M)
    return dict(rows)


def check_commands(tap, commands):
    tap.equal(sorted(complete("")), sorted([*commands, "--help", "--version"]), "all commands")
    for command in commands:
        tap.equal(complete(command[:-1]), [command], f"{command}, but for its end")
    tap.equal(complete("--v"), ["--version"], "an option of the program itself")
    tap.equal(complete("nothing"), [], "no such command")
    for words in (("nothing", ""), ("nothing", "--"), ("nothing", "--mode", ""), ("", "")):
        tap.equal(complete(*words), [], f"behind a command that is none: {words}")


def check_options(tap, command, folder):
    options = options_of(command)
    tap.ok(len(options) > 5 and "--help" in options, f"{command}: its options are found", options)
    tap.equal(sorted(complete(command, "--")), sorted(options), f"{command}: all options")
    tap.equal(sorted(complete(command, "")), sorted(options), f"{command}: options unasked")
    for option, value in options.items():
        tap.ok(option in complete(command, option[:-1]), f"{command} {option}, but for its end")
        got = complete(command, option, "", folder=folder)
        if "|" in value:
            tap.equal(got, value.split("|"), f"{command} {option}: its words")
            begun = value[:2]
            fit = [word for word in value.split("|") if word.startswith(begun)]
            tap.equal(complete(command, option, begun), fit, f"{command} {option} {begun}")
            tap.equal(complete(command, option, "="), value.split("|"), f"{command} {option}=")
            tap.equal(complete(command, option, "=", begun), fit, f"{command} {option}={begun}")
            tap.equal(complete(command, option, "xx"), [], f"{command} {option}: no such word")
        elif value == "FILE":
            tap.equal(sorted(got), ["a.pem", "folder"], f"{command} {option}: files")
            tap.equal(complete(command, option, "a", folder=folder), ["a.pem"],
                      f"{command} {option} a")
        elif value:
            tap.equal(got, [], f"{command} {option} {value}: free text")
        else:
            tap.equal(sorted(got), sorted(options), f"{command} {option} takes no value")


def check_ways(tap, folder):
    tap.equal(complete("match", "--", ""), [], "no options behind --")
    tap.equal(complete("match", "--", "--c"), [], "no options behind --, begun")
    tap.equal(complete("match", "a.test", "--cer"), ["--cert"], "behind an operand")
    tap.equal(complete("match", "--cert", "a.pem", "--k"), ["--key"], "behind a value")
    tap.equal(complete("match", "$(touch", "hit)", "--cer", folder=folder), ["--cert"],
              "nothing is run")
    tap.ok(not (folder / "hit)").exists() and not (folder / "hit").exists(), "nothing was run")
    tap.equal(complete("match", "--", of="/nonexistent"), [], "no such program")
    done = subprocess.run(["bash", "--norc", "-c", f"source '{COMPLETION}'; complete -p danepriv"],
                          capture_output=True, text=True, check=False)
    tap.ok("-F _danepriv danepriv" in done.stdout, "it is registered", done.stdout, done.stderr)


def check_other(tap, folder):
    """Another --help, other offers."""
    other = folder / "folder" / "other"
    other.write_text(OTHER, encoding="ascii")
    other.chmod(0o755)
    rows = [
        (("",), ["--help", "walk"]),
        (("walk", ""), ["--long-name-of-it", "--map", "--speed"]),
        (("walk", "--speed", ""), ["fast", "slow"]),
        (("walk", "-s", "f"), ["fast"]),
        (("walk", "--long-name-of-it", ""), ["OTHER", "WORD"]),
        (("walk", "--we"), []),
        (("walk", "--ab"), []),
    ]
    for words, wanted in rows:
        tap.equal(sorted(complete(*words, of=str(other))), wanted, f"another program: {words}")


def main():
    tap = Tap()
    if not can_test(tap, "match"):
        return tap.done()
    with tempfile.TemporaryDirectory(prefix="danepriv-") as name:
        folder = Path(name)
        (folder / "a.pem").touch()
        (folder / "folder").mkdir()
        commands = [line.split()[0] for line in
                    say("--help").partition("\ncommands:\n")[2].partition("\n\n")[0].splitlines()]
        tap.ok({"match", "record"} <= set(commands), "commands are found", commands)
        check_commands(tap, commands)
        for command in commands:
            check_options(tap, command, folder)
        check_ways(tap, folder)
        check_other(tap, folder)
    return tap.done()


if __name__ == "__main__":
    os.environ.pop("BASH_ENV", None)
    sys.exit(main())
