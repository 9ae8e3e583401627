"""layers.json: forward values and gradients of layers under a fixed weighting of their outputs, in float64."""
import numpy as np
import torch
from torch.nn import functional as F

from common import Random, save, tensor, vjp


def dense(t):
    return {"y": F.linear(t["x"], t["weight"], t.get("bias"))}


def main():
    random = Random(6)
    cases = []

    def add(name, layer, settings, inputs, parameters, function, **extra):
        cases.append({"name": name, "layer": layer, "settings": settings, **extra,
                      **vjp(random, function, inputs, parameters)})

    affine = {"weight": random.normal(4, 6), "bias": random.normal(4)}
    add("dense", "dense", {"units": 4}, {"x": random.normal(5, 6)}, affine, dense)
    add("dense/no_bias", "dense", {"units": 4, "bias": False}, {"x": random.normal(5, 6)},
        {"weight": affine["weight"]}, dense)
    add("dense/sequence", "dense", {"units": 4}, {"x": random.normal(2, 3, 6)}, affine, dense)

    def scale(*shape):
        return {"weight": random.normal(*shape, scale=0.3, shift=1), "bias": random.normal(*shape)}

    def layer_norm(shape):
        return lambda t: {"y": F.layer_norm(t["x"], shape, t.get("weight"), t.get("bias"), 1e-5)}

    norm = {"epsilon": 1e-5, "axes": 1}
    far = random.normal(4, 7, scale=2, shift=1)
    far[1] = far[1] * 0.01 + 30  # a small spread around a large mean
    far[2] = 3                   # no spread at all
    add("layer_norm", "layer_norm", norm, {"x": far}, scale(7), layer_norm((7,)))
    add("layer_norm/sequence", "layer_norm", norm, {"x": random.normal(2, 3, 7)}, scale(7), layer_norm((7,)))
    add("layer_norm/two_axes", "layer_norm", {**norm, "axes": 2}, {"x": random.normal(3, 4, 5)}, scale(4, 5),
        layer_norm((4, 5)))
    add("layer_norm/no_affine", "layer_norm", {**norm, "affine": False}, {"x": random.normal(3, 7)}, {},
        layer_norm((7,)))

    def batch_norm(name, batches, channels, affine=True):
        """Two training steps, then evaluation, the running statistics going from one to the next."""
        module = torch.nn.BatchNorm1d(channels).double()
        settings = {"epsilon": 1e-5, "momentum": 0.1, "affine": affine}
        parameters = scale(channels) if affine else {}

        def state():
            return {k: tensor(getattr(module, k).clone()) for k in ("running_mean", "running_var")}

        def run(t):
            flat = t["x"].reshape(-1, channels)
            y = F.batch_norm(flat, module.running_mean, module.running_var, t.get("weight"), t.get("bias"),
                             module.training, 0.1, 1e-5)
            return {"y": y.reshape(t["x"].shape)}

        for x, step in zip(batches, ("train_1", "train_2", "eval")):
            module.train(step != "eval")
            before = state()
            result = vjp(random, run, {"x": x}, parameters)
            cases.append({"name": f"{name}/{step}", "layer": "batch_norm", "settings": settings,
                          "training": module.training, "state": before, "state_after": state(), **result})

    batch_norm("batch_norm", [random.normal(6, 4, scale=2, shift=1) for _ in range(3)], 4)
    batch_norm("batch_norm/no_affine", [random.normal(6, 4, scale=2, shift=1) for _ in range(3)], 4, affine=False)
    batch_norm("batch_norm/images", [random.normal(2, 3, 4, 5, scale=2, shift=1) for _ in range(3)], 5)

    ids = np.array([[3, 1, 3, 0], [6, 3, 1, 1]])
    add("embedding", "embedding", {"size": 7, "units": 3}, {"ids": ids}, {"weight": random.normal(7, 3)},
        lambda t: {"y": F.embedding(t["ids"], t["weight"])})
    save("layers", {"cases": cases})


if __name__ == "__main__":
    main()
