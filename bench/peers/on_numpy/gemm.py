import numpy
from numbers_of import mean_square, right, uniform
from worker import Work

MODES = [""]


def make(args, threads, mode):
    a, b = uniform((args["M"], args["K"]), 1, -1, 1), right(args)
    c = numpy.empty((args["M"], args["N"]), numpy.float32)

    def run(n):
        for _ in range(n):
            numpy.matmul(a, b, out=c)

    run(1)
    return Work(run, mean_square(c))
