"""Keras on TensorFlow: compile, then one fit() of all epochs; a callback reads the clock at the end of each epoch.
Not here: scores, the answer (common.py)."""

import json
import os
import sys
from pathlib import Path

os.environ |= {"KERAS_BACKEND": "tensorflow", "TF_CPP_MIN_LOG_LEVEL": "3", "CUDA_VISIBLE_DEVICES": "-1"}
threads = json.loads(Path(sys.argv[1]).read_text())["threads"]

import keras  # noqa: E402
import tensorflow as tf  # noqa: E402

import common  # noqa: E402

tf.config.threading.set_intra_op_parallelism_threads(threads)
tf.config.threading.set_inter_op_parallelism_threads(threads)


def make_net(job):
    kinds = [kind for _, kind in job["layers"][:-1]] + ["linear"]
    layers = [keras.layers.Dense(units, kind) for (units, _), kind in zip(job["layers"], kinds)]
    net = keras.Sequential([keras.Input((job["features"],)), *layers])
    rate = float(job["learning_rate"])
    optimizer = {
        "sgd": lambda: keras.optimizers.SGD(rate),
        "rmsprop": lambda: keras.optimizers.RMSprop(rate),
        "adam": lambda: keras.optimizers.Adam(rate),
    }[job["optimizer"]]()
    loss = {
        "cross_entropy": lambda: keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        "binary_cross_entropy": lambda: keras.losses.BinaryCrossentropy(from_logits=True),
        "mse": lambda: "mse",
    }[job["loss"]]()
    net.compile(optimizer, loss)
    return net


class Stamps(keras.callbacks.Callback):
    def __init__(self, clock):
        super().__init__()
        self.clock = clock

    def on_train_begin(self, logs=None):
        self.times = [self.clock()]

    def on_epoch_end(self, epoch, logs=None):
        self.times.append(self.clock())


def main():
    job = json.loads(Path(sys.argv[1]).read_text())
    rows = common.Rows(job)
    net, stamps = make_net(job), Stamps(common.clock_of(job))
    start = [part for pair in common.weights(job, job["seeds"][0]) for part in pair]
    settings = {"batch_size": job["batch"], "shuffle": job.get("shuffle", True), "verbose": 0, "callbacks": [stamps]}
    targets = rows.y if job["loss"] == "cross_entropy" else rows.y[:, None].astype("float32")
    net.set_weights(start)
    net.fit(rows.x, targets, epochs=1, **settings)  # warm-up: tracing, compilation
    net.set_weights(start)
    for variable in net.optimizer.variables:
        if "learning_rate" not in variable.path:
            variable.assign(variable * 0)
    history = net.fit(rows.x, targets, epochs=job["epochs"], **settings)
    seconds = [after - before for before, after in zip(stamps.times, stamps.times[1:])]
    outputs = net.predict(rows.test_x, batch_size=1000, verbose=0)
    run = {"seconds": seconds, "loss": history.history["loss"][-1], "score": common.score(job, outputs, rows.test_y)}
    print(json.dumps({"version": f"Keras {keras.__version__} on TensorFlow {tf.__version__}", "runs": [run]}))


main()
