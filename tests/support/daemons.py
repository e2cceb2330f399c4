# SPDX-License-Identifier: BSD-2-Clause
"""Can a real IKE daemon be run here, and what did a program say that ran it?"""

import os
import shutil
import subprocess

NAMESPACES = ("unshare", "--mount", "--net", "--pid", "--fork", "true")


def run(*argv, patience, **environment):
    """A program's exit status and all that it said.  patience: seconds."""
    done = subprocess.run([str(a) for a in argv], capture_output=True, text=True, check=False,
                          stdin=subprocess.DEVNULL, timeout=patience, env=os.environ | environment)
    return done.returncode, done.stdout + done.stderr


def why_not(*tools, packages=None):
    """Why none can run here, or None.  packages: a program and its arguments that fetches them."""
    if os.getuid():
        return "not root"
    absent = [tool for tool in ("apt-get", "unshare", *tools) if not shutil.which(tool)]
    if absent:
        return f"no {' '.join(absent)}: tests/support/install tests"
    code, said = run(*NAMESPACES, patience=60)
    if code:
        return said or "no namespaces"
    code, said = run(*packages, patience=300) if packages else (0, "")
    return said or "no packages" if code else None
