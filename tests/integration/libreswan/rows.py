#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""What pluto does with each peer and each key, and what leaves in clear meanwhile.

    rows.py FOLDER BUILD [PART]...

To be run by examples/libreswan/enter."""

import contextlib
import fcntl
import os
import re
import signal
import subprocess
import sys
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[3]
sys.path[:0] = [str(CHECKOUT / "examples/libreswan"), str(CHECKOUT / "tests/support")]

import credentials  # noqa: E402
import keys as pluto_keys  # noqa: E402
import lab as laboratory  # noqa: E402
import wire  # noqa: E402
from tap import Tap  # noqa: E402
from zones import generic  # noqa: E402

from cryptography.hazmat.primitives.asymmetric import rsa  # noqa: E402

NS = {n: f"ns{n}.good.test" for n in range(1, 9)}
NS1, NS2 = NS[1], NS[2]
CONNECTIONS = ("dns-udp", "dns-tcp")
ADDRESSES = "".join(f"ns{n} A {laboratory.ADDRESS['B']}\n" for n in NS)
# The slides' spelling.
ANY_PORT = laboratory.CLIENT.replace("leftprotoport={number}/0", "leftprotoport={number}/%any")
OPENS = laboratory.CLIENT.replace("shunt=drop", "shunt=passthrough") + "  retransmit-timeout=2s\n"


def small_key(folder, bits):
    key = rsa.generate_private_key(public_exponent=65537, key_size=bits)
    return credentials.save(folder, f"rsa{bits}", key, [credentials.certificate(key, [NS1])])


class Stopped(pluto_keys.Pluto):
    """keys.py is stopped before it closes anything."""

    def whack(self, *words):
        if "--terminate" in words:
            raise KeyboardInterrupt
        return super().whack(*words)


def is_waiting(child):
    """For a lock of somebody's?"""
    return f" -> FLOCK  ADVISORY  WRITE {child.pid} " in Path("/proc/locks").read_text()


class Rows:
    def __init__(self, owner, tap):
        self.owner, self.tap = owner, tap
        folder = owner.folder / "keys"
        folder.mkdir()
        self.one, self.two, self.evil = (laboratory.Keys(folder / name).make()
                                         for name in ("one", "two", "evil"))
        self.small = small_key(folder, 2048)
        self.curve = credentials.self_signed(folder, "curve", [NS1])
        self.esp = laboratory.has_esp()
        self.count = 0

    def records(self, first):
        """All that is published; `first`: the records of ns1."""
        lines = [self.owner.record(NS1, keys) for keys in first]
        lines += [self.owner.record(NS2, self.two), self.owner.record(NS[3], self.one),
                  self.owner.record(NS[3], self.two), self.owner.record(NS[4], self.one, matching=1)]
        lines += [f"_53.{NS[n]}. TYPE65347 {generic(shown.tlsa(3, 1, 0))}"
                  for n, shown in ((5, self.small), (6, self.curve))]
        return ADDRESSES + "\n".join(lines + [""])

    def look_up(self):
        return self.owner.look_up(*NS.values())

    def pair(self):
        self.count += 1
        return laboratory.Pair(self.owner.folder / f"pair-{self.count}")

    def start(self, pair, shown, name=NS1, says=None, template=laboratory.CLIENT, traps=2):
        """A server that says it is somebody, and a client that means `name`."""
        server = shown and laboratory.Pluto(pair, "B", laboratory.server(says or name, shown),
                                            keys=shown)
        client = laboratory.Pluto(pair, "A", laboratory.client(name, template=template))
        if shown:
            server.wait(2)
        return client.wait(2, traps=traps)

    def clear(self, pair, title, wanted=(0, 0)):
        self.tap.equal(pair.counter.clear(), wanted, f"{title}: in clear, over UDP and TCP")

    def row(self, title, wanted, shown, name=NS1, tcp=False, renew=True, **options):
        """One attempt, on demand: what comes of it, and does anything leave in clear?"""
        with self.pair() as pair:
            pluto = self.start(pair, shown, name, **options)
            if renew:
                self.owner.renew(pluto, name, *CONNECTIONS)
            first = pair.ask(f"{NS1}.", tcp)
            word, line = pluto.outcome()
            second = pair.ask(f"{NS1}.", not tcp)
            self.tap.equal(word, wanted, title, line)
            self.tap.ok(not (first[0] or second[0]), f"{title}: no answer in clear")
            self.clear(pair, title)

    def accepted(self):
        for tcp in (False, True):
            self.row(f"the published key, {'TCP' if tcp else 'UDP'} first", "authenticated", self.one,
                     tcp=tcp)
        self.row("a name with capitals", "authenticated", self.one, says="NS1.Good.Test")
        self.row("two keys are published: the first", "authenticated", self.one, NS[3])
        self.row("two keys are published: the second", "authenticated", self.two, NS[3])

    def refused(self):
        self.row("an impostor", "refused", self.evil)
        self.row("no key was given", "refused", self.one, renew=False)
        self.row("the key of ns2, at the same address, as ns1", "refused", self.two)
        self.row("ns2 with its own key, where ns1 is meant", "refused", self.two, says=NS2)
        self.row("ns1 with its own key, where ns2 is meant", "refused", self.one, NS2, says=NS1)
        self.row("a digest is published", "refused", self.one, NS[4])
        self.row("nothing is published", "refused", self.one, NS[8])

    def live(self):
        """A key that is rolled, and one that is withdrawn, while an SA lives by it."""
        for title, first, code in (("rolled", [self.two], 0), ("withdrawn", [], 1)):
            with self.pair() as pair:
                pluto = self.start(pair, self.one)
                self.owner.renew(pluto, NS1, *CONNECTIONS)
                pair.ask(f"{NS1}.")
                self.tap.ok(pluto.outcome()[0] == "authenticated" and pluto.states(), f"{title}: before")
                self.owner.renew(pluto, NS1, *CONNECTIONS)
                self.tap.ok(pluto.states(), f"{title}: renewed, the SA stays", pluto.log.read_text())
                self.owner.publish(self.records(first))
                self.look_up()
                self.tap.equal(self.owner.renew(pluto, NS1, *CONNECTIONS)[0], code, f"{title}: keys.py")
                self.tap.equal(pluto.states(), [], f"{title}: the SA is closed")
                said = pluto.whack("--initiate", "--name", "dns-udp")[1]
                self.tap.ok("authentication failed" in said and not pluto.states(),
                            f"{title}: no new one", said)
                self.clear(pair, title)
            self.owner.publish(self.records([self.one]))
            self.look_up()

    def stopped(self):
        """A key is rolled, and keys.py is stopped before it has closed what lives by the old one."""
        with self.pair() as pair:
            pluto = self.start(pair, self.one)
            self.owner.renew(pluto, NS1, *CONNECTIONS)
            pair.ask(f"{NS1}.")
            self.tap.ok(pluto.outcome()[0] == "authenticated" and pluto.states(), "stopped: before")
            self.owner.publish(self.records([self.two]))
            self.look_up()
            keys = pluto_keys.proven(self.owner.ike_keys, self.owner.proofs, self.owner.anchor, NS1)
            with contextlib.suppress(KeyboardInterrupt):
                pluto_keys.renew(Stopped(str(pluto.folder / "run")), NS1, keys, CONNECTIONS)
            self.tap.ok(keys and pluto.states(), "stopped: the SA still lives")
            self.tap.equal(self.owner.renew(pluto, NS1, *CONNECTIONS)[0], 0, "stopped: the next run")
            self.tap.equal(pluto.states(), [], "stopped: the next run closes the SA")
        self.owner.publish(self.records([self.one]))
        self.look_up()

    def two_timers(self):
        """Two runs at a time: the one that waits goes by the proofs that are there afterwards."""
        with self.pair() as pair:
            pluto = self.start(pair, None)
            whole = self.owner.proofs.read_bytes()
            rundir = os.open(pluto.folder / "run", os.O_RDONLY)
            fcntl.flock(rundir, fcntl.LOCK_EX)
            child = subprocess.Popen(self.owner.renewal(pluto, NS1), stdout=subprocess.DEVNULL,
                                     stderr=subprocess.DEVNULL)
            while child.poll() is None and not is_waiting(child):
                pass
            self.owner.proofs.write_bytes(b"")
            os.close(rundir)
            self.tap.equal(child.wait(), 1, "two timers: the later proofs have the last word")
            self.owner.proofs.write_bytes(whole)

    def kept(self):
        """Why a key is withdrawn by another: pluto lets none go."""
        with self.pair() as pair:
            pluto = self.start(pair, self.one)
            self.owner.renew(pluto, NS1)
            real = self.known(pluto, NS1)
            for connection in CONNECTIONS:
                pluto.whack("--delete", "--name", connection)
            self.tap.ok(real and self.known(pluto, NS1) == real, "a key outlives its connections")
        with self.pair() as pair:
            pluto = self.start(pair, self.one)
            self.owner.renew(pluto, NS1)
            pluto.whack("--keyid", f"@{NS1}")
            pair.ask(f"{NS1}.")
            self.tap.equal(pluto.outcome()[0], "authenticated", "--keyid alone takes no key away")

    def configured(self):
        """What `danepriv ipsec` prints, with the key in it and without."""
        text = {with_key: self.owner.connections(NS1, with_key) for with_key in (False, True)}
        names = re.findall("^conn (.*)$", text[True], re.MULTILINE)
        for with_key in (True, False):
            title = f"danepriv ipsec, {'with' if with_key else 'without'} the key"
            with self.pair() as pair:
                server = laboratory.Pluto(pair, "B", laboratory.server(NS1, self.one), keys=self.one)
                client = laboratory.Pluto(pair, "A", text[with_key])
                server.wait(2)
                client.wait(2, traps=2)
                pair.ask(f"{NS1}.")
                wanted = "authenticated" if with_key else "refused"
                self.tap.equal(client.outcome()[0], wanted, title, client.lines("#1"))
                self.owner.publish(self.records([]))
                self.look_up()
                self.tap.equal(self.owner.renew(client, NS1, *names)[0], 1, f"{title}: withdrawn")
                self.tap.equal(client.states(), [], f"{title}: the SA is closed")
                ended = "|".join(laboratory.OUTCOMES)
                before = len(client.lines(ended))
                self.restart(pair, client)
                client.whack("--initiate", "--name", names[0])
                line = client.wait_for(ended, before + 1)[before:][:1]
                self.tap.equal(["authenticated peer" in word for word in line], [with_key],
                               f"{title}: started again, does a withdrawn key come back?", *line)
            self.owner.publish(self.records([self.one]))
            self.look_up()

    def silent(self):
        """Nobody speaks IKE there: while pluto tries, and when its daemon is killed."""
        with self.pair() as pair:
            pluto = self.start(pair, None)
            self.owner.renew(pluto, NS1)
            for tcp in (False, True):
                pair.ask(f"{NS1}.", tcp)
            self.tap.ok(pluto.wait_for("retransmission"), "nobody there: pluto tries",
                        pluto.log.read_text())
            for tcp in (False, True):
                pair.ask(f"{NS1}.", tcp)
            self.clear(pair, "nobody there")

    def ask_both(self, pair):
        for tcp in (False, True):
            pair.ask(f"{NS1}.", tcp)

    def restart(self, pair, pluto):
        """Killed, as by accident, and started again, as by its service; with questions all the time."""
        pluto.stop(signal.SIGKILL)
        self.ask_both(pair)
        killed = pair.counter.clear()
        pluto.start()
        wire.send("A", laboratory.ADDRESS["B"],
                  lambda: len(pluto.lines(laboratory.LOADED)) >= 4 and len(pluto.traps()) == 2)
        pluto.wait(4, traps=2)
        self.ask_both(pair)
        return killed

    def ended(self):
        """How pluto starts and ends, and what becomes of its traps."""
        with self.pair() as pair:
            pluto = laboratory.Pluto(pair, "A", laboratory.client(NS1))
            wire.send("A", laboratory.ADDRESS["B"], lambda: len(pluto.traps()) == 2)
            started = pair.counter.clear()
            self.tap.ok(started[0], "open until pluto has loaded its connections")
            self.ask_both(pair)
            self.clear(pair, "loaded", started)
        with self.pair() as pair:
            self.tap.equal(self.restart(pair, self.start(pair, self.one)), (0, 0), "killed: in clear")
            udp, _ = pair.counter.clear()
            if laboratory.release() < 5:
                self.tap.equal(udp, 0, "killed and started again: in clear")
            else:
                self.tap.ok(udp, "killed and started again: 5.2 takes its traps away, and it opens", udp)
        with self.pair() as pair:
            pluto = self.start(pair, self.one)
            pluto.whack("--shutdown", "--leave-state")
            pluto.child.wait(laboratory.PATIENCE)
            self.ask_both(pair)
            self.clear(pair, "shut down, state left")
        with self.pair() as pair:
            self.start(pair, self.one).stop()
            self.ask_both(pair)
            self.opened(pair, "shut down in good order: it opens")

    def opened(self, pair, title):
        """What the counter is worth: here it has to see something."""
        udp, tcp = pair.counter.clear()
        self.tap.ok(udp and tcp, title, udp, tcp)

    def walled(self):
        """A rule of the firewall's behind pluto: closed before it starts, and when it is gone."""
        with self.pair() as pair:
            pair.wall()
            self.ask_both(pair)
            self.clear(pair, "a wall, and no pluto yet")
            pluto = self.start(pair, self.one)
            self.owner.renew(pluto, NS1)
            pair.ask(f"{NS1}.")
            self.tap.equal(pluto.outcome()[0], "authenticated", "a wall behind pluto's traps")
            self.restart(pair, pluto)
            self.clear(pair, "a wall, and pluto killed and started again")
            for connection in CONNECTIONS:
                pluto.whack("--unroute", "--name", connection)
            self.ask_both(pair)
            self.clear(pair, "a wall, and pluto unrouted")
            pluto.stop()
            self.ask_both(pair)
            self.clear(pair, "a wall, and pluto shut down")

    def any_port(self):
        """The slides' spelling of the client's ports."""
        older = laboratory.release() < 5
        with self.pair() as pair:
            pluto = self.start(pair, None, template=ANY_PORT, traps=0 if older else 2)
            if older:
                pluto.wait_for("cannot route", 2)
            self.ask_both(pair)
            if older:
                self.opened(pair, "leftprotoport with %any: 4.10 sets no trap, and it leaves in clear")
            else:
                self.clear(pair, "leftprotoport with %any: 5.2 sets traps")

    def shunts(self):
        """Both shunts pass, and nobody is there: what opens, and when?"""
        with self.pair() as pair:
            pluto = self.start(pair, None, template=OPENS)
            self.owner.renew(pluto, NS1)
            self.ask_both(pair)
            self.tap.ok(pluto.wait_for("will wait"), "shunts that pass: negotiating")
            self.ask_both(pair)
            udp, tcp = negotiating = pair.counter.clear()
            if laboratory.release() < 5:
                self.tap.equal((udp, tcp), (0, 0), "shunts that pass: 4.10 opens nothing meanwhile")
            else:
                self.tap.ok(udp, "shunts that pass: 5.2 opens while it negotiates")
            self.tap.ok(pluto.wait_for("timeout exceeded"), "shunts that pass: failed", *pluto.lines("#1"))
            self.ask_both(pair)
            self.clear(pair, "shunts that pass: closed again after failure", negotiating)
            for word in ("--unroute", "--route"):
                for connection in CONNECTIONS:
                    pluto.whack(word, "--name", connection)
                self.ask_both(pair)
                if word == "--unroute":
                    opened = pair.counter.clear()
                    self.tap.ok(opened[1], "unrouted: it opens")
            self.tap.equal(pair.counter.clear()[1], opened[1], "routed again: TCP is closed")

    def strangers(self):
        """NULL on both sides, and NULL against a server that wants no strangers."""
        for title, theirs, wanted in (("NULL on both sides", None, "anonymous"),
                                      ("NULL on one side", self.one, "refused")):
            with self.pair() as pair:
                server = laboratory.Pluto(pair, "B", laboratory.server(NS1, theirs), keys=theirs) \
                    if theirs else laboratory.Pluto(pair, "B", *laboratory.anybody("B"))
                client = laboratory.Pluto(pair, "A", *laboratory.anybody("A"))
                server.wait(1)
                client.wait(1, traps=1)
                pair.ask(f"{NS1}.")
                self.tap.equal(client.outcome()[0], wanted, title, client.lines("#1"))
                self.clear(pair, title)

    def certified(self):
        """Whoever an authority has certified, while pluto was given another key."""
        folder = self.owner.folder / "certified"
        shown = laboratory.Certified(folder).make(NS1)
        for title, trust, wanted in (("is trusted", "CT,,", "authenticated"),
                                     ("is there", ",,", "authenticated"),
                                     ("is not there", None, "refused")):
            with self.pair() as pair:
                server = laboratory.Pluto(pair, "B", laboratory.server(NS1, shown), keys=shown)
                keys = laboratory.Certified(pair.folder / "keys")
                if trust:
                    keys.add(shown.authority, trust)
                client = laboratory.Pluto(pair, "A", laboratory.client(NS1), keys=keys)
                server.wait(2)
                client.wait(2, traps=2)
                self.owner.renew(client, NS1, *CONNECTIONS)
                pair.ask(f"{NS1}.")
                word, line = client.outcome()
                self.tap.equal(word, wanted, f"certified, and the authority {title}", line)

    def known(self, pluto, name):
        return pluto_keys.Pluto(str(pluto.folder / "run")).known(name)

    def given(self):
        """What keys.py gives, and what it does not: no peer is needed."""
        with self.pair() as pair:
            pluto = self.start(pair, None)
            for title, name, wanted in (
                    ("a whole key", NS1, 0), ("two whole keys", NS[3], 0),
                    ("a name with capitals and a final dot", "NS1.good.TEST.", 0),
                    ("a digest", NS[4], 1), ("RSA of 2048 bits", NS[5], 1), ("a curve", NS[6], 1),
                    ("nothing", NS[8], 1), ("a name that was never looked up", "ns9.good.test", 1),
                    ("an address", "192.168.1.2", 2), ("an address of IPv6", "2001:db8::1", 2),
                    ("a sign that is no letter K", "\u212a.good.test", 2),
                    ("a star", "*.good.test", 2), ("a blank", "ns1.good.test x", 2),
                    ("an option", "--shutdown", 2), ("nothing at all", "", 2)):
                code, said = self.owner.renew(pluto, name, *CONNECTIONS)
                self.tap.equal(code, wanted, f"keys.py: {title}", said)
            listed = pluto.whack("--listpubkeys")[1]
            self.tap.ok("ID_IPV4_ADDR" not in listed and "192.168" not in listed,
                        "no key is an address's", listed)
            whole = self.owner.proofs.read_bytes()
            for title, octets in (("cut", whole[:100]), ("empty", b""),
                                  ("altered", bytes(c ^ 1 for c in whole))):
                self.owner.renew(pluto, NS1)
                real = self.known(pluto, NS1)
                self.owner.proofs.write_bytes(octets)
                code, said = self.owner.renew(pluto, NS1)
                self.tap.ok(code == 1 and not real & self.known(pluto, NS1),
                            f"proofs {title}: the key is withdrawn", code, said)
                self.owner.proofs.write_bytes(whole)
            pluto.stop()
            self.tap.equal(self.owner.renew(pluto, NS1)[0], 3, "keys.py: pluto is not there")


PARTS = ("given", "accepted", "refused", "silent", "live", "stopped", "two_timers", "kept",
         "configured", "ended", "walled", "any_port", "shunts", "strangers", "certified")


def main(folder, build, *parts):
    tap = Tap()
    with laboratory.Owner(folder, build) as owner:
        rows = Rows(owner, tap)
        owner.serve(rows.records([rows.one]))
        rows.look_up()
        for name in parts or PARTS:
            getattr(rows, name)()
    return tap.done()


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
