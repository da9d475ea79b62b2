"""JAX: the whole epoch in one jit, a lax.scan over the batches. Not here: timing, scores (common.py)."""

from functools import partial

import jax
import jax.numpy as jnp

import common

ACTIVATIONS = {"relu": jax.nn.relu, "tanh": jnp.tanh, "sigmoid": jax.nn.sigmoid}


def logits(kinds, parameters, x):
    for i, (w, b) in enumerate(parameters):
        x = x @ w + b
        if i < len(kinds) - 1:
            x = ACTIVATIONS[kinds[i]](x)
    return x


def mean_loss(kind, z, t):
    if kind == "cross_entropy":
        return -jnp.mean(jnp.take_along_axis(jax.nn.log_softmax(z), t[:, None], axis=1))
    if kind == "binary_cross_entropy":
        return jnp.mean(jax.nn.softplus(z[:, 0]) - t * z[:, 0])
    return jnp.mean((z[:, 0] - t) ** 2)


def update(kind, w, g, m, v, rate, step):
    if kind == "sgd":
        return w - rate * g, m, v
    if kind == "rmsprop":
        v = 0.9 * v + 0.1 * g * g
        return w - rate * g / (jnp.sqrt(v) + 1e-7), m, v
    m = 0.9 * m + 0.1 * g
    v = 0.999 * v + 0.001 * g * g
    root = jnp.sqrt(v / (1 - 0.999**step)) + 1e-8
    return w - rate / (1 - 0.9**step) * m / root, m, v


class Peer:
    version = f"JAX {jax.__version__}"

    def __init__(self, job, rows):
        self.job = job
        self.kinds = [kind for _, kind in job["layers"]]
        self.x, self.y = jnp.asarray(rows.x), jnp.asarray(rows.y)

    def start(self, weights):
        parameters = [tuple(map(jnp.array, pair)) for pair in weights]
        # State that an optimizer does not need stays empty.
        keep = {"sgd": (0, 0), "rmsprop": (0, 1), "adam": (1, 1)}[self.job["optimizer"]]
        state = [[tuple(jnp.zeros_like(p) if k else jnp.zeros(()) for p in pair) for pair in parameters] for k in keep]
        self.carry = (parameters, *state, jnp.float32(0))

    def step(self, carry, x, y, rate):
        parameters, first, second, done = carry
        objective = lambda p: mean_loss(self.job["loss"], logits(self.kinds, p, x), y)
        loss, gradients = jax.value_and_grad(objective)(parameters)
        leaves = [
            update(self.job["optimizer"], w, g, m, v, rate, done + 1)
            for w, g, m, v in zip(*map(jax.tree.leaves, (parameters, gradients, first, second)))
        ]
        tree = jax.tree.structure(parameters)
        return (*(jax.tree.unflatten(tree, part) for part in zip(*leaves)), done + 1), loss * len(y)

    @partial(jax.jit, static_argnums=0, donate_argnums=1)
    def run(self, carry, x, y, order, rates):
        batch, rows = self.job["batch"], len(x)
        if order is None:
            return self.step(carry, x, y, rates[0])
        whole = rows // batch
        chosen = order[: whole * batch].reshape(whole, batch)
        carry, losses = jax.lax.scan(lambda c, s: self.step(c, x[s[0]], y[s[0]], s[1]), carry, (chosen, rates[:whole]))
        total = losses.sum()
        if rows % batch:  # the last batch is shorter
            rest = order[whole * batch :]
            carry, loss = self.step(carry, x[rest], y[rest], rates[-1])
            total += loss
        return carry, total

    def epoch(self, order, rates):
        self.carry, total = self.run(self.carry, self.x, self.y, order, rates)
        return total.block_until_ready() / len(self.x)

    def predict(self, x):
        return logits(self.kinds, self.carry[0], x)


common.main(Peer)
