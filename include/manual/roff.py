# SPDX-License-Identifier: BSD-2-Clause
"""How does plain text become lines of a manual page?"""

import re
import textwrap
from datetime import datetime, timezone

CLOSING = ".,:;)?!"


def escape(text):
    """A line of text: nothing in it is a request or an escape."""
    text = text.replace("\\", "\\e")
    return "\\&" + text if text[:1] in (".", "'") else text


def date(seconds):
    """A day as manual pages write it."""
    day = datetime.fromtimestamp(int(seconds), timezone.utc)
    return f"{day:%B} {day.day}, {day.year}"


def wrapped(text, columns):
    return textwrap.wrap(text, columns, break_long_words=False, break_on_hyphens=False)


def filled(text):
    """Lines of text: a sentence begins a line, and none is too long."""
    sentences = re.split(r"(?<=[.?!])[ \n]+|(?<=[.?!][)\"])[ \n]+", text)
    return [escape(line) for sentence in sentences for line in wrapped(sentence, 78)]


def argument(text):
    """One argument of a macro of mdoc, whatever it looks like."""
    text = escape(text).replace('"', "\\(dq")
    if re.fullmatch(rf"[A-Z][a-z]|[{re.escape(CLOSING)}(\[\]|]", text):
        text = "\\&" + text
    elif text[-1:] in CLOSING:
        text += "\\&"
    return f'"{text}"' if " " in text else text


def macro(call, before="", behind=""):
    """A macro, and what stands around it without a blank."""
    line = f".Pf {before if before == '(' else argument(before)} {call}" if before else f".{call}"
    if not behind.strip(CLOSING):
        return " ".join([line, *behind])
    return f"{line} Ns {argument(behind)}"


def heading(kind, text):
    return " ".join([f".{kind}", *map(argument, text.split())])


def tagged(items):
    """A list of pairs: the rest of an .It line, and lines."""
    made = [line for head, lines in items for line in (f".It {head}", *lines)]
    return [".Bl -tag -width Ds", *made, ".El"] if made else []


def literal(lines):
    return [".Bd -literal -offset indent",
            *map(escape, textwrap.dedent("\n".join(lines)).split("\n")), ".Ed"]


def tidy(lines):
    """Without the paragraphs that begin where there is one anyway."""
    around = zip(["", *lines], lines, [*lines[1:], ""])
    return [line for before, line, behind in around if line != ".Pp"
            or before[:3] not in (".Sh", ".Ss") and behind[:3] not in (".Bd", ".Bl", ".Ss", ".Sh")]
