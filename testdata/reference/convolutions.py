"""convolutions.json: cases for three axes, transposed and separable convolutions, and `same` with strides and even kernels,
in float64. Settings are written as a spec of dnn has them.

Activations have their channels last; weights lie as torch lays them.
"""
import torch
from torch.nn import functional as F

from common import Random, save, vjp

CONV = {1: F.conv1d, 2: F.conv2d, 3: F.conv3d}
TRANSPOSED = {1: F.conv_transpose1d, 2: F.conv_transpose2d}


def channels_first(x):
    return x.movedim(-1, 1)


def channels_last(x):
    return x.movedim(1, -1)


def same(extents, kernel, stride, dilation):
    """TensorFlow's padding: the output has ceil(n/stride) elements, the larger half of the padding stands behind."""
    pads = []
    for n, k, s, d in zip(extents, kernel, stride, dilation):
        total = max((-(-n // s) - 1) * s + d * (k - 1) + 1 - n, 0)
        pads.append((total // 2, total - total // 2))
    return pads


def padded(x, pads):
    return F.pad(x, [p for pair in reversed(pads) for p in pair])


def main():
    random = Random(17)
    cases = []

    def add(name, layer, settings, x, parameters, function):
        cases.append({"name": name, "layer": layer, "settings": settings,
                      **vjp(random, lambda t: {"y": channels_last(function(channels_first(t["x"]), t))}, {"x": random.normal(*x)}, parameters)})

    def spread(value, axes):
        return list(value) if isinstance(value, (tuple, list)) else [value] * axes

    def convolve(x, weight, bias, kernel, stride, padding, dilation, groups):
        if padding == "same":
            x, padding = padded(x, same(x.shape[2:], kernel, stride, dilation)), 0
        return CONV[len(kernel)](x, weight, bias, stride, padding, dilation, groups)

    def convolution(name, x, out, kernel, stride=1, padding=0, dilation=1, groups=1):
        axes = len(kernel)
        stride, dilation = spread(stride, axes), spread(dilation, axes)
        settings = {"filters": out, "kernel": list(kernel), "stride": stride, "padding": padding, "dilation": dilation, "groups": groups}
        parameters = {"weight": random.normal(out, x[-1] // groups, *kernel, scale=0.5), "bias": random.normal(out)}
        add(name, f"conv{axes}d", settings, x, parameters,
            lambda x, t: convolve(x, t["weight"], t["bias"], kernel, stride, padding, dilation, groups))

    def depthwise(name, x, multiplier, kernel, stride=1, padding=0, dilation=1):
        axes, channels = len(kernel), x[-1]
        stride, dilation = spread(stride, axes), spread(dilation, axes)
        settings = {"multiplier": multiplier, "kernel": list(kernel), "stride": stride, "padding": padding, "dilation": dilation}
        parameters = {"weight": random.normal(channels * multiplier, 1, *kernel, scale=0.5), "bias": random.normal(channels * multiplier)}
        add(name, f"depthwise_conv{axes}d", settings, x, parameters,
            lambda x, t: convolve(x, t["weight"], t["bias"], kernel, stride, padding, dilation, channels))

    def transposed(name, x, out, kernel, stride=1, padding=0, dilation=1, groups=1, output_padding=0):
        axes = len(kernel)
        stride, dilation = spread(stride, axes), spread(dilation, axes)
        settings = {"filters": out, "kernel": list(kernel), "stride": stride, "padding": padding, "dilation": dilation,
                    "groups": groups, "output_padding": output_padding}
        parameters = {"weight": random.normal(x[-1], out // groups, *kernel, scale=0.5), "bias": random.normal(out)}

        def run(x, t):
            if padding != "same":
                return TRANSPOSED[axes](x, t["weight"], t["bias"], stride, padding, output_padding, groups, dilation)
            # That of the convolution which has the output as its input: what lies in its padding is cut off, and what it
            # does not reach is the bias alone.
            extents = [n * s for n, s in zip(x.shape[2:], stride)]
            y = TRANSPOSED[axes](x, t["weight"], None, stride, 0, 0, groups, dilation)
            pads = same(extents, kernel, stride, dilation)
            y = padded(y, [(0, max(0, n + before - have)) for n, (before, _), have in zip(extents, pads, y.shape[2:])])
            for axis, (n, (before, _)) in enumerate(zip(extents, pads), 2):
                y = y.narrow(axis, before, n)
            return y + t["bias"].reshape(-1, *[1] * axes)

        add(name, f"conv_transpose{axes}d", settings, x, parameters, run)

    convolution("conv1d/same_even_stride", (2, 8, 2), 3, (4,), stride=3, padding="same")
    convolution("conv1d/same_dilation", (1, 6, 2), 2, (4,), padding="same", dilation=2)
    convolution("conv2d/same_stride", (1, 6, 7, 2), 3, (3, 3), stride=2, padding="same")
    convolution("conv2d/same_even_stride", (1, 5, 6, 2), 2, (2, 4), stride=(2, 3), padding="same")
    convolution("conv2d/same_wide_stride", (1, 7, 5, 1), 2, (2, 1), stride=(3, 4), padding="same")
    convolution("conv2d/padding_by_axis", (1, 4, 4, 2), 2, (3, 2), padding=[1, 2])
    convolution("conv3d", (2, 4, 3, 4, 2), 3, (3, 2, 3))
    convolution("conv3d/all", (1, 5, 4, 5, 4), 4, (2, 3, 2), stride=(2, 1, 2), padding=1, dilation=(1, 2, 2), groups=2)
    convolution("conv3d/same", (1, 3, 4, 5, 1), 2, (2, 3, 4), stride=(1, 2, 2), padding="same")
    depthwise("depthwise_conv1d", (2, 6, 3), 2, (3,), padding="same")
    depthwise("depthwise_conv2d", (1, 5, 6, 3), 1, (3, 3), stride=2, padding="same")
    depthwise("depthwise_conv2d/multiplier", (1, 5, 5, 2), 3, (3, 2), padding=1, dilation=2)
    transposed("conv_transpose1d", (2, 4, 3), 2, (3,))
    transposed("conv_transpose1d/all", (1, 5, 4), 6, (3,), stride=3, padding=2, dilation=2, groups=2, output_padding=1)
    transposed("conv_transpose1d/same", (1, 4, 2), 3, (4,), stride=2, padding="same")
    transposed("conv_transpose2d", (1, 3, 4, 2), 3, (3, 2))
    transposed("conv_transpose2d/stride", (2, 3, 3, 2), 2, (2, 2), stride=2)
    transposed("conv_transpose2d/output_padding", (1, 3, 2, 2), 3, (3, 3), stride=2, padding=1, output_padding=1)
    transposed("conv_transpose2d/groups", (1, 3, 3, 4), 6, (3, 3), stride=(2, 1), padding=1, groups=2)
    transposed("conv_transpose2d/same", (1, 3, 2, 2), 2, (3, 4), stride=(2, 3), padding="same")
    transposed("conv_transpose2d/same_wide_stride", (1, 2, 2, 2), 2, (2, 1), stride=(3, 2), padding="same")

    for name, kernel, settings in (
            ("separable_conv2d", (3, 3), {"multiplier": 1, "stride": [1, 1], "padding": "same", "dilation": [1, 1]}),
            ("separable_conv2d/multiplier", (3, 2), {"multiplier": 2, "stride": [2, 1], "padding": 1, "dilation": [1, 2]})):
        channels, wide, filters = 3, 3 * settings["multiplier"], 4
        parameters = {"depthwise.weight": random.normal(wide, 1, *kernel, scale=0.5),
                      "pointwise.weight": random.normal(filters, wide, 1, 1, scale=0.5), "bias": random.normal(filters)}
        add(name, "separable_conv2d", {"filters": filters, "kernel": list(kernel), **settings}, (1, 5, 4, channels), parameters,
            lambda x, t: F.conv2d(convolve(x, t["depthwise.weight"], None, kernel, settings["stride"], settings["padding"],
                                           settings["dilation"], channels), t["pointwise.weight"], t["bias"]))
    save("convolutions", {"cases": cases})


if __name__ == "__main__":
    torch.set_num_threads(1)
    main()
