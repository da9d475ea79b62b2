"""train() and Run: a training on a table, judged on rows it has never seen. Not here: training on arrays (_model.py)."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from . import _core
from ._errors import Error
from ._history import History
from ._model import Model
from ._progress import Bar, bar_for
from ._settings import make_recipe, put
from ._tables import columns_of, is_path, pair_of


def page_template() -> str:
    return (Path(__file__).parent / "report.html").read_text(encoding="utf-8")


def sha256_of(file: str) -> str:
    import hashlib

    return hashlib.sha256(Path(file).read_bytes()).hexdigest()


class Run:
    """The result of :func:`train`.

    Attributes
    ----------
    model : Model
    small : Model or None
        The small net that learned the model's predictions, with ``train(..., distill=[32, 16])``.
    metrics : dict
        Scores on the test rows: all metrics, ``loss``, ``interval_low``, ``interval_high``; empty without test rows.
    findings : list of dict
        What is unusual about the data or the training: ``code``, ``level`` ("warning" or "note"), ``text``.
    recipe : dict
        Every setting with its final value, as text; :attr:`origins` tells where each comes from.
    verdict : str
        How good the model is, in two or three sentences.
    history : History
    status : str
        "done", "interrupted" (after Ctrl-C) or "dry run".
    """

    def __init__(self, core: _core.Run):
        self._core = core
        self._report: dict[str, Any] = json.loads(core.report)
        self.model = Model._of(core.net)
        self.small = Model._of(core.small_net) if core.small_net else None
        self.history = History.of_report(core.report)

    @property
    def metrics(self) -> dict[str, Any]:
        return self._report.get("test") or {}

    @property
    def findings(self) -> list[dict[str, Any]]:
        return [dict(finding, text=_core.spelled(finding["text"])) for finding in self._report["noticed"]]

    @property
    def recipe(self) -> dict[str, str]:
        return {name: setting["value"] for name, setting in self._report["settings"].items()}

    @property
    def origins(self) -> dict[str, str]:
        """Where the value of each setting comes from: "argument epochs", "preset tabular", "auto: 105 training rows"."""
        return {name: setting["origin"] for name, setting in self._report["settings"].items()}

    @property
    def verdict(self) -> str:
        return self._core.verdict.rstrip()

    @property
    def status(self) -> str:
        return self._core.status

    @property
    def folder(self) -> Path | None:
        """The folder of the run's files; None if nothing was written."""
        return Path(self._core.folder) if self._core.folder else None

    @property
    def page(self) -> Path | None:
        """The report on disk, if there is one."""
        page = self.folder / "report.html" if self.folder else None
        return page.resolve() if page and page.exists() else None

    def as_dict(self) -> dict[str, Any]:
        """Everything about the run, as ``report.json`` has it."""
        return self._report

    def save(self, folder: str | os.PathLike[str], *, force: bool = False) -> Path:
        """Writes the files that the program writes: model, settings, metrics, predictions, report.

        ``force``: a run that is in the folder already is replaced; otherwise that is an error (U30).
        """
        self._core.write(os.fspath(folder), force, page_template(), sha256_of)
        return Path(folder)

    def report(self, *, show: bool = True) -> Path:
        """Opens the report in a browser and returns its path. A run that is not on disk gets a temporary file."""
        import tempfile
        import webbrowser

        page = self.page
        if page is None:
            page = Path(tempfile.mkdtemp(prefix="pellucid-")) / "report.html"
            page.write_text(self._core.page(page_template()), encoding="utf-8")
        if show:
            webbrowser.open(page.as_uri())
        return page

    def __repr__(self) -> str:
        return f"Run({self.status}, {len(self.history)} epochs)\n{self.verdict}"

    def _repr_html_(self) -> str:
        from ._display import run_html

        return run_html(self)


def train(
    data: Any,
    target: Any = None,
    *,
    validation: Any = None,
    test: Any = None,
    weights: Any = None,
    callbacks: tuple[Callable[[dict[str, Any]], Any], ...] = (),
    progress: bool | None = None,
    dry_run: bool = False,
    force: bool = False,
    **settings: Any,
) -> Run:
    """Trains a model on a table and judges it on rows it has never seen.

    It takes the same road as the program ``pellucid train``: the same data, settings and seed give the same bytes of
    the model file.

    Parameters
    ----------
    data : path, DataFrame, Arrow table, dict of columns, list of records, or array
        A path may be a CSV, .npy or .npz file, a folder of images, and so on. DataFrames of pandas and polars, and
        everything with ``__arrow_c_stream__``, are read as a CSV file with the same cells would be; durations become
        seconds. Images are an array of rows × height × width.
    target : str, list of str, or array
        Name of the column to predict; several names for several targets. Default: the column named label, target,
        class or y. With an array as ``data``: the targets, one row each.
    validation, test : like ``data``, optional
        Rows for these purposes; default: shares of the rows (``val_split``, ``test_split``, each 0.15). A tuple (x, y)
        where ``data`` is an array.
    weights : array of one number ≥ 0 per row, optional
        Factors of the rows' losses.
    callbacks : sequence of callables
        Each is called after each epoch with a dict of its figures.
    progress : bool, optional
        Whether a progress bar is shown; default: in a terminal or notebook.
    dry_run : bool, default False
        Do everything up to the first training step, and one step.
    force : bool, default False
        With ``out`` or ``name``: replace a run that is in the folder already.
    **settings
        Every setting of the program by its name: ``hidden=[64, 32]`` or ``"conv3x32,pool,128"``, ``epochs=50``, ``learning_rate=1e-3``,
        ``optimizer=Adam(beta1=0.8)``, ``kind={"zip": "categorical"}``, ``drop=["id"]``, ``seed=7`` …
        ``pellucid.settings()`` describes them. ``out`` or ``name``: the run is written into a folder while it trains.

    Returns
    -------
    Run
        After Ctrl-C, training ends with the current step; the run then has the status "interrupted", and its model the
        weights of the best epoch.

    Raises
    ------
    Error
        U05 for an unknown setting, D11 for a missing column, D12 for a cell that is no number, N01 if the training
        diverges, and others; ``python -m pellucid explain CODE`` describes each.

    Examples
    --------
    >>> import pellucid as pl
    >>> size = list(range(40, 140))
    >>> run = pl.train({"size": size, "price": [3 * s + 20 for s in size]}, target="price", epochs=30)
    >>> run.model.predict({"size": [100]}).shape
    (1,)
    """
    if "memory" in settings:
        raise Error("U35", "memory has no effect on train()", ["call pellucid.limit_memory(bytes) before it"])
    validation = settings.pop("val", validation)  # the name of the program's setting
    if not (is_path(data) or is_named(target)):
        data = pair_of(data, target)
        validation, test = (pair_of(*rows) if isinstance(rows, tuple) else rows for rows in (validation, test))
        target = list(data.targets)
    for rows in (validation, test):
        if rows is not None and is_path(rows) != is_path(data):
            raise Error("U06", "data, validation and test must all be files or all be tables in memory")
    if is_path(data):
        settings.update({name: rows for name, rows in (("val", validation), ("test", test)) if rows is not None})
        settings["data"] = os.fspath(data)
    recipe = make_recipe(settings)
    put(recipe, "target", target)
    table = table_of(data, recipe, validation, test)
    if weights is not None:
        table.set_weights(np.ascontiguousarray(weights, dtype=np.float32))
    teller = Teller(progress, callbacks)
    try:
        core = _core.train(
            table, recipe, recipe.writes_folder, dry_run, force, page_template(), sha256_of, teller.function
        )
    finally:
        teller.bar.close()
    return Run(core)


def is_named(target: Any) -> bool:
    """Whether the target is given by name (or not at all), and not as an array of its own."""
    names = target if isinstance(target, (list, tuple)) else [target]
    return target is None or all(isinstance(name, str) for name in names)


def table_of(data: Any, recipe: _core.Recipe, validation: Any, test: Any) -> _core.Table:
    """All rows as one table of the library."""
    if is_path(data):
        return _core.read_table(recipe)
    table = one_table(data, recipe)
    for rows, as_test in ((validation, False), (test, True)):
        if rows is not None:
            table.append(one_table(rows, recipe), as_test)
    return table


def one_table(data: Any, recipe: _core.Recipe) -> _core.Table:
    return _core.make_table(columns_of(data), recipe, "table")


class Teller:
    """What the library tells during a training: progress on the screen, and calls of the user's functions."""

    def __init__(self, progress: bool | None, callbacks: tuple[Callable[[dict[str, Any]], Any], ...]):
        self.bar: Bar = bar_for(progress, 0)
        self.callbacks = callbacks
        self.function = self.tell if self.bar.on or callbacks else None

    def tell(self, name: str, text: str) -> None:
        fields = json.loads(text)
        if name == "start":
            self.bar.epochs = fields["epochs"]
        elif name == "epoch":
            self.bar.epoch(fields)
            for callback in self.callbacks:
                callback(fields)
        elif name == "training":
            self.bar.say(f"training {fields['number']} of {fields['count']}")
