import numpy
from numbers_of import mean_square, uniform
from worker import Work

MODES = [""]


def make(args, threads, mode):
    x = uniform((args["rows"], args["cols"]), 1, -4, 4)
    y = numpy.empty_like(x)
    if args["fn"] == "softmax":
        def run(n):
            for _ in range(n):
                numpy.subtract(x, x.max(1, keepdims=True), out=y)
                numpy.exp(y, out=y)
                numpy.divide(y, y.sum(1, keepdims=True), out=y)
    elif args["fn"] == "sigmoid":
        def run(n):
            for _ in range(n):
                numpy.negative(x, out=y)
                numpy.exp(y, out=y)
                numpy.add(y, 1, out=y)
                numpy.reciprocal(y, out=y)
    elif args["fn"] == "layer_norm":
        def run(n):
            for _ in range(n):
                numpy.subtract(x, x.mean(1, keepdims=True), out=y)
                numpy.divide(y, numpy.sqrt(numpy.square(y).mean(1, keepdims=True) + 1e-5), out=y)
    else:
        f = getattr(numpy, args["fn"])

        def run(n):
            for _ in range(n):
                f(x, out=y)

    run(1)
    return Work(run, mean_square(y))
