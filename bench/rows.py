"""Writes the rows and the initial weights of the benchmarks as plain numbers, so that every peer reads the same.
Not here: the comparison (bench/compare.py), the peers (bench/peers).

    python rows.py DATA_FOLDER OUTPUT_FOLDER JOB…      a JOB is a JSON file that compare.py has written
"""

import gzip
import json
import sys
from pathlib import Path

import numpy as np


def idx(path):
    """The bytes of a gzipped IDX file as an array of rows × remaining dimensions."""
    raw = gzip.open(path).read()
    extents = np.frombuffer(raw, ">i4", raw[3], 4)
    return np.frombuffer(raw, np.uint8, offset=4 + 4 * raw[3]).reshape(extents[0], -1)


def images(folder):
    x, y, test_x, test_y = (
        idx(folder / f"{part}-ubyte.gz")
        for part in ("train-images-idx3", "train-labels-idx1", "t10k-images-idx3", "t10k-labels-idx1")
    )
    return x, y[:, 0], test_x, test_y[:, 0]


def shuffled_split(table, train_rows):
    """Features and target (the last column) after a fixed shuffle: of the first rows, then of the others."""
    table = table[np.random.default_rng(1).permutation(len(table))]
    train, test = table[:train_rows], table[train_rows:]
    return train[:, :-1], train[:, -1], test[:, :-1], test[:, -1]


def digits(data):
    x, y, test_x, test_y = shuffled_split(np.loadtxt(data / "sklearn/digits.csv", delimiter=",", skiprows=1), 1437)
    return x.astype(np.uint8), y, test_x.astype(np.uint8), test_y


def makeclass(data):
    file = data / "mock/make_classification_n5000_seed123.csv.gz"
    return shuffled_split(np.loadtxt(file, delimiter=",", skiprows=1), 4000)


def paris(data):
    table = np.loadtxt(data / "paris-housing/ParisHousing.csv", delimiter=",", skiprows=1)
    train = shuffled_split(table, 8000)[:2]
    mean, deviation = (np.r_[f(train[0], axis=0), f(train[1])] for f in (np.mean, np.std))
    return shuffled_split((table - mean) / deviation, 8000)


SOURCES = {
    "mnist": lambda data: images(data / "mnist"),
    "fashion-mnist": lambda data: images(data / "fashion-mnist"),
    "digits": digits,
    "makeclass": makeclass,
    "paris": paris,
}


def write_rows(job, data, folder):
    """Writes bytes as bytes; each peer divides them itself."""
    x, y, test_x, test_y = SOURCES[job["data"]](data)
    rows = job.get("rows") or len(x)
    target = np.float32 if job["loss"] == "mse" else np.int32
    for name, values in (("x", x[:rows]), ("test_x", test_x)):
        (values if values.dtype == np.uint8 else values.astype(np.float32)).tofile(folder / name)
    y[:rows].astype(target).tofile(folder / "y")
    test_y.astype(target).tofile(folder / "test_y")
    job |= {"features": x.shape[1], "bytes": x.dtype == np.uint8, "rows": rows, "test_rows": len(test_x)}


def write_single_rows(job, data, folder):
    """Rows for single predictions: from the job's data set, or random numbers between -1 and 1 if it has none."""
    if "data" in job:
        x = SOURCES[job["data"]](data)[2][:256] / job.pop("divide")
    else:
        x = np.random.default_rng(7).uniform(-1, 1, (256, job["features"]))
    x.astype(np.float32).tofile(folder / "x")
    job |= {"features": x.shape[1], "rows": len(x), "bytes": False}


def write_weights(job, folder):
    """Glorot uniform weights, one file per seed: W1 (in × out), b1, W2, …"""
    for seed in job["seeds"]:
        rng = np.random.default_rng(seed)
        fan_in, parts = job["features"], []
        for units, _ in job["layers"]:
            limit = np.sqrt(6 / (fan_in + units))
            parts += [rng.uniform(-limit, limit, fan_in * units), np.zeros(units)]
            fan_in = units
        np.concatenate(parts).astype(np.float32).tofile(folder / f"weights-{seed}")


def main():
    data, output = map(Path, sys.argv[1:3])
    for path in map(Path, sys.argv[3:]):
        job = json.loads(path.read_text())
        folder = output / job["name"]
        folder.mkdir(parents=True, exist_ok=True)
        if job.get("predict"):
            write_single_rows(job, data, folder)
        else:
            write_rows(job, data, folder)
        write_weights(job, folder)
        path.write_text(json.dumps(job | {"folder": str(folder)}))


main()
