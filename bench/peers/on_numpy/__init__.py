"""NumPy with the OpenBLAS of its wheel."""

import numpy
import threadpoolctl


def about():
    blas = next(p for p in threadpoolctl.threadpool_info() if p["user_api"] == "blas")
    on = numpy._core._multiarray_umath.__cpu_features__
    loops = "AVX-512" if on.get("X86_V4") or on.get("AVX512_SKX") else "AVX2"
    note = f"{blas['internal_api']} {blas['version']}, {blas['num_threads']} thread(s)"
    return {"name": "NumPy", "version": f"{numpy.__version__} ({note})", "isa": f"OpenBLAS: {blas['architecture'].replace('SkylakeX', 'SkylakeX (AVX-512)')}, own loops: {loops}"}
