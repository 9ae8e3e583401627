import numbers_of
import torch
from torch.nn import functional
from worker import Work

MODES = [""]


def make(args, threads, mode):
    q, k, v, dy = (torch.from_numpy(x).contiguous() for x in numbers_of.attention(args))
    inputs = [x.requires_grad_() for x in (q, k, v)]
    gradients = None

    def run(n):
        nonlocal gradients
        for _ in range(n):
            y = functional.scaled_dot_product_attention(*inputs, is_causal=args["causal"])
            gradients = torch.autograd.grad(y, inputs, dy)

    run(1)
    return Work(run, sum(numbers_of.mean_square(g) for g in gradients))
