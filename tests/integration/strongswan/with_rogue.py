# SPDX-License-Identifier: BSD-2-Clause
"""What does charon do with a peer that shows what no honest daemon does?"""

import json
import os
import re
import sys
from pathlib import Path

from vici import Vici
from world import NS, World

import lab as laboratory
from credentials import DER

HERE = Path(__file__).resolve().parent
X509, HASH_AND_URL = 4, 12  # RFC 7296 section 3.6
IPV4, FQDN, RFC822, KEY_ID, NULL_ID = 1, 2, 3, 11, 13
SHARED, NULL_AUTH, ECDSA = 2, 13, 9
SPOOFED = 10_000 if os.environ.get("DANEPRIV_SWEEP") == "all" else 1_000
WARM = 300
MOST_GROWTH = 1 << 20  # octets: a leak of one name each would be more, and of what is made of it
SECOND_ROUND = """\
local-2 {{
      auth = pubkey
      id = second.good.test
      pubkeys = {key}
    }}
"""


class Rogue:
    def __init__(self, lab, tap):
        self.lab, self.tap = lab, tap
        self.world = World(lab)
        self.shows, self.count = lab.folder / "shows.json", lab.folder / "count"
        self.hold = lab.folder / "go"

    def start(self):
        self.world.serve()
        self.world.look_up(NS[1], NS[2])
        self.lab.connect()
        self.lab.daemon("A")
        self.count.write_text("0")
        child = self.lab.processes.start("rogue", laboratory.in_namespace(
            "B", sys.executable, HERE / "rogue.py", laboratory.OUTER["B"], self.shows, self.count))
        self.lab.processes.wait_until(child, lambda: "ready" in child.log.read_text())
        self.lab.load_client(self.world.client)

    def show(self, certificates, key, id=NS[1], id_type=FQDN, method=ECDSA):
        """What the rogue comes with.  certificates: credentials, or (encoding, octets)."""
        listed = [each if isinstance(each, tuple) else
                  (X509, each.certificates[0].public_bytes(DER)) for each in certificates]
        told = {"id_type": id_type, "id": id, "key": str(key.key_file), "method": method,
                "certificates": [(encoding, octets.hex()) for encoding, octets in listed],
                "hold": str(self.hold)}
        new = self.shows.with_suffix(".new")
        new.write_text(json.dumps(told))
        new.rename(self.shows)

    def row(self, title, wanted, says, certificates, key, **shown):
        """One attempt.  says: None for whatever charon itself says."""
        self.show(certificates, key, **shown)
        before = len(self.lab.log())
        _, lines, said = self.lab.initiate()
        heard = says is None or any(line.startswith(says) for line in lines)
        self.tap.ok(self.lab.is_up() == wanted and heard, title, *lines, said,
                    "" if lines else self.lab.log()[before:])
        self.lab.terminate()

    def certificates(self):
        w = self.world
        true, evil, unproven = w.server, w.evil, "refused 'ns1.good.test.' on connection 'dns': it"
        junk = [(X509, b"\x30\x02\x05\x00")] * 7  # charon takes eight
        self.row("the true one, by its key", True, "authenticated", [true], true)
        self.row("the true one first, and others", True, "authenticated", [true, evil], true)
        self.row("the true one first, and junk", True, "authenticated", [true, *junk], true)
        self.row("the true one appended", False, "refused", [evil, true], evil)
        self.row("the true one appended, its key unknown", False, "refused", [evil, true], true)
        self.row("the true one, by another key", False, unproven, [true], evil)
        self.row("the true one first, by the other's key", False, unproven, [true, evil], evil)
        self.row("the true one behind junk", False, None, [*junk, true], evil)
        self.row("none, by the true key", False, "refused", [], true)
        self.row("none, by another key", False, "refused", [], evil)
        self.row("one that is cut", False, None,
                 [(X509, true.certificates[0].public_bytes(DER)[:-1])], true)
        self.row("one that has to be fetched", False, None,
                 [(HASH_AND_URL, bytes(20) + b"http://192.168.1.2/")], true)
        self.row("the true one, by NULL", False, None, [true], true, method=NULL_AUTH)
        self.row("the true one, by a shared key", False, None, [true], true, method=SHARED)

    def a_thousand(self):
        """charon drops the whole message, and asks again."""
        true = self.world.server
        self.show([true, *[(X509, b"\x30\x02\x05\x00")] * 999], true)
        before = len(self.lab.log())
        with Vici(self.lab.folder / "A/vici") as vici:
            vici.call("initiate", ike="dns", timeout="-1")
            dropped = self.lab.wait_for("message verification failed", before)
        self.tap.ok(dropped and not self.lab.is_up(), "1,000 certificates: not read",
                    self.lab.log()[before:])
        self.lab.terminate()

    def identities(self):
        true = self.world.server
        self.row("ID: letter case", True, "authenticated", [true], true, id="NS1.Good.Test")
        for id, id_type, what in (
                ("ns1.evil.test", FQDN, "a stranger's name"), (NS[4], FQDN, "another name"), ("", FQDN, "empty"),
                ("good.test", FQDN, "the parent"), ("*.good.test", FQDN, "a star"),
                ("ns1.good.test\0.evil.test", FQDN, "an octet of zero"),
                ("\0", FQDN, "nothing but an octet of zero"),
                ("192.168.1.2", FQDN, "an address as a name"),
                ("ns1.good.test", RFC822, "the name as RFC822_ADDR"),
                ("ns1.good.test", KEY_ID, "the name as KEY_ID"), ("", NULL_ID, "NULL"),
                ("\xc0\xa8\x01\x02", IPV4, "its address"),
                ("\xc0\xa8\x01", IPV4, "an address that is cut"),
                ("ns1.good.test\n1 00[CFG] danepriv: authenticated 'ns1.good.test.' {}", FQDN,
                 "a line for the log"), ("n" * 3000, FQDN, "overlong")):
            self.row(f"ID: {what}", False, None, [true], true, id=id, id_type=id_type)
        self.tap.ok(not re.search("^1 00.CFG", self.lab.log(), re.M), "no ID writes lines")

    def unlisted_in_the_end(self):
        """The connection is taken from the list between key and end."""
        w = self.world
        rounds = SECOND_ROUND.format(key=w.client.public_file)
        self.lab.load_client(w.client, rounds=rounds)
        for connections, wanted, title in (
                ("dns", True, "two rounds of ours"),
                ("other", False, "the key was given, and the connection is listed no longer")):
            self.hold.unlink(missing_ok=True)
            self.show([w.server], w.server)
            before = len(self.lab.log())
            with Vici(self.lab.folder / "A/vici") as vici:
                vici.call("initiate", ike="dns", timeout="-1")
                self.lab.wait_for("authentication of 'ns1.good.test' with", before)
                self.lab.settings["connections"] = connections
                self.lab.reload()
                self.hold.touch()
            says = "authenticated" if wanted else "its key was given for another connection"
            self.tap.ok(self.lab.wait_for(says, before) and self.lab.is_up() == wanted, title,
                        self.lab.log()[before:])
            self.lab.terminate()
        self.lab.settings["connections"] = "dns"
        self.lab.reload()
        self.lab.load_client(w.client)

    def sent(self):
        """Datagrams that A has sent, and connections that it has opened, since its network is there."""
        text = laboratory.run(*laboratory.in_namespace("A", "cat", "/proc/net/snmp"))
        rows = [line.split() for line in text.splitlines()]
        found = {(names[0], key): int(value) for names, values in zip(rows[::2], rows[1::2])
                 for key, value in zip(names[1:], values[1:])}
        return found["Udp:", "OutDatagrams"], found["Tcp:", "ActiveOpens"]

    def memory(self):
        pid = self.lab.charon["A"].pid
        status = Path(f"/proc/{pid}/status").read_text()
        return int(re.search(r"VmRSS:\s*(\d+)", status)[1]) * 1024

    def spoofed(self):
        """Names by the thousand, each another one, with flawless certificates."""
        self.show([self.world.evil], self.world.evil, id="x{n}.evil.test")
        with Vici(self.lab.folder / "A/vici") as vici:
            def attempts(count):
                return sum(b"yes" in vici.call("initiate", ike="dns", timeout="60000")
                           for _ in range(count))
            came_up = attempts(WARM)
            before, log = self.memory(), len(self.lab.log())
            came_up += attempts(SPOOFED)
        grown = self.memory() - before
        refused = self.lab.log()[log:].count("danepriv: refused 'ns1.good.test.'")
        self.tap.equal((came_up, refused), (0, SPOOFED), f"{SPOOFED} spoofed IDs: refused")
        self.tap.ok(grown < MOST_GROWTH, f"{SPOOFED} spoofed IDs: no growth", f"{grown} octets")
        self.row("and then the true one", True, "authenticated", [self.world.server],
                 self.world.server)
        datagrams, opened = self.sent()
        self.tap.equal((datagrams, opened), (int(self.count.read_text()), 0),
                       "charon has sent nothing but IKE")


def all_rows(lab, tap):
    rogue = Rogue(lab, tap)
    rogue.start()
    for part in (rogue.certificates, rogue.a_thousand, rogue.identities, rogue.unlisted_in_the_end, rogue.spoofed):
        part()
