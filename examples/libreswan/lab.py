# SPDX-License-Identifier: BSD-2-Clause
"""Two plutos in two network namespaces, joined by a cable, and a signed DNS tree beside them.

A is a client, B a name server at 192.168.1.2.  Each case has a fresh pair: what a failed negotiation
leaves in the kernel swallows the next one's packets.  To be run by `enter`."""

import contextlib
import os
import re
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[1] / "tests/support"))

import servers  # noqa: E402
from processes import Processes, free_ports  # noqa: E402
from signing import Signer  # noqa: E402
from zones import Zone  # noqa: E402

import wire  # noqa: E402

PROGRAMS = Path("/usr/libexec/ipsec")
ADDRESS = {"A": "192.168.1.1", "B": "192.168.1.2"}
NETWORK = "192.168.1.0/24"
GROUPS = ("clear", "private", "block", "clear-or-private", "private-or-clear")
BITS = 3072
LOADED = r"\d: \"[^\"]*\": added"  # not what addconn says of it
PATIENCE = 15.0

CONFIGURATION = """\
config setup
  ipsecdir={folder}
  nssdir={folder}/nss
  secretsfile={folder}/secrets
  logfile={folder}/pluto.log
  dnssec-enable=no
"""

# A's: it names itself to nobody, and takes B for nobody but the one that is meant.
CLIENT = """
conn {label}-{protocol}
  left={A}
  leftid=%null
  leftauth=null
  leftprotoport={number}/0
  right={B}
  rightid=@{name}
  rightauth=rsasig
  rightprotoport={number}/53
  negotiationshunt=drop
  failureshunt=drop
  leftupdown=/bin/true
  auto=ondemand
"""

# B's: anybody, for port 53 alone.
SERVER = """
conn {label}-{protocol}
  left={B}
  leftid=@{name}
  leftauth=rsasig
  {own}
  leftprotoport={number}/53
  right=%any
  rightid=%null
  rightauth=null
  rightprotoport={number}/%any
  leftupdown=/bin/true
  auto=add
"""

# Both sides': nobody authenticates anybody (RFC 7619).
ANYBODY = """
conn {group}
  left={own}
  right=%opportunisticgroup
  authby=null
  leftid=%null
  rightid=%null
  negotiationshunt={negotiation}
  failureshunt=passthrough
  leftupdown=/bin/true
  auto={auto}
"""
# What pluto says of an attempt; the first that fits.
OUTCOMES = {"established IKE SA; authenticated.*NULL": "anonymous",
            "established IKE SA; authenticated": "authenticated",
            "authentication failed|AUTHENTICATION_FAILED|Peer ID .* mismatched": "refused"}
PROTOCOLS = {"udp": 17, "tcp": 6}


def run(*argv, **options):
    """Runs a program; what it said goes into the exception if it fails."""
    done = subprocess.run([str(a) for a in argv], capture_output=True, text=True, check=False,
                          stdin=subprocess.DEVNULL, **options)
    if done.returncode:
        raise RuntimeError(f"{argv}: {done.stdout}{done.stderr}")
    return done.stdout


def client(name, label="dns", template=CLIENT):
    """A's connections to the name server of that name, over UDP and TCP."""
    return "".join(template.format(label=label, protocol=protocol, number=number, name=name, **ADDRESS)
                   for protocol, number in PROTOCOLS.items())


def server(name, keys, label="dns"):
    """B's connections, under a name and by a key."""
    return "".join(SERVER.format(label=label, protocol=protocol, number=number, name=name,
                                 own=keys.word, **ADDRESS)
                   for protocol, number in PROTOCOLS.items())


def anybody(side):
    """The connection of a side that asks for no names, and the group's file."""
    group, negotiation, auto, members = {
        "A": ("private-or-clear", "drop", "ondemand", f"{ADDRESS['B']}/32\n"),
        "B": ("clear-or-private", "passthrough", "add", f"{NETWORK}\n")}[side]
    return ANYBODY.format(own=ADDRESS[side], group=group, negotiation=negotiation, auto=auto), \
        {group: members}


def in_namespace(side, *argv):
    return ["ip", "netns", "exec", side, *argv]


class Owner:
    """Who owns good.test: a signed tree, a validating resolver on loopback that finds it, and what a
    timer makes of that for pluto.  A context manager."""

    def __init__(self, folder, build):
        self.folder, self.build = Path(folder), Path(build)
        self.proofs = self.folder / "proofs"
        self.anchor = self.folder / "dns/root.ds"
        (self.folder / "dns").mkdir()
        self.processes = Processes(self.folder / "dns")
        self.ike_keys = os.environ.get("DANEPRIV_IKE_KEYS", self.build / "examples/ike_keys")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.processes.stop()

    def _danepriv(self, *argv):
        program = os.environ.get("DANEPRIV_CLI", self.build / "examples/cli/danepriv")
        return subprocess.run([str(a) for a in (program, *argv)], capture_output=True, text=True,
                              check=False)

    def record(self, name, keys, matching=0):
        """What is to be published of a key."""
        return self._danepriv("record", "--key", keys.public_file, "--usage", 3, "--selector", 1,
                              "--matching", matching, "--owner", name, "--transport", "ipsec",
                              "--generic").stdout.strip()

    def serve(self, records):
        """`records`: lines of good.test."""
        folder = self.folder / "dns"
        self.signer = Signer(folder, [
            Zone(".", "", "ns.test. A 127.0.0.1\n"), Zone("test.", "", "ns A 127.0.0.1\n"),
            Zone("good.test.", "", records)])
        self.signer.run()
        self.anchor.write_text("\n".join(self.signer.anchor_digests(".")) + "\n")
        (folder / "root.key").write_text("\n".join(self.signer.anchor_keys(".")) + "\n")
        self._start()

    def publish(self, records):
        """Others from now on, by the same keys."""
        zone = replace(self.signer.zones[-1], text=records)
        self.signer.zones[-1] = zone
        self.signer.sign(zone)
        self._start()

    def _start(self):
        self.processes.stop()
        authority, self.resolver = free_ports(2, ["127.0.0.1"])
        own = servers.Servers(self.processes, self.signer, ["127.0.0.1"])
        self.processes.wait_until(*own.nsd("nsd", authority))
        self.processes.wait_until(*own.unbound("unbound", self.resolver, f"127.0.0.1@{authority}",
                                               self.folder / "dns/root.key"))

    def look_up(self, *names):
        """What a timer does first: it writes the proofs.  Gives what was found of the last name."""
        done = self._danepriv("lookup", *names, "--transport", "ipsec", "--resolver",
                              f"127.0.0.1@{self.resolver}", "--anchor", self.anchor, "--proofs",
                              self.proofs)
        found = re.findall("^status: (.*)$", done.stdout, re.MULTILINE)
        return found[-1] if found else done.stdout + done.stderr

    def connections(self, name, with_key=False):
        """A client's connections to the name server, by what is proven now.  Without the key that
        stands in them: keys.py gives it, and one in the file would come back at each start."""
        done = self._danepriv("ipsec", name, "--format", "libreswan", "--anonymous", "--resolver",
                              f"127.0.0.1@{self.resolver}", "--anchor", self.anchor)
        if done.returncode:
            raise RuntimeError(done.stdout + done.stderr)
        return "".join(line for line in done.stdout.splitlines(keepends=True)
                       if with_key or "rightrsasigkey=" not in line)

    def renew(self, pluto, name, *connections):
        """And then: pluto has what the file proves.  Gives keys.py's exit status, and its words."""
        done = subprocess.run(self.renewal(pluto, name, *connections), capture_output=True,
                              text=True, check=False)
        return done.returncode, done.stderr + done.stdout

    def renewal(self, pluto, name, *connections):
        """The command that does that."""
        return [str(a) for a in (HERE / "keys.py", "--rundir", pluto.folder / "run", self.ike_keys,
                                 self.proofs, self.anchor, name, *connections)]


class Keys:
    """A key pair in a folder of NSS's, as `ipsec newhostkey` makes one."""

    def __init__(self, folder):
        self.folder = Path(folder)
        self.folder.mkdir(parents=True)
        run("certutil", "-N", "-d", f"sql:{self.folder}", "--empty-password")

    def make(self):
        run(PROGRAMS / "rsasigkey", "--nssdir", self.folder, "--seeddev", "/dev/urandom", BITS)
        said = run(PROGRAMS / "showhostkey", "--nssdir", self.folder, "--list")
        ckaid = re.search("ckaid: ([0-9a-f]{40})", said).group(1)
        self.word = f"leftckaid={ckaid}"
        self.public_file = self.folder / "public.pem"
        self.public_file.write_text(run(PROGRAMS / "showhostkey", "--nssdir", self.folder, "--pem",
                                        "--ckaid", ckaid))
        return self


class Certified(Keys):
    """A key pair with a certificate for a name, by an authority; or the authority alone."""
    word = "leftcert=server\n  leftsendcert=always"

    def make(self, name):
        noise, options = self.folder / "noise", ("-v", 12, "-k", "rsa", "-g", BITS)
        noise.write_bytes(os.urandom(1024))
        self._certutil("-S", "-x", "-n", "authority", "-s", "CN=authority", "-t", "CT,,", "-m", 1,
                       "-z", noise, "-2", *options, said="y\n\ny\n")
        self._certutil("-S", "-n", "server", "-s", f"CN={name}", "-c", "authority", "-t", ",,", "-m",
                       2, "-z", noise, "--extSAN", f"dns:{name}", *options)
        self.authority = self.folder / "authority.pem"
        self.authority.write_text(self._certutil("-L", "-n", "authority", "-a"))
        return self

    def add(self, authority, trust):
        self._certutil("-A", "-n", "authority", "-t", trust, "-i", authority)

    def _certutil(self, *argv, said=""):
        done = subprocess.run([str(a) for a in ("certutil", *argv, "-d", f"sql:{self.folder}")],
                              input=said, capture_output=True, text=True, check=True)
        return done.stdout


class Pluto:
    """One daemon, with a folder of its own.  `keys`: a folder of NSS's; one that nobody else has."""

    def __init__(self, pair, side, text="", groups=None, keys=None):
        self.side, self.pair = side, pair
        self.folder = pair.folder / side
        self.log = self.folder / "pluto.log"
        (self.folder / "run").mkdir(parents=True)
        (self.folder / "policies").mkdir()
        for group in GROUPS:
            (self.folder / "policies" / group).write_text((groups or {}).get(group, ""))
        (self.folder / "secrets").write_text("")
        self.nss = keys.folder if keys else Keys(self.folder / "nss").folder
        self.configuration = self.folder / "ipsec.conf"
        self.configuration.write_text(CONFIGURATION.format(folder=self.folder) + text)
        self.start()

    def start(self):
        """Starts it; `wait` says when it is there."""
        self.child = self.pair.processes.start(f"pluto-{self.side}", in_namespace(
            self.side, PROGRAMS / "pluto", "--nofork", "--config", self.configuration,
            "--rundir", self.folder / "run", "--nssdir", self.nss))

    def wait(self, loaded, traps=0):
        """pluto answers before it has loaded its connections and set its traps.  Until then
        everything leaves in clear."""
        socket = self.folder / "run/pluto.ctl"
        self.pair.processes.wait_until(
            self.child, lambda: socket.exists() and len(self.lines(LOADED)) >= loaded)
        self.whack("--listen")
        self.pair.processes.wait_until(self.child, lambda: len(self.traps()) >= traps)
        return self

    def stop(self, number=signal.SIGTERM):
        """Ends it, in good order or not."""
        os.killpg(self.child.pid, number)
        self.child.wait()

    def whack(self, *argv):
        """Runs whack; gives its exit status and what it said."""
        done = subprocess.run(
            [str(a) for a in in_namespace(self.side, PROGRAMS / "whack", "--rundir",
                                          self.folder / "run", *argv)],
            capture_output=True, text=True, check=False)
        return done.returncode, done.stdout + done.stderr

    def lines(self, pattern):
        """Lines of the log that fit."""
        text = self.log.read_text() if self.log.exists() else ""
        return [line for line in text.splitlines() if re.search(pattern, line)]

    def wait_for(self, pattern, count=1):
        """The lines that fit, once there are so many of them; or what there is."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            found = self.lines(pattern)
            if len(found) >= count:
                break
            time.sleep(0.02)
        return found

    def outcome(self):
        """What became of the first attempt, in one word and in pluto's."""
        found = self.wait_for("|".join(OUTCOMES))
        if not found:
            return "nothing", "no attempt has ended"
        word = next(word for pattern, word in OUTCOMES.items() if re.search(pattern, found[0]))
        return word, found[0].split("#", 1)[-1].split(": ", 1)[-1]

    def states(self):
        """The SAs that live."""
        return [line for line in self.whack("--showstates")[1].splitlines() if "ESTABLISHED" in line]

    def traps(self):
        """Policies of the kernel for what goes to B."""
        return [line for line in run("ip", "-n", "A", "xfrm", "policy").splitlines()
                if f"dst {ADDRESS['B']}/32" in line]


class Pair:
    """Two namespaces with a cable, and what runs in them.  A context manager."""

    def __init__(self, folder):
        self.folder = Path(folder)
        self.folder.mkdir()
        self.processes = Processes(self.folder)

    def __enter__(self):
        for side in "AB":
            run("ip", "netns", "add", side)
        run("ip", "link", "add", "cableA", "netns", "A", "type", "veth", "peer", "name", "cableB",
            "netns", "B")
        for side, other in ("AB", "BA"):
            run("ip", "-n", side, "link", "set", "lo", "up")
            run("ip", "-n", side, "addr", "add", f"{ADDRESS[side]}/24", "dev", f"cable{side}")
            run("ip", "-n", side, "link", "set", f"cable{side}", "up")
            run("ip", "-n", side, "route", "add", "default", "via", ADDRESS[other])
        self.counter = wire.Counter("B", "cableB")
        return self

    def __exit__(self, *_):
        self.processes.stop()
        self.counter.socket.close()
        for side in "AB":
            run("ip", "netns", "del", side)

    def wall(self):
        """A rule of the firewall's: what no policy of IPsec takes does not leave."""
        for protocol in PROTOCOLS:
            run(*in_namespace("A", "iptables-nft", "-A", "OUTPUT", "-d", ADDRESS["B"], "-p", protocol,
                              "--dport", 53, "-m", "policy", "--dir", "out", "--pol", "none", "-j",
                              "DROP"))

    def ask(self, name, tcp=False, patient=False):
        """A question of A's.  patient: again and again, since what pulls the trap is lost."""
        end = time.monotonic() + (PATIENCE if patient else 0)
        while True:
            answered, said = wire.ask("A", ADDRESS["B"], name, tcp)
            if answered or time.monotonic() > end:
                return answered, said

    def name_server(self, owner):
        """NSD at 192.168.1.2, port 53."""
        config = self.folder / "name_server.conf"
        config.write_text(servers.NSD.format(
            folder=self.folder, zones=owner.signer.folder / "zones", name="name_server", tls="",
            listen=f"  ip-address: {ADDRESS['B']}@53") + "".join(
                f'zone:\n  name: "{z.name}"\n  zonefile: {owner.signer.file_of(z).name}\n'
                for z in owner.signer.zones))
        child = self.processes.start("name_server", in_namespace(
            "B", servers.find_server("nsd"), "-d", "-c", config))
        self.processes.wait_until(
            child, lambda: wire.ask("B", ADDRESS["B"], "ns1.good.test.")[0])


def release():
    """The first number of libreswan's version."""
    return int(re.search(r"Libreswan (\d+)\.", run(PROGRAMS / "pluto", "--version")).group(1))


def has_esp():
    """Has the kernel ESP?  Without it pluto gets as far as the IKE_SA."""
    run("ip", "netns", "add", "probe")
    try:
        with contextlib.suppress(RuntimeError):
            run("ip", "-n", "probe", "xfrm", "state", "add", "src", ADDRESS["A"], "dst",
                ADDRESS["B"], "proto", "esp", "spi", "0x100", "mode", "tunnel", "enc", "cbc(aes)",
                "0x" + "00" * 16, "auth", "hmac(sha1)", "0x" + "00" * 20)
            return True
        return False
    finally:
        run("ip", "netns", "del", "probe")
