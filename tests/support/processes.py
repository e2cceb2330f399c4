# SPDX-License-Identifier: BSD-2-Clause
"""How does a test start programs so that none of them outlives it?"""

import ctypes
import os
import random
import signal
import socket
import subprocess
import time
from pathlib import Path

PR_SET_PDEATHSIG = 1
FIRST_PORT, LAST_PORT = 20000, 32000  # below the range that the kernel gives to clients
PATIENCE = 20.0  # seconds that a program may take to answer: a machine can be busy
STOP_SECONDS = 5.0

_libc = ctypes.CDLL(None, use_errno=True)


class NotStarted(Exception):
    """A program did not come up; the message ends with what it logged."""


def has_ipv6():
    """Can this machine listen on ::1?"""
    try:
        with socket.socket(socket.AF_INET6, socket.SOCK_STREAM) as s:
            s.bind(("::1", 0))
        return True
    except OSError:
        return False


def _is_free(port, addresses):
    for address in addresses:
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM):
            with socket.socket(family, kind) as s:
                try:
                    s.bind((address, port))
                except OSError:
                    return False
    return True


def free_ports(count, addresses):
    """`count` ports on which nobody listens now, over UDP and TCP, on all addresses."""
    ports = []
    for port in random.sample(range(FIRST_PORT, LAST_PORT), 2000):
        if len(ports) == count:
            return ports
        if _is_free(port, addresses):
            ports.append(port)
    raise NotStarted("no free ports")


def _die_with(parent):
    """Runs in the child: end when the parent does, however that comes about."""
    def bind():
        _libc.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
        if os.getppid() != parent:
            os._exit(1)
    return bind


class Processes:
    """What we started, and nothing else.  A context manager: leaving it stops all of it."""

    def __init__(self, folder):
        self.folder = Path(folder)
        self.running = []

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()

    def start(self, name, argv, **options):
        """Starts a program that logs to <folder>/<name>.log, in a group of its own."""
        log = self.folder / f"{name}.log"
        with open(log, "ab") as output:
            settings = {"stdin": subprocess.DEVNULL, "stdout": output, "stderr": output} | options
            child = subprocess.Popen([str(a) for a in argv], start_new_session=True,
                                     preexec_fn=_die_with(os.getpid()), **settings)
        child.name, child.log = name, log
        self.running.append(child)
        return child

    def wait_until(self, child, is_ready):
        """Asks again and again until the program answers; fails when it ends or stays silent."""
        deadline = time.monotonic() + PATIENCE
        while not is_ready():
            if child.poll() is not None:
                raise NotStarted(f"{child.name} ended with {child.returncode}: {tail(child.log)}")
            if time.monotonic() > deadline:
                raise NotStarted(f"{child.name} does not answer: {tail(child.log)}")
            time.sleep(0.01)

    def stop(self):
        """Ends what was started, last one first: politely, then firmly."""
        for child in reversed(self.running):
            _signal_group(child, signal.SIGTERM)
            if child.stdin:
                child.stdin.close()
        deadline = time.monotonic() + STOP_SECONDS
        for child in reversed(self.running):
            try:
                child.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                pass
            _signal_group(child, signal.SIGKILL)
            child.wait()
            if child.stdout:
                child.stdout.close()
        self.running = []


def _signal_group(child, number):
    try:
        os.killpg(child.pid, number)
    except ProcessLookupError:
        pass


def tail(log, lines=5):
    """The last lines of a log, for messages."""
    try:
        return " | ".join(Path(log).read_text(errors="replace").splitlines()[-lines:])
    except OSError:
        return "(no log)"
