#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""Does pluto take what `danepriv ipsec` prints, and what leaves in clear then?

    pluto.py FOLDER BUILD

To be run by examples/libreswan/enter."""

import sys
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[3]
sys.path[:0] = [str(CHECKOUT / "examples/libreswan"), str(CHECKOUT / "tests/support"),
                str(Path(__file__).resolve().parent)]

import lab as laboratory  # noqa: E402
import told  # noqa: E402
from tap import Tap  # noqa: E402
from told import BEHIND, GATEWAY, NAME, SERVER, SIX  # noqa: E402

AT = ("--address", SERVER)
SERVES = ("--side", "server")
OPPORTUNISTIC = ("--mode", "opportunistic")
PLACE = "2.1.168.192.in-addr.arpa"
ALL = {(f"{SERVER}/32", "any", 0)}
# title, name, options, what the kernel does not let out as it is
FORMS = [
    ("strict", NAME, AT, told.to_port_53(SERVER)),
    ("strict, an anonymous client", NAME, (*AT, "--anonymous"), told.to_port_53(SERVER)),
    ("opportunistic", NAME, (*AT, *OPPORTUNISTIC), told.to_port_53(SERVER)),
    ("a gateway", NAME, ("--address", BEHIND, "--gateway", GATEWAY), told.to_port_53(BEHIND)),
    ("IPv6", NAME, ("--address", SIX["B"], "--anonymous"), told.to_port_53(SIX["B"], 128)),
    ("all traffic", NAME, (*AT, "--traffic", "all"), ALL),
    ("an address", SERVER, ("--anonymous",), told.to_port_53(SERVER)),
    ("a reverse name", PLACE, (), told.to_port_53(SERVER)),
    ("a server", NAME, (*AT, *SERVES), set()),
    ("a server of anonymous clients", NAME, (*AT, *SERVES, "--anonymous"), set()),
    ("a server of some", NAME, (*AT, *SERVES, "--clients", "192.168.1.0/25", "--clients",
                                "10.0.0.0/8"), set()),
    ("a server at a gateway", NAME, ("--address", BEHIND, "--gateway", GATEWAY, *SERVES), set()),
]
NULL = (*OPPORTUNISTIC, "--anonymous")
NULL_FORMS = [
    ("NULL on both sides", AT, told.to_port_53(SERVER)),
    ("NULL on both sides, looked up", (), told.to_port_53(SERVER)),
    ("NULL on both sides, all traffic", (*AT, "--traffic", "all"), ALL),
    ("NULL: the server's side", (*AT, *SERVES), set()),
]
INSTALLED = "Add SA|established Child SA|negotiated connection"


class Rows:
    def __init__(self, folder, build, tap):
        self.folder, self.build, self.tap = Path(folder), build, tap
        (self.folder / "keys").mkdir()
        self.own, self.other = (laboratory.Keys(self.folder / "keys" / word).make()
                                for word in ("own", "other"))
        self.count = 0

    def pair(self):
        self.count += 1
        return laboratory.Pair(self.folder / f"pair-{self.count}")

    def printed(self, keys, *argv, name=NAME):
        return told.configuration("--format", "libreswan", "--record",
                                  told.record(keys.public_file), *argv, name=name)

    def start(self, pair, side, text, keys=None, traps=0):
        pluto = laboratory.Pluto(pair, side, "\n" + text, keys=keys)
        return pluto.wait(text.count("\nconn "), traps=traps)

    def form(self, title, text, wanted, keys=None):
        """Loaded as it is printed; what is read back from the kernel?"""
        with self.pair() as pair:
            told.add_ipv6(laboratory.run)
            side = "A" if wanted else "B"
            pluto = laboratory.Pluto(pair, side, "\n" + text, keys=keys)
            pluto.wait(text.count("\nconn "))
            if wanted:
                pair.processes.wait_until(pluto.child, lambda: told.policies(side) >= wanted)
            self.tap.equal(told.policies(side), wanted, f"loaded: {title}", text,
                           *pluto.lines("ERROR|cannot|failed"))
            self.tap.equal(pluto.lines("deprecated|obsolete|ignored"), [],
                           f"loaded: {title}: nothing that this release would rather not read")

    def forms(self):
        for title, name, argv, wanted in FORMS:
            text = self.printed(self.own, *argv, name=name)
            self.form(title, text, wanted, keys=None if wanted else self.own)

    def ask(self, pair, title, count=3):
        """Questions that nobody may answer, or see."""
        answers = [pair.ask(f"{NAME}.", tcp)[0] for tcp in (False, True) for _ in range(count)]
        self.tap.ok(not any(answers), f"{title}: no answer")

    def clear(self, pair, title):
        self.tap.equal(pair.counter.clear(), (0, 0), f"{title}: in clear, over UDP and TCP")

    def silent(self):
        """Nobody answers IKE."""
        for mode in ("strict", "opportunistic"):
            with self.pair() as pair:
                pluto = self.start(pair, "A", self.printed(self.own, *AT, "--anonymous", "--mode",
                                                           mode), traps=2)
                self.ask(pair, f"{mode}, negotiating")
                pluto.wait_for("sent IKE_SA_INIT|initiating IKEv2")
                self.tap.ok(pair.counter.counts().get("ike", 0) > 0, f"{mode}: IKE is tried")
                self.clear(pair, f"{mode}, negotiating")

    def impostor(self, mode, pair):
        """Somebody with another key; A's daemon, when it has failed."""
        serves = self.printed(self.other, *AT, *SERVES, "--anonymous")
        self.start(pair, "B", serves, keys=self.other)
        pluto = self.start(pair, "A", self.printed(self.own, *AT, "--anonymous", "--mode", mode),
                           traps=2)
        self.ask(pair, f"{mode}, impostor")
        word, said = pluto.outcome()
        self.tap.equal(word, "refused", f"{mode}, impostor: refused", said)
        self.ask(pair, f"{mode}, after failure")
        self.clear(pair, f"{mode}, after failure")
        return pluto

    def after_failure(self):
        with self.pair() as pair:
            self.impostor("strict", pair)
        with self.pair() as pair:
            pluto = self.impostor("opportunistic", pair)
            self.as_said(pair, pluto)

    def as_said(self, pair, pluto):
        """What the comment says of opportunistic."""
        names = [f"dns-ns1_good_test-{word}" for word in ("udp", "tcp")]
        for name in names:
            pluto.whack("--name", name, "--unroute")
        self.ask(pair, "opportunistic, unrouted")
        udp, tcp = pair.counter.clear()
        self.tap.ok(udp > 0 and tcp > 0, "opportunistic, unrouted: in clear", udp, tcp)
        for name in names:
            pluto.whack("--name", name, "--route")
        pair.processes.wait_until(pluto.child,
                                  lambda: told.policies("A") == told.to_port_53(SERVER))
        before = pair.counter.clear()
        self.ask(pair, "opportunistic, routed again")
        self.tap.equal(pair.counter.clear(), before, "opportunistic, routed again: no more")

    def served(self, title, serves, allowed):
        """Both sides as they are printed: an anonymous client and a server with its key."""
        with self.pair() as pair:
            server = self.start(pair, "B", self.printed(
                self.own, *AT, *SERVES, "--anonymous", *serves), keys=self.own)
            client = self.start(pair, "A", self.printed(self.own, *AT, "--anonymous"), traps=2)
            self.ask(pair, title, count=1)
            word, said = client.outcome()
            self.tap.equal(word, "authenticated", f"{title}: the server is", said)
            client.wait_for("rejected Child SA|established Child SA|TS_UNACCEPTABLE")
            self.tap.equal(bool(server.lines(INSTALLED)), allowed,
                           f"{title}: are the client's packets taken?", *server.lines("#"))
            self.clear(pair, title)

    def nulls(self):
        """The slides' first case: nothing is published, and nobody is authenticated."""
        with laboratory.Owner(self.folder, self.build) as owner:
            owner.serve(f"ns1 A {SERVER}\n")
            look = ("--format", "libreswan", *NULL, "--resolver", f"127.0.0.1@{owner.resolver}",
                    "--anchor", owner.anchor)
            for title, argv, wanted in NULL_FORMS:
                self.form(title, told.configuration(*look, *argv), wanted)
            with self.pair() as pair:
                self.start(pair, "B", told.configuration(*look, *AT, *SERVES))
                client = self.start(pair, "A", told.configuration(*look), traps=2)
                self.ask(pair, "NULL on both sides", count=1)
                word, said = client.outcome()
                self.tap.equal(word, "anonymous", "NULL on both sides: an SA", said)
                self.clear(pair, "NULL on both sides")


def main():
    tap = Tap()
    rows = Rows(sys.argv[1], sys.argv[2], tap)
    rows.forms()
    rows.silent()
    rows.after_failure()
    rows.served("served: its network", (), True)
    rows.served("served: another network", ("--clients", "10.0.0.0/8"), False)
    rows.nulls()
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
