#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""What do danepriv's headers declare?  In words that cffi and LuaJIT take as they are.

usage: declarations.py HEADER... [-- COMPILER FLAG...]

The C compiler ($CC, or cc) reads the installed headers, and what stands in danepriv's own is kept:
so nothing is declared by hand, and a binding changes with the headers, or is not built.  Of other
libraries only the types are taken that danepriv names.  Macros that are integers become constants;
text and attributes are left out.  What is none of these ends the program: nothing is to go missing
unseen.

    declarations.py danepriv.h gnutls.h -- $(pkg-config --cflags danepriv)"""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

MARK = re.compile(r'# \d+ "([^"]*)"')
MACRO = re.compile(r"#define (\w+)(\(?)(.*)")
INTEGER = re.compile(r"\(?\s*(-?)\s*(0[xX][0-9a-fA-F]+|[0-9]+)[uUlL]*\s*\)?")
LARGEST = 2**31 - 1  # of a constant, in LuaJIT
WORD = re.compile(r"\b[A-Za-z_]\w*\b")
# What both know without being told.
KNOWN = {"size_t", "ptrdiff_t", "intptr_t", "uintptr_t",
         *(f"{sign}int{bits}_t" for sign in ("", "u") for bits in (8, 16, 32, 64))}
PLAIN = {"char", "short", "int", "long", "signed", "unsigned", "void", "const"}
NAMED = re.compile(r"typedef struct \w+ (\*? ?)(\w+)")
NAMELESS = re.compile(r"typedef struct \{([^{}]*)\} (\w+)")
LAST = re.compile(r"(\w+)(?: ?\[[^]]*\])*$|\( ?\* ?(\w+) ?\)")


class Undeclared(Exception):
    """Something in a header that cannot be said to both."""


def expand(headers, compiler, flags):
    """Two texts: what the preprocessor leaves of danepriv's headers, and of all others."""
    source = "".join(f"#include <danepriv/{name}>\n" for name in headers)
    done = subprocess.run([*compiler, "-E", "-dD", "-D__attribute__(x)=", *flags, "-x", "c", "-"],
                          input=source, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise Undeclared(done.stderr.strip())
    texts, is_ours = ([], []), False
    for line in done.stdout.splitlines():
        mark = MARK.match(line)
        if mark:
            is_ours = Path(mark[1]).parent.name == "danepriv"
        else:
            texts[is_ours].append(line)
    return "\n".join(texts[True]), "\n".join(texts[False])


def constants(text):
    """A line for each macro that is an integer."""
    for name, call, value in MACRO.findall(text):
        value = value.strip()
        integer = INTEGER.fullmatch(value)
        if call:
            raise Undeclared(f"{name} is a macro with arguments")
        if integer:
            is_octal = integer[2].isdigit() and integer[2].startswith("0")
            number = int(integer[1] + integer[2], 8 if is_octal else 0)
            if abs(number) > LARGEST:
                raise Undeclared(f"{name} is too large for LuaJIT")
            yield f"static const int {name} = {number};"
        elif value and not value.startswith(('"', "__attribute__")):
            raise Undeclared(f"{name} is no integer: {value}")


def statements(text):
    """The typedefs in a text, each on one line."""
    for start in re.finditer(r"\btypedef\b", text):
        depth = 0
        for end in range(start.start(), len(text)):
            depth += (text[end] == "{") - (text[end] == "}")
            if text[end] == ";" and depth == 0:
                yield " ".join(text[start.start():end].split())
                break


def foreign_types(ours, others):
    """The types of other libraries that danepriv names: as these declare them, and nothing more."""
    used = set(WORD.findall(ours)) - KNOWN
    for statement in statements(others):
        last = LAST.search(statement)
        name = last and (last[1] or last[2])
        if name not in used:
            continue
        used.remove(name)
        nameless = NAMELESS.fullmatch(statement)
        kinds = set(WORD.findall(re.sub(r"\w+ ?;", ";", nameless[1]))) if nameless else set()
        if not NAMED.fullmatch(statement) and not (nameless and kinds <= PLAIN):
            raise Undeclared(f"{name} of another library is more than a name: {statement}")
        yield statement + ";"


def declare(headers, compiler, flags):
    """The text for both of them."""
    ours, others = expand(headers, compiler, flags)
    kept = [line.rstrip() for line in ours.splitlines()
            if line.strip() and not line.startswith("#")]
    plain = re.sub(r"#.*", "", others)
    return "\n".join([*foreign_types("\n".join(kept), plain), *kept, *constants(ours)]) + "\n"


def main(arguments):
    split = arguments.index("--") if "--" in arguments else len(arguments)
    headers, flags = arguments[:split], arguments[split + 1:]
    if not headers or headers[0].startswith("-"):
        sys.stderr.write(__doc__)
        return 2
    try:
        sys.stdout.write(declare(headers, shlex.split(os.environ.get("CC", "cc")), flags))
    except (Undeclared, OSError) as error:
        sys.stderr.write(f"declarations: {error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
