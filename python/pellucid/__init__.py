"""pellucid trains small neural networks on the CPU and shows every number on the way.

>>> import pellucid as pl
>>> run = pl.train({"a": list(range(60)), "b": [2 * a for a in range(60)]}, target="b", epochs=5)
>>> run.status
'done'

The guide is docs/python.md in the repository.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from . import _core
from ._errors import Error
from ._history import History
from ._layers import (
    Activation,
    Add,
    Augment,
    Average,
    AveragePool2D,
    BatchNorm,
    Concat,
    Conv2D,
    Dense,
    Dropout,
    Embedding,
    Flatten,
    GlobalAveragePool2D,
    Layer,
    LayerNorm,
    MaxPool2D,
    Multiply,
    Reshape,
    Scale,
    Slice,
)
from ._model import Imported, Model, import_onnx, load
from ._run import Run, train
from ._settings import Adam, AdamW, Lbfgs, Loss, Momentum, Optimizer, Schedule, Sgd
from ._stepper import Stepper
from ._tables import limit_memory

if TYPE_CHECKING:
    from .estimators import Classifier, Regressor

__version__ = _core.version
__all__ = [
    "Activation", "Adam", "AdamW", "Add", "Augment", "Average", "AveragePool2D", "BatchNorm", "Classifier", "Concat",
    "Conv2D", "Dense", "Dropout", "Embedding", "Error", "Flatten", "GlobalAveragePool2D", "History", "Imported",
    "Layer", "LayerNorm", "Lbfgs", "Loss", "MaxPool2D", "Model", "Momentum", "Multiply", "Optimizer", "Regressor",
    "Reshape", "Run", "Scale", "Schedule", "Sgd", "Slice", "Stepper", "import_onnx", "limit_memory", "load",
    "settings", "train",
]  # fmt: skip


def settings() -> list[dict[str, str]]:
    """All settings of :func:`train`: ``name``, ``default``, ``range`` and ``help``.

    >>> import pellucid as pl
    >>> [setting["default"] for setting in pl.settings() if setting["name"] == "seed"]
    ['42']
    """
    return json.loads(_core.described_settings())


def __getattr__(name: str) -> Any:
    # scikit-learn takes a second to import, so it is imported when an estimator is asked for.
    if name in ("Classifier", "Regressor"):
        from . import estimators

        return getattr(estimators, name)
    raise AttributeError(f"module 'pellucid' has no attribute {name!r}")
