#!/usr/bin/env python3
"""A reader of model files written from docs/model-file.md alone. Its predictions for raw rows must equal the program's.
With the example program `graphs`, it also computes the test rows of the models that this program saves.
Not here: files that the program refuses (tests/files).

    model_reader.py PROGRAM [GRAPHS]
"""

import csv
import datetime
import json
import math
import struct
import subprocess
import sys
import tempfile
import zlib
from pathlib import Path

MOST_APART = 1e-6  # for probabilities, and for values in standard deviations; the program computes in float32


def read_file(path):
    """Returns the tensors as (shape, numbers), and the JSON document."""
    data = path.read_bytes()
    length = struct.unpack("<Q", data[:8])[0]
    header = json.loads(data[8 : 8 + length])
    texts = header.pop("__metadata__")
    blank = data[8:].replace(('"%s"' % texts["checksum"]).encode(), b'"00000000"', 1)
    assert "%08x" % zlib.crc32(blank) == texts["checksum"], "checksum"
    tensors = {}
    for name, entry in header.items():
        first, last = (8 + length + offset for offset in entry["data_offsets"])
        letter, width = ("f", 4) if entry["dtype"] == "F32" else ("d", 8)
        tensors[name] = entry["shape"], struct.unpack("<%d%s" % ((last - first) // width, letter), data[first:last])
    return tensors, json.loads(texts["pellucid"])


# ---- the preprocessor: from the cells of a row to its features


def scaled(value, by):
    x = (value + by["offset"]) * by["factor"]
    squash = by.get("squash", 0)
    return x / math.sqrt(1 + (x / squash) ** 2) if squash > 0 else x


def parts_of(cell, form):
    words = cell.split(" ")
    numbers = dict(zip(form.split("-"), (int(n) for n in words[0].replace("/", "-").split("-"))))
    day = datetime.date(numbers["Y"], numbers["M"], numbers["D"])
    hour = sum(int(n) / 60**i for i, n in enumerate(words[1].split(":"))) if len(words) > 1 else 0
    elapsed = (day - datetime.date(1970, 1, 1)).days + hour / 24
    return {"year": day.year, "month": day.month, "weekday": day.isoweekday(), "hour": hour, "elapsed": elapsed}


def number_features(cell, column):
    return [scaled(column["fill"] if cell == "" else float(cell), column)]


def boolean_features(cell, column):
    words = column["form"].split("/")
    return [scaled(column["fill"] if cell == "" else words.index(cell.lower()), column)]


def date_features(cell, column):
    found = parts_of(cell, column["form"]) if cell else {}
    return [scaled(found.get(part["name"], part["fill"]), part) for part in column["parts"]]


def categorical_features(cell, column):
    names, other = column["categories"], column.get("other", 0) > 0
    none = len(names) if other else -1
    index = int(column["fill"] if column["fill"] is not None else -1) if cell == "" else (
        names.index(cell) if cell in names else none)
    if column.get("embedded"):
        return [index]
    hot = [0.0] * (len(names) + other)
    if index >= 0 and column["factor"] != 0:
        hot[index] = 1.0
    return hot


FEATURES = {"number": number_features, "boolean": boolean_features, "date": date_features, "categorical": categorical_features}


def features_of(row, preprocessor):
    features = []
    for column in preprocessor["columns"]:
        cell = row[column["name"]]
        found = FEATURES[column["kind"]](cell, column)
        features += found + ([float(cell == "")] if column["indicator"] else [])
        assert len(found) + column["indicator"] == column["features"], column["name"]
    return features


# ---- the layers


def activated(name, z):
    kind, _, parameter = name.partition("(")
    if kind == "softmax":
        shares = [math.exp(x - max(z)) for x in z]
        return [share / sum(shares) for share in shares]
    slope = float(parameter[:-1]) if parameter else 0.01
    formulas = {
        "linear": lambda x: x,
        "relu": lambda x: max(x, 0),
        "leaky_relu": lambda x: x if x > 0 else slope * x,
        "sigmoid": lambda x: 1 / (1 + math.exp(-x)),
        "tanh": math.tanh,
        "mish": lambda x: x * math.tanh(math.log1p(math.exp(x))),
    }
    if kind not in formulas:
        sys.exit(f"the activation {name} is not known to this reader; it knows softmax, {', '.join(formulas)}")
    return [formulas[kind](x) for x in z]


def embedded(x, columns, table):
    (_, size), numbers = table
    columns = [tuple(int(n) for n in part.split(":")) for part in columns.split(",")]
    result, base = [v for i, v in enumerate(x) if i not in dict(columns)], 0
    for column, count in columns:
        index = int(x[column])
        known = 0 <= index < count
        result += numbers[(base + index) * size : (base + index + 1) * size] if known else [0.0] * size
        base += count
    return result


def layer_output(node, x, tensors):
    name, settings = node["name"], node["settings"]
    if node["kind"] == "dense":
        (inputs, units), weight = tensors[name + ".weight"]
        bias = tensors[name + ".bias"][1] if settings["bias"] else [0.0] * units
        z = [sum(x[i] * weight[i * units + u] for i in range(inputs)) + bias[u] for u in range(units)]
        return activated(settings["activation"], z)
    if node["kind"] == "embedding":
        return embedded(x, settings["columns"], tensors[name + ".weight"])
    if node["kind"] == "scale":
        return [s * v for s, v in zip(tensors[name + ".factor"][1], x)]
    if node["kind"] == "activation":
        return activated(settings["activation"], x)
    if node["kind"] == "slice":
        return x[settings["first"] : settings["first"] + math.prod(int(n) for n in settings["shape"].split("x"))]
    if node["kind"] in ("dropout", "flatten", "reshape"):
        return x
    sys.exit(f"{name} is a layer of kind {node['kind']}, which this reader does not know")


def combined(kind, inputs):
    if kind == "concat":
        return [number for x in inputs for number in x]
    if kind == "add":
        return [sum(numbers) for numbers in zip(*inputs)]
    if kind == "multiply":
        return [math.prod(numbers) for numbers in zip(*inputs)]
    return [sum(numbers) / len(inputs) for numbers in zip(*inputs)]  # average


def outputs_of(features, document, tensors):
    known = {"input": features}
    for node in document["nodes"]:
        inputs = [known[name] for name in node["inputs"]]
        if node["kind"] in ("concat", "add", "multiply", "average"):
            known[node["name"]] = combined(node["kind"], inputs)
        else:
            assert len(inputs) == 1
            known[node["name"]] = layer_output({**node, "name": node.get("shares", node["name"])}, inputs[0], tensors)
    if "heads" in document:
        return [number for head in document["heads"] for number in known[head["layer"]]]
    return known[document["nodes"][-1]["name"]]


def predicted(row, document, tensors):
    preprocessor = document["preprocessor"]
    if "targets" in preprocessor:
        sys.exit("this reader does not turn the outputs for several targets into values")
    y = outputs_of(features_of(row, preprocessor), document, tensors)
    if preprocessor["task"] == "classification":
        return [1 - y[0], y[0]] if len(y) == 1 else y
    value = y[0] * preprocessor["target_deviation"] + preprocessor["target_mean"]
    return [math.exp(value) - preprocessor["target_shift"] if "target_shift" in preprocessor else value]


# ---- tables with every kind of column, and rows that were not in training


def rows_of(count, odd):
    for r in range(count):
        yield {
            "size": "" if r % 9 == 4 else "%.2f" % (r * r % 41 + (4000 if r % 23 == 1 else 0.25)),
            "colour": "" if r % 13 == 6 else ["red", "blue", "green", "odd%d" % r if odd or r % 19 == 3 else "red"][r % 4],
            "town": "c%d" % (r * 7 % (12 if not odd else 15)),
            "open": ["yes", "no"][r * r % 3 % 2],
            "when": "" if r % 17 == 5 else "20%02d-%02d-%02d %02d:30" % (10 + r % 7, 1 + r % 12, 1 + r % 28, r % 24),
            "class": "abc"[(r * r + r // 3) % 3],
            "answer": ["n", "p"][(r % 7 < 3) ^ (r % 4 == 0)],
            "price": "%.3f" % (1 + (r * 37 % 101) ** 2 / 50),
        }


def write(path, rows):
    rows = list(rows)
    with path.open("w", newline="") as out:
        writer = csv.DictWriter(out, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    return rows


RUNS = {
    "class": ["--scale", "robust", "--activation", "mish"],
    "answer": ["--scale", "minmax", "--activation", "leaky_relu(0.2)", "--missing", "most-frequent"],
    "price": ["--scale", "robust", "--activation", "tanh", "--target-scale", "log", "--input-scale", "6", "--dropout", "0.1"],
}


def check_test_rows(path):
    """Computes the test rows that are stored in a model file."""
    tensors, document = read_file(path)
    (count, columns), rows = tensors["pellucid.test_rows"]
    _, expected = tensors["pellucid.test_outputs"]
    found = [y for r in range(count) for y in outputs_of(rows[r * columns : (r + 1) * columns], document, tensors)]
    assert len(found) == len(expected)
    furthest = max(abs(a - b) / max(1, abs(b)) for a, b in zip(found, expected))
    print(f"{path.stem}: format {document['format']}, {count} test rows, largest difference {furthest:.1e}")
    return furthest <= 1e-5  # the tolerance of docs/model-file.md


def main():
    program = Path(sys.argv[1]).resolve()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write(folder / "train.csv", rows_of(300, odd=False))
        new = write(folder / "new.csv", rows_of(200, odd=True))

        def run(*arguments):
            subprocess.run([program, *arguments], cwd=folder, check=True, capture_output=True, text=True)

        for target, flags in RUNS.items():
            others = ",".join(t for t in RUNS if t != target)
            run("train", "train.csv", "--target", target, "--drop", others, "--name", target, "--hidden", "7,5",
                "--epochs", "4", "--rare", "3", "--one-hot", "8", *flags)
            proba = [] if target == "price" else ["--proba"]
            run("predict", f"runs/{target}", "new.csv", "-o", f"{target}.csv", *proba)
            tensors, document = read_file(folder / "runs" / target / "model.safetensors")
            kinds = json.dumps(document["preprocessor"]["columns"])
            assert "embedded" in kinds and "other" in kinds and "parts" in kinds and "boolean" in kinds
            assert target == "answer" or "squash" in kinds
            unit = document["preprocessor"]["target_deviation"] if target == "price" else 1
            with (folder / f"{target}.csv").open() as out:
                said = list(csv.DictReader(out))
            assert len(said) == len(new)
            furthest = 0
            for row, answer in zip(new, said):
                ours = predicted(row, document, tensors)
                theirs = [float(answer[key]) for key in answer if key.startswith("p_")] if proba else [float(answer["prediction"])]
                assert len(ours) == len(theirs)
                scale = unit * max(1, abs(theirs[0]))
                furthest = max([furthest] + [abs(a - b) / scale for a, b in zip(ours, theirs)])
            print(f"{target}: {len(new)} rows, largest difference {furthest:.1e}")
            if furthest > MOST_APART:
                return 1
        for graphs in sys.argv[2:3]:
            subprocess.run([graphs, folder], check=True, capture_output=True, text=True)
            saved = sorted(folder.glob("*.safetensors"))
            if len(saved) != 4 or not all([check_test_rows(path) for path in saved]):
                return 1
    return 0


sys.exit(main())
