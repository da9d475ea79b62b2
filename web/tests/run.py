#!/usr/bin/env python3
"""Trains a few models and tests their report pages in headless Chromium. Exits with 77 (skipped) without node, Chromium or
`npm ci`. Not here: the tests of the pages (web/tests/report_test.mjs).

    run.py PROGRAM [NAME…]      NAME: only these runs; PELLUCID_SHOTS=DIR saves screenshots of the pages in DIR
"""

import os
import random
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
DATA = HERE.parents[1] / "data"
SHARED = Path(os.environ.get("PELLUCID_DATA", "/nowhere"))
HOSTILE = ["<script>alert(1)</script>", "</script><img src=x onerror=alert(1)>", "\u202eabc\u202c", "x" * 300, "&lt;b&gt; \"'`", "{{7*7}}"]


def cell(text):
    return '"' + text.replace('"', '""') + '"'


def write_rows(path, header, rows):
    lines = [",".join(cell(name) for name in header)]
    lines += [",".join(cell(x) if isinstance(x, str) else str(x) for x in row) for row in rows]
    path.write_text("\n".join(lines) + "\n")


def make_tables(folder):
    draw = random.Random(1)
    hostile = [(k + draw.gauss(0, 0.4), draw.choice(HOSTILE), name) for k, name in enumerate(HOSTILE) for _ in range(30)]
    write_rows(folder / "hostile.csv", ["<img src=x onerror=alert(2)>", "</script>", "</title><b>"], hostile)
    hundred = [(k % 10 + draw.gauss(0, 0.3), k // 10 + draw.gauss(0, 0.3), f"class {k}") for k in range(100) for _ in range(14)]
    write_rows(folder / "hundred.csv", ["a", "b", "kind"], hundred)
    # "hidden" has the same distribution as "plain" and is rarer, so every row of "hidden" is predicted as another class.
    wrong = [(draw.gauss(0, 1), "plain") for _ in range(300)] + [(draw.gauss(0, 1), "hidden") for _ in range(40)]
    wrong += [(draw.gauss(9, 1), "far") for _ in range(100)]
    write_rows(folder / "wrong.csv", ["x", "kind"], wrong)
    digits = (DATA / "digits.csv").read_text().splitlines()
    for row in draw.sample(range(1, len(digits)), 40):
        digits[row] = f"{digits[row][:-1]}{(int(digits[row][-1]) + 1) % 10}"
    (folder / "flipped.csv").write_text("\n".join(digits) + "\n")
    line = [(x, y, 3 * x - y + draw.gauss(0, 0.2)) for x, y in ((draw.uniform(-3, 3), draw.uniform(0, 9)) for _ in range(400))]
    write_rows(folder / "line.csv", ["x", "width", "price"], line)
    energy = [(x, w, 9 * x + w + draw.gauss(0, 1), 1000 * (x * x - w) + draw.gauss(0, 900)) for x, w, _ in line]
    write_rows(folder / "energy.csv", ["x", "width", "heating", "</script>, cooling"], energy)
    weather = [(t, m, "yes" if m + draw.gauss(0, 0.3) > 0.6 else "no", "cold" if t + draw.gauss(0, 1) < 0 else "warm", int(t * m > 4)) for t, m in ((draw.gauss(4, 5), draw.uniform(0, 1)) for _ in range(400))]
    write_rows(folder / "weather.csv", ["degrees", "humid", "rain", "<b>frost", "fog"], weather)


def runs():
    """name → (arguments of pellucid, expected exit status)"""
    short = ["--epochs", "6"]
    table = {
        "digits": (["demo", "digits", *short], 0),
        "iris": (["demo", "iris", "--epochs", "60"], 0),
        "folds": (["demo", "iris", "--epochs", "40", "--folds", "4"], 0),
        "flipped": (["train", "flipped.csv", "--target", "digit", "--epochs", "60"], 0),
        "sigmoids": (["demo", "digits", "--hidden", "16,16,16,16,16,16,16,16", "--activation", "sigmoid", "--epochs", "5"], 0),
        "line": (["train", "line.csv", "--target", "price", *short], 0),
        "members": (["train", str(DATA / "iris.csv"), "--target", "species", "--members", "6", "--epochs", "15", "--distill", "8,4"], 0),
        "average": (["train", "line.csv", "--target", "price", "--members", "12", "--cross-fit", "0", "--metric", "mae", "--epochs", "9"], 0),
        "energy": (["train", "energy.csv", "--target", "heating", "--target", "</script>, cooling", "--repeat", "2", *short], 0),
        "weather": (["train", "weather.csv", "--target", "rain,<b>frost,fog", "--epochs", "30"], 0),
        "hostile": (["train", "hostile.csv", "--target", "</title><b>", *short], 0),
        "hundred": (["train", "hundred.csv", "--target", "kind", "--epochs", "30"], 0),
        "wrong": (["train", "wrong.csv", "--target", "kind", *short], 0),
        "nan": (["train", "line.csv", "--target", "price", "--hidden", "none", "--optimizer", "sgd", "--lr", "1.5", "--schedule", "constant", "--epochs", "60"], 4),
    }
    if (SHARED / "mnist").is_dir():
        table["mnist"] = (["train", str(SHARED / "mnist"), "--epochs", "2", "--hidden", "64"], 0)
    if (SHARED / "adult" / "adult_train.csv.gz").is_file():
        table["adult"] = (["train", str(SHARED / "adult" / "adult_train.csv.gz"), "--epochs", "2"], 0)
    if (SHARED / "california-housing" / "california_housing.csv.gz").is_file():
        table["california"] = (["train", str(SHARED / "california-housing" / "california_housing.csv.gz"), "--epochs", "4"], 0)
    return table


def browser():
    return next((path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), None)


def main():
    program, wanted = str(Path(sys.argv[1]).resolve()), sys.argv[2:]
    missing = [name for name, there in (("node", shutil.which("node")), ("chromium", browser()), ("npm ci in web/", (HERE.parent / "node_modules" / "playwright-core").is_dir())) if not there]
    if missing:
        print("skipped: needs the tools " + ", ".join(missing))
        return 77
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        make_tables(folder)
        names = [run for run in runs() if not wanted or run in wanted]
        for run in names:
            arguments, status = runs()[run]
            done = subprocess.run([program, *arguments, "--name", run, "-qq", *target_of(run)], cwd=folder, capture_output=True, text=True)
            if done.returncode != status:
                print(f"{run}: exit status {done.returncode}, expected {status}\n{done.stderr}")
                return 1
        (folder / "runs" / "bare").mkdir()
        (folder / "runs" / "bare" / "report.json").write_text('{"run": "bare"}')
        subprocess.run([program, "report", "runs/bare"], cwd=folder, stdout=subprocess.DEVNULL, check=True)
        environment = {**os.environ, "PELLUCID_BROWSER": browser()}
        return subprocess.run(["node", str(HERE / "report_test.mjs"), str(folder / "runs"), *names], env=environment).returncode


def target_of(run):
    return {"adult": ["--target", "income"], "california": ["--target", "MedHouseVal"]}.get(run, [])


if __name__ == "__main__":
    sys.exit(main())
