"""scikit-learn: MLPClassifier and MLPRegressor, partial_fit once per epoch (it shuffles itself; it has no RMSProp, so Adam is
used). Not here: timing, scores (common.py)."""

import warnings

import numpy as np
import sklearn
from sklearn.neural_network import MLPClassifier, MLPRegressor

import common

ACTIVATIONS = {"relu": "relu", "tanh": "tanh", "sigmoid": "logistic"}


def with_weights(base, weights):
    """The class with given initial weights, which can only be set by overriding the method that draws them."""
    left = iter([(w.copy(), b.copy()) for w, b in weights])
    return type(base.__name__, (base,), {"_init_coef": lambda self, *_: next(left)})


class Peer:
    version = f"scikit-learn {sklearn.__version__}"

    def __init__(self, job, rows):
        self.job, self.rows = job, rows
        self.classes = {} if job["loss"] == "mse" else {"classes": np.unique(rows.y)}
        warnings.filterwarnings("ignore")

    def start(self, weights):
        job = self.job
        base = MLPRegressor if job["loss"] == "mse" else MLPClassifier
        self.net = with_weights(base, weights)(
            hidden_layer_sizes=[units for units, _ in job["layers"][:-1]],
            activation=ACTIVATIONS[job["layers"][0][1]],
            solver="sgd" if job["optimizer"] == "sgd" else "adam",
            learning_rate_init=job["learning_rate"],
            momentum=0,
            nesterovs_momentum=False,
            alpha=0,
            batch_size=job["batch"],
            shuffle=job.get("shuffle", True),
            random_state=1,
        )

    def epoch(self, order, rates):
        self.net.partial_fit(self.rows.x, self.rows.y, **self.classes)
        return self.net.loss_ * (2 if self.job["loss"] == "mse" else 1)  # its squared error has the factor 1/2

    def predict(self, x):
        if self.job["loss"] == "mse":
            return self.net.predict(x)
        shares = self.net.predict_proba(x)
        return shares if len(self.classes["classes"]) > 2 else shares[:, 1] - 0.5


common.main(Peer)
