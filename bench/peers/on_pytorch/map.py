import torch
from numbers_of import mean_square, uniform
from on_pytorch import MODERN
from worker import Work

MODES = ["eager", "compile"] if MODERN else ["eager"]


def make(args, threads, mode):
    x = torch.from_numpy(uniform((args["rows"], args["cols"]), 1, -4, 4))
    y = torch.empty_like(x)
    if args["fn"] == "softmax":
        f = lambda: torch.softmax(x, 1, out=y)
    elif args["fn"] == "layer_norm":
        one, zero = torch.ones(args["cols"]), torch.zeros(args["cols"])
        f = lambda: torch.layer_norm(x, (args["cols"],), one, zero)
    else:
        one = getattr(torch, args["fn"])
        f = lambda: one(x, out=y)
    if mode == "compile":
        f = torch.compile(f)

    @torch.inference_mode()
    def run(n):
        nonlocal y
        for _ in range(n):
            y = f()

    run(3)
    return Work(run, mean_square(y))
