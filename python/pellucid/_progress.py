"""Progress: one line in a terminal or notebook that shows how far a training is. Not here: results (_display.py)."""

from __future__ import annotations

import sys
import time
from typing import Any


class Bar:
    """A bar that is redrawn at most ten times per second. It does nothing where nobody would see it."""

    def __init__(self, on: bool, epochs: int):
        self.on = on
        self.epochs = epochs
        self._last = 0.0
        self._drawn = False

    def epoch(self, record: dict[str, Any]) -> None:
        now = time.monotonic()
        done = record["epoch"] == self.epochs
        if not self.on or (now - self._last < 0.1 and not done):
            return
        self._last = now
        share = record["epoch"] / self.epochs if self.epochs else 0
        filled = int(20 * share)
        figures = [f"{name} {record[name]:.4g}" for name in record if is_figure(name, record[name])]
        total = f"/{self.epochs}" if self.epochs else ""
        self._draw(f"epoch {record['epoch']}{total} [{'█' * filled}{'·' * (20 - filled)}] {'  '.join(figures)}")

    def say(self, text: str) -> None:
        if self.on:
            self._draw(text)

    def close(self) -> None:
        if self._drawn:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()
            self._drawn = False

    def _draw(self, text: str) -> None:
        sys.stderr.write(f"\r\x1b[K{text[:120]}")
        sys.stderr.flush()
        self._drawn = True


def is_figure(name: str, value: Any) -> bool:
    return value is not None and (name == "train_loss" or name.startswith("val_"))


def bar_for(progress: bool | None, epochs: int) -> Bar:
    """The bar for one training. ``progress`` None: on if errors go to a terminal or a notebook."""
    return Bar(is_watched() if progress is None else progress, epochs)


def is_watched() -> bool:
    try:
        return sys.stderr.isatty() or "ipykernel" in sys.modules
    except (AttributeError, ValueError):
        return False
