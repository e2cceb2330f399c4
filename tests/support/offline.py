# SPDX-License-Identifier: BSD-2-Clause
"""How does a test run the commands of `danepriv` that need no network?  On credentials of
tests/vectors/dane."""

import base64
import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from cli import WORKERS, program

VECTORS = Path(__file__).resolve().parents[1] / "vectors" / "dane"


def rows_of(name):
    lines = (VECTORS / name).read_text(encoding="ascii").splitlines()
    return [line.split(" ") for line in lines if not line.startswith("#")]


CREDENTIALS = {name: bytes.fromhex(text)
               for name, text in rows_of("credentials.txt") + rows_of("authorities.txt")}


def run(arguments, stdout=subprocess.PIPE, stdin=""):
    return subprocess.run([program(), *arguments], stdout=stdout, stderr=subprocess.PIPE,
                          input=stdin, text=True, timeout=60, check=False)


def run_all(argument_lists):
    with ThreadPoolExecutor(WORKERS) as pool:
        return list(pool.map(run, argument_lists))


def said(done):
    return f"exit {done.returncode}", f"stdout {done.stdout!r}", f"stderr {done.stderr!r}"


def pem(label, octets):
    body = base64.encodebytes(octets).decode()
    return f"-----BEGIN {label}-----\n{body}-----END {label}-----\n"


class Files:
    """The credentials of the vectors, in the forms that people keep them in."""

    def __init__(self, folder):
        self.folder = Path(folder)

    def put(self, name, content):
        path = self.folder / name
        if isinstance(content, str):
            content = content.encode("latin-1")
        path.write_bytes(content)
        return str(path)

    def of(self, items, form="pem"):
        """The arguments that name a credential of match.txt."""
        raw = items.startswith("raw:")
        names = items.removeprefix("raw:").split(",")
        label = "PUBLIC KEY" if raw else "CERTIFICATE"
        content = (CREDENTIALS[names[0]] if form == "der" else
                   "".join(pem(label, CREDENTIALS[name]) for name in names))
        return ["--key" if raw else "--cert",
                self.put(f"{items.replace(':', '-')}.{form}", content)]


def text_of(rdata):
    """RDATA in hex as `U S M HEX`."""
    octets = bytes.fromhex(rdata)
    return f"{octets[0]} {octets[1]} {octets[2]} {octets[3:].hex()}"


def numbers(usage, selector, matching):
    return ["--usage", str(usage), "--selector", str(selector), "--matching", str(matching)]
