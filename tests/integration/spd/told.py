# SPDX-License-Identifier: BSD-2-Clause
"""What does `danepriv ipsec` print, and what has the kernel then?"""

import re
import subprocess

import cli

NAME = "ns1.good.test"
CLIENT, SERVER, GATEWAY = "192.168.1.1", "192.168.1.2", "192.168.1.2"
BEHIND = "192.0.2.53"
SIX = {"A": "2001:db8::1", "B": "2001:db8::2"}


def configuration(*argv, name=NAME):
    """What is printed; what was said goes into the exception if it was not."""
    done = subprocess.run([str(a) for a in (cli.program(), "ipsec", name, *argv)],
                          capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"exit {done.returncode}: {done.stderr}")
    return done.stdout


def record(public_file, matching=0):
    """A record of a key, as `danepriv record` prints it."""
    done = subprocess.run(
        [cli.program(), "record", "--key", str(public_file), "--usage", "3", "--selector", "1",
         "--matching", str(matching)], capture_output=True, text=True, check=True)
    return done.stdout.strip()


def add_ipv6(run):
    """Addresses of the other family, and a way out of A."""
    for side, address in SIX.items():
        run("ip", "-n", side, "addr", "add", f"{address}/64", "dev", f"cable{side}", "nodad")
    run("ip", "-n", "A", "-6", "route", "add", "default", "via", SIX["B"])


def policies(side):
    """What the kernel does not let out as it is: {(destination, protocol, port)}."""
    said = subprocess.run(["ip", "-n", side, "xfrm", "policy"], capture_output=True, text=True,
                          check=True).stdout
    found = set()
    for block in re.split(r"\n(?=\S)", said):
        selector, _, rest = block.partition("\n")
        if not rest.lstrip().startswith("dir out") or not {"tmpl", "block"} & set(rest.split()):
            continue
        words = selector.split()
        value = dict(zip(words[::2], words[1::2]))
        found.add((value["dst"], value.get("proto", "any"), int(value.get("dport", 0))))
    return found


def to_port_53(address, length=32):
    return {(f"{address}/{length}", "udp", 53), (f"{address}/{length}", "tcp", 53)}
