"""pooling.json: pooling and upsampling with all of their settings, in float64. Settings are written as a spec of dnn has them.

Activations have their channels last.
"""
import numpy as np
import torch
from torch.nn import functional as F

from common import Random, save, vjp

MAX = {1: F.max_pool1d, 2: F.max_pool2d, 3: F.max_pool3d}
AVG = {1: F.avg_pool1d, 2: F.avg_pool2d, 3: F.avg_pool3d}
ADAPTIVE = {1: F.adaptive_avg_pool1d, 2: F.adaptive_avg_pool2d}
ADAPTIVE_MAX = {1: F.adaptive_max_pool1d, 2: F.adaptive_max_pool2d, 3: F.adaptive_max_pool3d}


def main():
    random = Random(23)
    cases = []

    def add(name, layer, x, function, **settings):
        def run(t):
            y = function(t["x"].movedim(-1, 1))
            return {"y": y.movedim(1, -1) if y.ndim > 2 else y}
        cases.append({"name": name, "layer": layer, "settings": settings, **vjp(random, run, {"x": x}, {})})

    def tied(*shape):
        return random.integers(3, *shape).astype(np.float32)

    def maximum(name, x, size, stride, padding=0, ceil=False):
        axes = x.ndim - 2
        add(f"max_pool{axes}d/{name}", f"max_pool{axes}d", x, lambda v: MAX[axes](v, size, stride, padding, ceil_mode=ceil),
            size=size, stride=stride, padding=padding, ceil=ceil)

    def mean(name, x, size, stride, padding=0, ceil=False, counted=True):
        axes = x.ndim - 2
        add(f"avg_pool{axes}d/{name}", f"avg_pool{axes}d", x, lambda v: AVG[axes](v, size, stride, padding, ceil, counted),
            size=size, stride=stride, padding=padding, ceil=ceil, count_padding=counted)

    maximum("rest", random.normal(2, 5, 7, 3), 2, 2)
    maximum("ties_overlapping", tied(2, 5, 6, 3), 3, 1)
    maximum("ties_padded", tied(1, 5, 6, 3), 3, 2, 1)
    maximum("ceil", random.normal(1, 6, 7, 2), 3, 2, ceil=True)
    maximum("ceil_padded", random.normal(1, 4, 5, 2), 2, 2, 1, ceil=True)
    maximum("ceil_left_out", random.normal(1, 5, 5, 2), [2, 3], [3, 4], [1, 1], ceil=True)
    maximum("by_axis", random.normal(1, 6, 7, 2), [3, 2], [2, 3], [1, 0])
    maximum("gaps", random.normal(1, 7, 5, 2), 2, 3)
    maximum("ceil", random.normal(2, 8, 3), 3, 3, 1, ceil=True)
    maximum("ceil_short", random.normal(2, 2, 3), 3, 2, ceil=True)
    maximum("ties", tied(2, 9, 3), 3, 1, 1)
    for counted in (True, False):
        word = "counted" if counted else "not_counted"
        mean(f"ceil_{word}", random.normal(1, 6, 7, 2), 3, 2, 1, True, counted)
        mean(f"by_axis_{word}", random.normal(1, 6, 7, 2), [3, 2], [2, 1], [1, 1], False, counted)
        mean(f"ceil_{word}", random.normal(2, 8, 3), 3, 2, 1, True, counted)
        mean(f"ceil_left_out_{word}", random.normal(1, 5, 5, 2), [2, 3], [3, 4], [1, 1], True, counted)
    mean("ceil_short", random.normal(1, 2, 3, 2), 3, 2, ceil=True)
    mean("dense", random.normal(1, 4, 5, 2), 3, 1)

    for name, x, size in (("even", (2, 4, 6, 2), [2, 3]), ("uneven", (1, 5, 7, 3), [3, 4]), ("square", (1, 5, 6, 2), 2),
                          ("larger", (1, 2, 3, 2), [5, 4]), ("uneven", (2, 7, 3), 3), ("larger", (1, 3, 2), 8)):
        axes = len(x) - 2
        add(f"adaptive_avg_pool{axes}d/{name}", f"adaptive_avg_pool{axes}d", random.normal(*x), lambda v: ADAPTIVE[axes](v, size), size=size)

    maximum("ties", tied(1, 4, 3, 5, 2), [2, 3, 2], [2, 1, 2], [1, 1, 0])
    maximum("ceil", random.normal(1, 3, 4, 5, 2), 2, 2, ceil=True)
    mean("all", random.normal(1, 4, 3, 4, 2), [2, 3, 2], [2, 1, 2], [0, 1, 1], True, False)
    for axes, x in ((1, (2, 7, 3)), (2, (2, 3, 5, 3)), (3, (2, 2, 3, 2, 3))):
        add(f"global_avg_pool{axes}d", f"global_avg_pool{axes}d", random.normal(*x), lambda v: v.flatten(2).mean(2))
        add(f"global_max_pool{axes}d", f"global_max_pool{axes}d", tied(*x), lambda v: ADAPTIVE_MAX[axes](v, 1).flatten(1))

    linear = {1: "linear", 2: "bilinear"}
    for name, x, size in (("upsample1d", (2, 4, 3), 2), ("upsample1d/five", (1, 3, 2), 5), ("upsample2d", (2, 3, 4, 2), 2),
                          ("upsample2d/by_axis", (1, 4, 3, 2), [3, 2]), ("upsample2d/thin", (1, 1, 4, 2), [4, 3])):
        axes = len(x) - 2
        scale = tuple(float(f) for f in size) if isinstance(size, list) else float(size)
        for method in ("nearest", linear[axes]):
            exact = {} if method == "nearest" else {"align_corners": False}
            add(f"{name}/{method}", f"upsample{axes}d", random.normal(*x),
                lambda v: F.interpolate(v, scale_factor=scale, mode=method, **exact), size=size, method=method)
    save("pooling", {"cases": cases})


if __name__ == "__main__":
    torch.set_num_threads(1)
    main()
