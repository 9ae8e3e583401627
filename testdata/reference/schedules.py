"""schedules.json: the learning rate at step 0, 1, 2, ... of every schedule, in float64."""
import math
import warnings

import torch
from torch.optim import lr_scheduler as torch_schedules

from common import save

warnings.filterwarnings("ignore")


def optimizer(rate):
    return torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=rate)


def torch_rates(initial, count, make):
    """The rates that torch's own schedule sets for steps 0 to count-1."""
    opt = optimizer(initial)
    schedule = make(opt)
    rates = []
    for _ in range(count):
        rates.append(opt.param_groups[0]["lr"])
        opt.step()
        schedule.step()
    return rates


def main():
    cases = []

    def add(name, kind, settings, rates, source):
        cases.append({"name": name, "schedule": kind, "settings": settings, "source": source, "rates": rates})

    def from_torch(name, kind, settings, count, make, initial=None):
        add(name, kind, settings, torch_rates(initial or settings["initial"], count, make), "torch")

    def from_formula(name, kind, settings, count, rate):
        add(name, kind, settings, [rate(k) for k in range(count)], "formula")

    from_torch("step", "step", {"initial": 0.1, "every": 4, "factor": 0.5}, 21,
               lambda o: torch_schedules.StepLR(o, 4, 0.5))
    from_torch("multi_step", "multi_step", {"initial": 0.1, "milestones": [3, 8, 9], "factor": 0.1}, 15,
               lambda o: torch_schedules.MultiStepLR(o, [3, 8, 9], 0.1))
    from_torch("exponential", "exponential", {"initial": 0.1, "factor": 0.9}, 21,
               lambda o: torch_schedules.ExponentialLR(o, 0.9))
    for power in (1, 2):
        from_torch(f"polynomial/power_{power}", "polynomial", {"initial": 0.1, "final": 0, "steps": 20, "power": power},
                   25, lambda o: torch_schedules.PolynomialLR(o, 20, power))
        from_formula(f"polynomial/power_{power}_final", "polynomial",
                     {"initial": 0.1, "final": 0.01, "steps": 20, "power": power}, 25,
                     lambda k: 0.01 + (0.1 - 0.01) * (1 - min(k, 20) / 20) ** power)
    # torch's cosine climbs again after its last step; here it is asked for no more than that step.
    for final in (0, 0.01):
        from_torch(f"cosine/final_{final}", "cosine", {"initial": 0.1, "final": final, "steps": 20}, 21,
                   lambda o: torch_schedules.CosineAnnealingLR(o, 20, final))
    for again in (1, 2):
        from_torch(f"cosine_restarts/times_{again}", "cosine_restarts",
                   {"initial": 0.1, "final": 0.001, "period": 5, "factor": again}, 36,
                   lambda o: torch_schedules.CosineAnnealingWarmRestarts(o, 5, again, 0.001))
    # Without momentum: torch's one-cycle moves the momentum too unless cycle_momentum is off.
    for total in (20, 33):
        for shape, torch_shape in (("cosine", "cos"), ("linear", "linear")):
            for phases in (2, 3):
                from_torch(f"one_cycle/{shape}_{phases}_phases_{total}", "one_cycle",
                           {"max": 0.2, "steps": total, "warmup_fraction": 0.3, "divisor": 25, "final_divisor": 1e4,
                            "shape": shape, "three_phase": phases == 3}, total,
                           lambda o: torch_schedules.OneCycleLR(o, 0.2, total, anneal_strategy=torch_shape,
                                                                three_phase=phases == 3, cycle_momentum=False),
                           initial=0.2)
    from_formula("inverse_sqrt", "inverse_sqrt", {"initial": 0.1, "warmup": 8}, 41,
                 lambda k: 0.1 * min(k / 8, math.sqrt(8 / max(k, 1))))
    for final in (0, 0.01):
        from_formula(f"cosine/warmup_final_{final}", "cosine",
                     {"initial": 0.1, "final": final, "warmup": 5, "steps": 25}, 26,
                     lambda k: 0.1 * k / 5 if k < 5 else
                     final + (0.1 - final) * (1 + math.cos(math.pi * (k - 5) / 20)) / 2)
    from_torch("cosine/torch_linear_warmup", "cosine",
               {"initial": 0.1, "final": 0.01, "warmup": 5, "warmup_start": 0.02, "steps": 25}, 26,
               lambda o: torch_schedules.SequentialLR(o, [torch_schedules.LinearLR(o, 0.2, 1, 5),
                                                          torch_schedules.CosineAnnealingLR(o, 20, 0.01)], [5]))

    losses = [1.0, 0.9, 0.95, 0.8, 0.7999, 0.81, 0.80, 0.7, 0.7, 0.7, 0.71, 0.72, 0.69995, 0.6, 0.61, 0.62, 0.63, 0.64,
              0.65, 0.66, 0.67, 0.68, 0.69, 0.59, 0.595, 0.5999, 0.6, 0.61, 0.62, 0.63]
    base = {"initial": 0.1, "mode": "min", "factor": 0.5, "patience": 2, "threshold": 1e-4,
            "threshold_mode": "relative", "cooldown": 0, "min": 0}
    changes = {"plain": {}, "patience_0": {"patience": 0}, "threshold": {"threshold": 0.1},
               "threshold_absolute": {"threshold": 0.05, "threshold_mode": "absolute"},
               "cooldown": {"cooldown": 3, "patience": 1}, "min": {"min": 0.03, "factor": 0.4, "patience": 1},
               "max": {"mode": "max", "patience": 3}}
    for name, change in changes.items():
        s = {**base, **change}
        opt = optimizer(s["initial"])
        schedule = torch_schedules.ReduceLROnPlateau(
            opt, mode=s["mode"], factor=s["factor"], patience=s["patience"], threshold=s["threshold"],
            threshold_mode=s["threshold_mode"][:3], cooldown=s["cooldown"], min_lr=s["min"])
        watched = [round(1 - x / 2, 6) for x in losses] if s["mode"] == "max" else losses
        rates = []
        for x in watched:
            schedule.step(x)
            rates.append(opt.param_groups[0]["lr"])
        cases.append({"name": f"plateau/{name}", "schedule": "plateau", "settings": s, "source": "torch",
                      "watched": watched, "rates": rates})
    save("schedules", {"cases": cases})


if __name__ == "__main__":
    main()
