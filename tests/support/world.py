#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""How does a test come by a small internet on loopback?  A signed DNS tree, a resolver, and name
servers over TLS.

    world.py run FOLDER            builds and serves it until its input ends or it is told to stop
    world.py exec FOLDER COMMAND…  serves it while COMMAND runs, with DANEPRIV_WORLD=<world.json>

FOLDER is made, or emptied if an earlier world is in it; its world.json says where everything is.
No privileges are needed, and nothing but loopback addresses and free ports is touched."""

import json
import os
import select
import shutil
import signal
import subprocess
import sys
from contextlib import ExitStack, contextmanager
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

import credentials  # noqa: E402  (the folder above makes these findable from anywhere)
import peers as peer_table  # noqa: E402
import zones as zone_table  # noqa: E402
from processes import NotStarted, Processes, free_ports, has_ipv6  # noqa: E402
from servers import Servers  # noqa: E402
from signing import Signer  # noqa: E402

MARK = ".danepriv-world"
ATTEMPTS = 3
WITH_PORT_RECORDS = ("ns1", "ns2", "ns3")


def _empty(folder):
    """Makes the folder; empties it only when an earlier world is in it."""
    if folder.exists() and any(folder.iterdir()):
        if not (folder / MARK).exists():
            raise SystemExit(f"{folder} is not empty and holds no earlier world")
        shutil.rmtree(folder)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / MARK).touch()


class World:
    """Everything in one folder.  `data` is what world.json says."""

    def __init__(self, folder):
        self.folder = Path(folder).resolve()
        self.addresses = ["127.0.0.1"] + (["::1"] if has_ipv6() else [])
        self.data = {}

    def _build(self):
        """Keys, ports and signed zones."""
        (self.folder / "tls").mkdir()
        self.credentials = credentials.all_credentials(self.folder / "tls", peer_table.ZONE)
        self.peers = peer_table.all_peers(self.credentials)
        endpoints = list(dict.fromkeys(p.endpoint for p in self.peers))
        ports = free_ports(len(endpoints) + 3, self.addresses)
        self.authority, self.resolver, self.stock = (ports.pop() for _ in range(3))
        self.ports = dict(zip(endpoints, ports))
        own = {p.label: self.ports[p.endpoint] for p in self.peers
               if p.label in WITH_PORT_RECORDS}
        honest = self.credentials["honest"].tlsa(3, 1, 1)
        whole = self.credentials["rsa"].tlsa(3, 1, 0)
        self.signer = Signer(self.folder, zone_table.all_zones(honest, whole, self.peers, own))
        self.signer.run()
        self._write_anchors()

    def _write_anchors(self):
        """root.* for the tree, reverse.*, reverse6.* and island.* for zones that hang in the air.
        all.dnskey has all but the last."""
        places = {"root": ".", "reverse": zone_table.REVERSE, "reverse6": zone_table.REVERSE_SIX,
                  "island": "island.insecure.test."}
        self.anchors = {}
        for label, zone in places.items():
            for kind, lines in (("ds", self.signer.anchor_digests(zone)),
                                ("dnskey", self.signer.anchor_keys(zone))):
                self.anchors[f"{label}_{kind}"] = path = self.folder / f"{label}.{kind}"
                path.write_text("\n".join(lines) + "\n")
        self.anchors["all"] = self.folder / "all.dnskey"
        self.anchors["all"].write_text("".join(self.anchors[f"{label}_dnskey"].read_text()
                                               for label in ("root", "reverse", "reverse6")))

    def _start(self, processes, servers):
        """All servers at once, then waits until each has answered."""
        upstream = f"127.0.0.1@{self.authority}"
        started = []
        for (serve, label, priority), port in self.ports.items():
            credential = self.credentials[label]
            if serve == "nsd":
                plain = self.authority if label == "honest" else None
                started.append(servers.nsd(f"nsd-{label}", plain, port, credential))
            elif serve == "front":
                started.append(servers.front(f"front-{port}", port, credential, priority,
                                             upstream))
            elif serve == "silent":
                servers.silent(port)
        for child, is_ready in started:
            processes.wait_until(child, is_ready)
        resolvers = [
            servers.unbound("unbound", self.resolver, upstream, self.anchors["all"]),
            servers.unbound("unbound-stock", self.stock, upstream, self.anchors["root_dnskey"],
                            asks_owners=False)]
        for child, is_ready in resolvers:
            processes.wait_until(child, is_ready)

    def _describe(self):
        """Writes world.json for tests and people."""
        def places(port):
            return {"address": f"127.0.0.1@{port}",
                    "address6": f"::1@{port}" if "::1" in self.addresses else None}

        self.data = {
            "folder": str(self.folder),
            "resolver": places(self.resolver),
            "stock": places(self.stock),
            "authority": places(self.authority),
            "anchors": {label: str(path) for label, path in self.anchors.items()},
            "servers": {p.label: {
                "name": p.name, **places(self.ports[p.endpoint]), "about": p.about,
                "tlsa": list(p.tlsa), "certificate": str(self.credentials[p.credential].chain_file),
                "key": str(self.credentials[p.credential].key_file),
                "public": str(self.credentials[p.credential].public_file),
            } for p in self.peers},
            "zones": {z.name: z.about for z in self.signer.zones},
            "claims": [c.__dict__ for c in zone_table.all_claims()],
            "bases": [b.__dict__ for b in zone_table.all_bases()],
        }
        (self.folder / "world.json").write_text(json.dumps(self.data, indent=1) + "\n")

    @contextmanager
    def running(self):
        """Builds and serves; whatever happens, what was started is stopped at the end."""
        for attempt in range(ATTEMPTS):
            with ExitStack() as stack:
                _empty(self.folder)
                processes = stack.enter_context(Processes(self.folder))
                self._build()
                servers = Servers(processes, self.signer, self.addresses)
                stack.callback(servers.close)
                try:
                    self._start(processes, servers)
                except NotStarted:
                    if attempt + 1 == ATTEMPTS:
                        raise
                    continue  # somebody else took a port: once more, with others
                self._describe()
                yield self
                return


@contextmanager
def open_world(folder):
    """A running world, as a dict: what tests use."""
    with stopping_on_signals(), World(folder).running() as world:
        yield world.data


@contextmanager
def stopping_on_signals():
    """Turns SIGTERM, SIGHUP and SIGINT into SystemExit, so that everything is cleaned up."""
    numbers = (signal.SIGTERM, signal.SIGHUP, signal.SIGINT)

    def stop(number, _frame):
        for each in numbers:  # a second one must not disturb the cleaning up
            signal.signal(each, signal.SIG_IGN)
        raise SystemExit(128 + number)

    earlier = {n: signal.signal(n, stop) for n in numbers}
    try:
        yield
    finally:
        for number, handler in earlier.items():
            signal.signal(number, handler)


def _until_input_ends():
    while True:
        select.select([sys.stdin], [], [])
        if not os.read(sys.stdin.fileno(), 4096):
            return


def main(argv):
    if len(argv) < 3 or argv[1] not in ("run", "exec") or (argv[1] == "exec") != (len(argv) > 3):
        print(__doc__, file=sys.stderr)
        return 2
    with open_world(argv[2]) as data:
        path = f"{data['folder']}/world.json"
        if argv[1] == "run":
            print(path, flush=True)
            _until_input_ends()
            return 0
        command = argv[4:] if argv[3] == "--" else argv[3:]
        environment = os.environ | {"DANEPRIV_WORLD": path}
        return subprocess.run(command, env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv))
