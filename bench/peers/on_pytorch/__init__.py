"""PyTorch on the CPU: eager, and compiled by inductor where that works."""

import os
import re
import sys

import torch

torch.set_num_threads(int(sys.argv[-1]))
torch.set_num_interop_threads(1)

MODERN = int(torch.__version__.split(".")[0]) >= 2  # has torch.compile, and a fused Adam for the CPU


def about():
    build = torch.__config__.show()
    onednn = re.search(r"MKL-DNN v([\d.]+)", build)
    vector = getattr(torch.backends, "cpu", None)
    parts = {"BLAS": blas(build), "oneDNN": onednn[1] if onednn else "none", "vector code": vector.get_cpu_capability() if vector else "not told"}
    return {"name": "PyTorch", "version": f"{torch.__version__} ({'; '.join(f'{k}: {v}' for k, v in parts.items())})"}


def blas(build):
    """What multiplies matrices: linked into PyTorch, or a library of the system, which may be the slow reference."""
    if "USE_MKL=ON" in build:
        return "MKL " + (re.search(r"Math Kernel Library Version (\S+)", build) or ["", ""])[1]
    torch.mm(torch.ones(64, 64), torch.ones(64, 64))
    found = {line.split()[-1] for line in open("/proc/self/maps") if "blas" in line}
    return ", ".join(sorted(os.path.realpath(f) for f in found)) or "?"
