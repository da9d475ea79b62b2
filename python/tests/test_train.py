"""train() and Run."""

from __future__ import annotations

import contextlib
import hashlib
import io
import json
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from conftest import ROOT, mixed_columns, quick

import pellucid as pl

PROGRAM = os.environ.get("PELLUCID_PROGRAM")
EXAMPLE = os.environ.get("PELLUCID_EXAMPLE")  # examples/train_a_table.cc, which calls the C++ library

SAME = [
    ("iris.csv", "species", {"epochs": 20}),
    ("xor.csv", "class", {"val_split": 0, "test_split": 0, "hidden": [4], "learning_rate": 0.1, "optimizer": "momentum"}),
    ("spiral.csv", None, {"preset": "plain", "epochs": 5, "batch_size": 16, "seed": 7, "schedule": "cosine"}),
    ("houses", "price", {"target_scale": "log", "hidden": [16, 8], "loss": "huber", "kind": {"rooms": "categorical"}, "epochs": 5}),
    ("houses", ["price", "rooms"], {"drop": ["sold"], "missing": "mean", "epochs": 5, "optimizer": pl.AdamW(0.01, 0.1), "task": "regression"}),
]


def data_file(name, tmp_path):
    if name != "houses":
        return str(ROOT / "data" / name)
    pd.DataFrame(mixed_columns()).to_csv(tmp_path / "houses.csv", index=False)
    return str(tmp_path / "houses.csv")


def flags_of(settings):
    for name, value in settings.items():
        if isinstance(value, pl.Optimizer):
            yield from ("--optimizer", value.kind)
            for setting, number in value.settings.items():
                yield from ("--set", f"optimizer.{setting}={number}")
        elif isinstance(value, dict):
            yield from (f"--{name.replace('_', '-')}", ",".join(f"{key}={kind}" for key, kind in value.items()))
        else:
            yield from (f"--{name.replace('_', '-')}", ",".join(map(str, value)) if isinstance(value, list) else str(value))


@pytest.mark.skipif(PROGRAM is None, reason="PELLUCID_PROGRAM is not set")
@pytest.mark.parametrize(("name", "target", "settings"), SAME, ids=str)
def test_the_program_and_python_make_the_same_model_file(name, target, settings, tmp_path):
    file = data_file(name, tmp_path)
    targets = [target] if isinstance(target, str) else target or []
    flags = [word for one in targets for word in ("--target", one)] + list(flags_of(settings))
    subprocess.run([PROGRAM, "train", file, *flags, "--name", "run", "-qq"], cwd=tmp_path, check=True)
    of_program = (tmp_path / "runs/run/model.safetensors").read_bytes()
    of_python = pl.train(file, target, progress=False, **settings)
    assert hashlib.sha256(of_python.model.to_bytes()).digest() == hashlib.sha256(of_program).digest()


@pytest.mark.skipif(EXAMPLE is None, reason="PELLUCID_EXAMPLE is not set")
@pytest.mark.parametrize(("name", "target"), [("iris.csv", "species"), ("houses", "price")])
def test_the_library_and_python_make_the_same_model_file(name, target, tmp_path):
    file = data_file(name, tmp_path)
    subprocess.run([EXAMPLE, file, target], cwd=tmp_path, check=True, capture_output=True)
    of_library = (tmp_path / "runs/from-library/model.safetensors").read_bytes()
    assert pl.train(file, target, progress=False).model.to_bytes() == of_library
    if name == "iris.csv":
        assert pl.train(pd.read_csv(file), target, threads=1).model.to_bytes() == of_library


def test_a_run_tells_its_metrics_findings_settings_verdict_and_history(columns):
    run = quick(columns)
    assert run.status == "done"
    assert run.metrics["rmse"] > 0 and run.metrics["rows"] > 0
    assert "price" not in [column["name"] for column in run.model.columns]
    assert run.recipe["epochs"] == "3" and run.origins["epochs"] == "argument epochs"
    assert len(run.history) == 3 and run.history["train_loss"][0] > 0
    assert "test rows" in run.verdict and run.verdict in repr(run)
    assert all(set(finding) >= {"code", "level", "text"} for finding in run.findings)
    json.dumps(run.as_dict())


def test_findings_name_parameters_of_python_and_no_flags(columns):
    run = quick({**columns, "twice": columns["price"]})
    texts = " ".join(finding["text"] for finding in run.findings)
    assert "price" in texts and "--" not in texts and "`" not in texts


def test_a_run_is_saved_like_the_programs_folder_and_loads_again(columns, tmp_path):
    run = quick(columns)
    folder = run.save(tmp_path / "houses-001")
    names = {file.name for file in folder.iterdir()}
    assert {"model.safetensors", "config.toml", "report.json", "report.html", "predictions.csv"} <= names
    assert pl.load(folder).to_bytes() == run.model.to_bytes()
    report = json.loads((folder / "report.json").read_text())
    assert report["model_sha256"] == hashlib.sha256((folder / "model.safetensors").read_bytes()).hexdigest()
    with pytest.raises(pl.Error, match=r"\[U30\].*") as refused:
        run.save(folder)
    assert any("force=True" in hint for hint in refused.value.hints), refused.value.hints
    run.save(folder, force=True)
    assert run.report(show=False) == (folder / "report.html").resolve()


def test_a_run_that_is_not_on_disk_has_a_report_all_the_same(columns):
    page = quick(columns).report(show=False)
    assert "@PELLUCID_RUN@" not in (text := page.read_text(encoding="utf-8")) and '"verdict"' in text or "rmse" in text


def test_a_run_writes_its_folder_while_it_trains(columns, tmp_path):
    run = quick(columns, out=str(tmp_path / "runs"))
    assert run.folder and (run.folder / "report.html").exists()
    assert "report.html" in run._repr_html_()


def test_a_run_is_shown_in_notebooks_as_html_with_curves(columns):
    html = quick({**columns, "<b>": columns["size"]})._repr_html_()
    assert "<svg" in html and "polyline" in html and "test rows" in html and "<b>" not in html


def test_validation_and_test_rows_can_be_given(columns):
    frame = pd.DataFrame(columns)
    run = quick(frame[:80], validation=frame[80:100], test=frame[100:])
    report = run.as_dict()
    assert (report["train_rows"], report["val_rows"], report["test_rows"]) == (80, 20, 20)
    x, y = np.arange(60.0).reshape(30, 2), np.arange(30.0)
    run = quick(x, y, validation=(x[:5], y[:5]), test=(x[5:9], y[5:9]))
    assert (run.as_dict()["val_rows"], run.as_dict()["test_rows"]) == (5, 4)
    assert run.model.predict(x).shape == (30,)


def test_large_tables_can_be_kept_in_files(tmp_path):
    code = "import numpy as np, pellucid as pl; pl.limit_memory(1 << 16, '%s'); x = np.random.default_rng(0).normal(size=(40000, 8)); " \
        "print(pl.train(x, x[:, 0], epochs=1, preset='plain').status)" % tmp_path
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout == "done\n"
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(pl.Error, match=r"(?s)\[U35\].*limit_memory"):
        quick({"a": range(60), "y": range(60)}, "y", memory="1G")


def test_weights_of_rows_change_what_is_learned():
    x = np.repeat([[0.0], [1.0]], 40, axis=0)
    y = np.tile([0.0, 1.0], 40)
    weights = np.where(y == 1, 3.0, 1.0)
    settings = {"epochs": 200, "hidden": [], "learning_rate": 0.05, "val_split": 0, "test_split": 0}
    model = quick(x, y, weights=weights, task="regression", **settings).model
    np.testing.assert_allclose(model.predict(x), 0.75, atol=0.05)
    with pytest.raises(pl.Error, match=r"\[U20\] 3 weights for 80 rows"):
        quick(x, y, weights=[1, 2, 3])
    with pytest.raises(pl.Error, match=r"\[U06\].*class_weights=.balanced.*choose one"):
        quick(x, (y > 0).astype(int), weights=weights, class_weights="balanced")


def test_errors_name_parameters_of_python(columns):
    with pytest.raises(pl.Error) as caught:
        quick(columns, epoch=3)
    assert caught.value.code == "U05" and "epochs" in str(caught.value)
    with pytest.raises(pl.Error) as caught:
        quick({"a": [1, 2, 3], "b": [1, 2, 3]}, None)
    assert caught.value.hints[-1].count("target=") == 1, caught.value.hints
    with pytest.raises(pl.Error) as caught:
        quick({"a": ["1", "2", "x", *map(str, range(60))], "y": range(63)}, "y")
    hints = " ".join(caught.value.hints)
    assert caught.value.code == "D12" and "na=[" in hints and "kind={" in hints and "--" not in hints, hints
    assert isinstance(caught.value, ValueError)


def test_a_dry_run_trains_one_step(columns):
    assert quick(columns, dry_run=True).status == "dry run"


def test_callbacks_are_called_after_each_epoch_and_their_errors_end_the_training(columns):
    seen = []
    quick(columns, callbacks=[lambda epoch: seen.append(epoch["epoch"])])
    assert seen == [1, 2, 3]

    def fails(epoch):
        raise RuntimeError("enough")

    with pytest.raises(RuntimeError, match="enough"):
        quick(columns, callbacks=[fails])


def test_progress_is_shown_if_asked_for_and_not_otherwise(columns):
    for progress, shown in ((True, "epoch 3/3"), (None, "")):
        errors = io.StringIO()
        with contextlib.redirect_stderr(errors):
            quick(columns, progress=progress)
        assert shown in errors.getvalue() and bool(shown) == bool(errors.getvalue())


INTERRUPTED = """
import signal, sys, threading, time, numpy as np, pellucid as pl
x = np.random.default_rng(0).normal(size=(4000, 20)); y = x.sum(axis=1)
seen = []
def watch(epoch):
    seen.append(epoch); print("epoch", flush=True)
if sys.argv[1] == "train":
    run = pl.train(x, y, preset="plain", hidden=[64], epochs=100000, patience=0, callbacks=[watch])
    print(run.status, len(run.history) < 100000, run.model.predict(x).shape)
else:
    net = pl.Model([pl.Dense(64, "relu"), pl.Dense(1)])
    try:
        net.fit(x, y, epochs=100000, patience=0, callbacks=[watch])
    except KeyboardInterrupt:
        print("KeyboardInterrupt", np.isfinite(net.predict(x)).all())
"""


@pytest.mark.parametrize(("what", "end"), [("train", "interrupted True (4000,)"), ("fit", "KeyboardInterrupt True")])
def test_ctrl_c_ends_a_training_after_the_batch_and_keeps_the_model(what, end):
    process = subprocess.Popen([sys.executable, "-c", INTERRUPTED, what], stdout=subprocess.PIPE, text=True)
    assert process.stdout.readline() == "epoch\n"
    process.send_signal(signal.SIGINT)
    output, _ = process.communicate(timeout=60)
    assert process.returncode == 0 and output.splitlines()[-1] == end


def test_other_threads_run_while_a_training_computes(columns):
    counts = []
    done = threading.Event()

    def count():
        n = 0
        while not done.is_set():
            n += 1
            time.sleep(0.001)
        counts.append(n)

    thread = threading.Thread(target=count)
    thread.start()
    began = time.monotonic()
    quick(columns, epochs=3000, hidden=[64], patience=0)
    seconds = time.monotonic() - began
    done.set()
    thread.join()
    assert counts[0] > 20 * seconds


def test_settings_are_described():
    described = {setting["name"]: setting for setting in pl.settings()}
    assert described["val_split"]["default"] == "0.15" and described["epochs"]["help"]


def test_python_m_pellucid_runs_the_program(tmp_path):
    fake = tmp_path / "pellucid"
    fake.write_text("#!/bin/sh\necho ran \"$@\"\n")
    fake.chmod(0o755)
    command = [sys.executable, "-m", "pellucid", "train", "x.csv"]
    path = {**os.environ, "PATH": f"{tmp_path}:{os.environ['PATH']}"}
    assert subprocess.run(command, env=path, capture_output=True, text=True).stdout == "ran train x.csv\n"
    without = subprocess.run(command, env={**os.environ, "PATH": "/nowhere"}, capture_output=True, text=True)
    assert without.returncode == 1 and "no program pellucid on the PATH" in without.stderr


def test_a_small_net_learns_the_predictions_of_the_model():
    columns = mixed_columns()
    run = quick(columns, distill=[4])
    assert run.small.predict(columns).shape == run.model.predict(columns).shape
    assert quick(columns).small is None
