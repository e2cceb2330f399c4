# SPDX-License-Identifier: BSD-2-Clause
"""How are test results told?  In the Test Anything Protocol, which meson reads."""


class Tap:
    """One run of a test program.  `done` gives the exit code."""

    def __init__(self):
        self.count = 0
        self.failed = 0

    def _line(self, word, name, directive=""):
        self.count += 1
        clean = " ".join(str(name).replace("#", "no.").split())
        print(f"{word} {self.count} - {clean}{directive}", flush=True)

    def ok(self, passed, name, *details):
        """One test; the details are printed when it fails."""
        self._line("ok" if passed else "not ok", name)
        if not passed:
            self.failed += 1
            for line in "\n".join(str(d) for d in details).splitlines():
                print(f"#   {line}", flush=True)
        return passed

    def equal(self, got, wanted, name, *details):
        return self.ok(got == wanted, name, f"got    {got!r}", f"wanted {wanted!r}", *details)

    def skip(self, name, why):
        self._line("ok", name, f" # SKIP {why}")

    def repeat(self, said):
        """The tests of another program that told of them in the same way, as our own."""
        planned, results = None, []
        for line in said.splitlines():
            if line.startswith(("ok ", "not ok ")):
                results.append((line.startswith("ok "), line.split(" - ", 1)[1], []))
            elif line.startswith("1.."):
                planned = int(line[3:])
            elif results:
                results[-1][2].append(line)
        for passed, name, lines in results:
            self.ok(passed, name, *lines)
        self.equal(planned, len(results), "all rows were run", said[-2000:])

    def done(self):
        print(f"1..{self.count}", flush=True)
        return 1 if self.failed else 0
