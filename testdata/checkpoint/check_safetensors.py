"""Open a model file with the reference implementation of safetensors and compare it with what was written.

    python -m venv /tmp/venv && /tmp/venv/bin/pip install safetensors numpy
    CHECKPOINT_SAMPLE=/tmp/sample.safetensors go test -count=1 -run TestWriteSample ./pkg/train/checkpoint
    /tmp/venv/bin/python testdata/checkpoint/check_safetensors.py /tmp/sample.safetensors

With any other model file it prints the metadata and the tensors.
"""

import sys

import numpy as np
from safetensors import safe_open
from safetensors.numpy import load, load_file

path = sys.argv[1]
with safe_open(path, framework="np") as f:
    meta = f.metadata()
    for key in sorted(meta):
        print(f"metadata {key!r}: {meta[key][:70]!r}")
    for name in sorted(f.keys()):
        part = f.get_slice(name)
        print(f"tensor {name!r}: {part.get_dtype()} {part.get_shape()}")

if "sample" in meta:
    want = {
        "layers.1.weight": np.arange(6, dtype=np.float32).reshape(2, 3) / np.float32(3) + np.float32(7),
        "layers.0.bias": np.array([np.nan, -np.inf, 1e-45], np.float32),
        "mean": np.array([np.pi, -0.0]),
        "step": np.array(-(2**63) + 7),
        "names": np.array([1, 2, 255], np.uint8),
        "i8": np.array([-128], np.int8),
        "i16": np.array([[[-2]]], np.int16),
        "u16": np.array([65535], np.uint16),
        "i32": np.array([-5, 5], np.int32),
        "u32": np.array([2**31], np.uint32),
        "u64": np.array([2**63], np.uint64),
        'ünïcode " \\ 名': np.zeros((2, 0, 4), np.float32),
        "half": np.array([1, 2], np.float16),
    }
    assert meta["spec"] == "name: größe\nseed: 1\n" and meta["classes"] == '["a","b\\"c","<&>"]' and meta[""] == "empty key"
    with open(path, "rb") as raw:
        for got in (load_file(path), load(raw.read())):
            assert got.keys() == want.keys(), got.keys() ^ want.keys()
            for name, array in want.items():
                assert got[name].dtype == array.dtype and got[name].shape == array.shape, name
                a, b = got[name], array
                if name == "layers.1.weight":
                    assert np.allclose(a, b, rtol=1e-6), name
                else:
                    assert a.tobytes() == b.tobytes() or np.array_equal(a, b, equal_nan=True), name
    print("all tensors and metadata are as written")
