#!/usr/bin/env python3
"""Writes tests/golden/onnx/: small nets as PyTorch, Keras and scikit-learn export them, each with rows and the outputs of
the framework that made it (NAME.npz: x, or one array per input; y; for classifiers also the labels).

    python3 -m venv A && A/bin/pip install torch onnx onnxscript scikit-learn skl2onnx onnxruntime
    python3 -m venv B && B/bin/pip install tensorflow-cpu tf2onnx onnxruntime
    A/bin/python tests/golden/make_onnx.py torch iris sklearn && B/bin/python tests/golden/make_onnx.py keras

The files here were made with torch 2.15, skl2onnx 1.20, scikit-learn 1.9, tensorflow 2.21, keras 3.15, tf2onnx 1.17.
Not here: the tests that import them (tests/import/golden_test.cc). No test runs this script.
"""

import io
import sys
import tempfile
from pathlib import Path

import numpy as np

FOLDER = Path(__file__).parent / "onnx"
ROWS = 12


def write(name, model):
    """Writes a file without texts that say where and how it was made: PyTorch adds a stack trace to each operator."""
    for node in model.graph.node:
        node.ClearField("doc_string")
        node.ClearField("metadata_props")
    model.graph.ClearField("value_info")
    for place in (model, model.graph, *model.graph.input, *model.graph.output, *model.graph.initializer):
        place.ClearField("metadata_props")
    (FOLDER / f"{name}.onnx").write_bytes(model.SerializeToString())


def rows_of(*shape, seed=1):
    return np.random.default_rng(seed).normal(size=(ROWS, *shape)).astype(np.float32)


def torch_nets():
    import onnx
    import torch
    from torch import nn

    torch.manual_seed(0)

    class Skips(nn.Module):
        """A picture, batch normalization, dropout, a skip connection, a gate, a mean and several constants."""

        def __init__(self):
            super().__init__()
            self.first, self.norm = nn.Linear(16, 6), nn.BatchNorm1d(6)
            self.second, self.gate, self.last = nn.Linear(6, 6), nn.Linear(6, 6), nn.Linear(18, 2)
            self.drop = nn.Dropout(0.3)
            with torch.no_grad():
                for p in (self.norm.weight, self.norm.bias, self.norm.running_mean):
                    p.normal_()
                self.norm.running_var.uniform_(0.5, 2)

        def forward(self, x):
            x = x.view(x.size(0), -1) / 255 - 0.5
            a = self.drop(torch.relu(self.norm(self.first(x))))
            b = torch.tanh(self.second(a)) + a
            c = b * torch.sigmoid(self.gate(a))
            return self.last(torch.cat([a, (b + c) / 2, 2 * c + 1], dim=1))

    class Two(nn.Module):
        def __init__(self):
            super().__init__()
            self.left, self.right, self.last = nn.Linear(3, 4), nn.Linear(2, 4), nn.Linear(8, 1)

        def forward(self, numbers, flags):
            both = torch.cat([torch.relu(self.left(numbers)), self.right(flags)], dim=1)
            return torch.sigmoid(self.last(both))

    class Codes(nn.Module):
        """Embeddings of two columns of codes beside numbers; the codes are an input, or columns of the only input."""

        def __init__(self, apart):
            super().__init__()
            self.apart, self.last = apart, nn.Linear(8, 2)
            self.place, self.day = nn.Embedding(5, 3), nn.Embedding(7, 2)

        def forward(self, numbers, codes=None):
            if not self.apart:
                numbers, codes = numbers[:, :3], numbers[:, 3:].long()
            return self.last(torch.cat([numbers * 2, self.place(codes[:, 0]), self.day(codes[:, 1])], dim=1))

    plain = nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.Linear(8, 5), nn.Tanh(), nn.Linear(5, 3), nn.Softmax(dim=1))
    kinds = (nn.LeakyReLU(0.2), nn.ELU(0.7), nn.SELU(), nn.GELU(), nn.SiLU(), nn.Mish(), nn.Softplus(), nn.Sigmoid())
    layers = [nn.Linear(4, 5)]
    for kind in kinds:
        layers += [kind, nn.Linear(5, 5)]
    activations = nn.Sequential(*layers, nn.Linear(5, 3, bias=False))
    picture = np.random.default_rng(2).integers(0, 256, size=(ROWS, 1, 4, 4)).astype(np.float32)
    draw = np.random.default_rng(5)
    codes = np.stack([draw.integers(0, 5, ROWS), draw.integers(0, 7, ROWS)], axis=1)
    nets = {
        "mlp": (plain, [rows_of(4)]),
        "activations": (activations, [rows_of(4)]),
        "skips": (Skips(), [picture]),
        "codes": (Codes(True), [rows_of(3), codes]),
        "code_columns": (Codes(False), [np.concatenate([rows_of(3), codes.astype(np.float32)], axis=1)]),
        "two_inputs": (Two(), [rows_of(3), rows_of(2, seed=3)]),
    }
    for name, (net, inputs) in nets.items():
        net.eval()
        tensors = tuple(torch.from_numpy(x) for x in inputs)
        names = ["x"] if len(inputs) == 1 else ["numbers", "codes" if name == "codes" else "flags"]
        with torch.no_grad():
            y = net(*tensors).numpy()
        np.savez(FOLDER / f"torch_{name}.npz", **dict(zip(names, inputs)), y=y)
        common = {"input_names": names, "output_names": ["y"]}
        old = io.BytesIO()
        torch.onnx.export(net, tensors, old, dynamo=False, **common, dynamic_axes={n: {0: "rows"} for n in names})
        write(f"torch_{name}", onnx.load_from_string(old.getvalue()))
        rows = torch.export.Dim("rows")
        write(f"torch_{name}_dynamo", torch.onnx.export(net, tensors, dynamo=True, **common, verbose=False,
                                                        dynamic_shapes=tuple({0: rows} for _ in names)).model_proto)
    old = io.BytesIO()
    torch.onnx.export(plain, torch.zeros(1, 4), old, dynamo=False)
    write("torch_mlp_one_row", onnx.load_from_string(old.getvalue()))


def iris_net():
    """data/iris.onnx, the example of docs/import.md: logits of three classes, by PyTorch."""
    import onnx
    import torch
    from torch import nn

    torch.manual_seed(0)
    lines = (FOLDER.parents[2] / "data/iris.csv").read_text().split()
    cells = [line.split(",") for line in lines[1:]]
    x = torch.tensor([[float(cell) for cell in row[:4]] for row in cells])
    names = sorted({row[4] for row in cells})
    y = torch.tensor([names.index(row[4]) for row in cells])
    net = nn.Sequential(nn.Linear(4, 16), nn.ReLU(), nn.Linear(16, 3))
    optimizer = torch.optim.Adam(net.parameters(), 0.02)
    for _ in range(300):
        optimizer.zero_grad()
        nn.functional.cross_entropy(net(x), y).backward()
        optimizer.step()
    old = io.BytesIO()
    torch.onnx.export(net, x[:1], old, dynamo=False, input_names=["flower"], output_names=["logits"],
                      dynamic_axes={"flower": {0: "rows"}})
    write("iris", onnx.load_from_string(old.getvalue()))
    (FOLDER / "iris.onnx").rename(FOLDER.parents[2] / "data/iris.onnx")


def sklearn_nets():
    from skl2onnx import to_onnx
    from sklearn.neural_network import MLPClassifier, MLPRegressor
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    x = rows_of(4)
    far = (x * [1, 10, 100, 1000] + [0, 500, 90000, 1000000]).astype(np.float32)
    words = np.array(["blue", "green", "red"])[np.arange(ROWS) % 3]
    settings = {"hidden_layer_sizes": (6, 5), "max_iter": 30, "random_state": 0}
    import warnings
    warnings.filterwarnings("ignore")
    nets = {
        "classifier": (MLPClassifier(**settings), x, words, {}),
        "classifier_plain": (MLPClassifier(**settings, activation="tanh"), x, np.arange(ROWS) % 3 + 5, {"zipmap": False}),
        "binary": (MLPClassifier(**settings, activation="logistic"), x, np.array(["no", "yes"])[np.arange(ROWS) % 2], {}),
        "multilabel": (MLPClassifier(**settings), x, np.stack([np.arange(ROWS) % 2, np.arange(ROWS) // 6], 1), {"zipmap": False}),
        "regressor": (MLPRegressor(**settings), x, x[:, 0] + x[:, 1], None),
        "outputs": (MLPRegressor(**settings, activation="identity"), x, x[:, :2] * 2, None),
        "pipeline": (make_pipeline(StandardScaler(), MLPClassifier(**settings)), far, words, {}),
    }
    for name, (net, rows, y, options) in nets.items():
        net.fit(rows, y)
        last = net[-1] if hasattr(net, "steps") else net
        write(f"sklearn_{name}", to_onnx(net, rows[:1], options={id(last): options} if options else None))
        if options is None:
            np.savez(FOLDER / f"sklearn_{name}.npz", x=rows, y=np.asarray(net.predict(rows), np.float64))
        else:
            labels = np.searchsorted(net.classes_, net.predict(rows)) if name != "multilabel" else net.predict(rows)
            np.savez(FOLDER / f"sklearn_{name}.npz", x=rows, y=net.predict_proba(rows), labels=labels)


def keras_nets():
    import keras
    import onnx
    from keras import layers

    keras.utils.set_random_seed(0)

    def graph():
        x = keras.Input((4,), name="x")
        a = layers.BatchNormalization()(layers.Dense(6, activation="gelu")(x))
        b = layers.Dropout(0.2)(layers.Dense(6, activation="silu")(a))
        c = layers.LeakyReLU(negative_slope=0.2)(layers.Dense(6, use_bias=False)(layers.Add()([a, b])))
        d = layers.Average()([layers.Activation("elu")(c), layers.Activation("selu")(a)])
        e = layers.Concatenate()([layers.Multiply()([c, d]), layers.Dense(2, activation="softplus")(b)])
        return keras.Model(x, layers.Dense(1)(e))

    nets = {
        "mlp": (keras.Sequential([keras.Input((4,)), layers.Dense(8, "relu"), layers.Dense(3, "softmax")]), rows_of(4)),
        "graph": (graph(), rows_of(4)),
        "picture": (keras.Sequential([keras.Input((4, 4, 1)), layers.Rescaling(1 / 255), layers.Flatten(),
                                      layers.Dense(5, "tanh"), layers.Dense(3, "softmax")]),
                    np.random.default_rng(2).integers(0, 256, size=(ROWS, 4, 4, 1)).astype(np.float32)),
        "scaled": (keras.Sequential([keras.Input((3,)), layers.Rescaling([0.5, 0.1, 0.001], [-0.25, -20, -1]),
                                     layers.Dense(4, "sigmoid"), layers.Dense(1, "sigmoid")]),
                   rows_of(3) * np.array([2, 10, 1000], np.float32) + np.array([0.5, 200, 1000], np.float32)),
    }
    random = np.random.default_rng(4)
    for name, (net, rows) in nets.items():
        for layer in net.layers:  # tf2onnx leaves out biases that are still zero
            if isinstance(layer, layers.Dense) and layer.use_bias:
                layer.bias.assign(random.normal(size=layer.bias.shape))
            if isinstance(layer, layers.BatchNormalization):
                layer.set_weights(list(random.uniform(0.5, 2, size=(4, 6))))
        y = np.asarray(net(rows, training=False))
        with tempfile.TemporaryDirectory() as folder:
            net.export(folder + "/net.onnx", format="onnx", verbose=False)
            write(f"keras_{name}", onnx.load(folder + "/net.onnx"))
        np.savez(FOLDER / f"keras_{name}.npz", x=rows, y=y)


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for framework in sys.argv[1:]:
        {"torch": torch_nets, "iris": iris_net, "sklearn": sklearn_nets, "keras": keras_nets}[framework]()
