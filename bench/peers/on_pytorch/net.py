import numbers_of
import torch
from on_pytorch import MODERN
from on_pytorch.mlp import train
from torch import nn
from torch.nn import functional

# channels last: pictures in memory as dnn has them; else as is PyTorch's habit
MODES = ["eager, fused Adam", "eager, channels last, fused Adam", "compile, channels last, fused Adam"] if MODERN else ["eager", "eager, channels last"]


class Same(nn.Module):
    """TensorFlow's padding: the smaller half before."""

    def __init__(self, kernel, stride):
        super().__init__()
        self.kernel, self.stride = kernel, stride

    def forward(self, x):
        pads = []
        for n in (x.shape[3], x.shape[2]):
            total = max((-(-n // self.stride) - 1) * self.stride + self.kernel - n, 0)
            pads += [total // 2, total - total // 2]
        return functional.pad(x, pads)


class Residual(nn.Module):
    def __init__(self, inner):
        super().__init__()
        self.inner = inner

    def forward(self, x):
        return functional.relu(x + self.inner(x))


class Last(nn.Module):
    """The last state of a recurrent layer."""

    def __init__(self, inner):
        super().__init__()
        self.inner = inner

    def forward(self, x):
        return self.inner(x)[0][:, -1]


class Average(nn.Module):
    def forward(self, x):
        return x.mean((2, 3))


def take(module, weights, names=("weight", "bias")):
    for name in names:
        p = getattr(module, name)
        p.data.copy_(torch.from_numpy(weights.weight(*p.shape)))
    return module


def build(layers, shape, weights):
    """The layers, and the shape they end in: (channels, height, width), or (features,), or (steps, features)."""
    net = nn.Sequential()
    for l in layers:
        if isinstance(l, list):
            inner, shape = build(l, shape, weights)
            net.append(Residual(inner))
            continue
        word, *rest = l.split()
        if word == "conv":
            filters, kernel, padding, stride = int(rest[0]), int(rest[1]), rest[2], int((rest + ["1"])[3])
            given = 0
            if padding == "same" and stride == 1:
                given = kernel // 2
            elif padding == "same":
                net.append(Same(kernel, stride))
            net.append(take(nn.Conv2d(shape[0], filters, kernel, stride, given), weights))
            extent = lambda n: -(-n // stride) if padding == "same" else (n - kernel) // stride + 1
            shape = (filters, extent(shape[1]), extent(shape[2]))
        elif word == "relu":
            net.append(nn.ReLU())
        elif word == "pool":
            net.append(nn.MaxPool2d(int(rest[0])))
            shape = (shape[0], shape[1] // int(rest[0]), shape[2] // int(rest[0]))
        elif word == "average":
            net.append(Average())
            shape = shape[:1]
        elif word == "flatten":
            net.append(nn.Flatten())
        elif word == "dense":
            dense = nn.Linear(int(torch.tensor(shape).prod()), int(rest[0]))
            take(dense, weights)
            if len(shape) == 3:  # the weights are given for channels that lie last
                c, h, w = shape
                dense.weight.data.copy_(dense.weight.data.reshape(-1, h, w, c).permute(0, 3, 1, 2).reshape(dense.weight.shape).clone())
            net.append(dense)
            shape = (int(rest[0]),)
        else:
            cell = {"lstm": nn.LSTM, "gru": nn.GRU, "rnn": nn.RNN}[word](shape[1], int(rest[0]), batch_first=True)
            net.append(Last(take(cell, weights, ("weight_ih_l0", "weight_hh_l0", "bias_ih_l0", "bias_hh_l0"))))
            shape = (int(rest[0]),)
    return net, shape


class Net(nn.Module):
    def __init__(self, layers):
        super().__init__()
        self.layers = layers

    def forward(self, x, y):
        return functional.cross_entropy(self.layers(x), y)


def make(args, threads, mode):
    x, y = numbers_of.net(args)
    x, y, shape = torch.from_numpy(x), torch.from_numpy(y), tuple(args["input"])
    pictures, last = len(shape) == 3, "channels last" in mode
    if not pictures and last:
        raise numbers_of.NotFor("no pictures")
    if pictures:
        x, shape = x.permute(0, 3, 1, 2), (shape[2], shape[0], shape[1])
        x = x.contiguous(memory_format=torch.channels_last if last else torch.contiguous_format)
    layers, _ = build(args["layers"], shape, numbers_of.Weights())
    net = Net(layers)
    if last:
        net = net.to(memory_format=torch.channels_last)
    return train(net, (x, y), mode.replace(", channels last", ""))
