#!/usr/bin/env python3
"""Reads a model file with numpy and the standard library and prints what `pellucid predict MODEL ROWS --proba` prints.
docs/model-file.md explains each step; tests/read_model.py compares the two.
Not here: layers, activations and losses of your own, and the program's checks of damaged files and of strange tables.

    read_model.py MODEL ROWS      ROWS: a CSV file with a header line, or an .npz file with the array x
"""

import csv
import datetime
import functools
import json
import math
import re
import sys
import unicodedata
import zlib

import numpy as np

BLANKS = " \t\n\r\u00a0\u2007\u2009\u200b\u202f\u3000\ufeff"
WIDE = {0xFF00 + i: 0x20 + i for i in range(0x40)}  # digits and marks of full width
MISSING = set("""?|NA|N/A|null|NULL|\\N|<NA>|NaT|#N/A|#N/A N/A|#DIV/0!|#VALUE!|#REF!|#NAME?|#NUM!|#NULL!|1.#QNAN|#NA|1.#IND
|-1.#IND|-nan|+nan|-NaN|<null>|1.#SNAN|-1.#QNAN|(null)|[NULL]""".replace("\n", "").split("|"))
MISSING_VALUES = set("""none|nil|unknown|missing|n/a|na|n.a.|n.a|n/k|null|nan|nat|void|tba|tbc|tbd|tbd.|n.d.|no data|nodata
|not available|not applicable|not known|undefined|unspecified|not recorded|nan(ind)|-nan(ind)|-|--|---|.|..|...|–|—|…|??|???
|_|*|#n/a|<na>|0000-00-00|0000-00-00 00:00:00|00.00.0000|00/00/0000""".replace("\n", "").split("|"))
MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
PARTS = "year month weekday hour elapsed".split()
CLOCK = re.compile(r"(\d\d?):(\d\d)(?::(\d\d)(?:[.,](\d+))?)?(?: ?([ap])\.?m\.?)? ?(?:z|utc|gmt|([+-]\d\d):?(\d\d)?)?", re.I)


def load(path):
    """Returns the tensors by name and the JSON document."""
    data = open(path, "rb").read()
    size = int.from_bytes(data[:8], "little")
    header = json.loads(data[8 : 8 + size])
    texts = header.pop("__metadata__")
    zeroed = data[8:].replace(f'"{texts["checksum"]}"'.encode(), b'"00000000"', 1)
    document = json.loads(texts["pellucid"])
    if f"{zlib.crc32(zeroed):08x}" != texts["checksum"] or document["format"] > 3:
        raise ValueError(f"{path} is damaged, or newer than this reader")
    tensors = {}
    for name, entry in header.items():
        first, end = (8 + size + offset for offset in entry["data_offsets"])
        numbers = np.frombuffer(data[first:end], {"F32": "<f4", "F64": "<f8"}[entry["dtype"]])
        tensors[name] = numbers.reshape(entry["shape"]).astype(float)
    return tensors, document


# ---- cells


def is_missing(cell, column, rule):
    """`rule` is the document's missing_words."""
    cell = cell.strip(BLANKS)
    if cell == "" or cell in rule["words"] or f"{column['name']}:{cell}" in rule["words"]:
        return True
    if column["kind"] == "number" and is_missing_number(cell, column, rule):
        return True
    usual = cell in MISSING or cell.lower() == "nan"
    beside_values = column["kind"] in ("number", "date") or column.get("form") == "code"
    return rule["usual"] and (usual or (beside_values and cell.lower() in MISSING_VALUES))


def is_missing_number(cell, column, rule):
    named = [word.removeprefix(column["name"] + ":") for word in rule["words"]]
    try:
        return number(cell, column.get("form") or "1234.5") in [number(word) for word in named if word.strip("-+.0123456789") == ""]
    except ValueError:
        return False


def number(cell, form="1234.5"):
    currency, thousands, decimal, unit = re.fullmatch(r"(.*?) ?1(\D?)234(\D)5 ?(.*)", form).groups()
    words = "k|K|M|B|bn|" if unit == "k" else re.escape(unit)
    around = rf"((?:[{BLANKS}()+\-−]|%s)*)"
    body = rf"((?:\d|[.,'’{BLANKS}](?=\d)|{re.escape(decimal)})+(?:[eE][+-]?\d+)?)"
    match = re.fullmatch(around % re.escape(currency) + body + around % f"(?:{words})", cell.translate(WIDE))
    if not match or currency not in match[1] or (unit != "k" and unit not in match[3]):
        raise ValueError(f"{cell!r} is not a number like {form}")
    plain = re.sub({"": "(?!)", " ": f"[{BLANKS}]", "'": "['’]"}.get(thousands, re.escape(thousands)), "", match[2])
    scale = {"k": 1e3, "K": 1e3, "M": 1e6, "B": 1e9, "bn": 1e9}.get(re.sub(r"\W", "", match[3]) if unit == "k" else "", 1)
    value = float(plain.replace(decimal, ".")) * scale
    return -value if re.search("[-−(]", match[1] + match[3]) else value


def moment(cell, form):
    """Returns the five parts of a date."""
    if form in ("seconds", "milliseconds"):
        elapsed = number(cell) / (86400e3 if form == "milliseconds" else 86400)
        day, hour, east = datetime.date(1970, 1, 1) + datetime.timedelta(math.floor(elapsed)), elapsed % 1 * 24, 0
        return day.year, day.month, day.isoweekday(), hour, elapsed
    text, clock, hour, east = cell, re.search(r"(?:^|,? |T)(\d\d?:\d\d.*)$", cell), 0, 0
    if clock:
        text = cell[: clock.start()]
        h, m, s, fraction, half, zone, minutes = CLOCK.fullmatch(clock[1]).groups()
        h = int(h) % 12 + 12 * (half in "pP") if half else int(h)
        hour = h + int(m) / 60 + float(f"{s or 0}.{fraction or 0}") / 3600
        east = int(zone) + math.copysign(int(minutes or 0) / 60, int(zone + "1")) if zone else 0
    if form == "h:m":
        return 0, 0, 0, hour, 0
    if form == "D Mon Y":  # 1 August 2023, 01-Aug-23, Tue, Aug 1st, 2023, 2023-Aug-01
        month = next(MONTHS.index(w) + 1 for w in re.findall("[a-z]{3}", text.lower()) if w in MONTHS)
        numbers = re.findall(r"\d+", text)
        year = next((n for n in numbers if len(n) == 4), numbers[-1])
        numbers.remove(year)
        year, day = int(year) if len(year) == 4 else year, int(numbers[0])
    else:
        letters = "Y-M-D" if form == "YMD" else form
        cut = [text[:4], text[4:6], text[6:]] if form == "YMD" else re.split("[-/.]", text)
        found = dict(zip(letters.split("-"), cut, strict=True))
        year, month, day = int(found["Y"]) if "Y" in found else found["y"], int(found["M"]), int(found["D"])
    if isinstance(year, str):
        year = int(year) + (1900 if int(year) >= 69 else 2000)
    day = datetime.date(year, month, day)
    elapsed = (day - datetime.date(1970, 1, 1)).days + (hour - east) / 24
    return day.year, day.month, day.isoweekday(), hour, elapsed


def spellings(word):
    """Returns the keys by which a word is looked up, one after the other: as it is, plain, as a whole number, lower case."""
    plain = unicodedata.normalize("NFC", re.sub("[\u00ad\u200b-\u200f\u2060\ufeff]", "", word))
    plain = " ".join(plain.split())
    whole = re.fullmatch(r"(-?\d+)(\.0+)?", plain)
    return word, plain, int(whole[1]) if whole else None, plain.lower()


def word_finder(names):
    """Returns a function from a word to its index in `names`, or −1."""
    known = [spellings(name) for name in names]

    @functools.lru_cache(None)
    def find(word):
        for stage, key in enumerate(spellings(word)):
            hits = [i for i, keys in enumerate(known) if key is not None and keys[stage] == key]
            if len(hits) == 1:
                return hits[0]
        return -1

    return find


# ---- from cells to features


def scaled(x, by):
    """`x`: numbers, NaN where the cell is missing; `by`: a column or a part of a date."""
    fill = np.nan if by["fill"] is None else by["fill"]
    x = (np.where(np.isnan(x), fill, x) + by["offset"]) * by["factor"]
    squash = by.get("squash", 0)
    return x / np.hypot(1, x / squash) if squash > 0 else x


def column_features(column, cells, rule):
    kind, form, names = column["kind"], column.get("form"), column["categories"]
    if isinstance(cells, np.ndarray):  # numbers, whose cells may have a shape
        cells = cells.reshape(len(cells), -1)
        missing = np.isnan(cells.astype(float)).any(axis=1)
    else:
        missing = np.array([is_missing(cell, column, rule) for cell in cells])
    if column["fill"] is None and missing.any():
        raise ValueError(f"column {column['name']}: a cell is missing, and the model was trained to refuse that")
    present = lambda read, none=np.nan: [none if lacks else read(cell) for cell, lacks in zip(cells, missing)]
    if kind in ("number", "bytes"):
        x = cells if isinstance(cells, np.ndarray) else np.array(present(lambda c: [number(c, form or "1234.5")], [np.nan]))
        features = scaled(x.astype(float), column)
    elif kind == "boolean":
        words = form.split("/")
        features = scaled(np.array(present(lambda c: words.index(c.lower())), float)[:, None], column)
    elif kind == "date":
        parts = np.array(present(lambda c: moment(c, form), [np.nan] * 5), float).reshape(-1, 5)
        features = np.stack([scaled(parts[:, PARTS.index(part["name"])], part) for part in column["parts"]], axis=1)
    else:
        find, other = word_finder(names), column.get("other", 0) > 0
        code = lambda x: str(int(x)) if x == int(x) else repr(x)
        found = np.array(present(lambda c: find(code(number(c)) if form == "code" else c), -2), int)
        index = np.where(found == -2, int(column["fill"] or 0), np.where(found == -1, len(names) if other else -1, found))
        features = (index[:, None] == np.arange(len(names) + other)) * column["factor"]
        if column.get("embedded"):
            features = index[:, None]
    return np.hstack([features, missing[:, None]]) if column["indicator"] else features


def features_of(document, table):
    """`table`: for each column's name its cells, texts or an array. Returns rows × features as the network takes them."""
    preprocessor = document["preprocessor"]
    rule = preprocessor.get("missing_words", {"usual": True, "words": []})
    columns = [column_features(column, table[column["name"]], rule) for column in preprocessor["columns"]]
    return np.hstack(columns).astype(np.float32).astype(float)


# ---- the network


def activated(text, z):
    name, _, parameter = text.partition("(")
    alpha = float(parameter[:-1]) if parameter else {"leaky_relu": 0.01, "elu": 1}.get(name)
    below = np.expm1(np.minimum(z, 0))
    sigmoid = np.exp(-np.logaddexp(0, -z))
    formulas = {
        "linear": lambda: z,
        "relu": lambda: np.maximum(z, 0),
        "leaky_relu": lambda: np.where(z > 0, z, alpha * z),
        "elu": lambda: np.where(z > 0, z, alpha * below),
        "selu": lambda: 1.0507009873554805 * np.where(z > 0, z, 1.6732632423543772 * below),
        "sigmoid": lambda: sigmoid,
        "silu": lambda: z * sigmoid,
        "tanh": lambda: np.tanh(z),
        "gelu": lambda: z * (1 + np.vectorize(math.erf, [float])(z / math.sqrt(2))) / 2,
        "softplus": lambda: np.logaddexp(0, z),
        "mish": lambda: z * np.tanh(np.logaddexp(0, z)),
        "hard_threshold": lambda: (z >= 0) * 1.0,
        "cos": lambda: np.cos(z),
        "softmax": lambda: (e := np.exp(z - z.max(axis=1, keepdims=True))) / e.sum(axis=1, keepdims=True),
    }
    return formulas[name]()


def bin_shares(x, edges):
    """`x`: rows × columns; `edges`: columns × (bins + 1). Returns rows × columns × bins."""
    low, width = edges[:, :-1], np.diff(edges)
    some = width > 0
    last = some & ~np.hstack([some[:, 1:], np.zeros((len(edges), 1), bool)])
    share = (x[:, :, None] - low) / np.where(some, width, 1)
    share[:, :, 1:] = np.maximum(share[:, :, 1:], 0)
    return np.where(last, share, np.minimum(share, 1)) * some


def embedded_numbers(kind, settings, own, x):
    columns = [int(n) for n in settings["columns"].split(",")]
    numbers, others, count = x[:, columns], np.delete(x, columns, axis=1), len(columns)
    by_column = lambda values, weight: np.einsum("ncf,cfs->ncs", values, own(weight).reshape(count, values.shape[2], -1))
    if kind == "piecewise_linear_embedding":
        sums = by_column(numbers[:, :, None], "slope") + by_column(bin_shares(numbers, own("edges")), "weight")
        return np.hstack([others, sums.reshape(len(x), -1) + own("bias")])
    waves = np.cos(by_column(numbers[:, :, None], "frequency") + own("phase").reshape(count, -1))
    if kind == "periodic_embedding":
        return np.hstack([x, by_column(waves, "weight").reshape(len(x), -1) + own("bias")])
    return np.hstack([others, own("factor") * np.hstack([numbers, waves.reshape(len(x), -1)]) + own("bias")])


def normalized(kind, settings, own, x):
    rows = x.reshape(len(x), -1, len(own("gamma")))  # positions × channels
    mean, variance = rows.mean(axis=2, keepdims=True), rows.var(axis=2, keepdims=True)
    if kind == "batch_norm":
        mean, variance = own("running_mean"), own("running_variance")
    return ((rows - mean) / np.sqrt(variance + settings["epsilon"]) * own("gamma") + own("beta")).reshape(x.shape)


def windows(settings, size, shape, no_stride, fill):
    """Returns a function that gives rows × windows down × windows across × channels for each tap, and the number of taps."""
    pair = lambda name, default: [int(n) for n in settings.get(name, default).split("x") * 2][:2]
    axes = []
    for n, k, s, d in zip(shape, pair(size, ""), pair("stride", ""), pair("dilation", "1x1")):
        s, padding = s or (k if no_stride else s), settings["padding"]
        same = max(0, (-(-n // s) - 1) * s + (k - 1) * d + 1 - n)
        before, after = (same // 2, same - same // 2) if padding == "same" else [0 if padding == "valid" else int(padding)] * 2
        axes.append((k, s, d, before, after, (n + before + after - (k - 1) * d - 1) // s + 1))
    cut = lambda start, axis: slice(start * axis[2], start * axis[2] + (axis[5] - 1) * axis[1] + 1, axis[1])
    around = [(0, 0), *((axis[3], axis[4]) for axis in axes), (0, 0)]

    def tap(x, i, j):
        return np.pad(x, around, constant_values=fill)[:, cut(i, axes[0]), cut(j, axes[1])]

    return tap, [(i, j) for i in range(axes[0][0]) for j in range(axes[1][0])]


def picture_output(kind, settings, own, x):
    """Returns rows × height × width × channels for pictures x of that form."""
    if kind == "global_average_pool2d":
        return x.mean(axis=(1, 2))
    if kind == "max_pool2d":
        tap, taps = windows(settings, "window", x.shape[1:], True, -np.inf)
        return functools.reduce(np.maximum, (tap(x, i, j) for i, j in taps))
    if kind == "average_pool2d":
        tap, taps = windows(settings, "window", x.shape[1:], True, 0)
        return sum(tap(x, i, j) for i, j in taps) / sum(tap(np.ones_like(x), i, j) for i, j in taps)
    tap, taps = windows(settings, "kernel", x.shape[1:], False, 0)
    weight, groups = own("weight"), settings["groups"]
    parts = [sum(np.split(tap(x, i, j), groups, axis=3)[g] @ np.split(weight[i, j], groups, axis=1)[g] for i, j in taps)
             for g in range(groups)]
    y = np.concatenate(parts, axis=3) + (own("bias") if settings["bias"] else 0)
    return activated(settings["activation"], y.reshape(len(x), -1)).reshape(y.shape)


def output_shape(node, y, shape):
    """Returns the shape of a row of the output y, where the first input has rows of this shape."""
    if node["kind"] in ("reshape", "slice"):
        return [int(n) for n in node["settings"]["shape"].split("x") if n] or shape
    kept = ("activation", "parametric_activation", "scale", "dropout", "add", "multiply", "average", "batch_norm", "layer_norm",
            "augment")
    return shape if node["kind"] in kept else y.shape[1:]


def node_output(node, inputs, tensors, shape):
    kind, settings, x = node["kind"], node["settings"], inputs[0]
    own = lambda name: tensors[f"{node.get('shares', node['name'])}.{name}"]
    if kind.endswith("2d"):
        return picture_output(kind, settings, own, x.reshape(len(x), *shape, *[1] * (3 - len(shape))))
    if kind == "dense":
        return activated(settings["activation"], x @ own("weight") + (own("bias") if settings["bias"] else 0))
    if kind == "embedding":
        pairs = [[int(n) for n in pair.split(":")] for pair in settings["columns"].split(",")]
        pieces, base = [np.delete(x, [column for column, _ in pairs], axis=1)], 0
        for column, count in pairs:
            index = np.rint(x[:, column]).astype(int)
            known = (index >= 0) & (index < count)
            pieces.append(own("weight")[base + np.where(known, index, 0)] * known[:, None])
            base += count
        return np.hstack(pieces)
    if kind.endswith("_embedding"):
        return embedded_numbers(kind, settings, own, x)
    if kind in ("batch_norm", "layer_norm"):
        return normalized(kind, settings, own, x)
    if kind == "slice":
        return x[:, settings["first"] : settings["first"] + math.prod(int(n) for n in settings["shape"].split("x"))]
    return {
        "activation": lambda: activated(settings["activation"], x),
        "parametric_activation": lambda: x + own("factor") * (activated(settings["activation"], x) - x),
        "scale": lambda: x * own("factor"),
        "concat": lambda: np.hstack(inputs),
        "add": lambda: sum(inputs),
        "multiply": lambda: math.prod(inputs),
        "average": lambda: sum(inputs) / len(inputs),
        "dropout": lambda: x,
        "augment": lambda: x,
        "flatten": lambda: x,
        "reshape": lambda: x,
    }[kind]()


def outputs_of(tensors, document, x):
    """Returns rows × outputs for rows × features."""
    known, shapes = {"input": x}, {"input": document["input"]}
    for node in document["nodes"]:
        shape = shapes[node["inputs"][0]]
        y = node_output(node, [known[name] for name in node["inputs"]], tensors, shape)
        known[node["name"]], shapes[node["name"]] = y.reshape(len(x), -1), output_shape(node, y, shape)
    if "heads" in document:
        return np.hstack([known[head["layer"]] for head in document["heads"]])
    return known[document["nodes"][-1]["name"]]


# ---- from outputs to predictions


def are_logits(document):
    last = document["nodes"][-1]
    end = last["settings"].get("activation", last["settings"].get("of", "linear"))
    return end in ("linear", "auto") and "cross_entropy" in (document["training"] or {"loss": ""})["loss"]


def predictions(document, y):
    """Returns the columns that `pellucid predict --proba` prints: a list of (name, values)."""
    preprocessor, threshold = document["preprocessor"], document.get("threshold", 0.5)
    names = {"target": "name", "classes": "classes"} | {f"target_{n}": n for n in ("mean", "deviation", "shift", "low", "high", "clamped")}
    single = {own: preprocessor[name] for name, own in names.items() if name in preprocessor}
    targets, several = preprocessor.get("targets", [single]), "targets" in preprocessor
    if "heads" in document:
        raise ValueError("a model with heads: outputs_of gives its outputs, pellucid predict refuses it")
    if preprocessor["task"] == "regression":
        values = [y[:, i] * target["deviation"] + target["mean"] for i, target in enumerate(targets)]
        values = [np.exp(np.minimum(v, 700)) - t["shift"] if "shift" in t else v for v, t in zip(values, targets)]
        values = [np.clip(v, t["low"], t["high"]) if "clamped" in t else v for v, t in zip(values, targets)]
        return [(t["name"] if several else "prediction", v) for v, t in zip(values, targets)]
    if several or y.shape[1] == 1:
        p = activated("sigmoid", y) if are_logits(document) else np.clip(y, 0, 1)
    else:
        p = activated("softmax", y) if are_logits(document) else np.maximum(y, 0)
        total = p.sum(axis=1, keepdims=True)
        p = np.where(total > 0, p / np.where(total > 0, total, 1), 1 / p.shape[1])
    if several:
        said = [(t["name"], [t["classes"][int(v > threshold)] for v in p[:, i]]) for i, t in enumerate(targets)]
        shares = [(f"p_{t['name']}={t['classes'][1]}", p[:, i]) for i, t in enumerate(targets)]
        return [column for pair in zip(said, shares) for column in pair]
    p = np.hstack([1 - p, p]) if p.shape[1] == 1 else p
    index = (p[:, 1] > threshold).astype(int) if p.shape[1] == 2 else p.argmax(axis=1)
    classes = targets[0]["classes"]
    return [("prediction", [classes[i] for i in index])] + [(f"p_{name}", p[:, i]) for i, name in enumerate(classes)]


def read_table(path):
    if path.endswith(".npz"):
        return {"pixels": np.load(path)["x"], "x": np.load(path)["x"]}
    with open(path, encoding="utf-8-sig", newline="") as file:
        delimiter = max(",;\t", key=file.readline().count)
        file.seek(0)
        header, *rows = ([cell.strip(" \t") for cell in row] for row in csv.reader(file, delimiter=delimiter) if row)
    return {name: [row[i] for row in rows] for i, name in enumerate(header)}


def predict(model, rows):
    tensors, document = load(model)
    return predictions(document, outputs_of(tensors, document, features_of(document, read_table(rows))))


if __name__ == "__main__":
    columns = predict(*sys.argv[1:])
    out = csv.writer(sys.stdout, lineterminator="\n")
    out.writerow(["row"] + [name for name, _ in columns])
    out.writerows([row, *cells] for row, cells in enumerate(zip(*(values for _, values in columns)), start=1))
