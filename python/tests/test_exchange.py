"""Models in other formats: out to ONNX, C, NumPy and JSON; in from ONNX and arrays."""

from __future__ import annotations

import json
import shutil
import subprocess

import numpy as np
import pytest
from conftest import ROOT, quick

import pellucid as pl


@pytest.fixture
def model(columns):
    return quick(columns).model


def small_net():
    net = pl.Model([pl.Dense(8, "relu"), pl.Dense(3, "softmax")])
    x = np.random.default_rng(0).normal(size=(50, 4)).astype(np.float32)
    net.fit(x, np.arange(50) % 3, epochs=1)
    return net, x


def test_onnxruntime_predicts_the_same(model, columns, tmp_path):
    onnxruntime = pytest.importorskip("onnxruntime")
    model.export(tmp_path / "houses.onnx")
    session = onnxruntime.InferenceSession(str(tmp_path / "houses.onnx"), providers=["CPUExecutionProvider"])
    feed = {}
    for column in session.get_inputs():
        cells = columns[column.name]
        if column.type == "tensor(string)":
            array = np.array(["" if cell is None else str(cell) for cell in cells], dtype=object)
        elif column.name == "sold":
            array = np.array([np.datetime64(cell).astype(int) for cell in cells], dtype=np.float64)
        else:
            array = np.array([np.nan if cell is None else float(cell) for cell in cells])
        feed[column.name] = array.reshape(-1, 1)
    np.testing.assert_allclose(np.ravel(session.run(None, feed)[0]), model.predict(columns), rtol=1e-5)


def test_nets_of_pytorch_and_scikit_learn_are_imported(tmp_path):
    rows = np.load(ROOT / "tests/golden/onnx/torch_mlp.npz")
    imported = pl.import_onnx(ROOT / "tests/golden/onnx/torch_mlp.onnx")
    np.testing.assert_allclose(imported.model.predict_proba(rows["x"]), rows["y"], rtol=1e-5, atol=1e-6)
    assert imported.producer.startswith("pytorch") and imported.layers and isinstance(imported.notes, list)
    named = pl.import_onnx(ROOT / "tests/golden/onnx/sklearn_classifier.onnx", classes=["a", "b", "c"])
    assert named.model.classes == ["a", "b", "c"]
    with pytest.raises(pl.Error, match=r"\[D21\]"):
        (tmp_path / "bad.onnx").write_bytes(b"nothing")
        pl.import_onnx(tmp_path / "bad.onnx")


@pytest.mark.skipif(shutil.which("gcc") is None, reason="needs gcc")
def test_c_source_passes_its_own_test(tmp_path):
    net, _ = small_net()
    net.export(tmp_path / "net.c")
    program = tmp_path / "net"
    compile_it = ["gcc", "-std=c99", "-O2", "-mfma", "-DNET_SELF_TEST", tmp_path / "net.c", "-o", program, "-lm"]
    subprocess.run(compile_it, check=True)
    subprocess.run([program], check=True, capture_output=True)


def test_npz_and_json_hold_the_parameters(tmp_path):
    net, _ = small_net()
    net.export(tmp_path / "net.npz")
    net.export(tmp_path / "net.json")
    arrays = np.load(tmp_path / "net.npz")
    for name, value in net.parameters.items():
        np.testing.assert_array_equal(arrays[name], value)
    assert "parameters" in json.loads((tmp_path / "net.json").read_text())
    with pytest.raises(pl.Error, match=r"\[U02\]"):
        net.export(tmp_path / "net.txt")


def test_parameters_are_loaded_in_place_and_say_from_where(tmp_path):
    net, x = small_net()
    np.savez(tmp_path / "w.npz", **{name: value.T if value.ndim == 2 else value for name, value in net.parameters.items()})
    other = pl.Model([pl.Dense(8, "relu"), pl.Dense(3, "softmax")]).build(4, seed=9)
    shown = other.parameters["dense1.weight"]
    loaded = other.load_parameters(tmp_path / "w.npz", transposed=True)
    assert [entry["how"] for entry in loaded] == ["name"] * 4
    np.testing.assert_array_equal(shown, net.parameters["dense1.weight"])
    np.testing.assert_array_equal(other.predict(x), net.predict(x))
    with pytest.raises(pl.Error, match=r"\[U23\]"):
        other.load_parameters(tmp_path / "w.npz", {"dense1.weight": "none"})
