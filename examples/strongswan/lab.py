# SPDX-License-Identifier: BSD-2-Clause
"""Two charons in two network namespaces, joined by a cable, and a signed DNS tree beside them.

A is a client that knows nothing of the server but its name; the plugin is there.  B is the server:
it has a certificate, or a bare key, and answers DNS questions at 10.9.0.2.  To be run by `enter`."""

import json
import os
import shutil
import subprocess
import sys
import time
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
PATIENCE = 60  # seconds: far more than anything takes, unless the machine is very busy
SWANCTL = ("private", "x509", "x509ca", "x509ocsp", "x509aa", "x509ac", "x509crl", "pubkey", "rsa",
           "ecdsa", "pkcs8", "pkcs12")
PLUGINS = ("random nonce openssl pem pkcs1 pkcs8 pubkey x509 constraints revocation hmac kdf gcm"
           " kernel-libipsec kernel-netlink socket-default vici")

DAEMON = """\
charon-systemd {{
  load_modular = yes
  install_virtual_ip = no
  retransmit_tries = {tries}
  retransmit_timeout = 1
  filelog {{
    all {{
      path = {log}
      time_format = %s
      flush_line = yes
      default = 1
      cfg = 2
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
{loaded}
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
    proposals = aes128gcm16-prfsha256-x25519
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
    {rounds}
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


def section(name, **settings):
    """A section of a plugin's."""
    lines = [f"      {key} = {value}" for key, value in settings.items()]
    return "\n".join([f"    {name} {{", *lines, "    }"])


def loaded(names):
    """Sections by which charon loads these plugins."""
    return "\n".join(section(name, load="yes") for name in names.split())


def authorities(path):
    """The section that names an authority's certificate, if there is one."""
    return f"authorities {{\n  ca {{\n    cacert = {path}\n  }}\n}}" if path else ""


def own_words(log):
    """What the plugin says in a piece of log."""
    return [line.split("danepriv: ", 1)[1] for line in log.splitlines() if "danepriv: " in line]


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
        self.settings = {"connections": "dns", "proofs": self.proofs}
        self.critical = False  # must charon not run without the plugin?
        self.charon = {}
        self.own_environment = {}  # of A's charon alone

    def __enter__(self):
        self.processes = self.stack.enter_context(Processes(self.folder))
        self.dns = self.stack.enter_context(Processes(self.folder / "dns"))
        return self

    def __exit__(self, *_):
        self.stack.close()

    # ---- the signed tree ----

    def serve(self, records, zones=(), harm=None):
        """Serves a signed tree: `records` are lines of good.test, `zones` are other ones.  `harm`
        is what happens to the signed files."""
        folder = self.folder / "dns"
        folder.mkdir()
        self.signer = Signer(folder, [
            Zone(".", "", "ns.test. A 127.0.0.1\n"), Zone("test.", "", "ns A 127.0.0.1\n"),
            *zones, Zone("good.test.", "", records)])
        self.signer.run()
        (folder / "root.ds").write_text("\n".join(self.signer.anchor_digests(".")) + "\n")
        (folder / "root.key").write_text("\n".join(self.signer.anchor_keys(".")) + "\n")
        self.settings["anchors"] = self.anchor = folder / "root.ds"
        self._start_dns(harm)

    def publish(self, records, harm=None):
        """Others from now on, by the same keys."""
        zone = replace(self.signer.zones[-1], text=records)
        self.signer.zones[-1] = zone
        self.signer.sign(zone)
        self._start_dns(harm)

    def _start_dns(self, harm):
        if harm:
            harm(self.signer)
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
                "--anchor", self.anchor, "--proofs", self.proofs, "--json"]
        done = subprocess.run([str(a) for a in argv], capture_output=True, text=True, check=False)
        return done, [json.loads(line) for line in done.stdout.splitlines()]

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

    def configure(self, side):
        """Writes strongswan.conf; the plugin is in A."""
        folder = self.folder / side
        names, own = PLUGINS, ""
        if side == "A":
            names += " danepriv!" if self.critical else " danepriv"
            own = section("danepriv", **self.settings)
        (folder / "strongswan.conf").write_text(DAEMON.format(
            tries=6, loaded=loaded(names), log=folder / "charon.log", socket=folder / "vici",
            own=own))

    def daemon(self, side, wait=True):
        """Starts charon on one side."""
        folder = self.folder / side
        (folder / "vici").unlink(missing_ok=True)
        for name in SWANCTL:
            (folder / name).mkdir(parents=True, exist_ok=True)
        self.configure(side)
        child = self.processes.start(f"charon-{side}", in_namespace(
            side, "/usr/sbin/charon-systemd"), env=self.environment(side))
        if wait:
            self.processes.wait_until(child, lambda: (folder / "vici").exists()
                                      and not self.swanctl(side, "--stats")[0])
        self.charon[side] = child
        return child

    def stop(self, side):
        """Ends charon on one side as a service manager does; gives its exit status."""
        child = self.charon.pop(side)
        child.terminate()
        return child.wait(PATIENCE)

    def reload(self, says="proofs taken"):
        """A's settings are others from now on.  says: what charon says when it has read its files,
        or None."""
        self.configure("A")
        before = len(self.log())
        code, said = self.swanctl("A", "--reload-settings")
        if code or (says and not self.wait_for(says, before)):
            raise RuntimeError(said)

    def log(self):
        """What A's charon has said so far."""
        path = self.folder / "A/charon.log"
        return path.read_text(errors="replace") if path.exists() else ""

    def wait_for(self, text, before):
        """Waits for a line of A's behind its first `before` characters; gives it, or None."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            for line in self.log()[before:].splitlines():
                if text in line:
                    return line
            time.sleep(0.05)
        return None

    def environment(self, side):
        folder = self.folder / side
        own = self.own_environment if side == "A" else {}
        return os.environ | {"STRONGSWAN_CONF": str(folder / "strongswan.conf"),
                             "SWANCTL_DIR": str(folder), "LD_BIND_NOW": "1"} | own

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

    def load_client(self, credential, other="ns1.good.test", name="dns", authority=None, rounds=""):
        """A's connection.  `authority`: a file, for PKIX.  `rounds`: more rounds than one."""
        shows = f"certs = {credential.chain_file}"
        self._load("A", credential.key_file, name=name, send="always", id=CLIENT, other=other,
                   shows=shows, knows="", more=authorities(authority), rounds=rounds)

    def load_server(self, credential, client, id="ns1.good.test", bare=False, authority=None):
        """B's connection: with its certificate, or with its bare key.  `authority`: a file, whose
        certificate is sent as well."""
        shows = f"pubkeys = {credential.public_file}" if bare else \
            f"certs = {credential.chain_file}"
        self._load("B", credential.key_file, name="dns", send="never" if bare else "always",
                   id=id, other=CLIENT, shows=shows, knows=f"pubkeys = {client.public_file}",
                   more=authorities(authority), rounds="")

    def initiate(self):
        """A's attempt; gives whether the SA is up, and what the plugin said meanwhile."""
        before = len(self.log())
        code, said = self.swanctl("A", "--initiate", "--child", "dns", "--timeout", str(PATIENCE))
        return code == 0, own_words(self.log()[before:]), said

    def terminate(self):
        for side in "AB":
            for name in ("dns", "other"):
                self.swanctl(side, "--terminate", "--ike", name, "--force")

    def is_up(self):
        return "ESTABLISHED" in self.swanctl("A", "--list-sas")[1]

    def comes_down(self):
        """Waits until no SA is up."""
        end = time.monotonic() + PATIENCE
        while self.is_up():
            if time.monotonic() > end:
                return False
            time.sleep(0.05)
        return True

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
