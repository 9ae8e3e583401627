"""NumPy with the OpenBLAS of its wheel."""

import numpy
import threadpoolctl


def about():
    blas = next(p for p in threadpoolctl.threadpool_info() if p["user_api"] == "blas")
    note = f"{blas['internal_api']} {blas['version']}, kernels: {blas['architecture']}, {blas['num_threads']} thread(s)"
    return {"name": "NumPy", "version": f"{numpy.__version__} ({note})"}
