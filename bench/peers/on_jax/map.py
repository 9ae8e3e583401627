import jax
import jax.numpy as jnp
from numbers_of import mean_square, uniform
from worker import Work

MODES = [""]


def layer_norm(x):
    x = x - x.mean(1, keepdims=True)
    return x * jax.lax.rsqrt(jnp.square(x).mean(1, keepdims=True) + 1e-5)


def make(args, threads, mode):
    x = jnp.asarray(uniform((args["rows"], args["cols"]), 1, -4, 4))
    f = jax.jit({"exp": jnp.exp, "tanh": jnp.tanh, "softmax": jax.nn.softmax, "sigmoid": jax.nn.sigmoid, "layer_norm": layer_norm}[args["fn"]])

    def run(n):
        for _ in range(n):
            y = f(x)
        y.block_until_ready()

    run(1)
    return Work(run, mean_square(f(x)))
