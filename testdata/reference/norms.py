"""norms.json: instance norm, RMS norm and squeeze-and-excitation, in float64.

Activations have their channels last, [N,T,C] or [N,H,W,C]; weights lie as torch lays them.
"""
import torch
from torch.nn import functional as F

from common import Random, save, vjp
from later import channels_first, channels_last


def main():
    random = Random(9)
    cases = []

    def add(name, layer, settings, inputs, parameters, function):
        cases.append({"name": name, "layer": layer, "settings": settings, **vjp(random, function, inputs, parameters)})

    def scale(n):
        return {"weight": random.normal(n, scale=0.3, shift=1), "bias": random.normal(n)}

    def instance_norm(t):
        y = F.instance_norm(channels_first(t["x"]), weight=t.get("weight"), bias=t.get("bias"), eps=1e-5)
        return {"y": channels_last(y)}

    affine = {"epsilon": 1e-5, "affine": True}
    add("instance_norm/1d", "instance_norm", affine, {"x": random.normal(3, 7, 4, scale=2, shift=1)}, scale(4), instance_norm)
    add("instance_norm/2d", "instance_norm", affine, {"x": random.normal(2, 4, 3, 5, scale=2, shift=1)}, scale(5), instance_norm)
    add("instance_norm/plain", "instance_norm", {"epsilon": 1e-5, "affine": False}, {"x": random.normal(2, 4, 3, 2)}, {},
        instance_norm)

    def rms_norm(epsilon):  # torch 1.13 has none: Zhang and Sennrich 2019, equation 4
        def function(t):
            y = t["x"] * torch.rsqrt(t["x"].square().mean(-1, keepdim=True) + epsilon)
            return {"y": y * t["weight"] if "weight" in t else y}
        return function

    weight = {"weight": random.normal(6, scale=0.3, shift=1)}
    add("rms_norm", "rms_norm", {"epsilon": 1e-6, "scale": True}, {"x": random.normal(4, 6, scale=2, shift=1)}, weight, rms_norm(1e-6))
    add("rms_norm/sequence", "rms_norm", {"epsilon": 1e-6, "scale": True}, {"x": random.normal(2, 3, 6)}, weight, rms_norm(1e-6))
    add("rms_norm/plain", "rms_norm", {"epsilon": 0.1, "scale": False}, {"x": random.normal(2, 3, 5)}, {}, rms_norm(0.1))

    def squeeze_excite(f, gate):
        def function(t):
            z = t["x"].mean(tuple(range(1, t["x"].dim() - 1)), keepdim=True)
            z = f(F.linear(z, t["squeeze.weight"], t["squeeze.bias"]))
            return {"y": t["x"] * gate(F.linear(z, t["excite.weight"], t["excite.bias"]))}
        return function

    def dense(n, units):
        return {"squeeze.weight": random.normal(units, n), "squeeze.bias": random.normal(units),
                "excite.weight": random.normal(n, units), "excite.bias": random.normal(n)}

    add("squeeze_excite", "squeeze_excite", {"ratio": 2, "activation": "relu", "gate": "sigmoid"},
        {"x": random.normal(3, 4, 3, 8)}, dense(8, 4), squeeze_excite(F.relu, torch.sigmoid))
    add("squeeze_excite/sequence", "squeeze_excite", {"units": 3, "activation": "silu", "gate": "hard_sigmoid"},
        {"x": random.normal(2, 5, 4)}, dense(4, 3), squeeze_excite(F.silu, lambda x: F.relu6(x + 3) / 6))
    save("norms", {"cases": cases})


if __name__ == "__main__":
    main()
