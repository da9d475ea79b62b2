"""NumPy: hand-written forward and backward passes, arrays allocated once. Not here: timing, scores (common.py)."""

import numpy as np

import common

SLOPE_TIMES = {  # dz *= f'(z), from y = f(z)
    "relu": lambda dz, y: np.multiply(dz, y > 0, out=dz),
    "tanh": lambda dz, y: np.multiply(dz, 1 - y * y, out=dz),
    "sigmoid": lambda dz, y: np.multiply(dz, y * (1 - y), out=dz),
}


def activate(kind, z):
    if kind == "relu":
        np.maximum(z, 0, out=z)
    elif kind == "tanh":
        np.tanh(z, out=z)
    elif kind == "sigmoid":
        np.negative(z, out=z)
        np.exp(z, out=z)
        z += 1
        np.reciprocal(z, out=z)
    elif kind == "softmax":
        z -= z.max(axis=1, keepdims=True)
        np.exp(z, out=z)
        z /= z.sum(axis=1, keepdims=True)


class Peer:
    version = f"NumPy {np.__version__}"

    def __init__(self, job, rows):
        self.job, self.rows = job, rows
        self.kinds = [kind for _, kind in job["layers"]]
        if job.get("predict"):
            self.parameters = [np.array(p) for pair in common.weights(job, job["seeds"][0]) for p in pair]
            return
        units = [job["features"]] + [units for units, _ in job["layers"]]
        self.y = [np.empty((job["batch"], n), np.float32) for n in units]
        self.dz = [np.empty((job["batch"], n), np.float32) for n in units]

    def start(self, weights):
        self.parameters = [p.copy() for pair in weights for p in pair]
        self.gradients, self.scratch, self.first, self.second = (
            [np.zeros_like(p) for p in self.parameters] for _ in range(4)
        )
        self.steps = 0

    def epoch(self, order, rates):
        x, target, batch = self.rows.x, self.rows.y, self.job["batch"]
        loss = 0.0
        for step, rate in enumerate(rates):
            begin, end = step * batch, min(step * batch + batch, len(x))
            y = [buffer[: end - begin] for buffer in self.y]
            if order is None:
                y[0], t = x[begin:end], target[begin:end]
            else:
                chosen = order[begin:end]
                np.take(x, chosen, axis=0, out=y[0], mode="clip")
                t = target[chosen]
            loss += self.step(y, t, float(rate))
        return loss / len(x)

    def step(self, y, t, rate):
        rows = len(t)
        dz = [buffer[:rows] for buffer in self.dz]
        for i, kind in enumerate(self.kinds):
            np.matmul(y[i], self.parameters[2 * i], out=y[i + 1])
            y[i + 1] += self.parameters[2 * i + 1]
            activate(kind, y[i + 1])
        loss = self.loss(y[-1], t, dz[-1])
        for i in reversed(range(len(self.kinds))):
            if i < len(self.kinds) - 1:
                SLOPE_TIMES[self.kinds[i]](dz[i + 1], y[i + 1])
            np.matmul(y[i].T, dz[i + 1], out=self.gradients[2 * i])
            dz[i + 1].sum(axis=0, out=self.gradients[2 * i + 1])
            if i > 0:
                np.matmul(dz[i + 1], self.parameters[2 * i].T, out=dz[i])
        self.update(rate)
        return loss

    def loss(self, y, t, dz):
        """Returns the summed loss; fills dz with the gradient of the mean loss by the last layer's z."""
        if self.job["loss"] == "cross_entropy":
            index = np.arange(len(t))
            loss = -np.log(y[index, t]).sum()
            np.copyto(dz, y)
            dz[index, t] -= 1
            dz /= len(t)
        elif self.job["loss"] == "binary_cross_entropy":
            t = t[:, None]
            loss = -np.log(np.where(t, y, 1 - y)).sum()
            np.subtract(y, t, out=dz)
            dz /= len(t)
        else:
            np.subtract(y, t[:, None], out=dz)
            loss = np.vdot(dz, dz)
            dz *= 2 / len(t)
        return loss

    def update(self, rate):
        self.steps += 1
        kind = self.job["optimizer"]
        for w, g, a, m, v in zip(self.parameters, self.gradients, self.scratch, self.first, self.second):
            if kind == "sgd":
                g *= rate
            elif kind == "rmsprop":
                self.decay(v, g, a, 0.9)
                np.sqrt(v, out=a)
                a += 1e-7
                g /= a
                g *= rate
            else:
                m *= 0.9
                np.multiply(g, 0.1, out=a)
                m += a
                self.decay(v, g, a, 0.999)
                np.sqrt(v, out=a)
                a *= np.float32(1 / np.sqrt(1 - 0.999**self.steps))
                a += 1e-8
                np.divide(m, a, out=g)
                g *= rate / (1 - 0.9**self.steps)
            w -= g

    @staticmethod
    def decay(v, g, a, rho):
        """v ← ρv + (1 − ρ)g²"""
        v *= np.float32(rho)
        np.multiply(g, g, out=a)
        a *= np.float32(1 - rho)
        v += a

    def predict(self, x):
        y = x
        for i in range(len(self.kinds)):
            y = y @ self.parameters[2 * i] + self.parameters[2 * i + 1]
            if i < len(self.kinds) - 1:
                activate(self.kinds[i], y)
        return y

    def one(self, row):
        y = row[None]
        for i, kind in enumerate(self.kinds):
            y = y @ self.parameters[2 * i]
            y += self.parameters[2 * i + 1]
            activate(kind, y)
        return y


common.main(Peer)
