#!/usr/bin/env python3
"""docs/read_model.py, written from docs/model-file.md, must predict what the program predicts: for every kind of column, each
form of numbers, dates and booleans, every layer and activation, several targets, thresholds and older files. What the program
knows and no model here has makes the test fail.
Not here: files that the program refuses (tests/files).

    read_model.py PROGRAM [GRAPHS]      GRAPHS: the example program `graphs`, which saves models
"""

import csv
import gzip
import importlib.util
import json
import os
import random
import re
import struct
import subprocess
import sys
import tempfile
import zlib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SHARED = Path(os.environ.get("PELLUCID_DATA", ROOT.parent / "shared/data"))
# The largest difference, relative to the program's number or, if that is larger, to a probability of 0.01, the deviation of the
# target, or the standard deviation of the predictions.
MOST_APART = 1e-5


def require_numpy():
    """Goes on under another Python if only that one has numpy. Exits with 77, skipped, if none has."""
    if importlib.util.find_spec("numpy"):
        return
    for python in ("/usr/bin/python3", ROOT / "build/bench/venv/bin/python"):
        if Path(python).exists() and subprocess.run([python, "-c", "import numpy"], capture_output=True).returncode == 0:
            os.execv(python, [str(python), *sys.argv])
    print("skipped: needs the tool numpy (in Debian, the package python3-numpy)")
    sys.exit(77)


require_numpy()
sys.path.insert(0, str(ROOT / "docs"))
sys.dont_write_bytecode = True
import numpy as np  # noqa: E402
import read_model as reader  # noqa: E402

# ---- what the sources know, and what the models of this test have

SOURCES = {
    "kinds of columns": ("src/tables/column_kind.cc", r"names<ColumnKind>\[\] = \{(.*?)\}"),
    "forms of dates": ("src/tables/column_kind.cc", r"names<DateForm>\[\] = \{(.*?)\}"),
    "forms of booleans": ("src/tables/column_kind.cc", r"names<BooleanForm>\[\] = \{(.*?)\}"),
    "parts of dates": ("src/tables/column_kind.cc", r"names<DatePart>\[\] = \{(.*?)\}"),
}
seen = {}


def note(what, name):
    seen.setdefault(what, set()).add(name)


def note_model(document):
    note("formats", str(document["format"]))
    for node in document["nodes"]:
        note("layers", node["kind"])
        settings = node["settings"]
        if "activation" in settings:
            note("activations", settings["activation"].partition("(")[0])
        if settings.get("parametrization") == "ntk":
            note("features", "ntk")
        for key in ("shares", "frozen"):
            if key in node:
                note("features", key)
    preprocessor = document["preprocessor"] or {"columns": [], "task": "none"}
    for key in ("target_shift", "targets", "missing_words"):
        if key in preprocessor:
            note("features", key)
    for key in ("threshold", "heads"):
        if key in document:
            note("features", key)
    for column in preprocessor["columns"]:
        note("kinds of columns", column["kind"])
        kinds = {"date": "forms of dates", "boolean": "forms of booleans", "number": "forms of numbers", "categorical": "codes"}
        if "form" in column:
            note(kinds[column["kind"]], column["form"])
        for part in column.get("parts", []):
            note("parts of dates", part["name"])
        for key in ("squash", "other", "embedded", "indicator"):
            if column.get(key) or any(part.get(key) for part in column.get("parts", [])):
                note("features", key)
        if column["fill"] is None:
            note("features", "missing cells refused")
        if column["shape"]:
            note("features", "shape")


def unseen():
    known = {what: set(re.findall(r'"(.*?)"', re.search(pattern, (ROOT / file).read_text(), re.S)[1]))
             for what, (file, pattern) in SOURCES.items()}
    known["kinds of columns"] -= {"drop"}
    known["layers"] = {kind for file in (ROOT / "src/layers").glob("*.cc")
                       for kind in re.findall(r"LayerKind (\w+)_layer_kind\(\) \{", file.read_text())}
    known["activations"] = {path.name.removesuffix("-inl.h") for path in (ROOT / "src/activations").glob("*-inl.h")}
    known["formats"] = {"1", "2", "3"}
    known["forms of numbers"] = {"$1,234.5", "1.234,5€", "CHF 1'234.5", "1 234,5", "1 234.5 kr", "1'234,5", "1234.5%",
                                 "1234.5 kg", "1234.5 m2", "1234.5k", "1,234.5"}
    known["codes"] = {"code"}
    known["features"] = {"squash", "other", "embedded", "indicator", "missing cells refused", "target_shift", "targets", "threshold",
                         "missing_words", "heads", "shares", "frozen", "ntk", "shape"}
    return {what: sorted(names - seen.get(what, set())) for what, names in known.items() if names - seen.get(what, set())}


# ---- comparison

failures = []


def check(name, good, text):
    print(f"{'ok  ' if good else 'FAIL'} {name}: {text}", flush=True)
    if not good:
        failures.append(name)


def apart(ours, theirs, least):
    ours, theirs = np.array(ours, float), np.array(theirs, float)
    return float(np.nan_to_num(np.max(np.abs(ours - theirs) / np.maximum(np.abs(theirs), least)), nan=np.inf))


def compare(name, program, folder, model, rows, must_vary=True):
    """The reader's predictions for the file `rows` against the program's."""
    _, document = reader.load(str(model))
    note_model(document)
    preprocessor = document["preprocessor"]
    proba = ["--proba"] if preprocessor["task"] == "classification" else []
    titles = ["--skip-rows", "0"] if str(rows).endswith("csv") else []  # the first line holds the names
    run(program, folder, "predict", model, rows, "-o", "said.csv", *titles, *proba)
    with open(folder / "said.csv", encoding="utf-8", newline="") as file:
        header, *said = csv.reader(file)
    ours = reader.predict(str(model), str(rows))
    names = ["row"] + [column for column, _ in ours]
    if names != header or len(said) != len(ours[0][1]):
        return check(name, False, f"columns {names}, {len(ours[0][1])} rows; the program has {header}, {len(said)} rows")
    furthest, wrong, spread = 0, 0, 0
    for i, (column, values) in enumerate(ours, start=1):
        theirs = [row[i] for row in said]
        if isinstance(values, list):
            wrong += sum(a != b for a, b in zip(values, theirs))
        else:
            units = {t["name"]: t["deviation"] for t in preprocessor.get("targets", [])}
            least, varies = 0.01 if proba else units.get(column, preprocessor.get("target_deviation", 1)), np.std(np.array(theirs, float))
            furthest = max(furthest, apart(values, theirs, least if proba else max(least, varies)))
            spread = max(spread, varies / least)
    good = furthest <= MOST_APART and wrong == 0 and (spread > 0.03 or not must_vary)
    check(name, good, f"{len(said)} rows, largest difference {furthest:.1e}, predictions vary by {spread:.2g}"
          + (f", {wrong} labels differ" if wrong else ""))


def check_test_rows(name, model):
    """The reader's outputs for the test rows that are in each model file against the stored outputs."""
    tensors, document = reader.load(str(model))
    note_model(document)
    found = reader.outputs_of(tensors, document, tensors["pellucid.test_rows"])
    furthest = apart(found, tensors["pellucid.test_outputs"].reshape(found.shape), 1)
    check(name, furthest <= MOST_APART, f"format {document['format']}, test rows, largest difference {furthest:.1e}")


def run(program, folder, *arguments):
    done = subprocess.run([str(a) for a in (program, *arguments)], cwd=folder, capture_output=True, text=True)
    if done.returncode != 0:
        raise SystemExit(f"{' '.join(map(str, arguments))}\n{done.stdout}{done.stderr}")


def train_and_compare(name, program, folder, table, rows, *flags, epochs=2):
    run(program, folder, "train", table, "--name", name, "--epochs", epochs, "--no-report", *flags)
    model = folder / "runs" / name / "model.safetensors"
    check_test_rows(name, model)
    compare(name, program, folder, model, rows, must_vary=False)
    compare(f"{name}, random weights", program, folder, with_random_weights(model, folder), rows)


def with_random_weights(model, folder):
    """The same model with large weights, so that an error in any feature shows in the predictions."""
    tensors, document = reader.load(str(model))
    rows = tensors.pop("pellucid.test_rows")
    del tensors["pellucid.test_outputs"]
    generator = np.random.default_rng(17)
    for name, value in tensors.items():
        if not name.endswith(".edges"):  # no weights, and in ascending order
            tensors[name] = generator.normal(size=value.shape) / (value.shape[0] ** 0.5 if value.ndim > 1 else 1)
    save(folder / "random.safetensors", document, tensors, rows)
    return folder / "random.safetensors"


# ---- tables with every kind of column

PLACES = ["Oslo", "Zürich", "São Paulo", "New York", "Kraków", "Ålesund", "Łódź"]


def day_columns(r, draw):
    year, month, day, hour, minute = draw(2015, 2023), r % 12 + 1, r * 7 % 28 + 1, draw(0, 23), draw(0, 59)
    name = "January February March April May June July August September October November December".split()[month - 1]
    zone = ["", "Z", "+02:00", " UTC", "-0530", "+01"][r % 6]
    seconds = 1420070400 + draw(0, 250000000)
    written = [f"{day} {name} {year}", f"{day:02}-{name[:3]}-{year % 100:02}", f"Tue, {name[:3]} {day}, {year}",
               f"{name} {day}th, {year} 14:05", f"{year}-{name[:3]}-{day:02}", f"{day}. {'Sept' if month == 9 else name[:3]}. {year}"]
    half = f"{hour % 12 or 12}:{minute:02} {'PM' if hour > 11 else 'a.m.'}"
    return {
        "ymd": f"{year}-{month:02}-{day:02}" + ["", f" {hour}:{minute:02}", f"T{hour:02}:{minute:02}:07.25{zone}"][r % 3],
        "dmy": f"{day}.{month}.{year}" + ("" if r % 2 else f" {hour:02}:{minute:02}"),
        "mdy": f"{month:02}/{day:02}/{year} {half}",
        "dm_short": f"{day:02}.{month:02}.{year % 100:02}",
        "md_short": f"{month}/{day}/{60 + r % 40}",
        "ym_short": f"{year % 100:02}-{month:02}-{day:02}",
        "named": written[r // 5 % 6],
        "clock": f"{hour:02}:{minute:02}:{draw(0, 59):02}" if r % 2 else half,
        "eight_date": f"{year}{month:02}{day:02}",
        "seconds_ts": f"{seconds}",
        "milliseconds_ts": f"{seconds}123",
    }


def number_columns(r, draw):
    x, whole = draw(-4000000, 4000000) / 100, draw(1000, 9999999)
    grouped = f"{abs(x):,.2f}"
    point = lambda thousands, decimal: grouped.translate({ord(","): thousands, ord("."): decimal})
    minus = "-" if x < 0 else ""
    return {
        "plain": [f"{x}", f"{x:.3e}", f"+{abs(x)}", f"({abs(x)})", f"{abs(x)}-", f"−{abs(x)}"][r % 6 if x < 0 else r % 3],
        "dollars": f"({'$'}{grouped})" if x < 0 else f"${grouped}",
        "euros": f"{minus}{point('.', ',')} €",
        "swiss": f"CHF {minus}{point(chr(39 if r % 2 else 0x2019), '.')}",
        "blank": f"{minus}{point(chr(0x202f if r % 2 else 32), ',')}",
        "norse": f"{minus}{point(chr(0xa0), '.')} kr",
        "comma_swiss": f"{minus}{point(chr(39), ',')}",
        "share": f"{x / 1000:.1f}%",
        "weight": f"{x:.1f} kg",
        "area": f"{abs(x):.1f} m2",
        "short": f"{abs(x) / 100:.1f}{['k', 'K', 'M', '', 'bn'][r % 5]}",
        "wide": "".join(chr(ord(c) + 0xFEE0) for c in f"{whole % 1000 / 10}"),
        "indian": f"{whole // 100000 % 100 + 1},{whole // 1000 % 100:02},{whole % 1000:03}",
    }


def word_columns(r, draw, new):
    pairs = ["no/yes", "false/true", "n/y", "f/t", "off/on", "0/1"]
    cells = {f"flag{i}": (pair.upper() if draw(0, 1) and i < 5 else pair).split("/")[draw(0, 1)] for i, pair in enumerate(pairs)}
    place = PLACES[min(draw(0, 8), 6)]
    spelled = [place, place.upper(), place.replace("ü", "u\u0308").replace("ã", "a\u0303"), place.replace(" ", "  "), "Unseen", "1.0"]
    return cells | {
        "place": spelled[r % 6] if new else place if r % 29 else f"rare{r}",
        "street": f"s{draw(0, 70 if new else 60)}",
        "team": f"t{draw(0, 13)}",
        "shop": f"Shop {draw(0, 40)}".upper() if new else f"Shop {draw(0, 40)}",
        "zip": f"{10 + draw(0, 4 + new)}" + (".0" if new and r % 3 == 0 else ""),
        "grade": ["1", "2", "3", "x"][draw(0, 3)] if not new else ["1.0", "2", "03", "X"][draw(0, 3)],
        "many_words": f"w{draw(0, 299)}",
        "rank": ["none", "-", "high", "unknown", "*"][draw(0, 4)],  # missing only beside numbers and dates
    }


def tables(folder, rows=400):
    """Writes train.csv, new.csv, and far.csv with numbers that are far from those of training."""
    generator = random.Random(5)
    draw = generator.randint
    spellings = [""] * 6 + ["NA", "n/a", "-", "NaN", "unknown", "?", "TBD", "0000-00-00", "#N/A"]
    for name, new in (("train.csv", False), ("new.csv", True), ("far.csv", True)):
        with open(folder / name, "w", encoding="utf-8", newline="") as file:
            writer = None
            for r in range(rows):
                cells = day_columns(r, draw) | number_columns(r, draw)
                values = list(cells)
                cells |= word_columns(r, draw, new)
                for column in cells:
                    hidden = draw(0, 14) == 0 and column not in ("many_words", "wide", "indian")
                    if hidden:
                        cells[column] = generator.choice(spellings) if column in values else generator.choice(["", "NA", "nan"])
                if name == "far.csv" and r % 50 == 7:
                    cells["plain"] = ["1e30", "-1e30", "1e-300", "0"][r // 50 % 4]
                x = draw(-100, 100) / 50
                cells |= {"class": "abc"[draw(0, 2)], "answer": ["n", "p"][draw(0, 2) // 2], "price": f"{(3 + x) ** 4:.3f}",
                          "cost": f"{x * 3 + 100:.3f}", "zero": f"{max(x, 0):.2f}", "likes": ["no", "yes"][draw(0, 1)]}
                if writer is None:
                    writer = csv.DictWriter(file, cells)
                    writer.writeheader()
                writer.writerow(cells)


TARGETS = ["class", "answer", "price", "cost", "zero", "likes"]
KINDS = ("dm_short=day-first,md_short=month-first,ym_short=year-first,flag5=boolean,zip=categorical,many_words=categorical,"
         "eight_date=date,seconds_ts=date,milliseconds_ts=date,dmy=day-first,mdy=month-first")
RUNS = {
    "class": ["--target", "class", "--scale", "robust", "--activation", "mish", "--parametrization", "ntk", "--input-scale", "6",
              "--number-embedding", "periodic"],
    "answer": ["--target", "answer", "--scale", "minmax", "--activation", "leaky_relu(0.2)", "--missing", "most-frequent",
               "--threshold", "0.3", "--calibrate", "temperature", "--no-na"],
    "price": ["--target", "price", "--scale", "robust", "--activation", "tanh", "--target-scale", "log", "--dropout", "0.1",
              "--na", "t3,grade:2,20"],
    "cost": ["--target", "cost", "--scale", "none", "--activation", "elu(0.5)", "--missing", "mean", "--one-hot", "0"],
    "zero": ["--target", "zero", "--target-scale", "log", "--activation", "softplus", "--one-hot", "3"],
    "prices": ["--target", "price,cost", "--activation", "gelu", "--number-embedding", "cosine", "--parametric-activation",
               "--clamp"],
    "answers": ["--target", "likes,answer", "--activation", "selu", "--threshold", "0.4"],
    "sigmoid": ["--target", "answer", "--output", "sigmoid", "--activation", "silu", "--loss", "binary_cross_entropy",
                "--number-embedding", "piecewise"],
    "logits": ["--target", "class", "--output", "linear", "--activation", "sigmoid"],
    "no_hidden": ["--target", "class", "--hidden", "none"],
}


def check_tables(program, folder):
    tables(folder)
    for name, flags in RUNS.items():
        others = set(TARGETS) - set(flags[1].split(","))
        drop = ",".join(sorted(others | ({"plain"} if "none" in flags[:4] else set())))
        hidden = [] if "--hidden" in flags else ["--hidden", "7,5"]
        table = folder / "train.csv"
        rows = folder / ("far.csv" if "robust" in flags else "new.csv")
        if "--no-na" in flags:
            table = rows = folder / "blank.csv"
            words = r"(NA|n/a|-|NaN|nan|unknown|\?|TBD|0000-00-00|#N/A)"
            rows.write_text(re.sub(rf"(?:^|(?<=,)){words}(?=,)", "", (folder / "new.csv").read_text("utf-8"), flags=re.M), "utf-8")
        train_and_compare(name, program, folder, table, rows, "--drop", drop, "--rare", "3", "--kind", KINDS, *hidden, *flags)


# ---- what data sets, arrays and the awkward files of tests/cases hold


def check_files(program, folder):
    with open(folder / "full.csv", "w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["x", "when", "word", "y"])
        writer.writerows([r * r % 17, f"2024-01-{r % 28 + 1:02}", "ab"[r % 2], r % 5 + 0.5] for r in range(120))
    train_and_compare("refuse", program, folder, folder / "full.csv", folder / "full.csv", "--target", "y", "--missing", "error")
    for path in sorted((ROOT / "tests/cases/dates").glob("*.csv")) + sorted((ROOT / "tests/cases/number-forms").glob("*.csv")):
        target = "preis" if path.parent.name == "number-forms" else "y"
        if path.name not in ("bad1.csv", "rng.csv"):  # cells that are no dates; words that are all different
            # One net: with random weights, the average of many says nearly the same for all rows.
            train_and_compare(f"{path.parent.name}_{path.stem}", program, folder, path, path, "--target", target, "--members", "1", epochs=1)
    train_and_compare("iris", program, folder, ROOT / "data/iris.csv", ROOT / "data/iris.csv", "--target", "species", epochs=20)
    train_and_compare("members", program, folder, ROOT / "data/iris.csv", ROOT / "data/iris.csv", "--target", "species", "--members", "3", "--cross-fit", "2", epochs=9)
    train_and_compare("digits", program, folder, ROOT / "data/digits.csv", ROOT / "data/digits.csv", "--target", "digit")
    generator = np.random.default_rng(3)
    for name, x in (("bytes", generator.integers(0, 256, (200, 6, 5), np.uint8)), ("colours", generator.integers(0, 256, (90, 4, 3, 3), np.uint8)),
                    ("floats", generator.normal(size=(150, 3, 4))), ("flat", generator.integers(0, 256, (150, 7), np.uint8))):
        np.savez(folder / f"{name}.npz", x=x, y=generator.integers(0, 3, len(x)))
        train_and_compare(name, program, folder, folder / f"{name}.npz", folder / f"{name}.npz")
    check_shared(program, folder)


def check_shared(program, folder):
    sets = {"titanic/titanic_seaborn.csv": ["survived", "--drop", "alive"], "penguins/penguins.csv": ["species"],
            "ames-housing/AmesHousing.csv": ["SalePrice", "--target-scale", "log"], "bike-sharing/day.csv": ["cnt"],
            "adult/adult_test.csv.gz": ["income"], "paris-housing/ParisHousing.csv": ["price"],
            "wine-quality/winequality-red.csv": ["quality"], "california-housing/housing_ocean_proximity.csv.gz": ["median_house_value"]}
    for path, (target, *flags) in sets.items():
        if not (SHARED / path).exists():
            print(f"skipped: {path} is not in {SHARED}")
            continue
        data = (SHARED / path).read_bytes()
        lines = (gzip.decompress(data) if path.endswith(".gz") else data).decode("utf-8").splitlines(True)
        file = folder / Path(path).name.removesuffix(".gz")
        file.write_text("".join(lines[:3001]), "utf-8")
        flags += ["--target", target] if target else []
        train_and_compare(file.stem, program, folder, file, file, *flags, epochs=1)


# ---- models that the program's flags cannot make: written here, as docs/model-file.md says


def save(path, document, tensors, rows):
    tensors = {name: np.asarray(value, np.float32) for name, value in tensors.items()}
    outputs = reader.outputs_of({n: v.astype(float) for n, v in tensors.items()}, document, rows.astype(np.float32).astype(float))
    tensors |= {"pellucid.test_rows": rows.astype(np.float32), "pellucid.test_outputs": outputs.astype(np.float32)}
    header, offset = {"__metadata__": {"checksum": "00000000", "pellucid": json.dumps(document)}}, 0
    for name, value in tensors.items():
        header[name] = {"dtype": "F32", "shape": list(value.shape), "data_offsets": [offset, offset + value.nbytes]}
        offset += value.nbytes
    text = json.dumps(header).encode()
    data = text + b" " * (-len(text) % 8) + b"".join(value.tobytes() for value in tensors.values())
    size = len(text) + -len(text) % 8
    data = data.replace(b'"00000000"', b'"%08x"' % zlib.crc32(data), 1)
    path.write_bytes(struct.pack("<Q", size) + data)


def node(name, kind, inputs, **settings):
    extra = {key: settings.pop(key) for key in ("shares", "frozen") if key in settings}
    return {"name": name, "kind": kind, "inputs": inputs.split(), "settings": settings} | extra


def dense(name, inputs, units, activation, **more):
    return node(name, "dense", inputs, units=units, activation=activation, bias=True, weight_initializer="auto",
                bias_initializer="zeros", parametrization="standard", bias_rate=1.0, **more)


def conv(name, inputs, filters, kernel, activation, **more):
    settings = {"stride": "1x1", "padding": "valid", "dilation": "1x1", "groups": 1} | more
    return node(name, "conv2d", inputs, filters=filters, kernel=kernel, activation=activation, bias=True, weight_initializer="auto",
                bias_initializer="zeros", **settings)


def picture_nodes(last):
    return [node("square", "reshape", "input", shape="2x3"), node("moved", "augment", "square", shift=1, flip=True, cutout=0),
            conv("c1", "moved", 4, "2x2", "tanh", padding="same"),
            node("kept", "dropout", "c1", rate=0.1), node("max", "max_pool2d", "kept", window="2x2", stride="1x2", padding="same"),
            conv("c2", "max", 6, "1x3", "relu", stride="2x1", padding="2", dilation="2x1", groups=2),
            node("mean", "average_pool2d", "c2", window="2x3", stride="0x0", padding="1"),
            node("global", "global_average_pool2d", "c2"), node("all", "concat", "mean global"), dense("last", "all", 4, "relu"), *last]


def graph_nodes(activations, last):
    nodes = [node("emb", "embedding", "input", columns="1:3,4:2", size=3), node("left", "slice", "input", first=0, shape="4"),
             node("right", "slice", "input", first=2, shape="2x2"), node("flat", "flatten", "right"),
             dense("encode", "left", 6, "tanh", frozen=True), dense("encode2", "flat", 6, "tanh", shares="encode"),
             node("square", "reshape", "encode", shape="2x3"), node("wide", "flatten", "square"),
             node("product", "multiply", "wide encode2"), node("sum", "add", "wide encode2 product"),
             node("mean", "average", "sum product encode", of="linear"), node("scaled", "scale", "mean", rate=1.0),
             node("mixed", "parametric_activation", "scaled", activation="tanh"),
             node("by_batch", "batch_norm", "square", momentum=0.1, epsilon=1e-3), node("by_row", "layer_norm", "by_batch", epsilon=0.1),
             node("by_row2", "flatten", "by_row"),
             node("normal", "add", "mixed by_row2"), node("dropped", "dropout", "normal", rate=0.3)]
    for a in activations:
        nodes.append(node(f"f_{a}", "activation", "dropped", activation=a))
    names = [f"f_{a}" for a in activations]
    return nodes + [node("all", "concat", " ".join(["emb", *names])), dense("last", "all", 4, "relu"), *last]


def graph_tensors(activations, last):
    generator = np.random.default_rng(12)
    shapes = {"emb.weight": (5, 3), "encode.weight": (4, 6), "encode.bias": (6,), "scaled.factor": (6,),
              "last.weight": (10 + 6 * len(activations), 4), "last.bias": (4,)} | last | {"mixed.factor": (6,)}
    shapes |= {f"by_batch.{name}": (3,) for name in ("gamma", "beta", "running_mean", "running_variance")}
    shapes |= {f"by_row.{name}": (3,) for name in ("gamma", "beta")}
    tensors = {name: generator.normal(size=shape) / (1 if len(shape) == 1 else shape[0] ** 0.5) for name, shape in shapes.items()}
    return tensors | {"by_batch.running_variance": 0.5 + np.abs(tensors["by_batch.running_variance"])}


def graph_document(columns, task, classes, nodes, loss, heads=None):
    target = {"target": "y", "classes": classes, "target_mean": 2.5, "target_deviation": 3.0, "target_low": 0.0, "target_high": 9.0}
    columns = [{"name": name, "kind": "number", "shape": [], "indicator": False, "categories": [], "features": 1, "offset": 0.0,
                "factor": 1.0, "fill": 1.0, "low": -3.0, "high": 3.0, "mean": 0.0, "deviation": 1.0} for name in columns]
    document = {"format": 3, "producer": "pellucid", "input": [len(columns)], "nodes": nodes,
                "preprocessor": {"task": task, "task_reason": "a test", "scale": "none", "columns": columns, "constant_columns": [],
                                 "left_out": [], **target},
                "training": {"loss": loss, "optimizer": "adam", "learning_rate": 0.001, "batch_size": 32, "epochs": 1, "best_epoch": 1,
                             "train_rows": 100, "seed": 42}}
    return document | ({"heads": heads} if heads else {})


def check_graphs(program, folder):
    activations = sorted(path.name.removesuffix("-inl.h") for path in (ROOT / "src/activations").glob("*-inl.h"))
    generator = np.random.default_rng(13)
    rows = np.column_stack([generator.normal(size=40), generator.integers(-1, 4, 40), generator.normal(size=40) * 3,
                            generator.normal(size=40), generator.integers(0, 3, 40), generator.normal(size=40)]).astype(np.float32)
    names = ["a", "b", "c", "d", "e", "f"]
    with open(folder / "graph.csv", "w", newline="") as file:
        csv.writer(file).writerows([names, *([repr(float(x)) for x in row] for row in rows)])
    classes = ["u", "v", "w"]
    three = {"p.weight": (4, 3), "p.bias": (3,), "q.weight": (4, 3), "q.bias": (3,)}
    one = {"p.weight": (4, 1), "p.bias": (1,)}
    ends = {
        "graph_softmax": ("classification", classes, [dense("p", "last", 3, "softmax")], three, "cross_entropy", None),
        "graph_average": ("classification", classes, [dense("p", "last", 3, "softmax"), dense("q", "last", 3, "softmax"),
                                                      node("mean2", "average", "p q", of="softmax")], three, "cross_entropy", None),
        "graph_logits": ("classification", classes, [dense("p", "last", 3, "linear"), node("end", "activation", "p", activation="linear")],
                         three, "cross_entropy", None),
        "graph_concat": ("classification", ["u", "v"], [dense("p", "last", 1, "tanh"), node("end", "add", "p p")], one, "cross_entropy", None),
        "graph_relu_end": ("classification", classes, [dense("p", "last", 3, "relu")], three, "mse", None),
        "graph_linear_mse": ("classification", ["u", "v"], [dense("p", "last", 1, "linear")], one, "mse", None),
        "graph_value": ("regression", [], [dense("p", "last", 1, "linear")], one, "mse", None),
    }
    for name, (task, words, last, shapes, loss, heads) in ends.items():
        shapes = {n: s for n, s in shapes.items() if any(n.startswith(node_["name"] + ".") for node_ in last)}
        path = folder / f"{name}.safetensors"
        save(path, graph_document(names, task, words, graph_nodes(activations, last), loss, heads), graph_tensors(activations, shapes), rows[:10])
        compare(name, program, folder, path, folder / "graph.csv")
    tensors = {"c1.weight": (2, 2, 1, 4), "c1.bias": (4,), "c2.weight": (1, 3, 2, 6), "c2.bias": (6,),
               "last.weight": (30, 4), "last.bias": (4,), "p.weight": (4, 1), "p.bias": (1,)}
    tensors = {name: generator.normal(size=shape) / 2 for name, shape in tensors.items()}
    last = picture_nodes([dense("p", "last", 1, "linear")])
    save(folder / "pictures.safetensors", graph_document(names, "regression", [], last, "mse"), tensors, rows[:10])
    compare("pictures", program, folder, folder / "pictures.safetensors", folder / "graph.csv")
    last = [dense("p", "last", 1, "linear"), dense("q", "last", 3, "softmax")]
    heads = [{"layer": "q", "target": [], "loss": None, "weight": 1.0}, {"layer": "p", "target": [], "loss": "mse", "weight": 0.5}]
    document = graph_document(names, "regression", [], graph_nodes(activations, last), "mse", heads) | {"preprocessor": None, "training": None}
    path = folder / "heads.safetensors"
    save(path, document, graph_tensors(activations, one | {"q.weight": (4, 3), "q.bias": (3,)}), rows[:10])
    run(program, folder, "inspect", path)  # loading computes the test rows
    check_test_rows("heads", path)


def check_exports(program, folder):
    """What export --format npz and json write holds the parameters of the model file, number by number."""
    for model in sorted((ROOT / "tests/golden/earlier").glob("*.safetensors"))[:2]:
        tensors, document = reader.load(str(model))
        parameters = {name: value for name, value in tensors.items() if not name.startswith("pellucid.test_")}
        run(program, folder, "export", model, "--format", "npz", "-o", "model.npz", "--force")
        run(program, folder, "export", model, "--format", "json", "-o", "model.json", "--force")
        arrays = np.load(folder / "model.npz")
        text = json.loads((folder / "model.json").read_text())
        exact = set(arrays.files) == set(parameters) == set(text["parameters"]) and all(
            np.array_equal(arrays[name], value) and arrays[name].dtype == np.float32
            and np.array_equal(np.array(text["parameters"][name]["values"], np.float32).reshape(value.shape), value)
            for name, value in parameters.items())
        same = all(text[member] == document[member] for member in document if member != "format")
        check(f"exports of {model.stem}", exact and same, f"{len(parameters)} arrays as .npz and JSON")


def main():
    program = Path(sys.argv[1]).resolve()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        check_tables(program, folder)
        check_files(program, folder)
        check_graphs(program, folder)
        check_exports(program, folder)
        for path in sorted((ROOT / "tests/golden/earlier").glob("*.safetensors")):
            check_test_rows(path.stem, path)
            compare(path.stem, program, folder, path, ROOT / "tests/golden/earlier/rows.csv")
        for graphs in sys.argv[2:3]:
            (folder / "graphs").mkdir()
            run(Path(graphs).resolve(), folder, folder / "graphs")
            saved = sorted((folder / "graphs").glob("*.safetensors"))
            check("graphs", len(saved) == 4, f"{len(saved)} models")
            for path in saved:
                check_test_rows(path.stem, path)
    for what, lacking in unseen().items():
        check(what, False, f"no model of this test has {', '.join(lacking)}: add one here, and docs/model-file.md and docs/read_model.py")
    print(f"failed: {', '.join(failures)}" if failures else "the reader predicts what the program predicts")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
