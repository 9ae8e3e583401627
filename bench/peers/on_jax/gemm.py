import jax
import jax.numpy as jnp
from numbers_of import mean_square, right_shape, uniform
from worker import Work

MODES = [""]


def make(args, threads, mode):
    a, b = jnp.asarray(uniform((args["M"], args["K"]), 1, -1, 1)), jnp.asarray(uniform(right_shape(args), 2, -1, 1))
    f = jax.jit(lambda a, b: a @ b.T) if args.get("TransB") else jax.jit(lambda a, b: a @ b)

    def run(n):
        for _ in range(n):
            c = f(a, b)
        c.block_until_ready()

    run(1)
    return Work(run, mean_square(f(a, b)))
