"""History: the epochs of a training. Not here: drawing them (_display.py)."""

from __future__ import annotations

import json
from typing import Any


class History:
    """The record of a training.

    Attributes
    ----------
    epochs : list of dict
        One per epoch: ``epoch``, ``train_loss``, ``val_loss``, ``val_accuracy`` or ``val_rmse`` or ``val_r2``,
        ``train_seconds``, ``seconds``, ``best``. Without validation rows the ``val_`` entries are None.
    best_epoch : int
        The epoch whose weights the model has.
    stopped : str
        Why the training ended.
    seconds : float
    """

    def __init__(self, epochs: list[dict[str, Any]], best_epoch: int, stopped: str, seconds: float):
        self.epochs = epochs
        self.best_epoch = best_epoch
        self.stopped = stopped
        self.seconds = seconds

    @classmethod
    def of_report(cls, text: str) -> History:
        """The history of a run from its report."""
        report = json.loads(text)
        return cls(
            report.get("history", []), report.get("best_epoch", 0), report.get("stopped", ""), report.get("seconds", 0.0)
        )

    def __getitem__(self, name: str) -> list[Any]:
        """The values of all epochs, for example ``history["val_loss"]``."""
        return [epoch[name] for epoch in self.epochs]

    def __len__(self) -> int:
        return len(self.epochs)

    def __repr__(self) -> str:
        return f"History({len(self)} epochs, best {self.best_epoch}, {self.stopped})"

    def _repr_html_(self) -> str:
        from ._display import curves

        return curves(self.epochs, self.best_epoch)
