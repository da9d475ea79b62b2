"""Tables from DataFrames, Arrow, dictionaries, records and arrays. Not here: files, and what cells mean (the library)."""

from __future__ import annotations

import datetime
import numbers
import os
from collections.abc import Mapping
from typing import Any

import numpy as np

from . import _core
from ._errors import Error

MISSING_TYPES = {"NAType", "NaTType"}


class Pair:
    """Features and targets that were given apart."""

    def __init__(self, features: Any, targets: dict[str, Any]):
        self.features = features
        self.targets = targets


def limit_memory(bytes: int | None = None, folder: str | os.PathLike[str] | None = None) -> None:
    """Keeps large tables in temporary files beyond this many bytes of memory.

    Without this call everything is kept in memory. The files have no name and vanish with the process.

    Parameters
    ----------
    bytes : int, optional
        Default: half of the memory that is free now.
    folder : path, optional
        Default: the folder for temporary files (TMPDIR, or /tmp).
    """
    _core.limit_memory(bytes, os.fspath(folder) if folder is not None else os.environ.get("TMPDIR") or "/tmp")


def is_path(data: Any) -> bool:
    return isinstance(data, (str, os.PathLike))


def is_pandas(data: Any) -> bool:
    return type(data).__module__.partition(".")[0] == "pandas" and hasattr(data, "columns")


def is_array(data: Any) -> bool:
    return isinstance(data, np.ndarray)


def columns_of(data: Any, names: list[str] | None = None) -> _core.Columns:
    """The columns of any table in memory.

    ``names`` are the names of the columns of an array that has none of its own.
    """
    if isinstance(data, Pair):
        columns = columns_of(data.features, names)
        for name, cells in data.targets.items():
            add_cells(columns, name, cells)
        return columns
    columns = _core.Columns(name_of(data))
    if is_pandas(data):
        for c, name in enumerate(data.columns):
            add_series(columns, str(name), data.iloc[:, c])
    elif hasattr(data, "__arrow_c_stream__"):
        columns.add_arrow(data.__arrow_c_stream__())
    elif isinstance(data, Mapping):
        for name, cells in data.items():
            add_cells(columns, str(name), cells)
    elif is_records(data):
        keys = dict.fromkeys(key for record in data for key in record)
        for name in keys:
            add_cells(columns, str(name), [record.get(name) for record in data])
    else:
        add_array(columns, np.asarray(data), names)
    return columns


def names_of(data: Any) -> list[str] | None:
    """The names of the columns of a table; None for an array."""
    if is_records(data):
        return list(dict.fromkeys(str(key) for record in data for key in record))
    names = getattr(data, "column_names", None) or getattr(data, "columns", None)
    return None if names is None else [str(name) for name in names]


def name_of(data: Any) -> str:
    kind = type(data).__name__
    return "the array" if is_array(data) else "the table" if isinstance(data, (Mapping, list)) else f"the {kind}"


def is_records(data: Any) -> bool:
    return isinstance(data, (list, tuple)) and len(data) > 0 and all(isinstance(row, Mapping) for row in data)


def add_array(columns: _core.Columns, array: np.ndarray, names: list[str] | None) -> None:
    """Features as an array: rows first. Without names, the columns are called as those of a .npz file."""
    if array.dtype.kind in "c":
        raise ValueError("Complex data not supported")
    if names is None and array.dtype.kind in "fiu" and array.dtype.itemsize <= 8:
        columns.add_array(np.ascontiguousarray(as_plain(array)))
        return
    if array.ndim != 2:
        raise Error("U20", f"an array of words needs two axes, rows and columns; got {array.ndim}")
    for c in range(array.shape[1]):
        add_cells(columns, names[c] if names else f"c{c + 1}", array[:, c])


def as_plain(array: np.ndarray) -> np.ndarray:
    """Numbers in the machine's byte order and in a type that C++ has."""
    if array.dtype.kind == "f" and array.dtype.itemsize not in (4, 8):
        return array.astype(np.float64)
    return array.astype(array.dtype.newbyteorder("="), copy=False)


def add_cells(columns: _core.Columns, name: str, cells: Any) -> None:
    """One column from a list, an array or anything else that NumPy reads."""
    if type(cells).__module__.partition(".")[0] == "pandas":
        add_series(columns, name, cells)
        return
    if hasattr(cells, "__arrow_c_stream__") and not is_array(cells):
        cells = cells.to_numpy() if hasattr(cells, "to_numpy") else np.asarray(cells)
    if not is_array(cells):
        cells = list(cells)
        kinds = {type(cell) for cell in cells}
        plain = kinds <= {int} or kinds <= {float, int}
        cells = np.array(cells, dtype=None if plain else object)
    if cells.ndim != 1:
        raise Error("U20", f'column "{name}" has {cells.ndim} axes; a column has one')
    if cells.dtype.kind in "fiu":
        columns.add_numbers(name, np.ascontiguousarray(as_plain(cells)))
    elif cells.dtype.kind == "c":
        raise ValueError("Complex data not supported")
    elif cells.dtype.kind == "m":
        columns.add_numbers(name, seconds(cells))
    elif cells.dtype.kind == "M":
        columns.add_words(name, dates(cells))
    else:
        columns.add_words(name, [word_of(cell, name, row) for row, cell in enumerate(cells.tolist())])


def seconds(durations: np.ndarray) -> np.ndarray:
    """Durations as seconds; NaN where there is none."""
    return np.where(np.isnat(durations), np.nan, durations / np.timedelta64(1, "s"))


def dates(moments: np.ndarray) -> list[str | None]:
    """Moments as pandas writes them into a CSV file: without a time if all of them are midnight."""
    days = moments.astype("datetime64[D]")
    present = ~np.isnat(moments)
    if (days == moments)[present].all():
        texts = np.datetime_as_string(days)
    else:
        unit = "s" if (moments.astype("datetime64[s]") == moments)[present].all() else "us"
        texts = np.char.replace(np.datetime_as_string(moments.astype(f"datetime64[{unit}]")), "T", " ")
    return [str(text) if there else None for text, there in zip(texts, present)]


def word_of(cell: Any, name: str = "", row: int = 0) -> str | None:
    """One cell as a CSV file would hold it; None where it is missing."""
    if isinstance(cell, str):
        return cell
    if cell is None or type(cell).__name__ in MISSING_TYPES or cell != cell:
        return None
    if isinstance(cell, (bool, np.bool_)):
        return str(bool(cell))
    if isinstance(cell, numbers.Integral):
        return str(int(cell))
    if isinstance(cell, numbers.Real):
        return repr(float(cell))
    if isinstance(cell, datetime.timedelta):
        return repr(cell.total_seconds())
    if isinstance(cell, (datetime.date, datetime.time, np.datetime64)):
        return str(cell)
    if type(cell).__name__ == "Decimal":
        return str(cell)
    if isinstance(cell, bytes):
        return cell.decode("utf-8")
    raise TypeError(
        f'column "{name}", row {row + 1}: argument must be a string or a real number, not {type(cell).__name__!r}'
    )


def add_series(columns: _core.Columns, name: str, series: Any) -> None:
    """A column of pandas."""
    dtype = series.dtype
    kind = getattr(dtype, "kind", "O")
    if isinstance(dtype, np.dtype):
        add_cells(columns, name, series.to_numpy())
    elif type(dtype).__name__ == "CategoricalDtype":
        words = [word_of(category, name) for category in dtype.categories.tolist()]
        columns.add_words(name, [words[code] if code >= 0 else None for code in series.cat.codes.tolist()])
    elif type(dtype).__name__ == "DatetimeTZDtype":
        columns.add_words(name, [None if cell != cell else str(cell) for cell in series.tolist()])
    elif kind in "iu":
        missing = np.ascontiguousarray(series.isna().to_numpy(dtype=bool))
        whole = np.int64 if kind == "i" else np.uint64
        columns.add_numbers(name, series.to_numpy(dtype=whole, na_value=0), missing)
    elif kind == "f":
        columns.add_numbers(name, series.to_numpy(dtype=np.float64, na_value=np.nan))
    else:
        add_cells(columns, name, series.to_numpy(dtype=object))


def pair_of(features: Any, target: Any) -> Pair:
    """Features and targets of arrays. The targets are named as in a .npz file: "label" for whole numbers, else "y"."""
    values = np.asarray(target)
    name = getattr(target, "name", None)
    base = str(name) if isinstance(name, str) and name else "label" if values.dtype.kind in "iubOUST" else "y"
    if values.ndim == 2 and values.shape[1] > 1:
        return Pair(features, {f"{base}{c + 1}": values[:, c] for c in range(values.shape[1])})
    return Pair(features, {base: target if values.ndim == 1 else values.reshape(len(values))})
