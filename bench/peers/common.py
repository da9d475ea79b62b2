"""Shared by the Python peers: reading a job's rows and weights, learning rates of a schedule, timing, scores, the answer.
Not here: training itself (one file per peer in bench/peers).

A peer is a class: Peer(job, rows) constructs it; start(weights) starts a new training with the given weights; epoch(order, rates)
trains one epoch over the rows in that order and returns the mean loss; predict(x) returns the outputs (logits are allowed);
version names the library. A peer that predicts single rows has one(row) instead of epoch.
"""

import json
import math
import sys
import time
from pathlib import Path

import numpy as np


class Rows:
    """float32 features in memory before any clock starts, as each framework's own loaders would leave them."""

    def __init__(self, job):
        folder = Path(job["folder"])
        divide = np.float32(job.get("divide", 1))

        def features(name):
            stored = np.fromfile(folder / name, np.uint8 if job["bytes"] else np.float32)
            return (stored.astype(np.float32) / divide).reshape(-1, job["features"])

        self.x = features("x")
        if not job.get("predict"):
            target = np.float32 if job["loss"] == "mse" else np.int32
            self.test_x = features("test_x")
            self.y, self.test_y = (np.fromfile(folder / name, target) for name in ("y", "test_y"))


def clock_of(job):
    """The wall clock, or the CPU time of this process where the machine is not quiet (compare.py --clock cpu)."""
    return time.process_time if job["clock"] == "cpu" else time.perf_counter


def weights(job, seed):
    """[(W1, b1), (W2, b2), …]"""
    flat = np.fromfile(Path(job["folder"]) / f"weights-{seed}", np.float32)
    result, fan_in, at = [], job["features"], 0
    for units, _ in job["layers"]:
        w = flat[at : at + fan_in * units].reshape(fan_in, units)
        result.append((w, flat[at + w.size : at + w.size + units]))
        at, fan_in = at + w.size + units, units
    return result


def rates(job, epoch):
    """The learning rate of each step of an epoch."""
    steps = math.ceil(job["rows"] / job["batch"])
    factor = np.ones(steps)
    if job.get("schedule") == "onecycle":  # up from 1/25 in the first 30 %, then half a cosine down to 1e-4
        done = (np.arange(steps) + epoch * steps) / (steps * job["epochs"])
        down = 1e-4 + (1 - 1e-4) * 0.5 * (1 + np.cos(np.pi * (done - 0.3) / 0.7))
        factor = np.where(done < 0.3, 0.04 + 0.96 * done / 0.3, down)
    return (job["learning_rate"] * factor).astype(np.float32)


def score(job, outputs, truth):
    """Accuracy, or RMSE in standard deviations of the target."""
    outputs = np.asarray(outputs)
    if job["loss"] == "mse":
        return float(np.sqrt(np.mean((outputs.reshape(-1) - truth) ** 2)))
    guess = outputs.argmax(1) if outputs.ndim > 1 and outputs.shape[1] > 1 else outputs.reshape(-1) > 0
    return float(np.mean(guess == truth))


def train(peer, job, rows):
    rng, clock = np.random.default_rng(1), clock_of(job)

    def one_epoch(number):
        start = clock()
        order = rng.permutation(job["rows"]) if job.get("shuffle", True) else None
        loss = peer.epoch(order, rates(job, number))
        return clock() - start, float(loss)

    peer.start(weights(job, job["seeds"][0]))
    one_epoch(0)  # warm-up: compilation, first touch of memory
    runs = []
    for seed in job["seeds"]:
        peer.start(weights(job, seed))
        seconds, losses = zip(*(one_epoch(number) for number in range(job["epochs"])))
        runs.append({"seconds": seconds, "loss": losses[-1], "score": score(job, peer.predict(rows.test_x), rows.test_y)})
    return runs


def predict(peer, job, rows):
    """Seconds of one call, over chunks of calls of about 20 ms each."""
    calls, clock = 16, clock_of(job)
    while True:
        chunk = [rows.x[i % len(rows.x)] for i in range(calls)]
        start = clock()
        for row in chunk:
            peer.one(row)
        took = clock() - start
        if took > 0.02:
            break
        calls *= 2
    seconds = []
    for _ in range(9):
        start = clock()
        for row in chunk:
            peer.one(row)
        seconds.append((clock() - start) / calls)
    outputs = [np.asarray(peer.one(row)).reshape(-1).tolist() for row in rows.x[:8]]
    return [{"seconds": seconds, "outputs": outputs}]


def main(make):
    job = json.loads(Path(sys.argv[1]).read_text())
    rows = Rows(job)
    peer = make(job, rows)
    runs = predict(peer, job, rows) if job.get("predict") else train(peer, job, rows)
    print(json.dumps({"version": peer.version, "runs": runs}))
