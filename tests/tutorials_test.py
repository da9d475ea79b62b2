#!/usr/bin/env python3
"""Tests one tutorial: every comparison is exact, in range, better, or the tutorial errs; another seed gives other digits.
Not here: the experiments (lessons/experiments), their texts and figures.

usage: tutorials_test.py PROGRAM NAME
"""

import json
import subprocess
import sys
import time

GOOD = {"exact", "in range", "better", "the tutorial errs"}
# These use no random numbers.
UNSEEDED = {"activations-exercise", "blocks-003", "images", "loss-shape", "matrices", "mcculloch", "neuron"}
SLOW = 10  # a lesson that takes more seconds than this is not repeated with another seed
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
        return None
    if not found:
        sys.exit(f"{name} compares nothing")
    for line in found:
        if set(line) - {"note"} != {"v", "tutorial", "name", "expected", "got", "verdict"} or line["tutorial"] != name:
            sys.exit(f"{name}: unexpected fields: {line}")
        if line["verdict"] not in GOOD:
            sys.exit(f"{name}: {line}")
    print(f"{name}: {len(found)} lines are correct")
    return found


def check_seed(program, name, found):
    """Checks that no result is stored: another seed gives other numbers, which are not compared."""
    other = lines(program, name, "--seed", "12345")
    if any(line["verdict"] != "not compared" or line["expected"] is not None for line in other):
        sys.exit(f"{name}: has expected numbers for another seed")
    same = [line["got"] for line in other] == [line["got"] for line in found]
    if same != (name in UNSEEDED):
        sys.exit(f"{name}: another seed gives {'the same' if same else 'other'} numbers")


if __name__ == "__main__":
    program, name = sys.argv[1:]
    start = time.monotonic()
    result = check(program, name)
    if result is None:
        sys.exit(77)
    if time.monotonic() - start < SLOW:
        check_seed(program, name, result)
