"""The package as a whole: importing it, working without optional packages, its types and documents."""

from __future__ import annotations

import ast
import doctest
import importlib
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import ROOT

import pellucid as pl

MODULES = ["", "._errors", "._model", "._run", "._settings", "._stepper", ".estimators"]

WITHOUT = """
import sys
for name in ("pandas", "pyarrow", "polars", "sklearn", "scipy"):
    sys.modules[name] = None
import numpy as np, pellucid as pl
run = pl.train({"a": list(range(80)), "b": ["x", "y"] * 40, "y": [2.0 * i for i in range(80)]}, "y", epochs=2)
print(run.model.predict({"a": [3], "b": ["x"]}).shape)
try:
    pl.Classifier
except ImportError as error:
    print("no estimators")
"""

ARROW_ALONE = """
import sys
class NoPandas:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] == "pandas":
            raise ModuleNotFoundError("no pandas", name=name)
sys.meta_path.insert(0, NoPandas())
import {module}, pellucid as pl
table = {module}.{maker}({{"a": list(range(80)), "y": [2.0 * i for i in range(80)]}})
print(pl.train(table, "y", epochs=2).model.predict(table).shape)
"""


def run_code(code):
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_numpy_is_all_it_needs():
    assert run_code(WITHOUT) == "(1,)\nno estimators\n"


@pytest.mark.parametrize(("module", "maker"), [("polars", "DataFrame"), ("pyarrow", "table")])
def test_polars_and_pyarrow_work_without_pandas(module, maker):
    assert run_code(ARROW_ALONE.format(module=module, maker=maker)) == "(80,)\n"


@pytest.mark.parametrize("name", MODULES)
def test_examples_in_docstrings_are_true(name):
    result = doctest.testmod(importlib.import_module("pellucid" + name))
    assert result.failed == 0


def test_examples_in_the_guide_are_true(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    result = doctest.testfile(str(ROOT / "docs" / "python.md"), module_relative=False, optionflags=doctest.ELLIPSIS)
    assert result.attempted > 20 and result.failed == 0


def test_every_public_name_is_documented_and_typed():
    for name in pl.__all__:
        assert getattr(pl, name).__doc__, name
    folder = Path(pl.__file__).parent
    assert (folder / "py.typed").exists()
    ast.parse((folder / "_core.pyi").read_text())


def test_importing_takes_little_time_and_imports_no_optional_package():
    code = "import sys, time, numpy; t = time.process_time(); import pellucid; s = time.process_time() - t; " \
        "print(s, sorted({'pandas', 'sklearn', 'polars', 'pyarrow', 'scipy'} & set(sys.modules)))"
    times = []
    for _ in range(5):
        seconds, modules = run_code(code).split(" ", 1)
        assert modules == "[]\n"
        times.append(float(seconds))
    assert min(times) < 0.06
