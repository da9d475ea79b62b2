#!/usr/bin/env python3
"""A tutorial's experiment: every line of it is exact, in range, better, or the tutorial errs; another seed gives other digits.
Not here: the experiments (examples/tutorials), their words and figures.

usage: tutorials_test.py PROGRAM NAME [NAME …]
"""

import json
import subprocess
import sys

GOOD = {"exact", "in range", "better", "the tutorial errs"}
NO_DATA = 3  # exit status of error D25


def lines(program, name, *more):
    done = subprocess.run([program, "tutorial", name, "--json", *more], capture_output=True, text=True)
    if done.returncode == NO_DATA and "D25" in done.stderr:
        print(f"{name}: skipped, its data are not here: {done.stderr.strip()}")
        return None
    if done.returncode:
        print(done.stdout[-3000:])
        sys.exit(f"{name} {' '.join(more)}: exit status {done.returncode}: {done.stderr[-1000:]}")
    return [json.loads(line) for line in done.stdout.splitlines()]


def check(program, name):
    found = lines(program, name)
    if found is None:
        return False
    if not found:
        sys.exit(f"{name} compares nothing")
    for line in found:
        if set(line) - {"note"} != {"v", "tutorial", "name", "expected", "got", "verdict"} or line["tutorial"] != name:
            sys.exit(f"{name}: not the fields that are promised: {line}")
        if line["verdict"] not in GOOD:
            sys.exit(f"{name}: {line}")
    print(f"{name}: {len(found)} lines as they should be")
    return True


if __name__ == "__main__":
    ran = [check(sys.argv[1], name) for name in sys.argv[2:]]
    sys.exit(0 if any(ran) else 77)
