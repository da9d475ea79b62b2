"""Model: a neural network, made from layers or trained on a table. Not here: training on tables (_run.py)."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from . import _core
from ._errors import Error
from ._history import History
from ._layers import Layer
from ._progress import bar_for
from ._settings import Kind, Loss, Optimizer, Schedule
from ._tables import columns_of, is_array, is_path


class Model:
    """A neural network.

    Parameters
    ----------
    layers : iterable of Layer, optional
        Each reads the output of the one before. :meth:`add` makes other graphs.

    Notes
    -----
    Any number of threads may predict at once. A thread that trains the model waits for them, and they wait for it.

    Examples
    --------
    >>> import numpy as np, pellucid as pl
    >>> net = pl.Model([pl.Dense(8, "tanh"), pl.Dense(1, "sigmoid")])
    >>> x = np.array([[0, 0], [0, 1], [1, 0], [1, 1]], dtype=np.float32)
    >>> history = net.fit(x, np.array([0, 1, 1, 0]), epochs=300, optimizer=pl.Adam(0.05))
    >>> net.predict(x).round().ravel()
    array([0., 1., 1., 0.], dtype=float32)
    """

    def __init__(self, layers: Iterable[Layer] = ()):
        self._net = _core.Net()
        for layer in layers:
            self.add(layer)

    @classmethod
    def _of(cls, net: _core.Net) -> Model:
        model = cls.__new__(cls)
        model._net = net
        return model

    # ---- Layers and parameters

    def add(self, layer: Layer, name: str | None = None, inputs: Sequence[str] = ()) -> Model:
        """Appends a layer and returns the model.

        Parameters
        ----------
        layer : Layer
        name : str, optional
            Default: the layer's own name, or its kind and a number.
        inputs : sequence of str, optional
            Names of the layers whose outputs it reads; "input" is the data row. Default: the last layer.
        """
        self._net.add(layer.kind, layer.to_json(), name or layer.name, list(inputs))
        return self

    def add_input(self, name: str, shape: Sequence[int]) -> Model:
        """Gives a name to the next columns of the data row, as many as ``shape`` holds."""
        self._net.add_input(name, [int(extent) for extent in shape])
        return self

    def build(self, row_shape: int | Sequence[int], seed: int = 42) -> Model:
        """Sets the shape of one row of features and draws the first weights; :meth:`fit` does it if needed."""
        shape = [int(row_shape)] if isinstance(row_shape, (int, np.integer)) else [int(n) for n in row_shape]
        self._net.build(shape, seed)
        return self

    def freeze(self, name: str, frozen: bool = True) -> Model:
        """Freezes a layer ("dense1") or one parameter ("dense1.weight"): later trainings do not change it."""
        self._net.freeze(name, frozen)
        return self

    def up_to(self, layer: str) -> Model:
        """A model that ends with this layer, with copies of its parameters."""
        return Model._of(self._net.up_to(layer))

    @property
    def layer_names(self) -> list[str]:
        """Names of the layers, in order."""
        return self._net.layer_names

    @property
    def parameters(self) -> dict[str, np.ndarray]:
        """All parameters by name ("dense1.weight"), as arrays that show the model's memory.

        Numbers that are written into an array change the model.
        """
        return {name: self._net.parameter(name) for name in self._net.parameter_names}

    @property
    def threshold(self) -> float:
        """For two classes: the second is predicted if its probability is larger than this."""
        return self._net.threshold

    @threshold.setter
    def threshold(self, value: float) -> None:
        self._net.threshold = value

    @property
    def columns(self) -> list[dict[str, Any]]:
        """The columns that a model of a table uses: ``name``, ``kind`` and number of ``features``."""
        return json.loads(self._net.described())["columns"]

    @property
    def classes(self) -> list[Any] | None:
        """The classes of a model of a table that predicts one class; otherwise None."""
        targets = self._targets()
        return as_labels(targets[0]["classes"]).tolist() if len(targets) == 1 and targets[0]["classes"] else None

    def _targets(self) -> list[dict[str, Any]]:
        return json.loads(self._net.described())["targets"] if self._net.has_table else []

    def summary(self) -> str:
        """The layers as a table of text: name, shape, activation, number of parameters."""
        return self._net.summary()

    def __repr__(self) -> str:
        return self.summary() if self._net.is_built else f"Model({', '.join(self.layer_names)})"

    # ---- Training

    def fit(
        self,
        x: Any,
        y: Any,
        *,
        epochs: int | None = None,
        batch_size: int | None = None,
        optimizer: Optimizer | str | None = None,
        loss: Loss | str | None = None,
        schedule: Schedule | str | None = None,
        validation: tuple[Any, Any] | None = None,
        sample_weight: Any = None,
        patience: int | None = None,
        callbacks: Sequence[Callable[[dict[str, Any]], Any]] = (),
        seed: int = 42,
        threads: int = 0,
        progress: bool | None = None,
        **options: Any,
    ) -> History:
        """Trains the model on arrays, in place.

        Parameters
        ----------
        x : array, rows × features (or rows × height × width …)
            float32 and float64 in row-major order are read as they are; other numbers are converted.
        y : array
            Whole numbers with one axis: classes, if the model ends in softmax or sigmoid. Whole numbers with two
            axes: answers 0 and 1 to several questions, if it ends in sigmoid. Otherwise numbers to predict.
        epochs : int, optional
            At most this many; default: by the number of rows (20 to 400).
        batch_size : int, optional
            Rows per training step; default: 32, from 10,000 rows 64, from 20,000 rows 128.
        optimizer : Optimizer or str, default Adam
        loss : Loss or str, optional
            Default: cross-entropy after a softmax, binary cross-entropy after a sigmoid, else mean squared error.
        schedule : Schedule or str, optional
            Of the learning rate; default: constant.
        validation : (x, y), optional
            Rows on which the model is judged after each epoch. It ends with the weights of the best epoch.
        sample_weight : array of one number ≥ 0 per row, optional
            Factors of the rows' losses.
        patience : int, optional
            Epochs without a better one before training stops; 0: never.
        callbacks : sequence of callables
            Each is called after each epoch with its entry of :attr:`History.epochs`. If one returns True, training ends.
        seed : int, default 42
            Of the first weights, the order of the rows and dropout. The same seed gives the same bits.
        threads : int, default 0
            0: all CPUs. The result is the same for any number.
        progress : bool, optional
            Whether a progress bar is shown; default: in a terminal or notebook.
        **options
            ``l1``, ``l2``, ``clip_norm``, ``clip_value``, ``patience_factor``, ``min_delta``, ``keep_best``,
            ``best_by``, ``shuffle``, ``balanced_classes``, ``row_block``, and the names of schedules
            ``dropout_schedule`` and ``decay_schedule``, as in the C++ library's FitOptions.

        Returns
        -------
        History

        Raises
        ------
        Error
            U20 if shapes do not match, N01 if the training diverges; the model then keeps its last good weights.
        KeyboardInterrupt
            After Ctrl-C, when the current step is done. The model has the weights of its best epoch.
        """
        train = self._data(x, y, sample_weight)
        judged = self._data(*validation, None) if validation is not None else _core.Data()
        chosen = dict(options, epochs=epochs, batch_size=batch_size, patience=patience, seed=seed, threads=threads)
        chosen = {name: value for name, value in chosen.items() if value is not None}
        chosen.update(kinds_of(optimizer, loss, schedule))
        bar = bar_for(progress, epochs or 0)

        def on_epoch(text: str) -> bool:
            record = json.loads(text)
            bar.epoch(record)
            return any([callback(record) is True for callback in callbacks])

        try:
            text = _core.fit(self._net, train, judged, json.dumps(chosen), on_epoch if callbacks or bar.on else None)
        finally:
            bar.close()
        history = json.loads(text)
        return History(history["epochs"], history["best_epoch"], history["stopped"], history["seconds"])

    def _data(self, x: Any, y: Any, weights: Any) -> _core.Data:
        x = features_of(x)
        y = np.asarray(y)
        if not self._net.is_built and self.layer_names:
            self.build(x.shape[1:] or (1,))
        weights = None if weights is None else np.ascontiguousarray(weights, dtype=np.float32)
        outputs, ends_in = self._net.output
        if y.dtype.kind in "iub" and ends_in in ("softmax", "sigmoid"):
            if y.ndim == 1:
                classes = 2 if outputs == 1 else outputs
                return _core.labelled(x, np.ascontiguousarray(y, dtype=np.int32), classes, weights)
            if ends_in == "sigmoid":
                return _core.answered(x, np.ascontiguousarray(y, dtype=np.int32), weights)
        return _core.valued(x, np.ascontiguousarray(y, dtype=x.dtype), weights)

    # ---- Prediction

    def predict(self, data: Any, threads: int = 0) -> Any:
        """Predicts rows.

        Parameters
        ----------
        data : array, DataFrame, Arrow table, dict of columns, list of records, or path
            A model of a table finds its columns by name, also in an array with the names of a .npz file (c1, c2 …).
        threads : int, default 0
            0: all CPUs. The result is the same for any number.

        Returns
        -------
        numpy.ndarray
            A model of a table: the predicted class of each row, or the predicted value in the target's unit; with
            several targets rows × targets. A model of layers: its outputs, rows × outputs of float32 (for a single row
            with the shape of the features: outputs).

        Raises
        ------
        Error
            D20 for missing columns, D12 and D14 for cells that the model cannot read, U20 for rows of a wrong width.
        """
        outputs = self._net.predict_array(data, threads)
        if outputs is not None:
            return outputs
        if not self._net.has_table:
            return self._net.predict_array(np.ascontiguousarray(data, dtype=np.float32), threads)
        answers = [
            as_labels(target["class_names"])[target["classes"]] if "class_names" in target else target["values"]
            for target in self._predictions(data, threads)
        ]
        return answers[0] if len(answers) == 1 else np.stack(answers, axis=1)

    def predict_proba(self, data: Any, threads: int = 0) -> np.ndarray:
        """Probabilities of the classes, rows × classes, in the order of :attr:`classes`.

        Of several questions with two answers each: the probability of the second answer, rows × questions.
        """
        if not self._net.has_table:
            outputs = np.atleast_2d(self.predict(data, threads))
            return np.hstack([1 - outputs, outputs]) if outputs.shape[1] == 1 else outputs
        targets = self._predictions(data, threads)
        if "class_names" not in targets[0]:
            raise Error("U20", "the model predicts numbers, so it has no probabilities", ["call predict"])
        if len(targets) == 1:
            return targets[0]["probabilities"]
        return np.stack([target["probabilities"][:, 1] for target in targets], axis=1)

    def predict_interval(self, data: Any, level: float = 0.9, threads: int = 0) -> Any:
        """Prediction intervals of numbers and prediction sets of classes (``docs/intervals.md``).

        Parameters
        ----------
        data : rows, as in :meth:`predict`
        level : float, default 0.9
            0.9: the truth of 90 % of new rows is inside, if they are like the validation rows of the training.
        threads : int, default 0
            0: all CPUs. The result is the same for any number.

        Returns
        -------
        numpy.ndarray
            Of a number: the lower and the upper limit of each row, rows × 2. Of classes: whether each class is in the
            set, rows × classes of bool, in the order of :attr:`classes`. With several targets a dict of these by name.

        Raises
        ------
        Error
            D43 where the model has no intervals of this level, U12 unless 0 < level < 1, and as :meth:`predict`.
        """
        found = {
            target["name"]: target["limits"] if "limits" in target else target["inside"].view(bool)
            for target in self._net.predict_intervals(self._rows(data), level, threads)
        }
        return next(iter(found.values())) if len(found) == 1 else found

    def evaluate(self, data: Any, threads: int = 0) -> dict[str, Any]:
        """Scores of a model of a table on rows with known targets: all metrics, the loss and a 95 % interval."""
        return json.loads(self._net.evaluate_table(self._rows(data), threads))

    def _rows(self, data: Any) -> _core.Table:
        if is_path(data):
            return self._net.read_to_predict(os.fspath(data))
        if is_array(data) and data.ndim == 1 and data.dtype.kind in "fiu":
            data = data.reshape(1, -1)
        columns = columns_of(data)
        return self._net.table_to_predict(columns, "rows")

    def _predictions(self, data: Any, threads: int) -> list[dict[str, Any]]:
        return self._net.predict_table(self._rows(data), threads)

    # ---- Files

    def save(self, path: str | os.PathLike[str]) -> None:
        """Writes a model file (safetensors; ``docs/model-file.md`` describes it)."""
        self._net.save(os.fspath(path))

    def export(self, path: str | os.PathLike[str], *, plain: bool = False) -> None:
        """Writes the model in another format, which the ending of the path names.

        ``.onnx``: one graph from the columns of the table to the predictions (``docs/export.md``); ``plain``: one input
        of float32, for runtimes that know neither float64 nor strings. ``.c``: C99 without any library, with the same
        bits, and its header beside it. ``.npz``: the parameters as arrays. ``.json``: everything as one document.

        Raises
        ------
        Error
            U29 for what the format cannot express, U02 for another ending.
        """
        path = Path(path)
        if path.suffix == ".onnx":
            path.write_bytes(_core.to_onnx(self._net, plain, path.stem))
        elif path.suffix == ".c":
            source, header = _core.to_c(self._net, path.stem)
            path.with_suffix(".h").write_text(header, encoding="utf-8")
            path.write_text(source, encoding="utf-8")
        elif path.suffix == ".npz":
            path.write_bytes(_core.to_npz(self._net))
        elif path.suffix == ".json":
            path.write_text(_core.to_json(self._net), encoding="utf-8")
        else:
            raise Error("U02", f'path takes a file that ends in .onnx, .c, .npz or .json, got "{path}"')

    def load_parameters(
        self, path: str | os.PathLike[str], names: dict[str, str] | None = None, *, transposed: bool = False
    ) -> list[dict[str, Any]]:
        """Sets every parameter from the arrays of a .safetensors, .npz or .npy file, in place.

        Parameters
        ----------
        path : path
        names : dict of str to str, optional
            Parameter ("dense1.weight") → array of the file ("fc1.weight"). Others are found by their own name, or by
            shape and order if that is unambiguous.
        transposed : bool, default False
            Matrices of the file are outputs × inputs, as PyTorch stores them.

        Returns
        -------
        list of dict
            What was taken for what: ``parameter``, ``tensor``, ``transposed``, ``how``.
        """
        return _core.load_parameters(self._net, os.fspath(path), names or {}, transposed)

    def to_bytes(self) -> bytes:
        """The contents of the model file."""
        return self._net.to_bytes()

    @staticmethod
    def from_bytes(data: bytes) -> Model:
        """The model from the contents of its file."""
        return Model._of(_core.Net.from_bytes(data))

    def __reduce__(self) -> tuple[Any, ...]:
        return Model.from_bytes, (self.to_bytes(),)


def load(path: str | os.PathLike[str]) -> Model:
    """Reads a model file, or the model in the folder of a run.

    Raises
    ------
    Error
        D10 if there is no such file, D21 if it is damaged or not from pellucid.
    """
    return Model._of(_core.Net.load(os.fspath(path)))


class Imported(NamedTuple):
    """A model from an ONNX file: the ``model``, what its ``layers`` were made of, ``notes`` and the ``producer``."""

    model: Model
    layers: dict[str, str]
    notes: list[str]
    producer: str


def import_onnx(
    path: str | os.PathLike[str],
    *,
    output: str = "",
    columns: Sequence[str] = (),
    classes: Sequence[str] = (),
    target: str = "",
) -> Imported:
    """Reads a net of dense layers that PyTorch, Keras or scikit-learn exported as an ONNX file.

    Parameters
    ----------
    path : path
    output : str, optional
        Output of the graph to import; default: the only one, or the probabilities of a classifier.
    columns, classes, target : optional
        Names of the columns, of the classes and of the target; default: those of the file, or c1, c2 …

    Returns
    -------
    Imported
        Read ``notes``: they say what was assumed, changed or left out.

    Raises
    ------
    Error
        U38 for an operator that has no layer here, D21 for a damaged file.
    """
    net, layers, notes, producer = _core.import_onnx(os.fspath(path), output, list(columns), list(classes), target)
    return Imported(Model._of(net), layers, notes, producer)


def features_of(x: Any) -> np.ndarray:
    """Rows of features as float32 or float64 in row-major order, copied only where needed."""
    x = np.asarray(x)
    if x.dtype.kind == "c":
        raise ValueError("Complex data not supported")
    wide = x.dtype == np.float64 or x.dtype.kind in "iu" and x.dtype.itemsize > 2
    return np.ascontiguousarray(x, dtype=np.float64 if wide else np.float32)


def as_labels(words: list[str]) -> np.ndarray:
    """Classes as whole numbers, numbers or text, whichever they all are."""
    for kind in (int, float):
        try:
            numbers = [kind(word) for word in words]
        except ValueError:
            continue
        if all(word in (str(number), f"{number:.17g}") for word, number in zip(words, numbers)):
            return np.array(numbers)
    return np.array(words)


def kinds_of(optimizer: Any, loss: Any, schedule: Any) -> dict[str, Any]:
    """Optimizer, loss and schedule as the members of the options."""
    chosen: dict[str, Any] = {}
    for name, kind in (("optimizer", optimizer), ("schedule", schedule)):
        if kind is not None:
            chosen[name] = {"kind": kind.kind, **kind.settings} if isinstance(kind, Kind) else {"kind": kind}
    if isinstance(loss, Kind):
        settings = dict(loss.settings)
        reduction = settings.pop("reduction", None)
        value = next(iter(settings.values()), None)
        loss = loss.kind + (f"({value!r})" if value is not None else "") + (f", {reduction}" if reduction else "")
    if loss is not None:
        chosen["loss"] = loss
    return chosen
