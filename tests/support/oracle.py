# SPDX-License-Identifier: BSD-2-Clause
"""What does the validator of getdns make of a chain?  (getdns_oracle.c)

Its verdict is `secure` (also of a denial), `insecure`, `bogus` or `indeterminate`; or `crashed`, or
`silent` when it takes too long: both are known of getdns 1.6.0."""

import os
import select
import subprocess
from concurrent.futures import ThreadPoolExecutor
from queue import SimpleQueue

from chain import (CNAME, DENIALS, DNAME, IN, name_of, octets_of, record_of, text_of, way_of,
                   wire_of)
from cli import CHECKOUT

PATIENCE = 10  # seconds
WORKERS = 2


def program():
    return os.environ.get("DANEPRIV_ORACLE",
                          str(CHECKOUT / "build/tests/support/getdns_oracle"))


def message(name, rdtype, answer, authority=()):
    """A DNS message in hex."""
    counts = (1, len(answer), len(authority), 0)
    head = b"\0\1\x81\x80" + b"".join(count.to_bytes(2, "big") for count in counts)
    question = wire_of(name) + rdtype.to_bytes(2, "big") + IN.to_bytes(2, "big")
    return (head + question + octets_of(answer) + octets_of(authority)).hex()


def inferred(records, way):
    """The CNAMEs that follow from DNAMEs, as a resolver would add them (RFC 6672 section 3.1)."""
    present = {record.owner for record in records if record.type == CNAME}
    return [record_of(text_of(owner), CNAME, wire_of(target))
            for owner, target in zip(way, way[1:]) if owner not in present]


def request(records, owner, rdtype, anchors, now):
    """One line of input: the chain, sorted into an answer and what proves it."""
    name = name_of(owner)
    way = way_of(records, name)
    answer = [r for r in records if r.covered in (rdtype, CNAME, DNAME)] + inferred(records, way)
    authority = [r for r in records if r.covered in DENIALS and r.covered != rdtype]
    return (f"{anchors} {now} {message(name, rdtype, answer, authority)} "
            f"{message(name, rdtype, records)}\n").encode()


class _Worker:
    """One process that judges line after line, and is started again when it has crashed."""

    def __init__(self):
        self.child = None

    def judge(self, line):
        if not self.child:
            self.child = subprocess.Popen([program()], stdin=subprocess.PIPE,
                                          stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                                          bufsize=0)
        try:
            self.child.stdin.write(line)
            ready = select.select([self.child.stdout], [], [], PATIENCE)[0]
            verdict = self.child.stdout.readline().decode().strip() if ready else "silent"
        except BrokenPipeError:
            verdict = ""
        if verdict in ("", "silent"):
            self.close()
        return verdict or "crashed"

    def close(self):
        if self.child:
            self.child.kill()
            self.child.communicate()
            self.child = None


def judge_all(rows):
    """The verdicts on rows of (records, owner, type, anchor file, time), in order."""
    idle, workers = SimpleQueue(), [_Worker() for _ in range(WORKERS)]
    for worker in workers:
        idle.put(worker)

    def judge(row):
        worker = idle.get()
        try:
            return worker.judge(request(*row))
        finally:
            idle.put(worker)

    try:
        with ThreadPoolExecutor(WORKERS) as pool:
            return list(pool.map(judge, rows))
    finally:
        for worker in workers:
            worker.close()
