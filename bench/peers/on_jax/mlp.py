import jax
import jax.numpy as jnp
import numbers_of
from worker import Work

MODES = [""]


def make(args, threads, mode):
    x, y, layers = numbers_of.mlp(args)
    return train(loss_of(args["loss"]), [(w.T, b) for w, b in layers], (jnp.asarray(x), jnp.asarray(y)))


def loss_of(kind):
    def loss(layers, x, y):
        for i, (w, b) in enumerate(layers):
            x = (jax.nn.relu(x) if i else x) @ w + b
        if kind == "mse":
            return jnp.mean(jnp.square(x - y))
        return -jnp.mean(jnp.take_along_axis(jax.nn.log_softmax(x), y[:, None], 1))

    return loss


def train(loss, first, batch):
    """A training step with Adam of any loss(params, *batch); the old state is given away to the new one."""

    def step(params, m, v, t, *batch):
        value, grads = jax.value_and_grad(loss)(params, *batch)
        t = t + 1
        m = jax.tree.map(lambda m, g: 0.9 * m + 0.1 * g, m, grads)
        v = jax.tree.map(lambda v, g: 0.999 * v + 0.001 * g * g, v, grads)
        a, b = 1 - 0.9**t, 1 - 0.999**t
        params = jax.tree.map(lambda p, m, v: p - 0.001 * (m / a) / (jnp.sqrt(v / b) + 1e-8), params, m, v)
        return value, params, m, v, t

    step = jax.jit(step, donate_argnums=(0, 1, 2, 3))
    state, value = None, None

    def reset():
        nonlocal state
        params = jax.tree.map(jnp.array, first)
        state = (params, jax.tree.map(jnp.zeros_like, params), jax.tree.map(jnp.zeros_like, params), jnp.float32(0))
        jax.block_until_ready(state)

    def run(n):
        nonlocal state, value
        for _ in range(n):
            value, *state = step(*state, *batch)
        jax.block_until_ready((value, state))

    reset()
    run(numbers_of.CHECK_STEPS)
    return Work(run, float(value), reset, numbers_of.STEPS)
