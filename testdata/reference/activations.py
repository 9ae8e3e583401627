"""activations.json: y and dy/dx of every activation over one grid, in float64; softmax by rows."""
import numpy as np
import torch
from torch.nn import functional as F

from common import Random, plain, save, vjp

FAR = [0.0, 1e-30, 1e-10, 1e-5, 1e-3, 0.1, 0.25, 0.5, 0.75, 1.0, 1.5, 2.0, 2.5, 3.0, 4.0, 5.5, 6.0, 8.0, 10.0, 15.0, 19.5,
       20.0, 20.5, 30.0, 40.0, 80.0, 88.0, 90.0, 104.0, 700.0, 1000.0]


# Written out where torch 1.13 is no float64 truth: its softplus is x itself above 20 (off by 2e-9), its elu and selu
# take exp(x) - 1, its hard_sigmoid has a slope of 1/6 rounded to float32.
def softplus(x):
    return F.softplus(x, threshold=700)


def elu(x, alpha=1.0, scale=1.0):
    return scale * torch.where(x > 0, x, alpha * torch.expm1(x.clamp(max=0)))


def selu(x):
    return elu(x, 1.6732632423543772848, 1.0507009873554804934)


def hard_sigmoid(x):
    return F.relu6(x + 3) / 6


# name: parameters, function, and where the derivative is a matter of choice (torch's is given)
KINDS = {
    "linear": ({}, lambda x: x * 1, []),
    "relu": ({}, F.relu, [0]),
    "leaky_relu": ({"alpha": 0.01}, lambda x: F.leaky_relu(x, 0.01), [0]),
    "elu": ({"alpha": 1}, elu, []),
    "selu": ({"alpha": 1.6732632423543772, "scale": 1.0507009873554805}, selu, [0]),
    "gelu": ({}, F.gelu, []),
    "gelu_tanh": ({}, lambda x: F.gelu(x, approximate="tanh"), []),
    "silu": ({}, F.silu, []),
    "softplus": ({}, softplus, []),
    "sigmoid": ({}, torch.sigmoid, []),
    "tanh": ({}, torch.tanh, []),
    "hard_sigmoid": ({}, hard_sigmoid, [-3, 3]),
    "hard_swish": ({}, F.hardswish, [-3, 3]),
    "hard_tanh": ({}, F.hardtanh, [-1, 1]),
    "relu6": ({}, F.relu6, [0, 6]),
    "softsign": ({}, F.softsign, [0]),
    "mish": ({}, F.mish, []),
}


def main():
    grid = sorted({s * v for v in FAR for s in (-1, 1)} | set(Random(4).normal(12).astype(float)))
    grid = np.array(grid)
    cases = []
    for name, (settings, function, kinks) in KINDS.items():
        x = torch.tensor(grid, requires_grad=True)
        y = function(x)
        y.sum().backward()
        cases.append({"name": name, "settings": settings, "kinks": kinks, "y": plain(y), "dy": plain(x.grad)})
    random = Random(5)
    rows = np.concatenate([random.normal(4, 5, scale=3), np.array([
        [0, 0, 0, 0, 0], [80, -80, 0, 79, 1], [1000, -1000, 999, 0, 1000], [-1000, -1000, -1000, -1000, -999],
        [1e-6, -1e-6, 0, 1, -1]], np.float32)])
    by_row = [{"name": name, **vjp(random, lambda t: {"y": function(t["x"], dim=1)}, {"x": rows}, {})}
              for name, function in (("softmax", F.softmax), ("log_softmax", F.log_softmax))]
    save("activations", {"x": plain(grid), "cases": cases, "rows": by_row})


if __name__ == "__main__":
    main()
