#!/usr/bin/env python3
"""Measures what the Python package adds to the library: predictions of one row and of 100,000 rows, a training of mnist-64, the import.

    python.py PEER [MNIST]      PEER: build/release/bin/pellucid_peer (cmake -DPELLUCID_BENCH=ON); MNIST: a folder of MNIST

Run it with a Python that has the wheel of ./dev wheel. The library's times are those of pellucid_peer, which calls the C++ library
with the same weights, and for the training those that the library itself reports. One thread; CPU time of the predictions, and the
smallest of many times, so that other programs disturb little. Not here: comparison with other libraries (compare.py).
"""

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

import pellucid as pl

FEATURES, LAYERS = 20, [[32, "relu"], [3, "softmax"]]


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


def library_seconds(peer, folder, net, x, at_once):
    x.tofile(folder / "x")
    np.concatenate([value.ravel() for value in net.parameters.values()]).tofile(folder / "weights-1")
    job = {"folder": str(folder), "features": FEATURES, "layers": LAYERS, "seeds": [1], "predict": True, "clock": "cpu",
           "at_once": at_once}
    (folder / "job.json").write_text(json.dumps(job))
    answer = json.loads(subprocess.run([peer, folder / "job.json"], check=True, capture_output=True, text=True).stdout)
    return min(answer["runs"][0]["seconds"])


def predictions(peer, folder):
    net = pl.Model([pl.Dense(*layer) for layer in LAYERS]).build(FEATURES)
    x = np.random.default_rng(0).normal(size=(100_000, FEATURES)).astype(np.float32)
    row = x[:1]
    ours, theirs = smallest(lambda: net.predict(row)), library_seconds(peer, folder, net, x[:1000], 1)
    print(f"predict, one row        library {theirs * 1e6:8.2f} µs   Python {ours * 1e6:8.2f} µs   + {(ours - theirs) * 1e6:.2f} µs")
    ours, theirs = smallest(lambda: net.predict(x, threads=1)), library_seconds(peer, folder, net, x, len(x))
    print(f"predict, 100,000 rows   library {theirs * 1e3:8.3f} ms   Python {ours * 1e3:8.3f} ms   + {100 * (ours / theirs - 1):.2f} %")


def training(folder):
    import gzip

    def read(name, head):
        return np.frombuffer(gzip.open(folder / f"{name}-ubyte.gz").read(), np.uint8, offset=head)

    x = (read("train-images-idx3", 16).reshape(-1, 784) / np.float32(255)).astype(np.float32)
    y = read("train-labels-idx1", 8).astype(np.int32)
    best = float("inf"), 1.0
    for _ in range(3):
        net = pl.Model([pl.Dense(64, "relu"), pl.Dense(10, "softmax")])
        start = time.perf_counter()
        history = net.fit(x, y, epochs=5, batch_size=8, optimizer=pl.Sgd(0.05), threads=1, progress=False)
        best = min(best, (time.perf_counter() - start, history.seconds))
    whole, epochs = best
    print(f"fit, mnist-64, 5 epochs library {epochs:8.3f} s    Python {whole:8.3f} s    + {100 * (whole / epochs - 1):.2f} %")


def importing():
    code = "import time, numpy; s = time.process_time(); import pellucid; print(time.process_time() - s)"
    times = [float(subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout) for _ in range(10)]
    print(f"import pellucid         {min(times) * 1e3:.0f} ms (after NumPy)")


def main():
    with tempfile.TemporaryDirectory() as folder:
        predictions(sys.argv[1], Path(folder))
    if len(sys.argv) > 2:
        training(Path(sys.argv[2]))
    importing()


if __name__ == "__main__":
    main()
