#!/usr/bin/env python3
"""`pellucid export --format onnx`: onnxruntime must predict from raw cells what `pellucid predict` predicts for the same rows, for
the models of read_model.py: every kind of column, layer and activation, missing cells, words that training has not seen, extreme
numbers, several targets, graphs, pictures. Each file must pass ONNX's own checker.
Not here: the structure of the files and what is refused (export/onnx_export_test.cc).

    onnx_test.py PROGRAM [GRAPHS]      GRAPHS: the example program `graphs`, which saves models

Needs the packages of requirements.txt; ./dev test installs them into build/venv.
"""

import csv
import importlib.util
import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path

import venv_python

ROOT = Path(__file__).resolve().parents[1]
MOST_APART = 1e-6  # relative to the number, or to what `compare` of read_model.py takes as least if that is larger
ROWS = 1000  # of each table that this test writes
MOST_APART_IN_FLOAT = 1e-4  # for plain files, whose preparation is in float

sys.dont_write_bytecode = True
venv_python.require("onnxruntime", "onnx")
import numpy as np  # noqa: E402
import onnx  # noqa: E402
import onnxruntime  # noqa: E402

spec = importlib.util.spec_from_file_location("models", ROOT / "tests/read_model.py")
models = importlib.util.module_from_spec(spec)
spec.loader.exec_module(models)
reader, check = models.reader, models.check
furthest = {"trained": 0, "random weights": 0, "plain": 0}  # differences
seen = set()


def cells_of(column, cells, rule):
    """The cells of a table as the exported file takes them."""
    if isinstance(cells, np.ndarray):
        return cells if cells.dtype == np.uint8 and column["kind"] == "bytes" else cells.astype(float)
    kind, form = column["kind"], column.get("form")
    missing = [reader.is_missing(cell, column, rule) for cell in cells]
    if kind == "categorical":
        find = reader.word_finder(column["categories"])
        code = lambda c: str(int(x)) if (x := reader.number(c)) == int(x) else repr(x)
        words = [code(c) if form == "code" and not lacks else c for c, lacks in zip(cells, missing)]
        found = [-1 if lacks else find(w) for w, lacks in zip(words, missing)]
        known = ["" if lacks else column["categories"][i] if i >= 0 else w for w, i, lacks in zip(words, found, missing)]
        return np.array(known, object).reshape(-1, 1)
    read = {"number": lambda c: reader.number(c, form or "1234.5"), "bytes": reader.number,
            "boolean": lambda c: (form or "").split("/").index(c.lower()),
            "date": lambda c: reader.moment(c, form)[3] / 24 if form == "h:m" else reader.moment(c, form)[4]}[kind]
    numbers = np.array([np.nan if lacks else read(c) for c, lacks in zip(cells, missing)], float).reshape(-1, 1)
    return numbers.astype(np.uint8) if kind == "bytes" else numbers


def has_offsets(document, table):
    """Whether a date has an offset from UTC, which one number cannot hold beside the time of day."""
    p = document["preprocessor"]
    dates = [reader.moment(cell, c["form"]) for c in p["columns"] if c["kind"] == "date" for cell in table[c["name"]]
             if not reader.is_missing(cell, c, p.get("missing_words", {"usual": True, "words": []}))]
    return any(abs(date[4] % 1 * 24 - date[3]) > 1e-3 and date[0] != 0 for date in dates)


def export(program, folder, model, *flags):
    """Returns a session of the exported file, after ONNX's checker and its inference of shapes have seen it."""
    models.run(program, folder, "export", model, "--format", "onnx", "-o", "model.onnx", "--force", *flags)
    proto = onnx.load(folder / "model.onnx")
    onnx.checker.check_model(proto, full_check=True)
    domains = {imported.domain: imported.version for imported in proto.opset_import}
    if proto.ir_version != 8 or domains.get("") != 17 or domains.get("ai.onnx.ml", 3) != 3:
        raise SystemExit(f"{model}: IR version {proto.ir_version}, operator sets {domains}")
    seen.update(node.op_type for node in proto.graph.node)
    if "--plain" in flags:
        types = {value.type.tensor_type.elem_type for value in [*proto.graph.input, *proto.graph.output]}
        wide = {t.data_type for t in proto.graph.initializer} & {onnx.TensorProto.DOUBLE, onnx.TensorProto.STRING}
        good = set(domains) == {""} and not wide and types <= {onnx.TensorProto.FLOAT, onnx.TensorProto.INT64} and len(proto.graph.input) == 1
        if not good:
            raise SystemExit(f"{model}: a plain file has domains {domains}, types {types} and constants of types {wide}")
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 2  # warnings too: of constants that are not used, for example
    return onnxruntime.InferenceSession(folder / "model.onnx", options, providers=["CPUExecutionProvider"])


def said_by_program(program, folder, model, rows):
    proba = ["--proba"] if reader.load(str(model))[1]["preprocessor"]["task"] == "classification" else []
    titles = ["--skip-rows", "0"] if str(rows).endswith("csv") else []
    models.run(program, folder, "predict", model, rows, "-o", "said.csv", *titles, *proba)
    with open(folder / "said.csv", encoding="utf-8", newline="") as file:
        header, *said = csv.reader(file)
    return {name: [row[i] for row in said] for i, name in enumerate(header)}


def columns_of(preprocessor, answers):
    """The answers of a session under the names that the program gives its columns. Labels as lists, numbers as arrays."""
    several, result = "targets" in preprocessor, {}
    targets = preprocessor["targets"] if several else [{"name": preprocessor["target"], "classes": preprocessor["classes"]}]
    for target in targets:
        prefix, name = (target["name"] + ".", target["name"]) if several else ("", "prediction")
        if preprocessor["task"] == "regression":
            result[name] = answers[prefix + "value"]
            continue
        label, p = answers[prefix + "label"], answers[prefix + "probabilities"]
        result[name] = [target["classes"][i] if label.dtype == np.int64 else i for i in label]
        if several:
            result[f"p_{name}={target['classes'][1]}"] = p[:, 1]
        else:
            result |= {f"p_{word}": p[:, i] for i, word in enumerate(target["classes"])}
    return result


def ask(session, inputs):
    return dict(zip([output.name for output in session.get_outputs()], session.run(None, inputs)))


def compare(name, program, folder, model, rows, must_vary=True):
    """In place of read_model.py's function, which calls this for every model that it makes."""
    document, table = reader.load(str(model))[1], reader.read_table(str(rows))
    if has_offsets(document, table):
        return
    preprocessor = document["preprocessor"]
    rule = preprocessor.get("missing_words", {"usual": True, "words": []})
    inputs = {c["name"]: cells_of(c, table[c["name"]], rule) for c in preprocessor["columns"]}
    program_said = said_by_program(program, folder, model, rows)
    kind = "random weights" if "random" in name or "graph" in name else "trained"
    compare_answers(name, kind, MOST_APART * (10 if kind != "trained" else 1), preprocessor, ask(export(program, folder, model), inputs), program_said)
    if all(c["kind"] in ("number", "boolean", "bytes") for c in preprocessor["columns"]):
        session = export(program, folder, model, "--plain")
        flat = [inputs[c["name"]].astype(np.float32) for c in preprocessor["columns"]]
        if len(flat) > 1:
            flat = [np.hstack([x.reshape(len(x), -1) for x in flat])]
        compare_answers(f"{name}, plain", "plain", MOST_APART_IN_FLOAT, preprocessor, ask(session, {"features": flat[0]}), program_said)


def compare_answers(name, kind, most, preprocessor, answers, said):
    ours, apart, wrong = columns_of(preprocessor, answers), 0, 0
    if ["row", *ours] != list(said):
        return check(name, False, f"columns {list(ours)}, the program has {list(said)}")
    units = {t["name"]: t["deviation"] for t in preprocessor.get("targets", [])}
    for column, values in ours.items():
        if isinstance(values, list):
            wrong += sum(a != b for a, b in zip(values, said[column]))
            continue
        theirs = np.array(said[column], float)
        if len(values) != len(theirs):
            return check(name, False, f"{len(values)} rows, the program has {len(theirs)}")
        least = 1 if preprocessor["task"] == "classification" else max(units.get(column, preprocessor.get("target_deviation", 1)), np.std(theirs))
        apart = max(apart, models.apart(values, theirs, least))
    furthest[kind] = max(furthest[kind], apart)
    check(name, apart <= most and wrong == 0, f"{len(values)} rows, largest difference {apart:.1e}" + (f", {wrong} labels differ" if wrong else ""))


def check_test_rows(name, model):
    """Likewise. Models that know no table: their outputs for the test rows in the model file."""
    tensors, document = reader.load(str(model))
    if document["preprocessor"] is not None:
        return
    with tempfile.TemporaryDirectory() as folder:
        answers = ask(export(PROGRAM, Path(folder), model), {"features": tensors["pellucid.test_rows"].astype(np.float32)})
        stored = tensors["pellucid.test_outputs"]
        apart = models.apart(answers["outputs"], stored.reshape(answers["outputs"].shape), 1)
        check(name, apart <= MOST_APART, f"{len(stored)} test rows, largest difference {apart:.1e}")


# ---- rows that the program refuses, in the middle of others


def check_refused(program, folder):
    with open(folder / "plan.csv", "w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["x", "when", "word", "open", "same", "y"])
        writer.writerows([r * r % 17, f"2024-01-{r % 28 + 1:02}", "ab"[r % 2], ["no", "yes"][r % 3 > 0], "s", "uvw"[r % 3]] for r in range(120))
    for missing in ("auto", "error"):
        models.run(program, folder, "train", "plan.csv", "--name", f"plan_{missing}", "--epochs", 2, "--no-report", "--target", "y",
                   "--missing", missing, "--scale", "standard")
        compare(f"plan, missing = {missing}", program, folder, folder / f"runs/plan_{missing}/model.safetensors", folder / "plan.csv")
        session = export(program, folder, f"runs/plan_{missing}")
        good = {"x": 3.0, "when": 19730.0, "word": "a", "open": 1.0, "same": "s"}
        bad = [{"x": 1e300}, {"x": -np.inf}, {"when": 4e6}, {"open": 2.0}, {"open": -np.inf}]
        lacks = [{"x": np.nan}, {"when": np.nan}, {"word": ""}, {"open": np.nan}]
        rows = [good, *({**good, **change} for change in bad + lacks), good, {**good, "word": "unseen"}]
        refused = [False, *[True] * len(bad), *[missing == "error"] * len(lacks), False, False]
        inputs = {c: np.array([row[c] for row in rows], object if isinstance(good[c], str) else float).reshape(-1, 1) for c in good}
        answers = ask(session, inputs)
        empty, lost = [label == "" for label in answers["label"]], np.isnan(answers["probabilities"])
        right = empty == refused and lost.all(axis=1).tolist() == refused and lost.any(axis=1).tolist() == refused
        check(f"refused rows, missing = {missing}", right, f"labels {list(answers['label'])}")
        alone = [ask(session, {c: inputs[c][r : r + 1] for c in good})["probabilities"] for r in range(len(rows))]
        same = np.allclose(np.vstack(alone), answers["probabilities"], rtol=0, atol=1e-7, equal_nan=True)
        check(f"one row at a time, missing = {missing}", same, "the same answers")
        second = 1 / 86400
        midnight, after, before = ask(session, {c: np.array([[good[c] - shift if c == "when" else good[c]] for shift in (0, 1e-4 * second, 0.4 * second)])
                                                for c in good})["probabilities"]
        rounded = np.allclose(midnight, after, rtol=0, atol=1e-6) and np.abs(midnight - before).max() > 1e-4
        check(f"midnight, missing = {missing}", rounded, f"moments are rounded to milliseconds: {midnight} {after} {before}")
        none = ask(session, {c: inputs[c][:0] for c in good})
        check(f"no row at all, missing = {missing}", len(none["label"]) == 0 and none["probabilities"].shape == (0, 3), "no answers")


def check_names(program, folder):
    """Columns may have the names of outputs, nodes and constants."""
    names = ["label", "probabilities", "constant", "columns/Add", "N", "", "é ß"]
    with open(folder / "names.csv", "w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([*names, "species"])
        writer.writerows([*(f"{(r * (c + 3)) % 11}.5" for c in range(len(names))), "uvw"[r % 3]] for r in range(90))
    models.run(program, folder, "train", "names.csv", "--name", "names", "--epochs", 2, "--no-report", "--target", "species")
    session = export(program, folder, "runs/names")
    columns = [c["name"] for c in reader.load(str(folder / "runs/names/model.safetensors"))[1]["preprocessor"]["columns"]]
    said = json.loads(session.get_modelmeta().custom_metadata_map["columns"])
    check("names", [i.name for i in session.get_inputs()] == columns == [c["name"] for c in said], f"inputs {columns}")
    ask(session, {name: np.ones((2, 1)) for name in columns})


def check_heads(program, folder):
    """Two heads that learn two numbers of a table; the program's `predict` refuses such models, the numpy reader gives their outputs."""
    names = ["a", "b", "c", "d", "e", "f"]
    nodes = [models.dense("trunk", "input", 5, "tanh"), models.dense("p", "trunk", 1, "linear"), models.dense("q", "trunk", 1, "linear")]
    heads = [{"layer": "q", "target": ["low"], "loss": "mse", "weight": 1.0}, {"layer": "p", "target": ["high"], "loss": "mse", "weight": 1.0}]
    document = models.graph_document(names, "regression", [], nodes, "mse", heads)
    preprocessor = document["preprocessor"]
    single = {key.removeprefix("target_"): preprocessor.pop(key) for key in list(preprocessor) if key.startswith("target_")}
    preprocessor["targets"] = [single | {"name": "high", "classes": [], "mean": 5.0}, single | {"name": "low", "classes": []}]
    del preprocessor["target"], preprocessor["classes"]
    generator = np.random.default_rng(3)
    shapes = {"trunk.weight": (6, 5), "trunk.bias": (5,), "p.weight": (5, 1), "p.bias": (1,), "q.weight": (5, 1), "q.bias": (1,)}
    tensors, rows = {n: generator.normal(size=s) for n, s in shapes.items()}, generator.normal(size=(10, 6))
    models.save(folder / "heads.safetensors", document | {"format": 3}, tensors, rows)
    answers = ask(export(program, folder, "heads.safetensors"), {name: rows[:, [i]] for i, name in enumerate(names)})
    outputs = reader.outputs_of(tensors, document, rows)
    apart = max(models.apart(answers["low.value"], outputs[:, 0] * 3 + 2.5, 1), models.apart(answers["high.value"], outputs[:, 1] * 3 + 5, 1))
    check("heads of a table", apart <= MOST_APART * 10, f"outputs {list(answers)}, largest difference {apart:.1e}")


def check_logit(program, folder):
    """Two classes from one output before the sigmoid, which the program's flags cannot make."""
    names, rows = ["a", "b", "c"], np.random.default_rng(4).normal(size=(200, 3)).astype(np.float32)
    document = models.graph_document(names, "classification", ["u", "v"], [models.dense("p", "input", 1, "linear")], "binary_cross_entropy")
    models.save(folder / "logit.safetensors", document, {"p.weight": np.array([[1.0], [-2.0], [0.5]]), "p.bias": np.array([0.1])}, rows[:10])
    with open(folder / "logit.csv", "w", newline="") as file:
        csv.writer(file).writerows([names, *([repr(float(x)) for x in row] for row in rows)])
    compare("one logit", program, folder, folder / "logit.safetensors", folder / "logit.csv")


def check_document(program, folder):
    """The Python program of docs/export.md, with the file that the commands before it write; it prints what its comment says."""
    code, = re.findall(r"^```python\n(.*?)^```", (ROOT / "docs/export.md").read_text("utf-8"), re.M | re.S)
    models.run(program, folder, "train", ROOT / "data/iris.csv", "--target", "species", "--epochs", 50, "--name", "flowers")
    models.run(program, folder, "export", "runs/flowers", "--format", "onnx", "-o", "iris.onnx")
    done = subprocess.run([sys.executable, "-c", code], cwd=folder, capture_output=True, text=True)
    expected = code.rstrip().rpartition("# ")[2]
    check("docs/export.md", done.stdout.strip() == expected, f"{done.stdout.strip() or done.stderr}, expected {expected}")


def without_zones(day_columns):
    """A moment becomes one number, days since 1970, which has no offset from UTC."""
    return lambda r, draw: {name: re.sub(r"(?<=\.25)\D.*", "", cell) for name, cell in day_columns(r, draw).items()}


PROGRAM = Path(sys.argv[1]).resolve()


def main():
    models.compare, models.check_test_rows = compare, check_test_rows
    models.day_columns = without_zones(models.day_columns)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        models.tables(folder, ROWS)
        models.tables = lambda folder: None
        models.check_tables(PROGRAM, folder)
        models.check_files(PROGRAM, folder)
        models.check_graphs(PROGRAM, folder)
        check_refused(PROGRAM, folder)
        check_names(PROGRAM, folder)
        check_heads(PROGRAM, folder)
        check_logit(PROGRAM, folder)
        check_document(PROGRAM, folder)
        for graphs in sys.argv[2:3]:
            (folder / "graphs").mkdir()
            models.run(Path(graphs).resolve(), folder, folder / "graphs")
            for path in sorted((folder / "graphs").glob("*.safetensors")):
                check_test_rows(path.stem, path)
    print("largest differences:", ", ".join(f"{kind} {value:.1e}" for kind, value in furthest.items()))
    print("operators:", " ".join(sorted(seen)))
    print(f"failed: {', '.join(models.failures)}" if models.failures else "onnxruntime predicts what the program predicts")
    return 1 if models.failures else 0


if __name__ == "__main__":
    sys.exit(main())
