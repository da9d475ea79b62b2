#!/usr/bin/env python3
"""Writes the net of a pellucid model as C by emlearn (pip install emlearn scikit-learn), for bench/c_source.py.
Not here: the measurement.

    emlearn_net.py MODEL FOLDER      writes FOLDER/peer.c with emlearn_net(), and the model's test rows; prints the include folder
"""

import sys
import warnings
from pathlib import Path

import emlearn
import numpy as np
from sklearn.neural_network import MLPClassifier

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "docs"))
import read_model  # noqa: E402

NAME = "peer"
SOURCE = """#include <stdint.h>
#include <stdbool.h>
#include "{name}.h"
void emlearn_net(const float *x, float *y) {{ eml_net_predict_proba(&peer, x, {inputs}, y, {outputs}); }}
const float peer_rows[{rows}][{inputs}] = {{{numbers}}};
"""


def main():
    warnings.filterwarnings("ignore")
    tensors, document = read_model.load(sys.argv[1])
    folder = Path(sys.argv[2])
    weights = [value for name, value in tensors.items() if name.endswith(".weight")]
    biases = [value for name, value in tensors.items() if name.endswith(".bias")]
    inputs, outputs = weights[0].shape[0], weights[-1].shape[1]
    # A net of the same shape, fitted so that scikit-learn creates its members; then it gets the model's weights.
    rows = np.zeros((2 * outputs, inputs), np.float32)
    hidden = tuple(weight.shape[1] for weight in weights[:-1])
    activation = document["nodes"][0]["settings"]["activation"]
    net = MLPClassifier(hidden, activation=activation, max_iter=1).fit(rows, np.arange(2 * outputs) % outputs)
    net.coefs_, net.intercepts_ = [w.astype(float) for w in weights], [b.astype(float) for b in biases]
    emlearn.convert(net, method="inline").save(name=NAME, file=str(folder / f"{NAME}.h"))
    test = tensors["pellucid.test_rows"]
    numbers = ", ".join("{" + ", ".join(repr(float(x)) + "f" for x in row) + "}" for row in test)
    (folder / "peer.c").write_text(SOURCE.format(name=NAME, inputs=inputs, outputs=outputs, rows=len(test), numbers=numbers))
    print(emlearn.includedir, len(test))


if __name__ == "__main__":
    main()
