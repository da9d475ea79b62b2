"""What the tests share: a table with every kind of cell, and its CSV file. Not here: the tests."""

from __future__ import annotations

import datetime
from pathlib import Path

import numpy as np
import pytest

import pellucid as pl

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def iris() -> str:
    return str(ROOT / "data" / "iris.csv")


def mixed_columns(rows: int = 120) -> dict[str, list]:
    """Columns with numbers, words, dates and missing cells; `price` depends on them."""
    random = np.random.default_rng(5)
    size = random.uniform(30, 200, rows).round(1)
    rooms = random.integers(1, 7, rows)
    town = random.choice(["Oslo", "Bergen", 'Voss, "old"', "Ås"], rows)
    days = [datetime.date(2021, 1, 1) + datetime.timedelta(days=int(d)) for d in random.integers(0, 900, rows)]
    price = 3.5 * size + 20 * rooms + np.where(town == "Oslo", 90, 0)
    columns = {
        "size": [None if i % 17 == 3 else float(s) for i, s in enumerate(size)],
        "rooms": [int(r) for r in rooms],
        "floors": [None if i % 23 == 1 else int(r) % 3 for i, r in enumerate(rooms)],
        "garden": [bool(r % 2) for r in rooms],
        "town": [None if i % 19 == 4 else str(t) for i, t in enumerate(town)],
        "sold": days,
        "price": [float(p) for p in price.round(2)],
    }
    return columns


@pytest.fixture
def columns() -> dict[str, list]:
    return mixed_columns()


def quick(data, target="price", **settings):
    """A small training."""
    return pl.train(data, target, **{"epochs": 3, "preset": "plain", "hidden": [4], "progress": False, **settings})
