"""The data that all peers take; worker/numbers.go is the twin."""

import numpy


class NotFor(Exception):
    """A mode is not meant for a workload, which is no failure."""


def unit(n, seed):
    m = numpy.uint64(0xFFFFFFFF)
    h = (numpy.arange(n, dtype=numpy.uint64) * 2654435761 + seed * 2246822519 + 374761393) & m
    h ^= h >> 15
    h = h * 2246822519 & m
    h ^= h >> 13
    h = h * 3266489917 & m
    h ^= h >> 16
    return (h >> 8) / float(1 << 24)


def uniform(shape, seed, lo, hi):
    return (lo + (hi - lo) * unit(int(numpy.prod(shape)), seed)).astype(numpy.float32).reshape(shape)


def classes(n, seed, count):
    return (unit(n, seed) * count).astype(numpy.int64)


def right_shape(args):
    """The shape in which the right matrix of a product lies."""
    return (args["N"], args["K"]) if args.get("TransB") else (args["K"], args["N"])


def right(args):
    """The right matrix of a product: as it lies, or a transposed view of it."""
    b = uniform(right_shape(args), 2, -1, 1)
    return b.T if args.get("TransB") else b


def mean_square(x):
    return float(numpy.mean(numpy.square(numpy.asarray(x, dtype=numpy.float64))))


def mlp(args):
    """Batch, truth and first weights of a multilayer perceptron: x, y, [(weight, bias)…], as PyTorch lays them out."""
    sizes, batch = args["sizes"], args["batch"]
    x = uniform((batch, sizes[0]), 1, -1.7, 1.7)
    y = uniform((batch, sizes[-1]), 2, -1, 1) if args["loss"] == "mse" else classes(batch, 2, sizes[-1])
    layers = []
    for i, (n, m) in enumerate(zip(sizes, sizes[1:])):
        w, b = (3 / n) ** 0.5, 1 / n**0.5
        layers.append((uniform((m, n), 10 + 2 * i, -w, w), uniform((m,), 11 + 2 * i, -b, b)))
    return x, y, layers


CHECK_STEPS = 20  # after so many steps all who train the same net are to have the same loss
STEPS = 500  # so many steps from the first weights on are timed, then they are brought back


def net(args):
    """Batch and truth of a net told by words; its layers take their weights from weight, one after the other."""
    x = uniform((args["batch"], *args["input"]), 1, -1.7, 1.7)
    return x, classes(args["batch"], 2, args["classes"])


class Weights:
    """First weights in the order in which dnn lays them down."""

    def __init__(self):
        self.seed = 9

    def weight(self, *shape):
        self.seed += 1
        bound = (3 / numpy.prod(shape[1:])) ** 0.5 if len(shape) > 1 else 0.1
        return uniform(shape, self.seed, -bound, bound)


def tokens(args):
    """Tokens of a batch, and those that follow them."""
    shape = (args["batch"], args["length"])
    n = shape[0] * shape[1]
    return classes(n, 1, args["vocabulary"]).reshape(shape), classes(n, 2, args["vocabulary"]).reshape(shape)


def attention(args):
    """Queries, keys, values and the gradient of the result, as [1, heads, length, width]."""
    shape = (1, args["length"], args["heads"], args["width"])
    return [numpy.ascontiguousarray(uniform(shape, 1 + i, -1.7, 1.7).transpose(0, 2, 1, 3)) for i in range(4)]
