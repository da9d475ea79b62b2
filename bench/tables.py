#!/usr/bin/env python3
"""Scores of defaults on tables: pellucid, RealMLP-TD-S (pytabkit), scikit-learn's MLP, boosted trees and a linear model.
Not here: the tables (tables.json), speed of single nets (compare.py), pellucid alone on more data (results.py).

    bench/tables.py                        every table, 5 splits
    bench/tables.py --only wine-red,ames --splits 2 --models pellucid,realmlp

85 % of the rows to learn from, 15 % to test, the same for all; whoever stops early or keeps the best epoch takes a fifth of the
85 % for that. Nobody is tuned. The program is build/release/bin/pellucid (./dev build); the Python side is installed into
build/bench/venv-tables (bench/requirements-tables.txt). Data sets lie in $PELLUCID_DATA, or in ../shared/data.
"""

import argparse
import json
import os
import subprocess
import sys
import time
import venv
import warnings
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
DATA = Path(os.environ.get("PELLUCID_DATA") or ROOT.parent / "shared/data")
WORK = ROOT / "build/bench/tables"
PYTHON = ROOT / "build/bench/venv-tables/bin/python"
PROGRAM = ROOT / "build/release/bin/pellucid"
MODELS = ("pellucid", "realmlp", "mlp", "trees", "linear")


def read(table):
    import pandas

    frame = pandas.read_csv(DATA / table["file"], sep=table.get("delimiter", ","), skipinitialspace=True)
    frame = frame.drop(columns=table.get("drop", []))
    return frame.sample(table["rows"], random_state=0) if "rows" in table else frame


def parts(table, frame, seed):
    from sklearn.model_selection import train_test_split

    by_class = frame[table["target"]] if table["task"] == "classification" else None
    return train_test_split(frame, test_size=0.15, random_state=seed, stratify=by_class)


def run_pellucid(table, train, test, seed):
    folder = WORK / "split"
    folder.mkdir(parents=True, exist_ok=True)
    for name, frame in (("train", train), ("test", test)):
        frame.to_csv(folder / f"{name}.csv", index=False)
    command = [PROGRAM, "train", folder / "train.csv", "--test", folder / "test.csv", "--target", table["target"], "--task",
               table["task"], "--val-split", "0.2", "--preset", "tabular", "--seed", str(seed), "--out", folder / "runs", "--json"]
    start = time.perf_counter()
    done = subprocess.run(list(map(str, command)), capture_output=True, text=True)
    seconds = time.perf_counter() - start
    if done.returncode:
        sys.exit(done.stderr)
    end = json.loads(done.stdout.strip().split("\n")[-1])
    return end["test_accuracy" if table["task"] == "classification" else "test_rmse"], seconds


def columns(train, target):
    features = train.drop(columns=[target])
    words = [c for c in features if features[c].dtype.kind not in "iufb"]
    return [c for c in features if c not in words], words


def pipeline(train, target, model):
    """One-hot words, standardised numbers, medians and a mark in place of what is missing."""
    from sklearn.compose import make_column_transformer
    from sklearn.impute import SimpleImputer
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import OneHotEncoder, StandardScaler

    numbers, words = columns(train, target)
    prepared = make_column_transformer(
        (make_pipeline(SimpleImputer(strategy="median", add_indicator=True), StandardScaler()), numbers),
        (OneHotEncoder(handle_unknown="ignore"), words), sparse_threshold=0)  # fmt: skip
    return make_pipeline(prepared, model)


def make_model(name, table, train, seed):
    classes = table["task"] == "classification"
    if name == "realmlp":
        from pytabkit import RealMLP_TD_S_Classifier, RealMLP_TD_S_Regressor

        return (RealMLP_TD_S_Classifier if classes else RealMLP_TD_S_Regressor)(device="cpu", random_state=seed, n_threads=2)
    if name == "trees":
        from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor

        made = HistGradientBoostingClassifier if classes else HistGradientBoostingRegressor
        return made(random_state=seed, categorical_features="from_dtype")
    from sklearn.compose import TransformedTargetRegressor
    from sklearn.linear_model import LogisticRegression, Ridge
    from sklearn.neural_network import MLPClassifier, MLPRegressor
    from sklearn.preprocessing import StandardScaler

    if name == "linear":
        model = LogisticRegression(max_iter=1000) if classes else Ridge()
    else:
        model = (MLPClassifier if classes else MLPRegressor)(early_stopping=True, random_state=seed)
    if not classes:
        model = TransformedTargetRegressor(model, transformer=StandardScaler())
    return pipeline(train, table["target"], model)


def run_model(name, table, train, test, seed):
    target = table["target"]
    x, x_test = train.drop(columns=[target]).copy(), test.drop(columns=[target]).copy()
    for c in columns(train, target)[1] if name in ("realmlp", "trees") else []:
        kinds = x[c].astype("category").cat.categories
        for frame in (x, x_test):
            frame[c] = frame[c].astype("category").cat.set_categories(kinds)
    if name == "realmlp":  # it takes no missing numbers
        for c in columns(train, target)[0]:
            x[c], x_test[c] = x[c].fillna(x[c].median()), x_test[c].fillna(x[c].median())
    model = make_model(name, table, train, seed)
    start = time.perf_counter()
    model.fit(x, train[target])
    seconds = time.perf_counter() - start
    predicted = model.predict(x_test)
    truth = test[target].to_numpy()
    if table["task"] == "classification":
        return float((predicted == truth).mean()), seconds
    return float(((predicted.ravel() - truth) ** 2).mean() ** 0.5), seconds


def gain(task, ours, theirs):
    return (ours - theirs) / (1 - theirs) if task == "classification" and theirs < 1 else theirs / ours - 1


def line(name, table, scores):
    import statistics

    cells = []
    for model, runs in scores.items():
        values = [score for score, _ in runs]
        spread = statistics.stdev(values) if len(values) > 1 else 0
        cells.append(f"{model} {statistics.mean(values):.4g} ± {spread:.2g} ({statistics.mean(s for _, s in runs):.3g} s)")
    if {"pellucid", "realmlp"} <= set(scores):
        gains = [gain(table["task"], a, b) for (a, _), (b, _) in zip(scores["pellucid"], scores["realmlp"])]
        cells.append(f"gain {100 * statistics.mean(gains):+.1f} %")
    return f"| {name} | {table['task']} | " + " | ".join(cells) + " |"


def measure(chosen):
    warnings.filterwarnings("ignore")
    tables = json.loads((ROOT / "bench/tables.json").read_text())
    for name in chosen.only.split(",") if chosen.only else tables:
        table = tables[name]
        frame = read(table)
        scores = {}
        for seed in range(chosen.splits):
            train, test = parts(table, frame, seed)
            for model in chosen.models.split(","):
                run = run_pellucid if model == "pellucid" else lambda *a, m=model: run_model(m, *a)
                scores.setdefault(model, []).append(run(table, train, test, seed))
        print(line(name, table, scores), flush=True)


def install():
    if not PYTHON.exists():
        venv.create(PYTHON.parents[1], with_pip=True)
    wanted = str(ROOT / "bench/requirements-tables.txt")
    subprocess.run([PYTHON, "-m", "pip", "install", "--quiet", "-r", wanted], check=True, stdout=sys.stderr)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--only", help="tables, separated by commas")
    parser.add_argument("--splits", type=int, default=5)
    parser.add_argument("--models", default=",".join(MODELS))
    chosen = parser.parse_args()
    if Path(sys.prefix) != PYTHON.parents[1]:
        install()
        os.execv(PYTHON, [str(PYTHON), *sys.argv])
    measure(chosen)


if __name__ == "__main__":
    main()
