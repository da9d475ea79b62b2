#!/usr/bin/env python3
"""Counts the instructions per training step of each workload under valgrind; fails if a step takes 5 % more than recorded.
Not here: the training (tests/steps/main.cc), timings (bench/report.py).

valgrind presents the same AVX2 processor to a program on every machine, so with one compiler the counts are the same everywhere.
To update the record after a change that justifies it:

    python3 tests/instructions.py --compiler "GNU 12.2.0" --write build/release/bin/pellucid_steps
"""

import argparse
import concurrent.futures
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

RECORD = Path(__file__).resolve().parent / "instructions.json"
ROWS_AND_STEPS = {  # per epoch; the largest batches are reduced, because valgrind is slow
    "mnist-64": (400, 50),
    "mnist-512": (256, 2),
    "mnist-deep": (32, 1),
    "fashion-512": (128, 1),
    "digits-32": (400, 25),
    "makeclass-10": (2000, 20),
    "paris-512": (2048, 1),
    "time-to-98": (256, 8),
    "to-98-by-adam": (256, 4),
}
GROWTH = 0.05
SKIP = 77


def skip(reason):
    print(f"skipped: {reason}")
    sys.exit(SKIP)


def count(program, workload, epochs):
    only_fit = "--toggle-collect=pellucid::History pellucid::fit<float>*"  # the startup of libhwy reads clocks
    command = ["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", only_fit, program, workload]
    done = subprocess.run([*command, str(epochs), str(ROWS_AND_STEPS[workload][0])], capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"{workload} failed:\n{done.stderr[-2000:]}")
    if done.stdout.split() != ["avx2"]:
        skip(f"valgrind runs the kernels of {done.stdout.strip()} here, the record is of avx2")
    return int(re.search(r"Collected : (\d+)", done.stderr)[1])


def a_step(program, workload):
    """The instructions of two additional epochs, per step. One-time costs cancel out."""
    return round((count(program, workload, 3) - count(program, workload, 1)) / (2 * ROWS_AND_STEPS[workload][1]))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("--compiler", required=True, help="what built it; another one is not compared")
    parser.add_argument("--write", action="store_true", help="renew the record")
    chosen = parser.parse_args()
    if not shutil.which("valgrind"):
        skip("needs the tool valgrind")
    record = json.loads(RECORD.read_text()) if RECORD.exists() else {}
    if not chosen.write and chosen.compiler != record["compiler"]:
        skip(f"the record is of {record['compiler']}, this is {chosen.compiler}")
    with concurrent.futures.ThreadPoolExecutor(len(os.sched_getaffinity(0))) as pool:
        steps = dict(zip(ROWS_AND_STEPS, pool.map(lambda workload: a_step(chosen.program, workload), ROWS_AND_STEPS)))
    if chosen.write:
        RECORD.write_text(json.dumps({"compiler": chosen.compiler, "instructions a step": steps}, indent=2) + "\n")
    grown = False
    for workload, now in steps.items():
        before = record.get("instructions a step", {}).get(workload, now)
        grown |= now > before * (1 + GROWTH)
        print(f"{workload}: {now:,} instructions per step, recorded {before:,} ({100 * (now / before - 1):+.1f} %)")
    if grown and not chosen.write:
        sys.exit("a step takes more than 5 % more instructions than recorded; if that is worth it, renew: see instructions.py")


main()
