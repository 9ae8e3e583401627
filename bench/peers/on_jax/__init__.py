"""JAX, compiled by XLA for the CPU. XLA takes as many threads as the process may use processors."""

import os
import pathlib
import re
import subprocess
import sys
import tempfile

import jax


def about():
    import jaxlib
    return {"name": "JAX", "version": f"{jax.__version__} (jaxlib {jaxlib.__version__}, {jax.devices()[0].platform})", "isa": isa()}


def isa():
    """What XLA writes down of the code that it makes for a small function."""
    with tempfile.TemporaryDirectory() as folder:
        env = {**os.environ, "XLA_FLAGS": os.environ.get("XLA_FLAGS", "") + f" --xla_dump_to={folder}"}
        subprocess.run([sys.executable, "-c", "import jax; jax.jit(jax.numpy.exp)(jax.numpy.ones(64))"], env=env, capture_output=True)
        written = "".join(f.read_text() for f in pathlib.Path(folder).glob("*debug_options"))
    found = re.search(r'xla_cpu_max_isa: "(\w+)"', written)
    return f"XLA: at most {found[1]}" if found else "XLA: whatever it finds"
