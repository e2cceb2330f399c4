# SPDX-License-Identifier: BSD-2-Clause
"""What does a public header say, and about what?

A comment belongs to the declarations in the next line, to the field or enumerator that it stands
before or behind, or, with an empty line after it, to the section that it stands in.  One that has
no such place ends the build, and so does a function without a comment."""

import re
from dataclasses import dataclass, field

ONE = r"/\*(?:(?!\*/).)*\*/"
FIRST = re.compile(rf"(?P<comment>{ONE})\n#ifndef (\w+)\n#define \2\n(?P<rest>.*)#endif\n*",
                   re.DOTALL)
CPLUSPLUS = re.compile(r"^#ifdef __cplusplus\n.*?^#endif\n", re.DOTALL | re.MULTILINE)
ELEMENT = re.compile(rf"""\s*(?:
    /\*\ ----\ (?P<section>[^\n]*)\ ----\ \*/
  | \#include\ <(?P<include>[^>\n]+)>
  | struct\ \w+;
  | (?P<comment>{ONE}\n)?(?:
        (?P<function>(?:DANEPRIV_(?:MUST_USE|API)\b[^;/]*;\n)+)
      | (?P<type>typedef\b[^;{{]*(?:\{{.*?^\}}[^;]*)?;)
      | (?P<macro>\#if.*?^\#endif$|(?:\#define[^\n]*\n)+))
  | (?P<text>{ONE})(?=\n\n))""", re.DOTALL | re.MULTILINE | re.VERBOSE)
# What ends with a semicolon, and what with a comma.
FIELD, ENUMERATOR = (re.compile(
    rf"\s*(?P<before>{ONE})?\s*(?P<text>[^/\s{end}][^/{end}]*)(?:{end}|(?=(?:{ONE}\s*)?\Z))"
    rf"[ \t]*(?P<behind>{ONE})?", re.DOTALL) for end in ";,")


class Misplaced(Exception):
    """Something that no page has a place for."""


@dataclass
class Item:
    """`kind`: section, function, type, macro or text.  `members`: text, comment before, behind."""
    kind: str
    line: int
    comment: str = ""
    names: list = field(default_factory=list)
    codes: list = field(default_factory=list)
    members: list = field(default_factory=list)


@dataclass
class Header:
    name: str
    question: str
    about: str
    includes: list = field(default_factory=list)
    items: list = field(default_factory=list)

    @property
    def page(self):
        return f"danepriv_{self.name[:-2]}".replace("danepriv_danepriv", "danepriv")

    def of(self, kind):
        return [item for item in self.items if item.kind == kind]

    def functions(self):
        return [name for item in self.of("function") for name in item.names]


def words_of(comment):
    """The text of a comment; what is indented behind the star stays so."""
    first, *more = comment.strip()[2:-2].rstrip().split("\n")
    starred = ((line, re.fullmatch(r"\s*\*(?: |(?=\t)|$)(.*)", line)) for line in more)
    return "\n".join([first.strip(), *(found[1] if found else line.strip()
                                       for line, found in starred)]).strip("\n")


def flat(code):
    return " ".join(code.split()).replace("( ", "(")


def members_of(code):
    """The fields of a struct or the enumerators of an enum; None: there is something else, too."""
    body, made, end = re.sub(r"^[^{]*\{|\}[^}]*$", "", code) if "{" in code else "", [], 0
    while body[end:].strip():
        found = (ENUMERATOR if "typedef enum" in code else FIELD).match(body, end)
        if not found:
            return None
        before, behind = (words_of(found[one] or "/**/") for one in ("before", "behind"))
        made.append((flat(found["text"]), before, behind))
        end = found.end()
    return made


def item_of(found, line):
    """What an element of the header is about; None: that cannot be said."""
    kind = found.lastgroup
    code, comment = found[kind], words_of(found["comment"] or "/**/")
    if kind == "section":
        return Item(kind, line, names=[code])
    if kind == "text":
        return Item(kind, line, words_of(code))
    if kind == "macro":
        names = re.findall(r"#define (\w+)", code)
        codes = [] if code.startswith("#if") else code.strip().split("\n")
        return Item(kind, line, comment, list(dict.fromkeys(names)), codes)
    if kind == "type":
        name, members = re.search(r"(\w+);$", code)[1], members_of(code)
        plain = flat(re.sub(r"\{.*\}", "", code, flags=re.DOTALL))
        return None if members is None else Item(kind, line, comment, [name], [plain], members)
    codes = [flat(re.sub(r"DANEPRIV_(MUST_USE|API)\b", "", one)) for one in code.split(";")[:-1]]
    names = [re.search(r"(\w+)\s*\(", one)[1] for one in codes]
    return Item(kind, line, comment, names, codes) if comment else None


def read_header(name, text):
    text = CPLUSPLUS.sub(lambda found: "\n" * found[0].count("\n"), text)
    first = FIRST.fullmatch(text)
    opening = first and re.fullmatch(rf"SPDX-[^\n]*\n{re.escape(name)} - ([^?]+\?)\s*(.*)",
                                     words_of(first["comment"]), re.DOTALL)
    if not opening:
        raise Misplaced(f"{name}:1: a header begins with its name, its question, and a guard")
    header, end = Header(name, " ".join(opening[1].split()), opening[2]), 0
    while first["rest"][end:].strip():
        found = ELEMENT.match(first["rest"], end)
        start = first.start("rest") + end + len(re.match(r"\s*", first["rest"][end:])[0])
        line = text.count("\n", 0, start) + 1
        item = found and found.lastgroup not in (None, "include") and item_of(found, line)
        if not found or item is None:
            raise Misplaced(f"{name}:{line}: what is this about?  (include/manual/headers.py)")
        header.includes += [found["include"]] if found["include"] else []
        header.items += [item] if item else []
        end = found.end()
    return header
