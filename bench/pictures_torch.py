#!/usr/bin/env python3
"""PyTorch's time for an epoch of 60,000 pictures of 28 x 28 with the nets of bench/pictures_bench.cc, on random pictures.
Not here: the other libraries and nets (bench/compare.py).

    pictures_torch.py [THREADS]      prints the CPU seconds of this process and the wall-clock seconds, best of four epochs
"""

import sys
import time

import torch
from torch import nn

ROWS = 6400
NETS = {
    "lenet5": ([(6, 5), (16, 5)], [120, 84], 128),
    "cnn-99": ([(24, 5), (32, 3)], [256], 256),
    "cnn-32-64": ([(32, 3), (64, 3)], [128], 128),
}


def make_net(convolutions, dense):
    parts, channels, size = [], 1, 28
    for filters, kernel in convolutions:
        parts += [nn.Conv2d(channels, filters, kernel), nn.ReLU(), nn.MaxPool2d(2)]
        channels, size = filters, (size - kernel + 1) // 2
    inputs = channels * size * size
    parts.append(nn.Flatten())
    for units in dense:
        parts += [nn.Linear(inputs, units), nn.ReLU()]
        inputs = units
    return nn.Sequential(*parts, nn.Linear(inputs, 10))


def main():
    torch.set_num_threads(int(sys.argv[1]) if len(sys.argv) > 1 else 1)
    torch.manual_seed(1)
    y = torch.randint(0, 10, (ROWS,))
    for name, (convolutions, dense, batch) in NETS.items():
        for form in (torch.contiguous_format, torch.channels_last):
            x = torch.rand(ROWS, 1, 28, 28).contiguous(memory_format=form)
            net = make_net(convolutions, dense).to(memory_format=form)
            optimizer, loss = torch.optim.Adam(net.parameters(), 1e-3, fused=True), nn.CrossEntropyLoss()
            cpu, wall = [], []
            for _ in range(4):
                before = time.process_time(), time.perf_counter()
                for first in range(0, ROWS, batch):
                    optimizer.zero_grad(set_to_none=True)
                    loss(net(x[first : first + batch]), y[first : first + batch]).backward()
                    optimizer.step()
                cpu.append(time.process_time() - before[0])
                wall.append(time.perf_counter() - before[1])
            print(f"{name} {form}: CPU {min(cpu) * 60000 / ROWS:.2f} s, wall {min(wall) * 60000 / ROWS:.2f} s", flush=True)


main()
