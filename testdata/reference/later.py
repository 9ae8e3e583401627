"""later.json: small cases for convolution, pooling, group norm and recurrent layers, in float64.

Activations have their channels last, [N,H,W,C] or [N,T,C]; weights lie as torch lays them.
"""
import numpy as np
import torch
from torch import nn
from torch.nn import functional as F
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

from common import Random, save, vjp


def channels_first(x):
    return x.movedim(-1, 1)


def channels_last(x):
    return x.movedim(1, -1)


def main():
    random = Random(8)
    cases = []

    def add(name, layer, settings, inputs, parameters, function):
        cases.append({"name": name, "layer": layer, "settings": settings, **vjp(random, function, inputs, parameters)})

    def convolution(name, x, out, kernel, stride=1, padding=0, dilation=1, groups=1, bias=True):
        dimensions = len(kernel)
        torch_conv = {1: F.conv1d, 2: F.conv2d}[dimensions]
        settings = {"filters": out, "kernel": list(kernel), "stride": stride, "padding": padding, "dilation": dilation,
                    "groups": groups}
        settings = {k: [v] * dimensions if isinstance(v, int) and k in ("stride", "padding", "dilation") else v
                    for k, v in settings.items()}
        parameters = {"weight": random.normal(out, x[-1] // groups, *kernel, scale=0.5)}
        if bias:
            parameters["bias"] = random.normal(out)
        add(name, f"conv{dimensions}d", settings, {"x": random.normal(*x)}, parameters,
            lambda t: {"y": channels_last(torch_conv(channels_first(t["x"]), t["weight"], t.get("bias"), stride, padding,
                                                     dilation, groups))})

    convolution("conv2d", (2, 5, 6, 3), 4, (3, 3))
    convolution("conv2d/1x1_no_bias", (1, 3, 3, 3), 2, (1, 1), bias=False)
    convolution("conv2d/padding", (1, 4, 5, 2), 3, (3, 3), padding=1)
    convolution("conv2d/same", (1, 5, 5, 2), 2, (2, 4), padding="same")
    convolution("conv2d/stride", (1, 7, 6, 2), 3, (3, 3), stride=2, padding=1)
    convolution("conv2d/uneven", (1, 6, 7, 2), 2, (3, 2), stride=(2, 1), padding=(0, 1))
    convolution("conv2d/dilation", (1, 7, 7, 2), 2, (3, 3), padding=2, dilation=2)
    convolution("conv2d/groups", (1, 4, 4, 4), 6, (3, 3), padding=1, groups=2)
    convolution("depthwise", (1, 5, 5, 3), 3, (3, 3), padding=1, groups=3)
    convolution("depthwise/multiplier_2", (1, 4, 4, 2), 4, (3, 3), stride=2, padding=1, groups=2)
    convolution("conv1d", (2, 7, 3), 4, (3,))
    convolution("conv1d/all", (1, 9, 4), 4, (3,), stride=2, padding=2, dilation=2, groups=2)

    def pool(name, layer, x, function, **settings):
        add(name, layer, settings, {"x": x}, {}, lambda t: {"y": channels_last(function(channels_first(t["x"])))})

    pool("max_pool2d", "max_pool2d", random.normal(1, 4, 6, 2), lambda x: F.max_pool2d(x, 2), size=2, stride=2, padding=0)
    pool("max_pool2d/overlap", "max_pool2d", random.normal(1, 5, 6, 2), lambda x: F.max_pool2d(x, 3, 2, 1),
         size=3, stride=2, padding=1)
    pool("max_pool2d/ties", "max_pool2d", random.integers(2, 1, 4, 4, 2).astype(np.float32),
         lambda x: F.max_pool2d(x, 2), size=2, stride=2, padding=0)  # torch sends it all to the first, in row order
    pool("avg_pool2d", "avg_pool2d", random.normal(1, 4, 6, 2), lambda x: F.avg_pool2d(x, 2), size=2, stride=2, padding=0)
    for counted in (True, False):
        pool(f"avg_pool2d/padding_{'counted' if counted else 'not_counted'}", "avg_pool2d", random.normal(1, 5, 5, 1),
             lambda x: F.avg_pool2d(x, 3, 2, 1, count_include_pad=counted), size=3, stride=2, padding=1,
             count_padding=counted)
    pool("max_pool1d", "max_pool1d", random.normal(1, 7, 2), lambda x: F.max_pool1d(x, 3, 2), size=3, stride=2, padding=0)
    pool("avg_pool1d", "avg_pool1d", random.normal(1, 7, 2), lambda x: F.avg_pool1d(x, 3, 2), size=3, stride=2, padding=0)

    for groups in (1, 2, 6):
        add(f"group_norm/groups_{groups}", "group_norm", {"groups": groups, "epsilon": 1e-5},
            {"x": random.normal(2, 3, 2, 6, scale=2, shift=1)},
            {"weight": random.normal(6, scale=0.3, shift=1), "bias": random.normal(6)},
            lambda t: {"y": channels_last(F.group_norm(channels_first(t["x"]), groups, t["weight"], t["bias"], 1e-5))})

    def recurrent(kind, layers, both, lengths):
        units, features, steps, ways = 3, 2, 4, 1 + both
        module = {"rnn": nn.RNN, "gru": nn.GRU, "lstm": nn.LSTM}[kind](features, units, layers, bidirectional=both,
                                                                     batch_first=True).double()
        shapes = {k: v.shape for k, v in module.named_parameters()}
        parameters = {k: random.uniform(-0.8, 0.8, *s) for k, s in shapes.items()}
        batch = 3 if lengths else 2
        inputs = {"x": random.normal(batch, steps, features), "h0": random.normal(layers * ways, batch, units, scale=0.5)}
        if kind == "lstm":
            inputs["c0"] = random.normal(layers * ways, batch, units, scale=0.5)

        def run(t):
            for k in shapes:
                delattr(module, k)
                setattr(module, k, t[k])  # a plain tensor in the parameter's place, so that it gets the gradient
            module._flat_weights = [t[k] for k in module._flat_weights_names]
            x = t["x"]
            if lengths:
                x = pack_padded_sequence(x, torch.tensor(lengths), batch_first=True, enforce_sorted=False)
            y, state = module(x, (t["h0"], t["c0"]) if kind == "lstm" else t["h0"])
            if lengths:
                y = pad_packed_sequence(y, batch_first=True, total_length=steps)[0]
            h, *c = state if kind == "lstm" else (state,)
            return {"y": y, "h": h, **({"c": c[0]} if c else {})}

        name = f"{kind}/layers_{layers}" + ("_bidirectional" if both else "") + ("/lengths" if lengths else "")
        settings = {"units": units, "layers": layers, "bidirectional": both}
        if lengths:
            settings["lengths"] = lengths
        add(name, kind, settings, inputs, parameters, run)

    for kind in ("rnn", "lstm", "gru"):
        recurrent(kind, 1, False, None)
        recurrent(kind, 1, False, [2, 4, 1])
        recurrent(kind, 2, True, None)
        recurrent(kind, 2, True, [2, 4, 1])
    save("later", {"cases": cases})


if __name__ == "__main__":
    main()
