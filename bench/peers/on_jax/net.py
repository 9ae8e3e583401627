import jax
import jax.numpy as jnp
import numbers_of
import numpy
from jax import lax
from on_jax.mlp import train

MODES = [""]


def build(layers, shape, weights, params):
    """A function of (params, x), and the shape that it ends in. The parameters are appended to a list."""
    steps = []
    for l in layers:
        if isinstance(l, list):
            inner, shape = build(l, shape, weights, params)
            steps.append(lambda p, x, inner=inner: jax.nn.relu(x + inner(p, x)))
            continue
        word, *rest = l.split()
        i = len(params)
        if word == "conv":
            filters, kernel, padding, stride = int(rest[0]), int(rest[1]), rest[2].upper(), int((rest + ["1"])[3])
            w = weights.weight(filters, shape[2], kernel, kernel)
            params += [w.transpose(2, 3, 1, 0).copy(), weights.weight(filters)]
            steps.append(lambda p, x, i=i, stride=stride, padding=padding: lax.conv_general_dilated(
                x, p[i], (stride, stride), padding, dimension_numbers=("NHWC", "HWIO", "NHWC")) + p[i + 1])
            extent = lambda n: -(-n // stride) if padding == "SAME" else (n - kernel) // stride + 1
            shape = (extent(shape[0]), extent(shape[1]), filters)
        elif word == "relu":
            steps.append(lambda p, x: jax.nn.relu(x))
        elif word == "pool":
            k = int(rest[0])
            steps.append(lambda p, x, k=k: lax.reduce_window(x, -jnp.inf, lax.max, (1, k, k, 1), (1, k, k, 1), "VALID"))
            shape = (shape[0] // k, shape[1] // k, shape[2])
        elif word == "average":
            steps.append(lambda p, x: x.mean((1, 2)))
            shape = shape[2:]
        elif word == "flatten":
            steps.append(lambda p, x: x.reshape(x.shape[0], -1))
            shape = (int(numpy.prod(shape)),)
        elif word == "dense":
            params += [weights.weight(int(rest[0]), shape[0]).T.copy(), weights.weight(int(rest[0]))]
            steps.append(lambda p, x, i=i: x @ p[i] + p[i + 1])
            shape = (int(rest[0]),)
        else:
            units, gates = int(rest[0]), {"lstm": 4, "gru": 3, "rnn": 1}[word]
            params += [weights.weight(gates * units, shape[1]).T.copy(), weights.weight(gates * units, units).T.copy(),
                       weights.weight(gates * units), weights.weight(gates * units)]
            steps.append(lambda p, x, i=i, word=word: recurrent(word, x, *p[i:i + 4]))
            shape = (units,)

    def run(p, x):
        for step in steps:
            x = step(p, x)
        return x

    return run, shape


def recurrent(word, x, w, u, b, c):
    """The last state; the products of the inputs are done for all steps at once."""
    products = jnp.swapaxes(x @ w + b, 0, 1)
    h = jnp.zeros((x.shape[0], u.shape[0]), x.dtype)

    def lstm(state, z):
        h, cell = state
        i, f, g, o = jnp.split(z + h @ u + c, 4, 1)
        cell = jax.nn.sigmoid(f) * cell + jax.nn.sigmoid(i) * jnp.tanh(g)
        return (jax.nn.sigmoid(o) * jnp.tanh(cell), cell), None

    def gru(h, z):
        r, s, n = jnp.split(z, 3, 1)
        ur, us, un = jnp.split(h @ u + c, 3, 1)
        s = jax.nn.sigmoid(s + us)
        return (1 - s) * jnp.tanh(n + jax.nn.sigmoid(r + ur) * un) + s * h, None

    if word == "lstm":
        return lax.scan(lstm, (h, h), products)[0][0]
    if word == "gru":
        return lax.scan(gru, h, products)[0]
    return lax.scan(lambda h, z: (jnp.tanh(z + h @ u + c), None), h, products)[0]


def make(args, threads, mode):
    x, y = numbers_of.net(args)
    params = []
    forward, _ = build(args["layers"], tuple(args["input"]), numbers_of.Weights(), params)

    def loss(params, x, y):
        return -jnp.mean(jnp.take_along_axis(jax.nn.log_softmax(forward(params, x)), y[:, None], 1))

    return train(loss, params, (jnp.asarray(x), jnp.asarray(y)))
