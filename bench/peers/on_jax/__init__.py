"""JAX, compiled by XLA for the CPU. XLA takes as many threads as the process may use processors."""

import jax


def about():
    import jaxlib
    return {"name": "JAX", "version": f"{jax.__version__} (jaxlib {jaxlib.__version__}, {jax.devices()[0].platform})"}
