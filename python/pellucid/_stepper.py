"""Stepper: training one step at a time. Not here: whole trainings (Model.fit)."""

from __future__ import annotations

import json
from typing import Any

import numpy as np

from . import _core
from ._model import Model, kinds_of
from ._settings import Loss, Optimizer


class Stepper:
    """A training, one step at a time. The model changes in place.

    Parameters
    ----------
    model : Model
        It must be built: ``model.build(number_of_features)``.
    rows : int
        Most rows of one call.
    optimizer : Optimizer or str, default Adam
        Any but L-BFGS.
    loss : Loss or str, optional
        Default: as in :meth:`Model.fit`.
    keep : sequence of str
        Names of values that :meth:`value` can read later, such as "dense1.z".
    input_gradient : bool, default False
        Whether :meth:`gradients` also computes :meth:`input_gradient`.
    seed, threads, **options
        As in :meth:`Model.fit`; ``threads`` is 1 by default.

    Notes
    -----
    Steps on the same rows give the same bits as :meth:`Model.fit`. Arrays must be float32 in row-major order and labels
    int32 to be read without copying; others are converted.

    Examples
    --------
    >>> import numpy as np, pellucid as pl
    >>> net = pl.Model([pl.Dense(4, "tanh"), pl.Dense(2, "softmax")]).build(3)
    >>> step = pl.Stepper(net, rows=2)
    >>> x = np.array([[1, 0, 0], [0, 1, 0]], dtype=np.float32)
    >>> first = step.step(x, np.array([0, 1]))
    >>> step.gradients(x, np.array([0, 1])) < first
    True
    >>> step.gradient("dense1.weight").shape
    (3, 4)
    >>> step.update()
    >>> step.steps
    2
    """

    def __init__(
        self,
        model: Model,
        rows: int,
        *,
        optimizer: Optimizer | str | None = None,
        loss: Loss | str | None = None,
        seed: int = 42,
        threads: int = 1,
        **options: Any,
    ):
        self._model = model
        chosen = {name: value for name, value in options.items() if value is not None}
        chosen.update(kinds_of(optimizer, loss, None), seed=seed, threads=threads)
        self._rows, self._options = rows, json.dumps(chosen)
        self._stepper = _core.Stepper(model._net, rows, self._options)

    def step(self, x: Any, y: Any, sample_weight: Any = None) -> float:
        """One training step; returns the loss before it.

        ``y``: whole numbers with one axis are class labels, everything else are numbers, one column per output.
        """
        return self._stepper.step(*self._arrays(x, y, sample_weight))

    def gradients(self, x: Any, y: Any, sample_weight: Any = None) -> float:
        """Computes the gradients and returns the loss. The model does not change before :meth:`update`."""
        return self._stepper.gradients(*self._arrays(x, y, sample_weight))

    def forward(self, x: Any) -> np.ndarray:
        """The outputs of the rows as in training, for a loss of your own; continue with :meth:`backward`."""
        return self._stepper.forward(np.ascontiguousarray(x, dtype=np.float32))

    def backward(self, output_gradient: Any) -> None:
        """Computes the gradients from the derivative of your loss by each output of :meth:`forward`."""
        self._stepper.backward(np.ascontiguousarray(output_gradient, dtype=np.float32))

    def gradient(self, parameter: str) -> np.ndarray:
        """The gradient of one parameter ("dense1.weight"), as an array that shows the stepper's memory.

        What is written into it before :meth:`update` counts. It shows other gradients after the next call.
        """
        return self._stepper.gradient(parameter)

    def input_gradient(self) -> np.ndarray:
        """The gradient by each number of the last rows, rows × inputs."""
        return self._stepper.input_gradient()

    def update(self) -> None:
        """Applies the gradients."""
        self._stepper.update()

    def accumulate(self, on: bool = True) -> None:
        """Whether later gradients are added to those that wait for :meth:`update`."""
        self._stepper.accumulate(on)

    @property
    def value_names(self) -> list[str]:
        """Names of the values of the last call that :meth:`value` can read."""
        return self._stepper.value_names()

    def value(self, name: str) -> np.ndarray:
        """A copy of one value of the last call, such as "dense1.output"."""
        return self._stepper.value(name)

    @property
    def learning_rate(self) -> float:
        """Of the coming step."""
        return self._stepper.learning_rate

    @learning_rate.setter
    def learning_rate(self, rate: float) -> None:
        self._stepper.learning_rate = rate

    @property
    def steps(self) -> int:
        """Updates done."""
        return self._stepper.steps

    def __reduce__(self) -> tuple[Any, ...]:
        return _restored, (self._model, self._rows, self._options, self._stepper.to_bytes())

    @staticmethod
    def _arrays(x: Any, y: Any, weights: Any) -> tuple[np.ndarray, np.ndarray, np.ndarray | None]:
        y = np.asarray(y)
        labels = y.ndim == 1 and y.dtype.kind in "iub"
        return (
            np.ascontiguousarray(x, dtype=np.float32),
            np.ascontiguousarray(y, dtype=np.int32 if labels else np.float32),
            None if weights is None else np.ascontiguousarray(weights, dtype=np.float32),
        )


def _restored(model: Model, rows: int, options: str, state: bytes = b"") -> Stepper:
    """A stepper from its parts; without a state, a new one."""
    stepper = Stepper.__new__(Stepper)
    stepper._model, stepper._rows, stepper._options = model, rows, options
    stepper._stepper = _core.Stepper(model._net, rows, options)
    if state:
        stepper._stepper.restore(state)
    return stepper
