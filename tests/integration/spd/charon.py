#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""Does charon take what `danepriv ipsec` prints, and what leaves in clear then?

    charon.py FOLDER

To be run by examples/strongswan/enter.  The kernel's own IPsec is what traps packets, so that
kernel-libipsec is not loaded."""

import os
import subprocess
import sys
import time
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[3]
sys.path[:0] = [str(CHECKOUT / "examples/strongswan"), str(CHECKOUT / "tests/support"),
                str(Path(__file__).resolve().parent)]
sys.path.append(str(CHECKOUT / "examples/libreswan"))

import credentials  # noqa: E402
import lab as laboratory  # noqa: E402
import told  # noqa: E402
import wire  # noqa: E402
from processes import Processes  # noqa: E402
from tap import Tap  # noqa: E402
from told import BEHIND, GATEWAY, NAME, SERVER, SIX  # noqa: E402

AT = ("--address", SERVER)
SERVES = ("--side", "server")
OPPORTUNISTIC = ("--mode", "opportunistic")
PLACE = "2.1.168.192.in-addr.arpa"
CONNECTION = "dns-ns1_good_test"
PATIENCE = 15.0
# title, name, matching type of the record, options, what the kernel does not let out as it is
FORMS = [
    ("a whole key, in a file", NAME, 0, (*AT, "--key-out", "{folder}/ns1.pem"), SERVER),
    ("a whole key, in a comment", NAME, 0, AT, SERVER),
    ("a digest, for the plugin", NAME, 1, AT, SERVER),
    ("opportunistic", NAME, 0, (*AT, *OPPORTUNISTIC), SERVER),
    ("a gateway", NAME, 1, ("--address", BEHIND, "--gateway", GATEWAY), BEHIND),
    ("IPv6", NAME, 1, ("--address", SIX["B"]), SIX["B"]),
    ("all traffic", NAME, 0, (*AT, "--traffic", "all"), None),
    ("an address", SERVER, 1, (), SERVER),
    ("a reverse name", PLACE, 1, (), SERVER),
    ("a server", NAME, 1, (*AT, *SERVES), ""),
    ("a server with its key", NAME, 0, (*AT, *SERVES, "--key-out", "{folder}/ns1.pem"), ""),
    ("a server of some", NAME, 1, (*AT, *SERVES, "--clients", "192.168.1.0/25", "--clients",
                                   "10.0.0.0/8"), ""),
    ("a server at a gateway", NAME, 1, ("--address", BEHIND, "--gateway", GATEWAY, *SERVES), ""),
]


def trapped(address):
    """What a connection to an address lets nobody see; None: all traffic with the server."""
    if address is None:
        return {(f"{SERVER}/32", "any", 0)}
    return told.to_port_53(address, 128 if ":" in address else 32) if address else set()


class Charon:
    """Two namespaces with a cable, and charon in A.  A context manager."""

    def __init__(self, folder):
        self.folder = Path(folder)
        self.log, self.socket = self.folder / "charon.log", self.folder / "vici"
        for name in laboratory.SWANCTL:
            (self.folder / name).mkdir(parents=True)

    def __enter__(self):
        self.processes = Processes(self.folder)
        laboratory.Lab(self.folder, self.folder).connect()
        told.add_ipv6(laboratory.run)
        laboratory.run("ip", "-n", "A", "route", "add", "default", "via", SERVER)
        self.counter = wire.Counter("B", "cableB")
        plugins = laboratory.PLUGINS.replace("kernel-libipsec", "")
        (self.folder / "strongswan.conf").write_text(laboratory.DAEMON.format(
            tries=1, loaded=laboratory.loaded(plugins), log=self.log, socket=self.socket,
            own=""))
        self.child = self.processes.start("charon", laboratory.in_namespace(
            "A", "/usr/sbin/charon-systemd"), env=self.environment())
        self.processes.wait_until(self.child, lambda: self.socket.exists()
                                  and self.swanctl("--stats")[0] == 0)
        return self

    def __exit__(self, *_):
        self.processes.stop()
        self.counter.socket.close()
        laboratory.disconnect()

    def environment(self):
        return os.environ | {"STRONGSWAN_CONF": str(self.folder / "strongswan.conf"),
                             "SWANCTL_DIR": str(self.folder)}

    def swanctl(self, *argv):
        """Runs swanctl; gives its exit status and what it said."""
        done = subprocess.run(["swanctl", *argv, "--uri", f"unix://{self.socket}"], text=True,
                              capture_output=True, check=False, env=self.environment())
        return done.returncode, done.stdout + done.stderr

    def load(self, text):
        (self.folder / "swanctl.conf").write_text(text)
        return self.swanctl("--load-all", "--file", str(self.folder / "swanctl.conf"))

    def wait_for(self, words, count=1):
        """Are there so many lines with these words in time?"""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            if self.log.read_text().count(words) >= count:
                return True
            time.sleep(0.02)
        return False


class Rows:
    def __init__(self, folder, tap):
        self.folder, self.tap = Path(folder), tap
        (self.folder / "keys").mkdir()
        self.own = credentials.self_signed(self.folder / "keys", "own", [NAME])
        self.count = 0

    def charon(self):
        self.count += 1
        return Charon(self.folder / f"charon-{self.count}")

    def printed(self, matching, *argv, name=NAME):
        return told.configuration("--format", "swanctl", "--record",
                                  told.record(self.own.public_file, matching), *argv, name=name)

    def forms(self):
        """Loaded as it is printed; what is read back from the kernel?"""
        for title, name, matching, argv, address in FORMS:
            with self.charon() as charon:
                text = self.printed(matching, *(a.format(folder=charon.folder) for a in argv),
                                    name=name)
                code, said = charon.load(text)
                self.tap.ok(code == 0 and "loaded connection 'dns-" in said, f"loaded: {title}",
                            said, text)
                self.tap.equal(told.policies("A"), trapped(address), f"loaded: {title}: policies",
                               text)

    def ask(self, title):
        """Questions that nobody may answer, or see."""
        answers = [wire.ask("A", SERVER, f"{NAME}.", tcp)[0] for tcp in (False, True)
                   for _ in range(2)]
        self.tap.ok(not any(answers), f"{title}: no answer")

    def clear(self, charon, title):
        self.tap.equal(charon.counter.clear(), (0, 0), f"{title}: in clear, over UDP and TCP")

    def fail(self, charon, mode, address=SERVER):
        """Nobody answers IKE: while it is tried, and after it was given up."""
        charon.load(self.printed(0, *AT, "--mode", mode, "--key-out", charon.folder / "ns1.pem"))
        self.tap.equal(told.policies("A"), trapped(address), f"{mode}: traps")
        self.ask(f"{mode}, negotiating")
        self.tap.ok(charon.wait_for("initiating IKE_SA")
                    and charon.counter.counts().get("ike", 0) > 0, f"{mode}: IKE is tried")
        self.clear(charon, f"{mode}, negotiating")
        self.tap.ok(charon.wait_for("giving up after"), f"{mode}: IKE has failed")
        self.ask(f"{mode}, after failure")
        self.clear(charon, f"{mode}, after failure")
        self.tap.equal(told.policies("A"), trapped(address), f"{mode}, after failure: traps")

    def as_said(self, charon):
        """What the comment says of opportunistic."""
        for child in ("udp", "tcp"):
            charon.swanctl("--uninstall", "--ike", CONNECTION, "--child", child)
        self.ask("opportunistic, uninstalled")
        udp, tcp = charon.counter.clear()
        self.tap.ok(udp > 0 and tcp > 0, "opportunistic, uninstalled: in clear", udp, tcp)
        for child in ("udp", "tcp"):
            charon.swanctl("--install", "--ike", CONNECTION, "--child", child)
        self.tap.equal(told.policies("A"), trapped(SERVER), "opportunistic, installed again")
        before = charon.counter.clear()
        self.ask("opportunistic, installed again")
        self.tap.equal(charon.counter.clear(), before, "opportunistic, installed again: no more")

    def silent(self):
        with self.charon() as charon:
            self.fail(charon, "strict")
        with self.charon() as charon:
            self.fail(charon, "opportunistic")
            self.as_said(charon)


def main():
    tap = Tap()
    rows = Rows(sys.argv[1], tap)
    rows.forms()
    rows.silent()
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
