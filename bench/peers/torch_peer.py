"""PyTorch: eager mode, preloaded tensors, batches by index, fused optimizers where available.
Not here: timing, scores (common.py)."""

import torch
from torch import nn
from torch.nn import functional as F

import common

ACTIVATIONS = {"relu": nn.ReLU, "tanh": nn.Tanh, "sigmoid": nn.Sigmoid, "softmax": lambda: nn.Softmax(dim=1)}
LOSSES = {
    "cross_entropy": F.cross_entropy,
    "binary_cross_entropy": lambda z, t: F.binary_cross_entropy_with_logits(z[:, 0], t),
    "mse": lambda z, t: F.mse_loss(z[:, 0], t),
}


class Peer:
    version = f"PyTorch {torch.__version__.split('+')[0]}"

    def __init__(self, job, rows):
        self.job = job
        torch.set_num_threads(job["threads"])
        if job.get("predict"):
            self.start(common.weights(job, job["seeds"][0]))
            self.net.append(ACTIVATIONS[job["layers"][-1][1]]())
            return
        self.x = torch.from_numpy(rows.x)
        self.y = torch.from_numpy(rows.y).to(torch.int64 if job["loss"] == "cross_entropy" else torch.float32)
        self.loss = LOSSES[job["loss"]]

    def start(self, weights):
        parts = []
        for (w, b), (_, kind) in zip(weights, self.job["layers"]):
            layer = nn.Linear(*w.shape)
            layer.weight.data.copy_(torch.from_numpy(w.T.copy()))
            layer.bias.data.copy_(torch.from_numpy(b.copy()))
            parts += [layer, *([] if len(parts) == 2 * len(weights) - 2 else [ACTIVATIONS[kind]()])]
        self.net = nn.Sequential(*parts)
        self.optimizer = self.make_optimizer(self.job.get("optimizer"), self.net.parameters())

    def make_optimizer(self, kind, parameters):
        rate = self.job.get("learning_rate")
        if kind == "sgd":
            return torch.optim.SGD(parameters, lr=rate, fused=True)
        if kind == "rmsprop":
            return torch.optim.RMSprop(parameters, lr=rate, alpha=0.9, eps=1e-7)
        return torch.optim.Adam(parameters, lr=rate, fused=True) if kind else None

    def epoch(self, order, rates):
        batch, total = self.job["batch"], 0.0
        order = None if order is None else torch.from_numpy(order)
        for step, rate in enumerate(rates.tolist()):
            x, y = self.x, self.y
            if order is not None:
                chosen = order[step * batch : step * batch + batch]
                x, y = x.index_select(0, chosen), y.index_select(0, chosen)
            if "schedule" in self.job:
                self.optimizer.param_groups[0]["lr"] = rate
            self.optimizer.zero_grad(set_to_none=True)
            loss = self.loss(self.net(x), y)
            loss.backward()
            self.optimizer.step()
            total += loss.item() * len(y)
        return total / len(self.x)

    @torch.inference_mode()
    def predict(self, x):
        return self.net(torch.from_numpy(x)).numpy()

    @torch.inference_mode()
    def one(self, row):
        return self.net(torch.from_numpy(row)[None])


common.main(Peer)
