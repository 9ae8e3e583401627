"""PyTorch on the CPU: eager, and compiled by inductor where that works."""

import os
import re
import subprocess
import sys

import torch

torch.set_num_threads(int(sys.argv[-1]))
torch.set_num_interop_threads(1)

MODERN = int(torch.__version__.split(".")[0]) >= 2  # has torch.compile, and a fused Adam for the CPU


def about():
    build = torch.__config__.show()
    onednn = re.search(r"MKL-DNN v([\d.]+)", build)
    parts = {"BLAS": blas(build), "oneDNN": onednn[1] if onednn else "none"}
    return {"name": "PyTorch", "version": f"{torch.__version__} ({'; '.join(f'{k}: {v}' for k, v in parts.items())})", "isa": isa()}


def isa():
    """What PyTorch and its libraries say that they use: the libraries only tell a process that asks from its start."""
    vector = getattr(torch.backends, "cpu", None)
    told = {"vector code": vector.get_cpu_capability() if vector else "not told"}
    ask = "import torch; torch.nn.Conv2d(16, 16, 3)(torch.ones(4, 16, 32, 32)); torch.mm(torch.ones(64, 64), torch.ones(64, 64))"
    env = {**os.environ, "ONEDNN_VERBOSE": "1", "MKL_VERBOSE": "1"}
    verbose = subprocess.run([sys.executable, "-c", ask], env=env, capture_output=True, text=True).stdout
    for name, pattern in {"oneDNN": r"verbose.*cpu,isa:(.*)", "MKL": r"MKL_VERBOSE .*\((Intel\(R\) [^()]*)\)"}.items():
        if found := re.search(pattern, verbose):
            told[name] = found[1].replace("Intel(R) ", "").removeprefix("Intel ")
    return ", ".join(f"{k}: {v}" for k, v in told.items())


def blas(build):
    """What multiplies matrices: linked into PyTorch, or a library of the system, which may be the slow reference."""
    if "USE_MKL=ON" in build:
        return "MKL " + (re.search(r"Math Kernel Library Version (\S+)", build) or ["", ""])[1]
    torch.mm(torch.ones(64, 64), torch.ones(64, 64))
    found = {line.split()[-1] for line in open("/proc/self/maps") if "blas" in line}
    return ", ".join(sorted(os.path.realpath(f) for f in found)) or "?"
