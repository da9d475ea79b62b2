#!/usr/bin/env python3
"""One model file, six ways to predict with it: the program, the Python package, the C source, `serve`, ONNX and the numpy reader of docs/. The
first four must give equal bits, the last two equal labels and nearly equal numbers. The models are the demo's and one of a table with words,
booleans and missing cells.
Not here: each way by itself (read_model.py, onnx_test.py, cli/serve_test.py, export/c_source_test.cc, python/tests).

    six_ways_test.py PROGRAM
"""

import csv
import http.client
import json
import math
import random
import re
import subprocess
import sys
import tempfile
from pathlib import Path

import venv_python

ROOT = Path(__file__).resolve().parents[1]
MOST_APART = {"onnx": 1e-6, "numpy": 1e-5}  # differences of probabilities

sys.dont_write_bytecode = True
venv_python.require("onnxruntime", "pellucid")
sys.path.insert(0, str(ROOT / "docs"))
import numpy as np  # noqa: E402
import onnxruntime  # noqa: E402
import pellucid  # noqa: E402
import read_model  # noqa: E402

PROGRAM = Path(sys.argv[1]).resolve()

C_MAIN = """#include <stdio.h>
#include <string.h>
#include "@.h"
static const char *const cells[][@N@_RECORD] = {%s};
int main(void) {
  size_t row, i;
  for (row = 0; row < sizeof cells / sizeof *cells; ++row) {
    double record[@N@_RECORD], answer[@N@_ANSWER];
    int found;
    for (i = 0; i < @N@_RECORD; ++i) if (!@_read((int)i, cells[row][i], &record[i])) return 1;
    found = @_predict(record, answer);
    if (found < 0) return 1;
    printf("%%s", @_class(found));
    for (i = 0; i < @N@_ANSWER; ++i) printf("\\t%%.17g", answer[i]);
    printf("\\n");
  }
  return 0;
}
"""


def run(*command, folder):
    done = subprocess.run([str(c) for c in command], cwd=folder, capture_output=True, text=True, timeout=300)
    if done.returncode:
        raise SystemExit(f"$ {' '.join(map(str, command))}\n{done.stdout}{done.stderr}")
    return done.stdout


def write_people(path):
    """A table with numbers, words, booleans and missing cells."""
    choose = random.Random(3)
    with open(path, "w", newline="") as file:
        out = csv.writer(file)
        out.writerow(["age", "city", "member", "rent", "kind"])
        for r in range(300):
            age, city, member = choose.randint(18, 90), choose.choice(["Oslo", "Bergen", "Tromsø"]), choose.choice(["yes", "no"])
            kind = "old" if age + (25 if city == "Oslo" else 0) > 60 else "young" if member == "no" else "new"
            row = [age, city, member, round(choose.uniform(1, 9), 2), kind]
            if r % 9 == 0:
                row[choose.randrange(4)] = ""
            out.writerow(row)


def read_rows(path, names):
    with open(path, encoding="utf-8", newline="") as file:
        return [{name: row[name] for name in names} for row in csv.DictReader(file)]


# ---- the six ways: each returns labels and probabilities, rows × classes


def by_program(model, table, _, folder):
    with_header = csv.reader(run(PROGRAM, "predict", model, table, "--proba", folder=folder).splitlines())
    header, *rows = with_header
    assert header[:2] == ["row", "prediction"], header
    return [row[1] for row in rows], [[float(p) for p in row[2:]] for row in rows]


def by_python(model, _, rows, folder):
    loaded = pellucid.load(folder / model)
    columns = {name: [row[name] for row in rows] for name in rows[0]}
    numbers = {c["name"] for c in loaded.columns if c["kind"] == "number"}
    data = {n: [math.nan if cell == "" else float(cell) for cell in column] if n in numbers else column for n, column in columns.items()}
    return [str(label) for label in loaded.predict(data)], loaded.predict_proba(data).tolist()


def by_numpy(model, table, _, folder):
    (_, labels), *probabilities = read_model.predict(str(folder / model), str(folder / table))
    return list(labels), np.stack([p for _, p in probabilities], axis=1).tolist()


def by_onnx(model, _, rows, folder):
    run(PROGRAM, "export", model, "--format", "onnx", "-o", "six.onnx", "--force", folder=folder)
    session = onnxruntime.InferenceSession(str(folder / "six.onnx"))
    feeds = {}
    for given in session.get_inputs():
        cells = [row[given.name] for row in rows]
        if given.type == "tensor(double)":
            known = {"yes": 1.0, "no": 0.0, "": math.nan}
            cells = np.array([known[cell] if cell in known else float(cell) for cell in cells])
        feeds[given.name] = np.array(cells, dtype=object if given.type == "tensor(string)" else float).reshape(-1, 1)
    labels, probabilities = session.run(["label", "probabilities"], feeds)
    return list(labels), probabilities.tolist()


def by_c(model, _, rows, folder):
    run(PROGRAM, "export", model, "-o", "six.c", "--force", folder=folder)
    columns = read_model.load(str(folder / model))[1]["preprocessor"]["columns"]
    read = ["#include <stdlib.h>\n#include <math.h>\nstatic int six_read(int column, const char *cell, double *number) {",
            "  if (*cell == 0) { *number = NAN; return 1; }"]
    for i, column in enumerate(columns):
        if column["kind"] == "categorical":
            read.append(f"  if (column == {i}) {{ *number = six_code(column, cell); return 1; }}")
        if column["kind"] == "boolean":
            read.append(f'  if (column == {i}) {{ *number = strcmp(cell, "yes") == 0; return 1; }}')
    read += ["  *number = strtod(cell, 0);", "  return 1;", "}", ""]
    cells = ",\n".join("{" + ", ".join(json.dumps(row[c["name"]], ensure_ascii=False) for c in columns) + "}" for row in rows)
    main = C_MAIN.replace("@N@", "SIX").replace("@", "six") % cells
    (folder / "main.c").write_text(main.replace("static const char *const", "\n".join(read) + "static const char *const", 1))
    run("cc", "-std=c99", "-O2", "-o", "six", "six.c", "main.c", "-lm", folder=folder)
    answers = [line.split("\t") for line in run("./six", folder=folder).splitlines()]
    return [answer[0] for answer in answers], [[float(p) for p in answer[1:]] for answer in answers]


def by_server(model, _, rows, folder):
    server = subprocess.Popen([str(PROGRAM), "serve", model, "--port", "0"], cwd=folder, stdout=subprocess.PIPE, text=True)
    try:
        port = int(re.search(r":(\d+) ", server.stdout.readline())[1])
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        connection.request("POST", "/predict", json.dumps({"rows": rows}), {"Content-Type": "application/json"})
        answers = json.loads(connection.getresponse().read())["predictions"]
    finally:
        server.terminate()
        server.wait(30)
    return [answer["prediction"] for answer in answers], [list(answer["p"].values()) for answer in answers]


WAYS = {"Python": by_python, "C": by_c, "serve": by_server, "onnx": by_onnx, "numpy": by_numpy}


def compare(name, model, table, folder):
    columns = read_model.load(str(folder / model))[1]["preprocessor"]["columns"]
    rows = read_rows(folder / table, [column["name"] for column in columns])
    labels, probabilities = by_program(model, table, rows, folder)
    assert len(labels) == len(rows) and len(set(labels)) > 1
    good = True
    for way, predict in WAYS.items():
        its_labels, its_probabilities = predict(model, table, rows, folder)
        wrong = sum(a != b for a, b in zip(labels, its_labels, strict=True))
        furthest = float(np.max(np.abs(np.array(probabilities) - np.array(its_probabilities))))
        fits = wrong == 0 and furthest <= MOST_APART.get(way, 0)
        print(f"{'ok  ' if fits else 'FAIL'} {name}: {way}: {len(rows)} rows, {wrong} labels differ, largest difference {furthest:.1e}")
        good = good and fits
    return good


def main():
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        run(PROGRAM, "demo", "digits", "--out", "runs", "--name", "digits", "-qq", folder=folder)
        write_people(folder / "people.csv")
        run(PROGRAM, "train", "people.csv", "--target", "kind", "--name", "people", "--epochs", "30", "-qq", folder=folder)
        (folder / "digits.csv").write_bytes((ROOT / "data/digits.csv").read_bytes())
        results = [compare(name, f"runs/{name}/model.safetensors", f"{name}.csv", folder) for name in ("digits", "people")]
    return 0 if all(results) else 1


if __name__ == "__main__":
    sys.exit(main())
