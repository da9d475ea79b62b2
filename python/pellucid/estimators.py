"""Classifier and Regressor: estimators of scikit-learn. Not here: the training itself (the library)."""

from __future__ import annotations

import numbers
from collections.abc import Sequence
from typing import Any

import numpy as np
from sklearn.base import BaseEstimator, ClassifierMixin, RegressorMixin
from sklearn.utils import check_random_state, compute_sample_weight
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import (
    _check_sample_weight,
    assert_all_finite,
    check_consistent_length,
    check_is_fitted,
    column_or_1d,
    validate_data,
)

from . import _core
from ._history import History
from ._model import Model
from ._run import page_template, sha256_of
from ._settings import Loss, Optimizer, Schedule, make_recipe, put
from ._stepper import Stepper, _restored
from ._tables import add_cells, columns_of, is_pandas, is_records, names_of

FEWEST_ROWS_TO_VALIDATE = 20


class _Estimator(BaseEstimator):
    """What both estimators share."""

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.allow_nan = True
        return tags

    # ---- Rows

    def _rows(self, X: Any, *, reset: bool) -> Any:
        """X as a table or an array, checked as scikit-learn checks it."""
        if is_pandas(X) or hasattr(X, "__arrow_c_stream__") or is_records(X):
            if not is_records(X):
                validate_data(self, X, reset=reset, skip_check_array=True)
            return X
        fewest = 2 if reset else 1
        return validate_data(
            self, X, reset=reset, dtype=None, ensure_all_finite="allow-nan", ensure_min_samples=fewest
        )

    def _columns(self, X: Any) -> _core.Columns:
        return columns_of(X, None if names_of(X) is not None else [f"x{i}" for i in range(X.shape[1])])

    def _targets(self, X: Any, y: Any) -> np.ndarray:
        if y is None:
            raise ValueError(f"{type(self).__name__} requires y to be passed, but the target y is None")
        y = column_or_1d(y, warn=True)
        if y.dtype.kind in "fc":
            assert_all_finite(y, input_name="y", estimator_name=type(self).__name__)
        check_consistent_length(X, y)
        return y

    @staticmethod
    def _checked_weights(weights: Any, X: Any) -> np.ndarray | None:
        return None if weights is None else _check_sample_weight(weights, X, dtype=np.float64, ensure_non_negative=True)

    def _training_table(self, X: Any, y: np.ndarray, weights: np.ndarray | None, recipe: _core.Recipe) -> _core.Table:
        columns = self._columns(X)
        name = "target"
        while name in (names_of(X) or ()):
            name += "_"
        add_cells(columns, name, y)
        put(recipe, "target", [name])
        table = _core.make_table(columns, recipe, "X")
        if weights is not None:
            table.set_weights(np.ascontiguousarray(weights, dtype=np.float32))
        return table

    # ---- Settings

    def _settings(self, task: str, weighted: bool) -> dict[str, Any]:
        chosen = {
            "task": task,
            "test_split": 0.0,
            "no_health": True,
            "hidden": self.hidden,
            "activation": self.activation,
            "epochs": self.epochs,
            "batch_size": self.batch_size,
            "learning_rate": self.learning_rate,
            "optimizer": self.optimizer,
            "loss": self.loss,
            "schedule": self.schedule,
            "dropout": self.dropout,
            "l2": self.l2,
            "preset": self.preset,
            "members": self.members,
            "threads": self.threads,
            "seed": self._seed(),
        }
        if weighted:  # the score that the preset may choose epochs by counts every row as one
            chosen["best_by"] = "loss"
        chosen.update(self.settings or {})
        return {name: value for name, value in chosen.items() if value is not None}

    def _seed(self) -> int:
        if self.random_state is None:
            return 42
        if isinstance(self.random_state, numbers.Integral):
            return int(self.random_state)
        return int(check_random_state(self.random_state).randint(2**31 - 1))

    # ---- Training

    def _fit(self, X: Any, y: np.ndarray, weights: np.ndarray | None, task: str) -> None:
        settings = self._settings(task, weights is not None)
        table = self._training_table(X, y, weights, make_recipe({"task": task, **column_settings(self.settings)}))
        table.put_in_order()
        few = table.rows < FEWEST_ROWS_TO_VALIDATE
        if settings.get("members", 1) != 1 and not few:
            if not self.early_stopping:
                raise ValueError("members are chosen by validation rows, so that they need early_stopping=True")
            if self.patience is not None:
                settings.setdefault("patience", self.patience)
        elif few or not self.early_stopping:
            settings.update(val_split=0.0, members=1)
            settings.pop("best_by", None)
        else:
            settings.setdefault("val_split", self.validation_fraction)
            settings.setdefault("patience", self.patience)
        recipe = make_recipe(settings)
        put(recipe, "target", [table.columns[-1]])
        core = _core.train(table, recipe, False, False, False, page_template(), sha256_of, None)
        if core.status == "interrupted":
            raise KeyboardInterrupt
        self.history_ = History.of_report(core.report)
        self.n_iter_ = len(self.history_)
        self.model_ = Model._of(core.take_net())
        self.__dict__.pop("_stepper", None)

    def _partial_fit(self, X: Any, y: np.ndarray, weights: np.ndarray | None, task: str, classes: int) -> None:
        table = self._training_table(X, y, weights, make_recipe({"task": task, **column_settings(self.settings)}))
        if not hasattr(self, "_stepper"):
            recipe = make_recipe({"preset": "plain", **self._settings(task, False), "val_split": 0.0, "members": 1})
            put(recipe, "target", [table.columns[-1]])
            net, options, batch_size = _core.begin(table, recipe, [str(c) for c in range(classes)])
            self.model_ = Model._of(net)
            self._stepper = _restored(self.model_, batch_size, options)
            self.n_iter_ = 0
        data = _core.rows_for(self.model_._net, table)
        order = np.arange(data.rows, dtype=np.int64)
        for first in range(0, data.rows, self._stepper._rows):
            self._stepper._stepper.step_data(data, order[first : first + self._stepper._rows])
        self.n_iter_ += 1

    def _predictions(self, X: Any) -> dict[str, Any]:
        check_is_fitted(self)
        X = self._rows(X, reset=False)
        rows = self.model_._net.table_to_predict(self._columns(X), "X")
        return self.model_._net.predict_table(rows, self.threads)[0]


PARAMETERS = """
    Missing cells, words, dates and categories in a DataFrame (pandas, polars, Arrow) are read as
    :func:`pellucid.train` reads them. A fit does not depend on the order of the rows: equal rows are merged, a row with the
    weight n counts like n equal rows, and the rows are put into an order of their own.

    Parameters
    ----------
    hidden : sequence of int, optional
        Units of the hidden layers; an empty one: a linear model. Default: by the preset.
    activation : str, optional
        Of the hidden layers.
    epochs : int, optional
        At most this many; default: by the preset and the number of rows.
    batch_size : int, optional
        Rows per training step.
    learning_rate : float, optional
    optimizer : str or Optimizer, optional
    loss : str or Loss, optional
    schedule : str or Schedule, optional
        Of the learning rate.
    dropout : float, optional
        Share of hidden outputs set to zero in training.
    l2 : float, optional
        Penalty on the weights.
    preset : {"auto", "plain", "tabular"}, optional
        A set of defaults: "plain", a small network trained with Adam, or "tabular", that of Holzmüller et al., NeurIPS
        2024.
    early_stopping : bool, default True
        Set a share of the rows aside and keep the weights of the epoch that is best on them. With fewer than 20 different
        rows none are set aside.
    validation_fraction : float, default 0.15
    patience : int, optional
        Epochs without a better one before training stops; 0: never.
    members : int, optional
        Train this many nets with drawn settings side by side and average the best of them; with the preset "tabular" each
        is trained on four folds, so that all rows teach, and ``validation_fraction`` has no effect. Default: one net. With
        fewer than 20 different rows, and in ``partial_fit``, always one.
    random_state : int, RandomState or None
        Seed; None: 42. The same seed gives the same bits, with any number of threads.
    threads : int, default 0
        0: all CPUs.
    settings : dict, optional
        Any further settings of :func:`pellucid.train`, such as ``{"kind": {"zip": "categorical"}}``.
"""


class Classifier(ClassifierMixin, _Estimator):
    __doc__ = (
        """A neural network that predicts a class, for scikit-learn.
"""
        + PARAMETERS
        + """    class_weight : dict or "balanced", optional
        Factors of the weights of the rows of each class.

    Attributes
    ----------
    classes_ : ndarray
    model_ : Model
    history_ : History
    n_iter_ : int
        Epochs trained; calls of :meth:`partial_fit`.
    n_features_in_ : int
    feature_names_in_ : ndarray of str, if X has names

    Examples
    --------
    >>> import pellucid as pl
    >>> from sklearn.datasets import load_iris
    >>> x, y = load_iris(return_X_y=True)
    >>> bool(pl.Classifier(epochs=50).fit(x, y).score(x, y) > 0.9)
    True
    """
    )

    def __init__(
        self,
        hidden: Sequence[int] | None = None,
        *,
        activation: str | None = None,
        epochs: int | None = None,
        batch_size: int | None = None,
        learning_rate: float | None = None,
        optimizer: str | Optimizer | None = None,
        loss: str | Loss | None = None,
        schedule: str | Schedule | None = None,
        dropout: float | None = None,
        l2: float | None = None,
        preset: str | None = None,
        early_stopping: bool = True,
        validation_fraction: float = 0.15,
        patience: int | None = None,
        members: int | None = None,
        class_weight: dict[Any, float] | str | None = None,
        random_state: Any = None,
        threads: int = 0,
        settings: dict[str, Any] | None = None,
    ):
        self.hidden = hidden
        self.activation = activation
        self.epochs = epochs
        self.batch_size = batch_size
        self.learning_rate = learning_rate
        self.optimizer = optimizer
        self.loss = loss
        self.schedule = schedule
        self.dropout = dropout
        self.l2 = l2
        self.preset = preset
        self.early_stopping = early_stopping
        self.validation_fraction = validation_fraction
        self.patience = patience
        self.members = members
        self.class_weight = class_weight
        self.random_state = random_state
        self.threads = threads
        self.settings = settings

    def fit(self, X: Any, y: Any, sample_weight: Any = None) -> Classifier:
        """Trains on the rows of X with the classes y."""
        X = self._rows(X, reset=True)
        y = self._targets(X, y)
        check_classification_targets(y)
        self.classes_, codes = np.unique(y, return_inverse=True)
        weights = self._class_weighted(sample_weight, X, y)
        present = np.unique(codes if weights is None else codes[weights > 0])
        if len(present) == 1:
            raise ValueError(f"a Classifier needs two classes or more; y has only one class, {self.classes_[present[0]]!r}")
        self._fit(X, codes, weights, "classification")
        return self

    def partial_fit(self, X: Any, y: Any, classes: Any = None, sample_weight: Any = None) -> Classifier:
        """One pass over these rows, starting from the present weights.

        The first call decides how columns are read and scaled, and needs ``classes``: all classes that will occur.
        """
        first = not hasattr(self, "_stepper")
        X = self._rows(X, reset=first)
        y = self._targets(X, y)
        check_classification_targets(y)
        if first:
            self.classes_ = np.unique(y if classes is None else classes)
        unknown = np.setdiff1d(y, self.classes_)
        if len(unknown):
            raise ValueError(f"y has classes that are not in `classes` of the first call: {unknown.tolist()}")
        codes = np.searchsorted(self.classes_, y)
        weights = self._class_weighted(sample_weight, X, y)
        self._partial_fit(X, codes, weights, "classification", len(self.classes_))
        return self

    def predict(self, X: Any) -> np.ndarray:
        """The class of each row."""
        predictions = self._predictions(X)
        return self.classes_[np.array([int(name) for name in predictions["class_names"]])[predictions["classes"]]]

    def predict_proba(self, X: Any) -> np.ndarray:
        """Probabilities, rows × classes, in the order of ``classes_``."""
        predictions = self._predictions(X)
        probabilities = np.zeros((len(predictions["classes"]), len(self.classes_)))
        probabilities[:, [int(name) for name in predictions["class_names"]]] = predictions["probabilities"]
        return probabilities

    def _class_weighted(self, weights: Any, X: Any, y: np.ndarray) -> np.ndarray | None:
        weights = self._checked_weights(weights, X)
        if self.class_weight is None:
            return weights
        factors = compute_sample_weight(self.class_weight, y)
        return factors if weights is None else weights * factors


class Regressor(RegressorMixin, _Estimator):
    __doc__ = (
        """A neural network that predicts a number, for scikit-learn.
"""
        + PARAMETERS
        + """
    Attributes
    ----------
    model_ : Model
    history_ : History
    n_iter_ : int
        Epochs trained; calls of :meth:`partial_fit`.
    n_features_in_ : int
    feature_names_in_ : ndarray of str, if X has names

    Examples
    --------
    >>> import numpy as np, pellucid as pl
    >>> x = np.linspace(-1, 1, 200).reshape(-1, 1)
    >>> bool(pl.Regressor(preset="plain", epochs=100).fit(x, x[:, 0] ** 2).score(x, x[:, 0] ** 2) > 0.9)
    True
    """
    )

    def __init__(
        self,
        hidden: Sequence[int] | None = None,
        *,
        activation: str | None = None,
        epochs: int | None = None,
        batch_size: int | None = None,
        learning_rate: float | None = None,
        optimizer: str | Optimizer | None = None,
        loss: str | Loss | None = None,
        schedule: str | Schedule | None = None,
        dropout: float | None = None,
        l2: float | None = None,
        preset: str | None = None,
        early_stopping: bool = True,
        validation_fraction: float = 0.15,
        patience: int | None = None,
        members: int | None = None,
        random_state: Any = None,
        threads: int = 0,
        settings: dict[str, Any] | None = None,
    ):
        self.hidden = hidden
        self.activation = activation
        self.epochs = epochs
        self.batch_size = batch_size
        self.learning_rate = learning_rate
        self.optimizer = optimizer
        self.loss = loss
        self.schedule = schedule
        self.dropout = dropout
        self.l2 = l2
        self.preset = preset
        self.early_stopping = early_stopping
        self.validation_fraction = validation_fraction
        self.patience = patience
        self.members = members
        self.random_state = random_state
        self.threads = threads
        self.settings = settings

    def fit(self, X: Any, y: Any, sample_weight: Any = None) -> Regressor:
        """Trains on the rows of X with the numbers y."""
        X = self._rows(X, reset=True)
        y = self._targets(X, y).astype(np.float64)
        self._fit(X, y, self._checked_weights(sample_weight, X), "regression")
        return self

    def partial_fit(self, X: Any, y: Any, sample_weight: Any = None) -> Regressor:
        """One pass over these rows, starting from the present weights.

        The first call decides how columns are read, and how columns and target are scaled.
        """
        X = self._rows(X, reset=not hasattr(self, "_stepper"))
        y = self._targets(X, y).astype(np.float64)
        self._partial_fit(X, y, self._checked_weights(sample_weight, X), "regression", 0)
        return self

    def predict(self, X: Any) -> np.ndarray:
        """The predicted number of each row."""
        return self._predictions(X)["values"]


def column_settings(settings: dict[str, Any] | None) -> dict[str, Any]:
    """The settings that decide how columns are read."""
    return {name: value for name, value in (settings or {}).items() if name in ("kind", "na", "no_na", "drop", "missing")}
