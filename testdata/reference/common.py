"""What the reference scripts share: fixed random numbers, exact JSON, and weighted gradients."""
import json
import pathlib

import numpy as np
import torch

torch.set_num_threads(1)
HERE = pathlib.Path(__file__).resolve().parent
MADE_WITH = {"torch": torch.__version__, "numpy": np.__version__}
DTYPES = {"float32": torch.float32, "float64": torch.float64}


class Random:
    """Numbers that are exact in float32, so that a float32 and a float64 run start from the same values."""

    def __init__(self, seed):
        self.rng = np.random.Generator(np.random.PCG64(seed))

    def normal(self, *shape, scale=1.0, shift=0.0):
        return (self.rng.standard_normal(shape) * scale + shift).astype(np.float32)

    def uniform(self, low, high, *shape):
        return self.rng.uniform(low, high, shape).astype(np.float32)

    def integers(self, high, *shape):
        return self.rng.integers(0, high, shape)

    def simplex(self, rows, columns):
        """Rows of probabilities in sixty-fourths, which sum to exactly one; some are zero."""
        return (self.rng.multinomial(64, np.full(columns, 1 / columns), rows) / 64).astype(np.float32)


def number(value):
    """The shortest decimal that a float64 reader takes for the same number, also where it is a float32: the shortest
    for a float32 reader would start a float64 run from other values."""
    if isinstance(value, (bool, np.bool_)):
        return "true" if value else "false"
    if isinstance(value, (int, np.integer)):
        return str(int(value))
    if not np.isfinite(value):
        raise ValueError("JSON has no NaN and no infinity")
    text = repr(float(value))
    return text[:-2] if text.endswith(".0") else text


def plain(value):
    """Arrays as nested lists of NumPy scalars."""
    array = value.detach().numpy() if isinstance(value, torch.Tensor) else np.asarray(value)
    return [plain(row) for row in array] if array.ndim > 1 else [array[i] for i in range(len(array))]


def tensor(value):
    """{"shape": [...], "data": [...]}, row-major."""
    array = value.detach().numpy() if isinstance(value, torch.Tensor) else np.asarray(value)
    array = np.ascontiguousarray(array)
    return {"shape": list(array.shape), "data": list(array.reshape(-1))}


def scalar(value):
    return value.detach().numpy()[()] if isinstance(value, torch.Tensor) else value


def encode(value):
    if isinstance(value, dict):
        return "{" + ",".join(json.dumps(k) + ":" + encode(v) for k, v in value.items()) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ",".join(map(encode, value)) + "]"
    if value is None or isinstance(value, str):
        return json.dumps(value)
    if isinstance(value, (torch.Tensor, np.ndarray)):
        return encode(tensor(value))
    return number(value)


def save(name, content):
    """Writes name.json: one line for each top-level key and for each case."""
    content = {"made_with": MADE_WITH, **content}
    lines = []
    for key, value in content.items():
        if isinstance(value, list) and value and isinstance(value[0], dict):
            body = "[\n" + ",\n".join(map(encode, value)) + "\n]"
        else:
            body = encode(value)
        lines.append(json.dumps(key) + ":" + body)
    path = HERE / (name + ".json")
    path.write_text("{\n" + ",\n".join(lines) + "\n}\n")
    print(f"{path.name}: {path.stat().st_size} bytes, {len(content.get('cases', []))} cases")


def load(name):
    return json.loads((HERE / (name + ".json")).read_text())


def vjp(random, function, inputs, parameters):
    """Runs function in float64 and takes the gradients of sum(weighting * output) over all its outputs.

    inputs and parameters are arrays by name; integer inputs get no gradient. function gets one dictionary with
    both, and returns outputs by name.
    """
    given = {**inputs, **parameters}
    leaves = {k: torch.tensor(np.asarray(v, dtype=np.float64), requires_grad=True)
              if np.asarray(v).dtype.kind == "f" else torch.tensor(v) for k, v in given.items()}
    outputs = function(leaves)
    weightings = {k: random.normal(*v.shape) for k, v in outputs.items()}
    sum((v * torch.from_numpy(weightings[k]).double()).sum() for k, v in outputs.items()).backward()
    return {"inputs": {k: tensor(v) for k, v in inputs.items()},
            "parameters": {k: tensor(v) for k, v in parameters.items()},
            "outputs": {k: tensor(v) for k, v in outputs.items()},
            "weightings": {k: tensor(v) for k, v in weightings.items()},
            "gradients": {k: tensor(v.grad) for k, v in leaves.items() if v.requires_grad}}
