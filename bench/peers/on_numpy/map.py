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
    else:
        f = getattr(numpy, args["fn"])

        def run(n):
            for _ in range(n):
                f(x, out=y)

    run(1)
    return Work(run, mean_square(y))
