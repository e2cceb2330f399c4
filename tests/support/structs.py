# SPDX-License-Identifier: BSD-2-Clause
"""What structs do the public headers have, and which of them may grow?  (status.h has the rule.)"""

import re
from dataclasses import dataclass, field

COMMENT = re.compile(r"/\*.*?\*/|//[^\n]*", re.DOTALL)
STRUCT = re.compile(r"typedef struct (danepriv_\w+) \{\n(.*?)\n\} \1;", re.DOTALL)
POINTER = re.compile(r"\(\*(\w+)\)\(")
FROZEN = re.compile(r"Structs without a size never change: ([^.]*)\.", re.DOTALL)


@dataclass
class Struct:
    """`fields`: name to type, a pointer's with its star, in order."""
    name: str
    header: str
    fields: dict = field(default_factory=dict)

    @property
    def has_size(self):
        return next(iter(self.fields.items())) == ("size", "size_t")


def fields_of(body):
    """Name to type."""
    found = {}
    for declaration in COMMENT.sub(" ", body).split(";"):
        text = " ".join(declaration.split())
        if not text:
            continue
        function = POINTER.search(text)
        if function:
            found[function[1]] = "function *"
            continue
        first, *others = text.split(",")
        kind, name = re.fullmatch(r"(.*?[\s*])(\w+(?:\[\w+\])?)", first.strip()).groups()
        for one in [name] + [other.strip() for other in others]:
            found[one.split("[")[0]] = kind.replace("const ", "").strip()
    return found


def structs_of(headers):
    """All of them by name; `headers`: name to text."""
    found = {}
    for header, text in headers.items():
        for name, body in STRUCT.findall(text):
            found[name] = Struct(name, header, fields_of(body))
    return found


def elements_of(structs):
    """Those of arrays that have the size of one beside the count: `each` and `each_size`."""
    return {kind.rstrip("* ") for one in structs.values() for name, kind in one.fields.items()
            if kind.endswith("*") and f"{name.removesuffix('s')}_size" in one.fields}


def frozen_of(headers):
    """Those that status.h says never change."""
    listed = FROZEN.search(headers["status.h"].replace("\n *", " "))
    return set(re.findall(r"danepriv_\w+", listed[1])) if listed else set()


def headers_in(folder):
    return {path.name: path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.h"))}
