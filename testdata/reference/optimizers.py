"""optimizers.json: ten steps of every optimizer under given gradients."""
import numpy as np
import torch

from common import DTYPES, Random, plain, save

STEPS, SIZE, PARTS = 10, 13, (8, 5)


def rosenbrock_gradient(x):
    """The gradient of sum 100 (x[i+1] - x[i]^2)^2 + (1 - x[i])^2."""
    g = np.zeros_like(x)
    inner = x[1:] - x[:-1] ** 2
    g[:-1] += -400 * x[:-1] * inner - 2 * (1 - x[:-1])
    g[1:] += 200 * inner
    return g


def gradient_sets():
    """The gradients do not depend on the parameters, so a test needs no derivative of its own."""
    random = Random(1)
    path = random.normal(SIZE, scale=0.6).astype(np.float64)
    valleys = []
    for name in range(2):
        rows = []
        for t in range(STEPS):
            at = path * 0.85 ** t + random.normal(SIZE, scale=0.1)
            rows.append((0.02 * rosenbrock_gradient(at)).astype(np.float32))
        valleys.append(np.stack(rows))
    t = np.arange(STEPS)
    wide = random.normal(STEPS, SIZE)
    wide[:, 1] *= 1e3
    wide[:, 2] *= 1e-3
    wide[:, 3] *= 1e-6
    wide[:, 4] *= 1e-9                       # below every usual epsilon
    wide[:, 5] = 0.3                         # constant
    wide[:, 6] = np.where(t % 2, -0.5, 0.5)  # alternating
    wide[:, 7] = 0                           # never any
    wide[:, 8] = np.where(t < 5, 0, 1)       # late
    wide[:, 9] = np.where(t == 3, 2, 0)      # one spike
    wide[:, 10] = 0.5 ** t
    wide[:, 11] = 0.01 * 2.0 ** t
    return {"valley": valleys[0], "valley_2": valleys[1], "wide": wide}


class Lion(torch.optim.Optimizer):
    """Algorithm 2 of Chen et al., Symbolic Discovery of Optimization Algorithms, 2023 (torch has none), in NumPy."""

    def __init__(self, params, lr=1e-4, betas=(0.9, 0.99), weight_decay=0.0):
        super().__init__(params, dict(lr=lr, betas=betas, weight_decay=weight_decay))

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            lr, (beta1, beta2), decay = group["lr"], group["betas"], group["weight_decay"]
            for p in group["params"]:
                m = self.state[p].setdefault("m", np.zeros_like(p.numpy()))
                g, theta = p.grad.numpy(), p.numpy()
                c = beta1 * m + (1 - beta1) * g
                theta -= lr * (np.sign(c) + decay * theta)
                m[:] = beta2 * m + (1 - beta2) * g


def nadam(params, **settings):
    # torch 1.13 has mu_t twice in the product for the next step unless foreach is set; 2.0 corrected this.
    return torch.optim.NAdam(params, foreach=True, **settings)


KINDS = {"sgd": torch.optim.SGD, "adagrad": torch.optim.Adagrad, "adadelta": torch.optim.Adadelta,
         "rmsprop": torch.optim.RMSprop, "adam": torch.optim.Adam, "adamw": torch.optim.AdamW,
         "nadam": nadam, "lion": Lion}
TORCH_NAMES = {"learning_rate": "lr", "epsilon": "eps"}

ADAM = {"learning_rate": 0.01, "betas": [0.9, 0.999], "epsilon": 1e-8, "weight_decay": 0}
SGD = {"learning_rate": 0.05, "momentum": 0, "dampening": 0, "nesterov": False, "weight_decay": 0}
RMSPROP = {"learning_rate": 0.01, "alpha": 0.99, "epsilon": 1e-8, "momentum": 0, "centered": False, "weight_decay": 0}
ADAGRAD = {"learning_rate": 0.05, "lr_decay": 0, "epsilon": 1e-10, "weight_decay": 0}
ADADELTA = {"learning_rate": 1.0, "rho": 0.9, "epsilon": 1e-6, "weight_decay": 0}
NADAM = {"learning_rate": 0.002, "betas": [0.9, 0.999], "epsilon": 1e-8, "momentum_decay": 0.004, "weight_decay": 0}
LION = {"learning_rate": 0.001, "betas": [0.9, 0.99], "weight_decay": 0}
VARIANTS = [
    ("sgd", "sgd", SGD, {}),
    ("sgd_momentum", "sgd", SGD, {"momentum": 0.9}),
    ("sgd_dampening", "sgd", SGD, {"momentum": 0.9, "dampening": 0.5}),
    ("sgd_nesterov", "sgd", SGD, {"momentum": 0.9, "nesterov": True}),
    ("sgd_weight_decay", "sgd", SGD, {"weight_decay": 0.1}),
    ("sgd_nesterov_weight_decay", "sgd", SGD, {"momentum": 0.9, "nesterov": True, "weight_decay": 0.1}),
    ("adagrad", "adagrad", ADAGRAD, {}),
    ("adagrad_weight_decay", "adagrad", ADAGRAD, {"weight_decay": 0.1}),
    ("adadelta", "adadelta", ADADELTA, {}),
    ("adadelta_weight_decay", "adadelta", ADADELTA, {"weight_decay": 0.1}),
    ("rmsprop", "rmsprop", RMSPROP, {}),
    ("rmsprop_momentum", "rmsprop", RMSPROP, {"momentum": 0.9}),
    ("rmsprop_centered", "rmsprop", RMSPROP, {"centered": True}),
    ("rmsprop_weight_decay", "rmsprop", RMSPROP, {"weight_decay": 0.1}),
    ("rmsprop_all", "rmsprop", RMSPROP, {"momentum": 0.9, "centered": True, "weight_decay": 0.1}),
    ("adam", "adam", ADAM, {}),
    ("adam_betas", "adam", ADAM, {"betas": [0.8, 0.95]}),
    ("adam_weight_decay", "adam", ADAM, {"weight_decay": 0.1}),
    ("amsgrad", "adam", ADAM, {"amsgrad": True, "betas": [0.9, 0.9]}),
    ("adamw", "adamw", ADAM, {"weight_decay": 0.1}),
    ("adamw_betas", "adamw", ADAM, {"weight_decay": 0.1, "betas": [0.9, 0.99]}),
    ("nadam", "nadam", NADAM, {}),
    ("nadam_weight_decay", "nadam", NADAM, {"weight_decay": 0.1}),
    ("lion", "lion", LION, {}),
    ("lion_weight_decay", "lion", LION, {"weight_decay": 0.1}),
]


def run(optimizer, settings, initial, rounds, dtype, clip=None, ema=None):
    """rounds: for each step, the gradients of its micro batches; the step takes their mean."""
    torch.set_default_dtype(dtype)  # NAdam keeps its momentum product in the default type
    flat = torch.tensor(initial, dtype=dtype)
    parts = [torch.nn.Parameter(p.clone()) for p in flat.split(PARTS)]
    chosen = {TORCH_NAMES.get(k, k): v for k, v in settings.items()}
    step = KINDS[optimizer](parts, **chosen)
    result = {"parameters": []}
    if clip:
        result.update(norms=[], clipped=[])
    if ema:
        shadow, late = flat.clone(), None
        result.update(ema=[], ema_from_first=[])
    for micro in rounds:
        step.zero_grad()
        for g in micro:
            for p, part in zip(parts, torch.tensor(g, dtype=dtype).split(PARTS)):
                (p * part).sum().div(len(micro)).backward()
        if clip:
            norm = torch.sqrt(sum((p.grad ** 2).sum() for p in parts))
            if "norm" in clip:
                norm = torch.nn.utils.clip_grad_norm_(parts, clip["norm"])
            else:
                torch.nn.utils.clip_grad_value_(parts, clip["value"])
            result["norms"].append(norm.numpy()[()])
            result["clipped"].append(plain(torch.cat([p.grad for p in parts])))
        step.step()
        now = torch.cat([p.detach() for p in parts])
        result["parameters"].append(plain(now))
        if ema:
            shadow = ema["decay"] * shadow + (1 - ema["decay"]) * now
            late = now if late is None else ema["decay"] * late + (1 - ema["decay"]) * now
            result["ema"].append(plain(shadow))
            result["ema_from_first"].append(plain(late))
    torch.set_default_dtype(torch.float32)
    return result


def main():
    sets = gradient_sets()
    initial = Random(2).normal(SIZE)
    cases = []

    def add(name, optimizer, settings, micro, **extra):
        rounds = list(zip(*(sets[m] for m in micro)))
        case = {"name": name, "optimizer": optimizer, "settings": settings, "gradients": micro, **extra}
        cases.append({**case, **{d: run(optimizer, settings, initial, rounds, t, **extra) for d, t in DTYPES.items()}})

    for name, optimizer, base, changes in VARIANTS:
        for given in ("valley", "wide"):
            add(f"{name}/{given}", optimizer, {**base, **changes}, [given])
    momentum = {**SGD, "momentum": 0.9}
    add("clip_norm/sgd", "sgd", momentum, ["valley"], clip={"norm": 3})
    add("clip_norm/adam", "adam", ADAM, ["valley"], clip={"norm": 3})
    add("clip_norm/wide", "sgd", momentum, ["wide"], clip={"norm": 1})
    add("clip_value/sgd", "sgd", momentum, ["valley"], clip={"value": 0.5})
    add("accumulate/sgd", "sgd", momentum, ["valley", "valley_2"])
    add("accumulate/adam", "adam", ADAM, ["valley", "valley_2"])
    add("accumulate_clip_norm/sgd", "sgd", momentum, ["valley", "valley_2"], clip={"norm": 3})
    add("ema/sgd", "sgd", momentum, ["valley"], ema={"decay": 0.9})
    add("ema/adamw", "adamw", {**ADAM, "weight_decay": 0.1}, ["valley"], ema={"decay": 0.9})
    save("optimizers", {"parts": list(PARTS), "initial": plain(initial),
                        "gradients": {k: plain(v) for k, v in sets.items()}, "cases": cases})


if __name__ == "__main__":
    main()
