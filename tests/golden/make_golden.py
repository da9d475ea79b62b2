#!/usr/bin/env python3
"""Writes reference results: twelve training steps of small networks, computed with NumPy in float64 by the textbook formulas.
Not here: the comparison with the library (tests/model/golden_test.cc).

    python3 make_golden.py        needs NumPy
"""
import json
import pathlib

import numpy as np

STEPS = 12  # four epochs
BATCH = 4
ROWS = 12


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def softmax(z):
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


ACTIVATIONS = {  # value, derivative
    "tanh": (np.tanh, lambda z: 1 - np.tanh(z) ** 2),
    "silu": (lambda z: z * sigmoid(z), lambda z: sigmoid(z) * (1 + z * (1 - sigmoid(z)))),
    "sigmoid": (sigmoid, lambda z: sigmoid(z) * (1 - sigmoid(z))),
    "linear": (lambda z: z, np.ones_like),
}


def forward_backward(layers, activations, x, target, classify):
    """Loss, and the gradients of (weight, bias) of each layer, first layer first."""
    inputs, sums = [x], []
    for (weight, bias), name in zip(layers, activations):
        sums.append(inputs[-1] @ weight + bias)
        inputs.append(softmax(sums[-1]) if name == "softmax" else ACTIVATIONS[name][0](sums[-1]))
    y = inputs[-1]
    if classify:  # mean over rows of -ln p(class); the gradient of the logits is (p - one-hot) / rows
        loss = -np.log(y[np.arange(len(y)), target]).mean()
        dz = (y - np.eye(y.shape[1])[target]) / len(y)
    else:  # mean over rows and outputs of (y - t)²
        loss = ((y - target) ** 2).mean()
        dz = 2 * (y - target) / y.size * ACTIVATIONS[activations[-1]][1](sums[-1])
    gradients = []
    for i in reversed(range(len(layers))):
        gradients.insert(0, (inputs[i].T @ dz, dz.sum(axis=0)))
        if i > 0:
            dz = dz @ layers[i][0].T * ACTIVATIONS[activations[i - 1]][1](sums[i - 1])
    return loss, gradients


def adam(state, w, g, t, lr=0.01, beta1=0.9, beta2=0.999, epsilon=1e-8):
    """Kingma, Ba 2015, algorithm 1."""
    m, v = state.get("m", 0), state.get("v", 0)
    state["m"] = m = beta1 * m + (1 - beta1) * g
    state["v"] = v = beta2 * v + (1 - beta2) * g**2
    return w - lr * (m / (1 - beta1**t)) / (np.sqrt(v / (1 - beta2**t)) + epsilon)


def nesterov(state, w, g, t, lr=0.1, momentum=0.9):
    """Sutskever et al. 2013, in the form that PyTorch uses."""
    state["v"] = v = momentum * state.get("v", 0) + g
    return w - lr * (g + momentum * v)


def run(name, rng, sizes, activations, classify, update, clip_norm=0.0, l2=0.0):
    x = rng.normal(size=(ROWS, sizes[0]))
    target = rng.integers(0, sizes[-1], size=ROWS) if classify else rng.normal(size=(ROWS, sizes[-1]))
    layers = [(rng.normal(size=(a, b)) * 0.6, rng.normal(size=b) * 0.1) for a, b in zip(sizes, sizes[1:])]
    golden = {"name": name, "sizes": sizes, "activations": activations, "x": x.tolist(), "target": target.tolist(),
              "start": [[w.tolist(), b.tolist()] for w, b in layers], "steps": []}
    states = [({}, {}) for _ in layers]
    for t in range(1, STEPS + 1):
        first = (t - 1) * BATCH % ROWS
        part = slice(first, first + BATCH)
        loss, gradients = forward_backward(layers, activations, x[part], target[part], classify)
        norm = np.sqrt(sum((g**2).sum() for pair in gradients for g in pair))
        if 0 < clip_norm < norm:
            gradients = [tuple(g * (clip_norm / norm) for g in pair) for pair in gradients]
        golden["steps"].append({"loss": loss, "gradients": [[w.tolist(), b.tolist()] for w, b in gradients]})
        layers = [(update(state[0], w, dw + l2 * w, t), update(state[1], b, db, t))  # biases do not decay
                  for (w, b), (dw, db), state in zip(layers, gradients, states)]
    golden["end"] = [[w.tolist(), b.tolist()] for w, b in layers]
    path = pathlib.Path(__file__).with_name(name + ".json")
    path.write_text(json.dumps(golden, separators=(",", ":")).replace('{"loss"', '\n{"loss"') + "\n")


if __name__ == "__main__":
    generator = np.random.default_rng(2024)
    run("classify", generator, [4, 5, 3], ["tanh", "softmax"], True, adam)
    run("regress", generator, [3, 6, 4, 2], ["silu", "sigmoid", "linear"], False, nesterov, clip_norm=0.5, l2=0.01)
