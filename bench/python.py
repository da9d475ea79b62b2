#!/usr/bin/env python3
"""Measures what the Python package adds to the library: predictions of one row and of 100,000 rows, a training of mnist-64, the import.

    python.py PEER [MNIST]      PEER: build/release/bin/pellucid_peer (cmake -DPELLUCID_BENCH=ON); MNIST: a folder of MNIST

Run it with a Python that has the wheel of ./dev wheel. The library's times are those of pellucid_peer, which calls the C++ library
with the same weights. One thread, CPU time, and the smallest of several times, so that other programs disturb little. Not here: comparison with other libraries (compare.py).
"""

import gzip
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

import pellucid as pl

SMALL = {"features": 20, "layers": [[32, "relu"], [3, "softmax"]], "predict": True}
MNIST = {"features": 784, "layers": [[64, "relu"], [10, "softmax"]], "from_memory": True, "loss": "cross_entropy", "epochs": 2,
         "batch": 8, "optimizer": "sgd", "learning_rate": 0.05, "threads": 1}


def smallest(use, chunks=40, least=0.02):
    """CPU seconds of one call: the smallest mean of several chunks of calls."""
    calls = 1
    while True:
        start = time.process_time()
        for _ in range(calls):
            use()
        if time.process_time() - start > least:
            break
        calls *= 2
    best = float("inf")
    for _ in range(chunks):
        start = time.process_time()
        for _ in range(calls):
            use()
        best = min(best, (time.process_time() - start) / calls)
    return best


def net_of(job):
    return pl.Model([pl.Dense(*layer) for layer in job["layers"]]).build(job["features"])


def library_seconds(peer, folder, job, net, **arrays):
    """CPU seconds of pellucid_peer for the job, with the weights of this net."""
    for name, array in arrays.items():
        array.tofile(folder / name)
    np.concatenate([value.ravel() for value in net.parameters.values()]).tofile(folder / "weights-1")
    (folder / "job.json").write_text(json.dumps({"folder": str(folder), "seeds": [1], "clock": "cpu", **job}))
    answer = json.loads(subprocess.run([peer, folder / "job.json"], check=True, capture_output=True, text=True).stdout)
    return min(answer["runs"][0]["seconds"])


def predictions(peer, folder):
    net = net_of(SMALL)
    x = np.random.default_rng(0).normal(size=(100_000, SMALL["features"])).astype(np.float32)
    row = x[:1]
    ours, theirs = smallest(lambda: net.predict(row)), library_seconds(peer, folder, SMALL, net, x=x[:1000])
    print(f"predict, one row        library {theirs * 1e6:8.2f} µs   Python {ours * 1e6:8.2f} µs   {(ours - theirs) * 1e6:+.2f} µs")
    ours, theirs = smallest(lambda: net.predict(x, threads=1)), library_seconds(peer, folder, {**SMALL, "at_once": 2}, net, x=x)
    print(f"predict, 100,000 rows   library {theirs * 1e3:8.3f} ms   Python {ours * 1e3:8.3f} ms   {100 * (ours / theirs - 1):+.2f} %")


def training(peer, folder, mnist):
    def read(name, head):
        return np.frombuffer(gzip.open(mnist / f"{name}-ubyte.gz").read(), np.uint8, offset=head)

    x = (read("train-images-idx3", 16).reshape(-1, 784) / np.float32(255)).astype(np.float32)
    y = read("train-labels-idx1", 8).astype(np.int32)
    ours = float("inf")
    for _ in range(3):
        net = net_of(MNIST)
        start = time.process_time()
        net.fit(x, y, epochs=MNIST["epochs"], batch_size=MNIST["batch"], optimizer=pl.Sgd(MNIST["learning_rate"]), threads=1)
        ours = min(ours, time.process_time() - start)
    theirs = library_seconds(peer, folder, MNIST, net_of(MNIST), x=x, y=y)
    print(f"fit, mnist-64, 2 epochs library {theirs:8.3f} s    Python {ours:8.3f} s    {100 * (ours / theirs - 1):+.2f} %")


def importing():
    code = "import time, numpy; s = time.process_time(); import pellucid; print(time.process_time() - s)"
    times = [float(subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout) for _ in range(10)]
    print(f"import pellucid         {min(times) * 1e3:.0f} ms (after NumPy)")


def main():
    with tempfile.TemporaryDirectory() as folder:
        predictions(sys.argv[1], Path(folder))
        if len(sys.argv) > 2:
            training(sys.argv[1], Path(folder), Path(sys.argv[2]))
    importing()


if __name__ == "__main__":
    main()
