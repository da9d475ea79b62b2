#!/usr/bin/env python3
"""Findings H01-H07 for healthy trainings and for trainings that were broken on purpose: the tables of docs/findings.md.
Not here: the rules (src/health/health_findings.cc), findings about data (src/prepare/checks).

    bench/findings.py            prints a table of all runs; exit status 1 if a finding is wrong or missing
    bench/findings.py --write    also rewrites the tables of docs/findings.md
    bench/findings.py --only digits,broken-lr

The program is build/release/bin/pellucid (./dev build). Data sets are in $PELLUCID_DATA or ../shared/data; runs without
their data are skipped with a message.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
DATA = Path(os.environ.get("PELLUCID_DATA") or ROOT.parent / "shared/data")
PROGRAM = ROOT / "build/release/bin/pellucid"
DOCUMENT = ROOT / "docs/findings.md"
OWN = ROOT / "data"

DIGITS, IRIS = [f"{OWN}/digits.csv", "--target", "digit"], f"{OWN}/iris.csv"
BIKE = ["--drop", "instant,dteday,casual,registered"]
AMES = ["--drop", "Order,PID"]
TITANIC = ["--drop", "PassengerId,Name,Ticket,Cabin"]

# name → arguments of train; none of these may get a warning
SOUND = {
    "iris": [IRIS, "--target", "species"],
    "digits": DIGITS,
    "xor": [f"{OWN}/xor.csv"],
    "spiral": [f"{OWN}/spiral.csv"],
    "digits, sigmoid": [*DIGITS, "--hidden", "32", "--activation", "sigmoid"],
    "digits, tanh 64-64": [*DIGITS, "--hidden", "64,64", "--activation", "tanh"],
    "digits, sgd": [*DIGITS, "--optimizer", "sgd", "--lr", "0.1", "--epochs", "30"],
    "digits, gelu 128-128-128": [*DIGITS, "--hidden", "128,128,128", "--activation", "gelu", "--epochs", "40"],
    "digits, dropout": [*DIGITS, "--hidden", "256", "--dropout", "0.3", "--epochs", "40"],
    "digits, no hidden layer": [*DIGITS, "--hidden", "none"],
    "adult, no hidden layer": ["adult/adult_train.csv.gz", "--target", "income", "--hidden", "none", "--epochs", "5"],
    "paris, no hidden layer": ["paris-housing/ParisHousing.csv", "--target", "price", "--hidden", "none", "--epochs", "20"],
    "digits, L-BFGS": [*DIGITS, "--optimizer", "lbfgs", "--epochs", "60"],
    "mnist": ["mnist", "--epochs", "3"],
    "mnist 512, rmsprop": ["mnist", "--hidden", "512", "--batch-size", "128", "--optimizer", "rmsprop", "--epochs", "3"],
    "mnist 256-128-64": ["mnist", "--hidden", "256,128,64", "--epochs", "3"],
    "mnist, onecycle lr 0.006": ["mnist", "--batch-size", "64", "--lr", "0.006", "--schedule", "onecycle", "--epochs", "4"],
    "fashion-mnist": ["fashion-mnist", "--epochs", "3"],
    "penguins": ["penguins/penguins.csv", "--target", "species"],
    "breast cancer": ["sklearn/breast_cancer.csv", "--target", "diagnosis"],
    "titanic": ["titanic/titanic_kaggle_train.csv", "--target", "Survived", *TITANIC],
    "adult (24 % and 76 %)": ["adult/adult_train.csv.gz", "--target", "income", "--epochs", "10"],
    "covertype (0.5 % to 49 %)": ["covertype/covertype_sample_50000.csv.gz", "--target", "Cover_Type", "--epochs", "5"],
    "adult, balanced": ["adult/adult_train.csv.gz", "--target", "income", "--class-weights", "balanced", "--epochs", "5"],
    "california": ["california-housing/california_housing.csv.gz", "--target", "MedHouseVal", "--epochs", "20"],
    "california, huber": ["california-housing/california_housing.csv.gz", "--target", "MedHouseVal", "--loss", "huber", "--epochs", "10"],
    "paris": ["paris-housing/ParisHousing.csv", "--target", "price", "--epochs", "40"],
    "bike": ["bike-sharing/hour.csv.gz", "--target", "cnt", *BIKE, "--epochs", "30"],
    "wine quality": ["wine-quality/winequality-white.csv", "--target", "quality", "--task", "regression", "--epochs", "40"],
}

# Without --preset, these tables use preset tabular; the smaller networks of preset plain must be healthy too.
for name in ("iris", "digits", "xor", "spiral", "penguins", "breast cancer", "titanic", "adult (24 % and 76 %)", "adult, balanced",
             "covertype (0.5 % to 49 %)", "california", "paris", "bike", "wine quality"):  # fmt: skip
    SOUND[f"{name}, preset plain"] = [*SOUND[name], "--preset", "plain"]

DEEP = ",".join(["32"] * 8)
CONSTANT = ["--schedule", "constant"]
RUNAWAY = ["--hidden", "none", "--loss", "mse", "--output", "linear", "--epochs", "60", "--optimizer", "sgd", *CONSTANT, "--lr"]

# name → (code, arguments)
BROKEN = {
    "digits, squared error, sgd lr 0.9": ("H01", [*DIGITS, *RUNAWAY, "0.9"]),
    "digits, squared error, sgd lr 1.3": ("H01", [*DIGITS, *RUNAWAY, "1.3"]),
    "digits, adam lr 0.3, 64-64": ("H02", [*DIGITS, "--hidden", "64,64", "--lr", "0.3", *CONSTANT, "--epochs", "15"]),
    "mnist, adam lr 0.1, 128-64": ("H02", ["mnist", "--hidden", "128,64", "--lr", "0.1", *CONSTANT, "--epochs", "2"]),
    "digits, 8 sigmoid layers": ("H03", [*DIGITS, "--hidden", DEEP, "--activation", "sigmoid", "--epochs", "10"]),
    "mnist, 8 sigmoid layers, sgd": ("H03", ["mnist", "--hidden", DEEP, "--activation", "sigmoid", "--optimizer", "sgd", "--epochs", "2"]),
    "digits unscaled, tanh": ("H04", [*DIGITS, "--scale", "none", "--activation", "tanh", "--hidden", "64", "--init", "normal(1)", "--epochs", "10"]),
    "california unscaled, sigmoid": ("H04", ["california-housing/california_housing.csv.gz", "--target", "MedHouseVal", "--scale", "none", "--activation", "sigmoid", "--epochs", "5"]),
    "digits, adam lr 0.1": ("H05", [*DIGITS, "--lr", "0.1", *CONSTANT, "--epochs", "15"]),
    "digits, adam lr 1e-7": ("H05", [*DIGITS, "--lr", "1e-7", "--epochs", "5"]),
    "iris, adam lr 1": ("H05", [IRIS, "--target", "species", "--lr", "1", *CONSTANT, "--epochs", "20"]),
    "adult, sgd lr 1e-6": ("H05", ["adult/adult_train.csv.gz", "--target", "income", "--optimizer", "sgd", "--lr", "1e-6", "--epochs", "3"]),
    "digits, 8 sigmoid layers, not learning": ("H06", [*DIGITS, "--hidden", DEEP, "--activation", "sigmoid", "--epochs", "10"]),
    "digits, shuffled labels": ("H06", ["{work}/shuffled.csv", "--target", "digit", "--hidden", "none", "--l2", "1", "--epochs", "10"]),
    "noise as target": ("H06", ["{work}/noise.csv", "--target", "y", "--hidden", "8", "--epochs", "4"]),
    "48 digits": ("H07", ["{work}/few.csv", "--target", "digit", "--val-split", "0.4", "--test-split", "0.2", "--hidden", "128,128", "--epochs", "200"]),
    "120 houses of california": ("H07", ["{work}/few_houses.csv", "--target", "MedHouseVal", "--val-split", "0.4", "--test-split", "0.1", "--hidden", "256,256", "--epochs", "300"]),
    "random labels, 512-512": ("H07", ["{work}/labels.csv", "--target", "y", "--hidden", "512,512", "--epochs", "60", "--val-split", "0.3"]),
}


def made_tables(work):
    import gzip
    import random

    draw = random.Random(5)
    lines = (OWN / "digits.csv").read_text().splitlines()
    target = lines[0].split(",").index("digit")
    cells = [line.split(",") for line in lines[1:]]
    labels = [row[target] for row in cells]
    draw.shuffle(labels)
    shuffled = [",".join([*row[:target], label, *row[target + 1 :]]) for row, label in zip(cells, labels)]
    (work / "shuffled.csv").write_text("\n".join([lines[0], *shuffled]) + "\n")
    (work / "few.csv").write_text("\n".join([lines[0], *draw.sample(lines[1:], 120)]) + "\n")
    noise = [",".join(f"{draw.gauss(0, 1):.4f}" for _ in range(6)) for _ in range(4000)]
    (work / "noise.csv").write_text("\n".join(["a,b,c,d,e,y", *noise]) + "\n")
    coin = [",".join([*(f"{draw.gauss(0, 1):.4f}" for _ in range(20)), draw.choice("ab")]) for _ in range(600)]
    (work / "labels.csv").write_text("\n".join([",".join(f"x{i}" for i in range(20)) + ",y", *coin]) + "\n")
    houses = DATA / "california-housing/california_housing.csv.gz"
    if houses.is_file():
        with gzip.open(houses, "rt") as file:
            rows = file.read().splitlines()
        (work / "few_houses.csv").write_text("\n".join([rows[0], *draw.sample(rows[1:], 240)]) + "\n")


def run(name, arguments, work):
    """Trains and returns report.json; None if the data are missing."""
    data = Path(arguments[0].format(work=work))
    data = data if data.is_absolute() else DATA / data
    if not data.exists():
        print(f"{name}: skipped, {data} does not exist", file=sys.stderr)
        return None
    folder = name.replace(" ", "_").replace(",", "").replace("/", "_")
    command = [PROGRAM, "train", data, *arguments[1:], "--name", folder, "--out", work / "runs", "-qq", "--no-report", "--force"]
    done = subprocess.run(list(map(str, command)), cwd=work, capture_output=True, text=True)
    report = work / "runs" / folder / "report.json"
    if done.returncode not in (0, 4) or not report.is_file():
        sys.exit(f"{name}: exit status {done.returncode}\n{done.stderr}")
    return json.loads(report.read_text())


def numbers(report):
    """The numbers that the rules use."""
    health = report.get("health") or {"epochs": [], "kept": {"layers": []}}
    first = health["epochs"][0]["layers"] if health["epochs"] else []
    gradients = [layer["gradient_rms"] for layer in first if layer["gradient_rms"] is not None]
    steps = [layer["step_ratio"] for layer in first if layer["step_ratio"] is not None]
    dead = [layer["dead"] for layer in health["kept"]["layers"] if layer["dead"] is not None]
    saturated = [layer["saturated"] for layer in first if layer["saturated"] is not None]
    history = report["history"]
    constant = health.get("constant_loss")
    validation = [epoch["val_loss"] for epoch in history if epoch["val_loss"] is not None]
    show = lambda x: "–" if x is None else f"{x:.2g}"
    return [
        show(gradients[0] / gradients[-1] if len(gradients) > 1 and gradients[-1] else None),
        f"{show(min(steps))} … {show(max(steps))}" if steps else "–",
        f"{max(dead) * 100:.0f} %" if dead else "–",
        f"{max(saturated) * 100:.0f} %" if saturated else "–",
        show(history[-1]["train_loss"] / constant if constant and history else None),
        show(validation[-1] / min(validation) if validation and min(validation) else None),
    ]


def named(report):
    found = [f for f in report["noticed"] if f["code"].startswith("H")]
    return sorted({f["code"] for f in found if f["level"] == "warning"}), sorted({f["code"] for f in found if f["level"] == "note"})


HEAD = ["run", "first/last gradient", "step ÷ weights", "dead", "saturated", "loss ÷ constant", "val ÷ best val"]


def table(head, rows):
    return "\n".join(["| " + " | ".join(row) + " |" for row in [head, ["---"] * len(head), *rows]])


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--only", default="")
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    wanted = [name for name in options.only.split(",") if name]
    wrong, sound, broken = [], [], []
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        made_tables(work)
        for name, arguments in SOUND.items():
            if wanted and not any(w in name for w in wanted) or not (report := run(name, arguments, work)):
                continue
            warnings, notes = named(report)
            sound.append([name, *numbers(report), ", ".join([*warnings, *(f"{n} (note)" for n in notes)]) or "–"])
            wrong += [f"{name}: warned of {', '.join(warnings)}"] if warnings else []
            print(" | ".join(sound[-1]), flush=True)
        for name, (code, arguments) in BROKEN.items():
            if wanted and not any(w in name for w in wanted) or not (report := run("broken " + name, arguments, work)):
                continue
            warnings, notes = named(report)
            broken.append([name, *numbers(report), code, ", ".join([*warnings, *(f"{n} (note)" for n in notes)]) or "–"])
            wrong += [f"{name}: {code} was not named"] if code not in [*warnings, *notes] else []
            print(" | ".join(broken[-1]), flush=True)
    summary = f"{len(sound)} sound trainings, {sum('(note)' not in r[-1] and r[-1] != '–' for r in sound)} of them warned of; {len(broken)} broken ones, {len(broken) - sum('not named' in w for w in wrong)} of them named."
    print("\n".join([summary, *wrong]))
    if options.write:
        text = DOCUMENT.read_text()
        before, rest = text.split("<!-- measured -->")[0], text.split("<!-- end -->")[1]
        made = f"{summary}\n\n{table([*HEAD, 'named'], sound)}\n\n{table([*HEAD, 'broken so', 'named'], broken)}\n"
        DOCUMENT.write_text(f"{before}<!-- measured -->\n{made}<!-- end -->{rest}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
