import copy

import numbers_of
import torch
from on_pytorch import MODERN
from torch.nn import functional
from worker import Work

# fused: Adam's own loop in C++ over each tensor. compile: forward and backward by inductor, and Adam by inductor too;
# compile, fused: the loop in C++ instead of the latter.
MODES = ["eager", "eager, fused Adam", "compile", "compile, fused Adam"] if MODERN else ["eager"]


class Net(torch.nn.Module):
    def __init__(self, layers, loss):
        super().__init__()
        self.layers = torch.nn.Sequential()
        for i, (w, b) in enumerate(layers):
            dense = torch.nn.Linear(w.shape[1], w.shape[0])
            dense.weight.data.copy_(torch.from_numpy(w))
            dense.bias.data.copy_(torch.from_numpy(b))
            if i:
                self.layers.append(torch.nn.ReLU())
            self.layers.append(dense)
        self.loss = functional.mse_loss if loss == "mse" else functional.cross_entropy

    def forward(self, x, y):
        return self.loss(self.layers(x), y)


def make(args, threads, mode):
    x, y, layers = numbers_of.mlp(args)
    x, y = torch.from_numpy(x), torch.from_numpy(y)
    net = Net(layers, args["loss"])
    return train(net, (x, y), mode)


def train(net, batch, mode):
    """A training step of any net whose forward gives the loss."""
    fused = "fused" in mode
    # a compiled Adam needs its rate as a tensor, or it is compiled anew when that changes
    rate = torch.tensor(0.001) if mode == "compile" else 0.001
    adam = torch.optim.Adam(net.parameters(), lr=rate, **({"fused": True} if fused else {}))
    forward, update = net, adam.step
    if mode.startswith("compile"):
        forward = torch.compile(net)
        if not fused:
            update = torch.compile(adam.step)
    loss = None

    def run(n):
        nonlocal loss
        for _ in range(n):
            adam.zero_grad(set_to_none=True)
            loss = forward(*batch)
            loss.backward()
            update()

    weights = copy.deepcopy(net.state_dict())

    @torch.no_grad()
    def reset():
        net.load_state_dict(weights)
        for state in adam.state.values():
            for slot in state.values():
                slot.zero_()

    run(numbers_of.CHECK_STEPS)
    return Work(run, loss.item(), reset, numbers_of.STEPS)
