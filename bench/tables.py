#!/usr/bin/env python3
"""Scores of defaults on tables: pellucid, CatBoost, LightGBM, RealMLP-TD-S (pytabkit), scikit-learn's MLP, boosted trees and a linear
model. Not here: the tables (tables.json), speed of single nets (compare.py), pellucid alone on more data (results.py).

    bench/tables.py                        every table, 5 splits (of tables of more than 5,000 rows 3)
    bench/tables.py --only wine-red,ames --splits 2 --models pellucid,catboost
    bench/tables.py --write                writes the measured results to docs/results.md

Models: pellucid is the program as it comes (eight nets, cross-fitted, of a table of 300 rows or more), one-net is --members 1,
minutes is --time-limit 2m.

Results are kept in build/bench/tables/results.json and not computed again unless --renew names the model, so the work can be done in
parts.

85 % of the rows are for training and 15 % for testing, the same for all models; models that stop early or keep the best epoch use a
fifth of the 85 % for that. No model is tuned. The program is build/release/bin/pellucid (./dev build); the Python side is installed into
build/bench/venv-tables (bench/requirements-tables.txt). Data sets are in $PELLUCID_DATA or ../shared/data. Scores of CatBoost and
LightGBM on the same splits are taken from $PELLUCID_RIVALS or ../shared/rivals/tables.json where that file has them; --renew runs them.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import time
import venv
import warnings
from pathlib import Path

import results

ROOT = Path(__file__).resolve().parents[1]
DATA = Path(os.environ.get("PELLUCID_DATA") or ROOT.parent / "shared/data")
RIVALS = Path(os.environ.get("PELLUCID_RIVALS") or ROOT.parent / "shared/rivals/tables.json")
WORK = ROOT / "build/bench/tables"
PYTHON = ROOT / "build/bench/venv-tables/bin/python"
PROGRAM = ROOT / "build/release/bin/pellucid"
KEPT = WORK / "results.json"  # table -> model -> split -> score and seconds
MARKS = "<!-- bench/tables.py --write: begin -->", "<!-- bench/tables.py --write: end -->"
NAMES = {"pellucid": "pellucid", "one-net": "pellucid --members 1", "minutes": "pellucid --time-limit 2m", "catboost": "CatBoost",
         "lightgbm": "LightGBM", "trees": "HistGradientBoosting", "realmlp": "RealMLP-TD-S (pytabkit)", "mlp": "scikit-learn's MLP",
         "linear": "linear model"}  # fmt: skip
FLAGS = {"pellucid": [], "one-net": ["--members", "1", "--val-split", "0.2"], "minutes": ["--time-limit", "2m"]}
MANY_ROWS = 5000  # tables of more rows have 3 splits


def read(table):
    import pandas

    frame = pandas.read_csv(DATA / table["file"], sep=table.get("delimiter", ","), skipinitialspace=True)
    frame = frame.drop(columns=table.get("drop", []))
    return frame.sample(table["rows"], random_state=0) if "rows" in table else frame


def parts(table, frame, seed):
    from sklearn.model_selection import train_test_split

    by_class = frame[table["target"]] if table["task"] == "classification" else None
    return train_test_split(frame, test_size=0.15, random_state=seed, stratify=by_class)


def run_pellucid(table, train, test, seed, flags):
    folder = WORK / "split"
    folder.mkdir(parents=True, exist_ok=True)
    for name, frame in (("train", train), ("test", test)):
        frame.to_csv(folder / f"{name}.csv", index=False)
    command = [PROGRAM, "train", folder / "train.csv", "--test", folder / "test.csv", "--target", table["target"], "--task",
               table["task"], "--seed", str(seed), "--out", folder / "runs", "--json", *flags]
    start = time.perf_counter()
    done = subprocess.run(list(map(str, command)), capture_output=True, text=True)
    seconds = time.perf_counter() - start
    if done.returncode:
        sys.exit(done.stderr)
    end = json.loads(done.stdout.strip().split("\n")[-1])
    score = end["test_accuracy" if table["task"] == "classification" else "test_rmse"]
    return {"score": score, "seconds": seconds, "training": end["seconds"]}


def columns(train, target):
    features = train.drop(columns=[target])
    words = [c for c in features if features[c].dtype.kind not in "iufb"]
    return [c for c in features if c not in words], words


def pipeline(train, target, model):
    """One-hot categories, standardised numbers; missing values become medians plus an indicator."""
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
    if name == "catboost":
        from catboost import CatBoostClassifier, CatBoostRegressor

        words = columns(train, table["target"])[1]
        return (CatBoostClassifier if classes else CatBoostRegressor)(random_seed=seed, thread_count=2, verbose=False,
                                                                      cat_features=words, allow_writing_files=False)
    if name == "lightgbm":
        from lightgbm import LGBMClassifier, LGBMRegressor

        return (LGBMClassifier if classes else LGBMRegressor)(random_state=seed, n_jobs=2, verbose=-1)
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
    for c in columns(train, target)[1] if name in ("realmlp", "trees", "lightgbm", "catboost") else []:
        if name == "catboost":
            x[c], x_test[c] = x[c].fillna("missing").astype(str), x_test[c].fillna("missing").astype(str)
            continue
        kinds = x[c].astype("category").cat.categories
        for frame in (x, x_test):
            frame[c] = frame[c].astype("category").cat.set_categories(kinds)
    if name == "realmlp":  # it does not accept missing numbers
        for c in columns(train, target)[0]:
            x[c], x_test[c] = x[c].fillna(x[c].median()), x_test[c].fillna(x[c].median())
    model = make_model(name, table, train, seed)
    start = time.perf_counter()
    model.fit(x, train[target])
    seconds = time.perf_counter() - start
    predicted = model.predict(x_test)
    truth = test[target].to_numpy()
    if table["task"] == "classification":
        return {"score": float((predicted == truth).mean()), "seconds": seconds}
    return {"score": float(((predicted.ravel() - truth) ** 2).mean() ** 0.5), "seconds": seconds}


def gain(task, ours, theirs):
    return (ours - theirs) / (1 - theirs) if task == "classification" and theirs < 1 else theirs / ours - 1


def gains(table, runs, model, rival):
    """Gain of the mean score over another model's on the splits that both have, and its standard error over the splits."""
    both = sorted(set(runs.get(model, {})) & set(runs.get(rival, {})))
    if len(both) < 2:
        return None
    ours, theirs = ([runs[name][split]["score"] for split in both] for name in (model, rival))
    whole = gain(table["task"], statistics.mean(ours), statistics.mean(theirs))
    scale = 1 - statistics.mean(theirs) if table["task"] == "classification" else statistics.mean(ours)
    each = [(a - b) if table["task"] == "classification" else (b - a) for a, b in zip(ours, theirs)]
    return whole, statistics.stdev(each) / len(each) ** 0.5 / max(scale, 1e-9)


def score_text(task, runs):
    scores = [run["score"] for run in runs.values()]
    if not scores:
        return "–"
    unit, digits = (100, ".2f") if task == "classification" else (1, ".4g")
    spread = statistics.stdev(scores) if len(scores) > 1 else 0
    seconds = statistics.mean(run["seconds"] for run in runs.values())
    return f"{unit * statistics.mean(scores):{digits}} ± {unit * spread:.2g} ({seconds:.3g} s)"


def gain_text(found):
    return "–" if found is None else f"{100 * found[0]:+.1f} ± {100 * found[1]:.1f} %"


def summary(found):
    """The mean of gains, and how many tables are won, drawn (within one standard error) and lost."""
    won = sum(gain > error for gain, error in found)
    lost = sum(-gain > error for gain, error in found)
    mean = statistics.mean(gain for gain, _ in found)
    return f"{100 * mean:+.1f} %: {won} won, {len(found) - won - lost} drawn, {lost} lost"


def document(tables, kept):
    """The lines of docs/results.md."""
    yield ("Accuracy in %, or RMSE (marked *, in the target's unit), on the test rows: mean ± deviation of the splits; in brackets the "
           "seconds to fit (pellucid: of the whole program). Gain: (accuracy − theirs) / (1 − theirs), or theirs / RMSE − 1, of the mean "
           "scores ± standard error over the splits.\n")
    named = {model: name for model, name in NAMES.items() if any(runs.get(model) for runs in kept.values())}
    pairs = [(model, rival) for model in FLAGS if model in named for rival in ("catboost", "lightgbm")]
    heads = ["table", *named.values(), *(f"gain of {NAMES[model]} on {NAMES[rival]}" for model, rival in pairs)]
    yield "| " + " | ".join(heads) + " |"
    yield "|" + "---|" * len(heads)
    found = {pair: [] for pair in pairs}
    for name, table in tables.items():
        runs = kept.get(name, {})
        if not runs.get("pellucid"):
            continue
        cells = [name + ("" if table["task"] == "classification" else "*")]
        cells += [score_text(table["task"], runs.get(model, {})) for model in named]
        for pair in pairs:
            one = gains(table, runs, *pair)
            found[pair] += [one] if one else []
            cells.append(gain_text(one))
        yield "| " + " | ".join(cells) + " |"
    yield ""
    for (model, rival), each in found.items():
        if each:
            yield f"- {NAMES[model]} beside {NAMES[rival]}, mean gain of {len(each)} tables: {summary(each)}."


def keep(kept):
    part = KEPT.with_suffix(".part")
    part.write_text(json.dumps(kept, indent=1))
    part.replace(KEPT)


def measure(chosen, tables):
    warnings.filterwarnings("ignore")
    WORK.mkdir(parents=True, exist_ok=True)
    kept = json.loads(KEPT.read_text()) if KEPT.exists() else {}
    rivals = json.loads(RIVALS.read_text()) if RIVALS.exists() else {}
    renewed = chosen.renew.split(",")
    for name in chosen.only.split(",") if chosen.only else tables:
        table = tables[name]
        frame = read(table)
        for model in chosen.models.split(","):
            runs = kept.setdefault(name, {}).setdefault(model, {})
            for seed in range(1, 1 + min(chosen.splits, 3 if len(frame) > MANY_ROWS else chosen.splits)):
                if model not in renewed:
                    known = runs.get(str(seed)) or rivals.get(name, {}).get(model, {}).get(str(seed))
                    if known:
                        runs[str(seed)] = known
                        continue
                train, test = parts(table, frame, seed)
                runs[str(seed)] = (run_pellucid(table, train, test, seed, FLAGS[model]) if model in FLAGS
                                   else run_model(model, table, train, test, seed))  # fmt: skip
                keep(kept)
            print(f"{name}: {model} {score_text(table['task'], runs)}", flush=True)


def install():
    if not PYTHON.exists():
        venv.create(PYTHON.parents[1], with_pip=True)
    wanted = str(ROOT / "bench/requirements-tables.txt")
    subprocess.run([PYTHON, "-m", "pip", "install", "--quiet", "-r", wanted], check=True, stdout=sys.stderr)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--only", help="tables, separated by commas")
    parser.add_argument("--splits", type=int, default=5)
    parser.add_argument("--models", default=",".join(NAMES))
    parser.add_argument("--renew", default="", help="models whose runs are repeated")
    parser.add_argument("--write", action="store_true", help="write docs/results.md from the kept results without running anything")
    chosen = parser.parse_args()
    tables = json.loads((ROOT / "bench/tables.json").read_text())
    if chosen.write:
        lines = document(tables, json.loads(KEPT.read_text()))
        return results.put(ROOT / "docs/results.md", list(lines), MARKS)
    if Path(sys.prefix) != PYTHON.parents[1]:
        install()
        os.execv(PYTHON, [str(PYTHON), *sys.argv])
    measure(chosen, tables)


if __name__ == "__main__":
    main()
