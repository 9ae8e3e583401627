"""mlp.json: whole nets: first batch's outputs, loss and gradients, then ten steps of training, in float32 and float64."""
import copy

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

from common import DTYPES, Random, save, scalar, tensor

STEPS = 10


class Branches(nn.Module):
    """Two inputs, each through a dense layer of its own, joined and classified."""

    def __init__(self):
        super().__init__()
        self.left, self.right = nn.Linear(4, 6), nn.Linear(3, 5)
        self.top = nn.Linear(11, 3)

    def forward(self, a, b):
        return self.top(torch.cat([torch.tanh(self.left(a)), F.silu(self.right(b))], 1))


def set_weights(random, net):
    """torch's usual start for dense layers, from NumPy's numbers; scales and shifts of norms a little off 1 and 0."""
    for module in net.modules():
        if isinstance(module, nn.Linear):
            bound = module.in_features ** -0.5
            for p in module.parameters():
                p.data = torch.from_numpy(random.uniform(-bound, bound, *p.shape))
        elif isinstance(module, nn.BatchNorm1d):
            module.weight.data = torch.from_numpy(random.normal(module.num_features, scale=0.1, shift=1))
            module.bias.data = torch.from_numpy(random.normal(module.num_features, scale=0.1))


def run(dtype, net, inputs, target, loss, batch, optimizer, rates):
    net = copy.deepcopy(net).to(dtype)
    inputs = [torch.from_numpy(x).to(dtype) for x in inputs]
    target = torch.from_numpy(target)
    target = target.to(dtype) if target.is_floating_point() else target
    opt = optimizer(net.parameters())
    result = {}
    losses = []
    for step in range(STEPS):
        rows = torch.arange(step * batch, (step + 1) * batch) % len(target)
        y = net(*[x[rows] for x in inputs])
        value = loss(y, target[rows])
        opt.zero_grad()
        value.backward()
        if step == 0:
            result = {"outputs": tensor(y), "loss": scalar(value),
                      "gradients": {k: tensor(p.grad.clone()) for k, p in net.named_parameters()}}
        losses.append(scalar(value))
        for group in opt.param_groups:
            group["lr"] = rates[step]
        opt.step()
    final = {k: tensor(v) for k, v in net.state_dict().items() if v.is_floating_point()}
    net.eval()
    y = net(*inputs)
    return {**result, "losses": losses, "final": final, "eval_outputs": tensor(y), "eval_loss": scalar(loss(y, target))}


def main():
    random = Random(7)
    cases = []

    def add(name, net, layers, inputs, target, loss, batch, kind, settings, rates):
        set_weights(random, net)
        functions = {"mse": F.mse_loss, "cross_entropy": F.cross_entropy}
        torch_kind = {"adam": torch.optim.Adam, "adamw": torch.optim.AdamW}[kind]
        extra = {k: v for k, v in settings.items() if k == "weight_decay"}
        case = {"name": name, "layers": layers, "loss": loss, "batch_size": batch,
                "optimizer": {"type": kind, **settings}, "rates": rates,
                "inputs": {k: tensor(v) for k, v in inputs.items()}, "target": tensor(target),
                "parameters": {k: tensor(v) for k, v in net.state_dict().items() if v.is_floating_point()}}
        for d, dtype in DTYPES.items():
            case[d] = run(dtype, net, list(inputs.values()), target, functions[loss], batch,
                          lambda p: torch_kind(p, lr=rates[0], **extra), rates)
        cases.append(case)

    adam = {"betas": [0.9, 0.999], "epsilon": 1e-8}
    net = nn.Sequential(nn.Linear(20, 32), nn.ReLU(), nn.Linear(32, 16), nn.Tanh(), nn.Linear(16, 5))
    add("classifier", net, ["dense 32", "relu", "dense 16", "tanh", "dense 5"],
        {"x": random.normal(24, 20)}, random.integers(5, 24), "cross_entropy", 24, "adam", adam, [0.01] * STEPS)

    net = nn.Sequential(nn.Linear(10, 50), nn.ReLU(), nn.Linear(50, 1))
    x = random.normal(100, 10)
    y = (x @ random.normal(10, 1) + random.normal(100, 1, scale=0.1)).astype(np.float32)
    add("seed_regression", net, ["dense 50", "relu", "dense 1"], {"x": x}, y, "mse", 10, "adam", adam, [0.001] * STEPS)

    # No bias before a batch norm: its gradient is zero but for rounding, which Adam would blow up to whole steps.
    net = nn.Sequential(nn.Linear(2, 16, bias=False), nn.BatchNorm1d(16), nn.GELU(), nn.Dropout(0.0),
                        nn.Linear(16, 8, bias=False), nn.BatchNorm1d(8), nn.GELU(), nn.Dropout(0.0), nn.Linear(8, 3))
    layers = ["dense 16 without bias", "batch_norm", "gelu", "dropout 0", "dense 8 without bias", "batch_norm", "gelu",
              "dropout 0", "dense 3"]
    rates = [0.5 * 0.02 * (1 + np.cos(np.pi * k / STEPS)) for k in range(STEPS)]
    add("two_features", net, layers, {"x": random.normal(40, 2, scale=2)}, random.integers(3, 40), "cross_entropy", 16,
        "adamw", {**adam, "weight_decay": 0.05}, rates)

    layers = ["left: dense 6, tanh, of a", "right: dense 5, silu, of b", "concat left, right", "top: dense 3"]
    add("two_inputs", Branches(), layers, {"a": random.normal(16, 4), "b": random.normal(16, 3)},
        random.integers(3, 16), "cross_entropy", 8, "adam", adam, [0.01] * STEPS)
    save("mlp", {"cases": cases})


if __name__ == "__main__":
    main()
