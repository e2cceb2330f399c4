#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""Writes the pages of section 3 out of what the public headers say.

    manual.py --names FOLDER HEADER...
    manual.py FOLDER OUTPUT SECONDS VERSION HEADER...

One page a header, called by its name; each function is an alias of it.  The first form lists these:
a line each, alias and page.  FOLDER has all headers; those that are named get a page in OUTPUT."""

import re
import sys
from pathlib import Path

sys.dont_write_bytecode = True

from headers import Misplaced, read_header  # noqa: E402
from roff import argument, date, filled, heading, literal, macro, tagged, tidy  # noqa: E402

PIECE = re.compile(r"[^\s`]*`[^`]+`\S*|\S+")
WORD = re.compile(r"""(?P<before>[("]*)(?:
    `(?P<parameter>[a-z][a-z0-9_>-]*)`
  | `(?P<quoted>[^`]+)`
  | <(?P<include>danepriv/\w+\.h)>
  | (?P<name>danepriv_\w+)\b(?!\()
  | (?P<header>\w+\.h)\b
  | (?P<constant>DANEPRIV_\w+|NULL\b)
  | (?P<pointed>\*\w+)
  | (?P<foreign>\w+)\(\))(?P<behind>[^`]*)""", re.VERBOSE)
# Lines of a comment that begin an item of a list.  What goes on in the next line is indented.
ITEM = re.compile(r"(`\w+`(?:, `\w+`)*): (.*)|- ([^:]+)(?:: (.*))?")
# A paragraph of the first comment whose first sentence has no more than six words has a title.
TITLED = re.compile(r"([A-Z]\w*(?: [\w-]+){0,5})\. +(.*)")
DOCUMENT = re.compile(r"RFC \d{4}|draft-\w+(?:-\w+)*")
PROTOTYPE = re.compile(r"(.*?)(\w+)\s*\((.*)\)")
COLUMNS = 97  # what a line has behind the star
FEW = 4  # words before an enumerator that are about those behind it, too


def goes_on(previous, line):
    """Whether a line is more of the one before; if that ended early, then it is not."""
    full = len(previous) + 1 + len(line.split(" ")[0]) > COLUMNS
    return bool(previous) and not line.startswith("Returns:") and (full or previous[-1] not in ".:")


def split(comment, paragraphs):
    """Blocks of text, code, or a list.  `paragraphs`: an empty line ends text, nothing else."""
    blocks, previous = [], ""
    for line in comment.split("\n"):
        kind = blocks[-1][0] if blocks and (previous or line.startswith("\t")) else ""
        found, more = ITEM.fullmatch(line), goes_on(previous, line)
        if found:
            blocks += [] if kind == "list" else [("list", [])]
            blocks[-1][1].append([found[1] or found[3], found[2] or found[4] or ""])
        elif kind == "list" and (line.startswith("  ") or more and not paragraphs):
            blocks[-1][1][-1][1] += " " + line.strip()
        elif line.startswith(("\t", "  ")):
            blocks += [] if kind == "code" else [("code", [])]
            blocks[-1][1].extend([line] if previous or kind != "code" else ["", line])
        elif line and kind == "text" and (more or paragraphs):
            blocks[-1][1].append(line)
        elif line:
            blocks.append(("text", [line]))
        previous = line
    return blocks


class Page:
    """The page of one header; `built`: the headers that have one."""

    def __init__(self, header, headers, built):
        self.header, self.line = header, 1
        self.homes = {name: one for one in headers for name in one.functions()}
        self.types = {item.names[0]: item for one in headers for item in one.of("type")}
        macros = (item.names for one in headers for item in one.of("macro"))
        self.constants = {"NULL"}.union(*macros, *map(self.values, self.types.values()))
        self.pages = {one.name: one.page for one in headers if one.name in built}

    @staticmethod
    def values(item):
        return [text.split(" ")[0] for text, _, _ in item.members if text.startswith("DANEPRIV_")]

    def call(self, kind, word):
        """What a word is, as a macro; None: a word like any other."""
        if (kind == "name" and word not in {**self.homes, **self.types}
                or kind == "constant" and word not in self.constants):
            raise Misplaced(f"{self.header.name}:{self.line}: there is no {word}")
        home = self.pages.get(self.homes[word].name) if word in self.homes else None
        if kind == "header":
            return f"Xr {self.pages[word]} 3" if word in self.pages else None
        if kind == "name" and home not in (None, self.header.page):
            return f"Xr {word} 3"
        names = {"parameter": "Fa", "quoted": "Ql", "include": "In", "constant": "Dv",
                 "pointed": "Fa", "foreign": "Fn", "name": "Vt" if word in self.types else "Fn"}
        return f"{names[kind]} {argument(word)}"

    def inline(self, text):
        """Lines of running text."""
        made, words = [], []
        for piece in PIECE.findall(text):
            found = WORD.fullmatch(piece)
            kind = found and next(one for one, word in found.groupdict().items()
                                  if word and one not in ("before", "behind"))
            call = found and self.call(kind, found[kind])
            if call:
                made += filled(" ".join(words)) + [macro(call, found["before"], found["behind"])]
                words = []
            elif "`" in piece:
                raise Misplaced(f"{self.header.name}:{self.line}: backquotes in {piece}")
            else:
                words.append(piece)
        return made + filled(" ".join(words))

    def head(self, text, values):
        """What an item begins with: values of the enum that a function returns, or words."""
        made = []
        for word in text.split(", "):
            ends = sorted((one for one in values if one.endswith(f"_{word}")), key=len)
            lines = [f".Dv {ends[0]}"] if ends else self.inline(word)
            made.append(" ".join(line[1:] if line[0] == "." else f"No {line}" for line in lines))
        return " , ".join(made)

    def blocks(self, comment, values=(), about=False):
        made = []
        for kind, lines in split(comment, about):
            titled = about and kind == "text" and TITLED.fullmatch(" ".join(lines))
            if kind == "code":
                made += literal(lines)
            elif kind == "list":
                made += tagged((self.head(head, values), self.inline(text)) for head, text in lines)
            else:
                made += [heading("Ss", titled[1]) if titled else ".Pp"]
                made += self.inline(titled[2] if titled else " ".join(lines))
        return made

    def members(self, item):
        """The list of fields or enumerators, cut where a heading is."""
        made, rows = [], []
        for text, before, behind in item.members:
            name, _, value = text.partition(" ")
            enumerator = name.startswith("DANEPRIV_")
            if enumerator and before and (behind or len(before.split()) <= FEW):
                made += tagged(rows) + [".Pp", *self.inline(before[0].upper() + before[1:] + ":")]
                rows, before = [], ""
            fields = re.split(r", (?![^(]*\))", text)
            head = f"Dv {name} {value}".strip() if enumerator else " , ".join(
                f"Fa {argument(one)}" for one in fields)
            rows.append((head, self.inline(f"{before} {behind}")))
        return made + tagged(rows)

    def item(self, item):
        self.line = item.line
        if item.kind == "section":
            words = [word if ".h" in word else word.upper() for word in item.names[0].split()]
            return [heading("Sh", " ".join(words))]
        made, values = [heading("Ss", ", ".join(item.names))] if item.names else [], []
        if item.kind == "function":
            result = PROTOTYPE.fullmatch(item.codes[0])[1].strip()
            values = self.values(self.types[result]) if result in self.types else []
        else:
            made += [f".Dl {argument(code)}" for code in item.codes]
        return made + self.blocks(item.comment, values) + self.members(item)

    def synopsis(self):
        made = [".Sh SYNOPSIS", ".ad l", f".In danepriv/{self.header.name}"]
        for code in (code for item in self.header.of("function") for code in item.codes):
            result, name, parameters = PROTOTYPE.fullmatch(code).groups()
            made += [f".Ft {argument(result.strip())}", f".Fo {name}",
                     *(f".Fa {argument(one.strip())}" for one in parameters.split(",")), ".Fc"]
        return made

    def ends(self, lines):
        """Which headers it includes or opens with, and which documents are quoted."""
        named = re.findall(r"\w+\.h\b", " ".join([*self.header.includes, self.header.about]))
        pages = sorted({self.pages.get(one) for one in [*named, "danepriv.h"]}
                       - {None, self.header.page})
        documents = sorted(set(DOCUMENT.findall(" ".join(lines))))
        return [".Sh SEE ALSO", *(f".Xr {page} 3 ," for page in pages[:-1]), f".Xr {pages[-1]} 3",
                *([".Sh STANDARDS", *filled(", ".join(documents) + ".")] if documents else [])]

    def text(self, day, version):
        header = self.header
        *names, last = dict.fromkeys([header.page, *header.functions()])
        library = {"getdns.h": "-getdns", "openssl.h": "-openssl"}.get(header.name, "")
        # No line of names is adjusted: groff 1.23 complains of one that has a single name.
        made = [f".Dd {day}", f".Dt {header.page.upper()} 3", ".Os", ".Sh NAME", ".ad l",
                *(f".Nm {name} ," for name in names), f".Nm {last}", f".Nd {header.question}\\&",
                ".Sh LIBRARY", f"libdanepriv{library} {version}", *self.synopsis(),
                ".Sh DESCRIPTION", *self.blocks(header.about, about=True)]
        made += [line for item in header.items for line in self.item(item)]
        return "\n".join(tidy(made + self.ends(made))) + "\n"


def write(folder, output, seconds, version, *built):
    headers = [read_header(path.name, path.read_text(encoding="utf-8"))
               for path in sorted(Path(folder).glob("*.h"))]
    pages = {header.page: header for header in headers}
    for header in headers:
        for item, name in ((item, name) for item in header.of("function") for name in item.names):
            if pages.get(name, header) is not header:
                raise Misplaced(f"{header.name}:{item.line}: {name} is the page of another header")
        if header.name in built and output:
            text = Page(header, headers, built).text(date(seconds), version)
            Path(output, f"{header.page}.3").write_text(text, encoding="utf-8")
        elif header.name in built:
            print("".join(f"{name} {header.page}\n" for name in header.functions()), end="")


def main(arguments):
    if len(arguments) < 3 or arguments[0] != "--names" and len(arguments) < 5:
        print(__doc__, file=sys.stderr)
        return 2
    if arguments[0] == "--names":
        arguments[0:2] = [arguments[1], None, None, None]
    try:
        write(*arguments)
    except Misplaced as fault:
        print(f"{arguments[0]}/{fault}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
