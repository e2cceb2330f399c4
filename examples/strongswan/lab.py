# SPDX-License-Identifier: BSD-2-Clause
"""Two charons in two network namespaces, joined by a cable, and a signed DNS tree beside them.

A is a client that knows nothing of the server but its name; the plugin is there.  B is the server:
it has a certificate, or a bare key, and answers DNS questions at 10.9.0.2.  To be run by `enter`."""

import os
import shutil
import subprocess
import sys
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[1] / "tests/support"))

import credentials  # noqa: E402
import servers  # noqa: E402
from processes import Processes, free_ports  # noqa: E402
from signing import Signer  # noqa: E402
from zones import Zone  # noqa: E402

OUTER = {"A": "192.168.1.1", "B": "192.168.1.2"}
INNER = {"A": "10.9.0.1", "B": "10.9.0.2"}
CLIENT = "client.good.test"
ADDRESSES = "".join(f"ns{n} A {INNER['B']}\n" for n in range(1, 6))
SWANCTL = ("private", "x509", "x509ca", "x509ocsp", "x509aa", "x509ac", "x509crl", "pubkey", "rsa",
           "ecdsa", "pkcs8", "pkcs12")
PLUGINS = ("random nonce openssl pem pkcs1 pkcs8 pubkey x509 constraints revocation hmac kdf gcm"
           " kernel-libipsec kernel-netlink socket-default vici")

DAEMON = """\
charon-systemd {{
  load = {plugins}
  install_virtual_ip = no
  retransmit_tries = 1
  retransmit_timeout = 1
  filelog {{
    all {{
      path = {log}
      flush_line = yes
      default = 1
    }}
  }}
  journal {{
    default = -1
  }}
  syslog {{
    daemon {{
      default = -1
    }}
    auth {{
      default = -1
    }}
  }}
  plugins {{
    vici {{
      socket = unix://{socket}
    }}
    kernel-libipsec {{
      allow_peer_ts = yes
    }}
{own}
  }}
}}
"""

CONNECTION = """\
connections {{
  {name} {{
    version = 2
    local_addrs = {local}
    remote_addrs = {remote}
    send_cert = {send}
    local {{
      auth = pubkey
      id = {id}
      {shows}
    }}
    remote {{
      auth = pubkey
      id = {other}
      {knows}
    }}
    children {{
      dns {{
        local_ts = {local_ts}
        remote_ts = {remote_ts}
        esp_proposals = aes128gcm16
      }}
    }}
  }}
}}
{more}
"""


def record(text):
    """RDATA of a TYPE65347 record, from the text of a TLSA record."""
    usage, selector, matching, data = text.split()
    octets = bytes((int(usage), int(selector), int(matching))) + bytes.fromhex(data)
    return f"\\# {len(octets)} {octets.hex()}"


def run(*argv, **options):
    """Runs a program; what it said goes into the exception if it fails."""
    done = subprocess.run([str(a) for a in argv], capture_output=True, text=True, check=False,
                          stdin=subprocess.DEVNULL, **options)
    if done.returncode:
        raise RuntimeError(f"{argv}: {done.stdout}{done.stderr}")
    return done.stdout


def in_namespace(side, *argv):
    return ["ip", "netns", "exec", side, *argv]


def disconnect():
    """Takes the namespaces away again; the cable goes with them."""
    for side in "AB":
        run("ip", "netns", "del", side)


class Lab:
    """Everything in one folder.  A context manager."""

    def __init__(self, folder, build):
        self.folder, self.build = Path(folder), Path(build)
        self.proofs = self.folder / "proofs"
        self.stack = ExitStack()
        self.connections = "dns"

    def __enter__(self):
        self.processes = self.stack.enter_context(Processes(self.folder))
        self.dns = self.stack.enter_context(Processes(self.folder / "dns"))
        return self

    def __exit__(self, *_):
        self.stack.close()

    # ---- the signed tree ----

    def serve(self, records):
        """Serves a signed tree: `records` are lines of good.test."""
        folder = self.folder / "dns"
        folder.mkdir()
        self.signer = Signer(folder, [
            Zone(".", "", "ns.test. A 127.0.0.1\n"), Zone("test.", "", "ns A 127.0.0.1\n"),
            Zone("good.test.", "", ADDRESSES + records)])
        self.signer.run()
        (folder / "root.ds").write_text("\n".join(self.signer.anchor_digests(".")) + "\n")
        (folder / "root.key").write_text("\n".join(self.signer.anchor_keys(".")) + "\n")
        self.anchor = folder / "root.ds"
        self._start_dns()

    def publish(self, records):
        """Others from now on, by the same keys."""
        zone = replace(self.signer.zones[-1], text=ADDRESSES + records)
        self.signer.zones[-1] = zone
        self.signer.sign(zone)
        self._start_dns()

    def _start_dns(self):
        self.dns.stop()
        authority, self.resolver = free_ports(2, ["127.0.0.1"])
        own = servers.Servers(self.dns, self.signer, ["127.0.0.1"])
        self.dns.wait_until(*own.nsd("nsd", authority))
        self.dns.wait_until(*own.unbound("unbound", self.resolver, f"127.0.0.1@{authority}",
                                         self.signer.folder / "root.key"))

    def look_up(self, *names):
        """What a timer does on a real machine: looks up, and writes the proofs."""
        argv = [os.environ.get("DANEPRIV_CLI", self.build / "examples/cli/danepriv"), "lookup",
                *names, "--transport", "ipsec", "--resolver", f"127.0.0.1@{self.resolver}",
                "--anchor", self.anchor, "--proofs", self.proofs]
        return subprocess.run([str(a) for a in argv], capture_output=True, text=True, check=False)

    # ---- network and daemons ----

    def connect(self):
        """A fresh pair of namespaces with a cable between them."""
        for side in "AB":
            run("ip", "netns", "add", side)
        run("ip", "link", "add", "cableA", "netns", "A", "type", "veth", "peer", "name", "cableB", "netns",
            "B")
        for side in "AB":
            run("ip", "-n", side, "link", "set", "lo", "up")
            run("ip", "-n", side, "addr", "add", f"{OUTER[side]}/24", "dev", f"cable{side}")
            run("ip", "-n", side, "link", "set", f"cable{side}", "up")
            run("ip", "-n", side, "addr", "add", f"{INNER[side]}/32", "dev", "lo")

    def name_server(self):
        """NSD at 10.9.0.2, port 53, in B."""
        config = self.folder / "name_server.conf"
        config.write_text(servers.NSD.format(
            folder=self.folder, zones=self.signer.folder / "zones", name="name_server", tls="",
            listen=f"  ip-address: {INNER['B']}@53") + "".join(
                f'zone:\n  name: "{z.name}"\n  zonefile: {self.signer.file_of(z).name}\n'
                for z in self.signer.zones))
        child = self.processes.start("name_server", in_namespace(
            "B", servers.find_server("nsd"), "-d", "-c", config))
        self.processes.wait_until(child, lambda: subprocess.run(
            in_namespace("B", sys.executable, str(HERE / "ask.py"), INNER["B"], INNER["B"]),
            capture_output=True, check=False).returncode == 0)

    def own_settings(self):
        return (f"    danepriv {{\n      connections = {self.connections}\n"
                f"      proofs = {self.proofs}\n      anchors = {self.anchor}\n    }}\n")

    def daemon(self, side):
        """Starts charon on one side; the plugin is in A."""
        folder = self.folder / side
        for name in SWANCTL:
            (folder / name).mkdir(parents=True, exist_ok=True)
        socket, log = folder / "vici", folder / "charon.log"
        own = self.own_settings() if side == "A" else ""
        (folder / "strongswan.conf").write_text(DAEMON.format(
            plugins=PLUGINS + (" danepriv" if side == "A" else ""), log=log, socket=socket,
            own=own))
        child = self.processes.start(f"charon-{side}", in_namespace(
            side, "/usr/sbin/charon-systemd"), env=self.environment(side))
        self.processes.wait_until(child, lambda: socket.exists() and not subprocess.run(
            ["swanctl", "--stats", "--uri", f"unix://{socket}"], env=self.environment(side),
            capture_output=True, check=False).returncode)
        return child

    def environment(self, side):
        folder = self.folder / side
        return os.environ | {"STRONGSWAN_CONF": str(folder / "strongswan.conf"),
                             "SWANCTL_DIR": str(folder), "LD_BIND_NOW": "1"}

    def swanctl(self, side, *argv):
        """Runs swanctl; gives its exit status and what it said."""
        done = subprocess.run(
            ["swanctl", *argv, "--uri", f"unix://{self.folder / side / 'vici'}"],
            capture_output=True, text=True, check=False, env=self.environment(side))
        return done.returncode, done.stdout + done.stderr

    # ---- connections ----

    def _load(self, side, key, **values):
        folder = self.folder / side
        for old in (folder / "private").iterdir():
            old.unlink()
        shutil.copy(key, folder / "private/own.key")
        other = "A" if side == "B" else "B"
        ports = {"A": "{0}/32[udp],{0}/32[tcp]", "B": "{0}/32[udp/53],{0}/32[tcp/53]"}
        (folder / "swanctl.conf").write_text(CONNECTION.format(
            local=OUTER[side], remote=OUTER[other], local_ts=ports[side].format(INNER[side]),
            remote_ts=ports[other].format(INNER[other]), **values))
        code, said = self.swanctl(side, "--load-all", "--clear", "--file",
                                  str(folder / "swanctl.conf"))
        if code:
            raise RuntimeError(said)
        self.swanctl(side, "--flush-certs")

    def load_client(self, credential, other="ns1.good.test", name="dns", authority=None, knows=""):
        """A's connection.  `authority`: a file, for PKIX."""
        more = f"authorities {{\n  ca {{\n    cacert = {authority}\n  }}\n}}" if authority else ""
        self._load("A", credential.key_file, name=name, send="always", id=CLIENT, other=other,
                   shows=f"certs = {credential.chain_file}", knows=knows, more=more)

    def load_server(self, credential, client, id="ns1.good.test", bare=False):
        """B's connection: with its certificate, or with its bare key."""
        shows = f"pubkeys = {credential.public_file}" if bare else \
            f"certs = {credential.chain_file}"
        self._load("B", credential.key_file, name="dns", send="never" if bare else "always",
                   id=id, other=CLIENT, shows=shows, knows=f"pubkeys = {client.public_file}",
                   more="")

    def initiate(self):
        """A's attempt; gives whether the SA is up, and what the plugin said meanwhile."""
        log = self.folder / "A/charon.log"
        before = len(log.read_text())
        code, said = self.swanctl("A", "--initiate", "--child", "dns", "--timeout", "10")
        lines = log.read_text()[before:].splitlines()
        return code == 0, [line.split("danepriv: ", 1)[1] for line in lines
                           if "danepriv: " in line], said

    def terminate(self):
        self.swanctl("A", "--terminate", "--ike", "*", "--force")
        for side in "AB":
            self.swanctl(side, "--terminate", "--ike", "dns", "--force")

    def is_up(self):
        return "ESTABLISHED" in self.swanctl("A", "--list-sas")[1]

    def ask(self, tcp):
        """A question to B's name server out of A; gives its exit status and what it said."""
        words = ["tcp"] if tcp else []
        done = subprocess.run(in_namespace("A", sys.executable, str(HERE / "ask.py"), INNER["A"],
                                           INNER["B"], *words),
                              capture_output=True, text=True, check=False)
        return done.returncode == 0, (done.stdout + done.stderr).strip()

    def packets(self):
        """Packets that went through ESP, as the daemon counts them."""
        text = self.swanctl("A", "--list-sas")[1]
        words = text.split()
        return sum(int(words[i]) for i in range(len(words) - 1)
                   if words[i + 1].startswith("packets"))


def self_signed(folder, label, name):
    return credentials.self_signed(folder, label, [name])
