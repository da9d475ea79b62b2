#!/usr/bin/env python3
"""Makes the tables of docs/results.md and README.md: trains on real data sets with the program and reads its JSON end event.
Not here: kernels and single steps (./dev bench kernels), the text around the tables (docs/results.md).

    bench/results.py                     prints the tables
    bench/results.py --write             puts them into docs/results.md and README.md
    bench/results.py --only iris,paris   only the cases whose names begin with these words

The program is build/release/bin/pellucid (./dev build). Data sets are in $PELLUCID_DATA or in ../shared/data beside the
source tree; a case without its data is skipped with a message. Peak memory comes from GNU time (Debian: time).
"""

import argparse
import hashlib
import json
import os
import platform
import re
import shlex
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
MARKS = "<!-- tables: bench/results.py --write -->", "<!-- end of tables -->"
DATA = Path(os.environ.get("PELLUCID_DATA") or ROOT.parent / "shared/data")

CASES = (  # name, description, arguments
    ("digits", "Digits 64-128-10", "demo digits --repeat 5"),
    ("mnist-64", "MNIST 784-64-10", "train $D/mnist --val-split 0 --hidden 64 --activation relu --batch-size 8 "
                                    "--optimizer sgd --lr 0.05 --epochs 15 --repeat 3"),
    ("mnist-512", "MNIST 784-512-10", "train $D/mnist --val-split 0 --hidden 512 --batch-size 128 --optimizer rmsprop "
                                      "--epochs 5 --repeat 3"),
    ("fashion", "Fashion-MNIST 784-256-10", "train $D/fashion-mnist --hidden 256 --epochs 15 --repeat 3"),
    ("iris", "Iris", "train $D/sklearn/iris.csv --target species --members 1 --repeat 20"),
    ("breast", "Breast cancer", "train $D/sklearn/breast_cancer.csv --target diagnosis --members 1 --repeat 20"),
    ("wine", "Wine", "train $D/sklearn/wine.csv --members 1 --repeat 20"),
    ("adult", "Adult", "train $D/adult/adult_train.csv.gz --test $D/adult/adult_test.csv.gz --target income --members 1 --repeat 3"),
    ("make", "make_classification", "train $D/mock/make_classification_n5000_seed123.csv.gz --members 1 --repeat 3"),
    ("california", "California housing", "train $D/california-housing/california_housing.csv.gz --target MedHouseVal "
                                         "--members 1 --repeat 3"),
    ("paris", "Paris housing", "train $D/paris-housing/ParisHousing.csv --target price --members 1 --repeat 3"),
)


def arguments(text):
    return shlex.split(text.replace("$D", str(DATA)))


def is_here(text):
    return all(Path(a).exists() for a in arguments(text) if a.startswith(str(DATA)))


def shown(text):
    return "pellucid " + text.replace("$D", "$PELLUCID_DATA")


def timed(program, args):
    """Returns the events on stdout, CPU seconds (without waiting on a busy machine) and peak memory in MiB."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "time"
        done = subprocess.run(["time", "-f", "%U %S %M", "-o", report, program, *args, "--json", "-qq"], cwd=folder, text=True,
                              capture_output=True)
        if done.returncode:
            raise SystemExit(f"{shlex.join(args)}: exit status {done.returncode}\n{done.stderr}")
        user, system, kibibytes = map(float, report.read_text().split())
        return [json.loads(line) for line in done.stdout.splitlines()], user + system, kibibytes / 1024


def number(value):
    return f"{value:,.0f}" if value >= 1000 else f"{value:.4g}"


def score(end):
    """Mean and standard deviation over the seeds."""
    key = "test_accuracy" if "test_accuracy" in end else "test_rmse"
    values = [run[key] for run in end["repeat"]["runs"]]
    mean, spread = statistics.mean(values), statistics.stdev(values)
    if key == "test_accuracy":
        return f"{100 * mean:.2f} ± {100 * spread:.2f} %"
    return f"RMSE {number(mean)} ± {number(spread)}"


def without_hidden_layers(text):
    return re.sub(r" --hidden \S+", "", text) + " --hidden none"


def measure(program, names):
    """Runs each case, also without hidden layers, and returns the results."""
    for name, title, text in CASES:
        if names and not name.startswith(names):
            continue
        if not is_here(text):
            print(f"{name}: skipped, its data are not in {DATA}", file=sys.stderr)
            continue
        print(f"{name} …", file=sys.stderr)
        events, seconds, memory = timed(program, arguments(text))
        linear = timed(program, arguments(without_hidden_layers(text)))[0][-1]
        yield {"title": title, "text": text, "end": events[-1], "score": score(events[-1]), "linear": score(linear),
               "seconds": seconds, "memory": memory}


def table(head, rows):
    yield f"| {' | '.join(head)} |"
    yield "|---" * len(head) + "|"
    for row in rows:
        yield f"| {' | '.join(row)} |"


def columns(case):
    seeds = str(len(case["end"]["repeat"]["runs"]))
    return case["title"], case["score"], case["linear"], seeds, f"{case['seconds']:.1f}"


def short_table(cases):
    return table(("data, net", "test rows", "no hidden layer", "seeds", "CPU seconds, all seeds"), map(columns, cases))


def long_table(cases):
    yield from table(("data, net", "test rows", "no hidden layer", "seeds", "CPU seconds, all seeds", "memory"),
                     ((*columns(c), f"{c['memory']:.0f} MiB") for c in cases))
    yield "\n```sh"
    for case in cases:
        yield f"# {case['title']}: {case['end']['epochs']} epochs, {case['end']['parameters']:,} parameters"
        yield shown(case["text"])
    yield "```"


def machine(program):
    """Describes the processor, the instruction set and the compiler."""
    info = Path("/proc/cpuinfo").read_text()
    model = re.search(r"^model name\s*:\s*(.*)$", info, re.M)
    version = subprocess.run([program, "--version"], capture_output=True, text=True).stdout.strip()
    family = re.sub(r"\((R|TM)\)|@.*|Processor|CPU", "", model[1] if model else platform.machine())
    return f"{' '.join(family.split())}, {os.cpu_count()} CPUs; {version}"


def model_sum(program, folder):
    subprocess.run([program, "demo", "digits", "-qq"], cwd=folder, check=True, capture_output=True)
    return hashlib.sha256((Path(folder) / "runs/digits-001/model.safetensors").read_bytes()).hexdigest()


def program_rows(program):
    times = []
    for _ in range(30):
        start = time.perf_counter()
        subprocess.run([program, "--help"], capture_output=True, check=True)
        times.append(1000 * (time.perf_counter() - start))
    with tempfile.TemporaryDirectory() as one, tempfile.TemporaryDirectory() as two:
        sums = model_sum(program, one), model_sum(program, two)
        stripped = Path(one) / "pellucid"
        shutil.copy(program, stripped)
        subprocess.run(["strip", stripped], check=True)
        size = stripped.stat().st_size / 2**20
    same = "the same" if len(set(sums)) == 1 else "DIFFERENT"
    return table(("of the program", ""),
                 (("`pellucid --help`, median of 30", f"{statistics.median(times):.1f} ms"),
                  ("the program, stripped", f"{size:.1f} MiB"),
                  ("sha256 of `model.safetensors`, two runs of `pellucid demo digits`", f"{same}: `{sums[0][:16]}…`")))


def put(document, lines, marks=MARKS):
    """Replaces the text between the document's marks."""
    before, rest = document.read_text().split(marks[0])
    document.write_text(before + marks[0] + "\n" + "\n".join(lines) + "\n" + marks[1] + rest.split(marks[1])[1])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", type=Path, default=ROOT / "build/release/bin/pellucid")
    parser.add_argument("--only", default="", help="names of cases, separated by commas")
    parser.add_argument("--write", action="store_true", help="write the tables into the documents")
    options = parser.parse_args()
    program = options.program.resolve()
    names = tuple(name for name in options.only.split(",") if name)
    cases = list(measure(program, names))
    lines = [f"Measured {time.strftime('%Y-%m-%d')} on: {machine(program)}.", "", *long_table(cases), "",
             *program_rows(program)]
    if options.write:
        put(ROOT / "docs/results.md", lines)
        put(ROOT / "README.md", short_table(cases))
    else:
        print("\n".join(lines))


if __name__ == "__main__":
    main()
