"""Compares ONNX models that dnn writes with dnn, in onnxruntime: all ops and layers, the nets of specs, trained models, quantized ones.

    pip install onnx onnxruntime numpy                    # 1.23 and 1.32
    go build -o /tmp/onnxtool ./onnx                     # in bench/
    python onnx/check.py --tool /tmp/onnxtool --dnn dnn --ops SPEC... [--models MODEL...] [--tables MODEL:CSV...] [--int8 MODEL...]

For example, from the top of the repository:

    python bench/onnx/check.py --tool /tmp/onnxtool --dnn dnn --ops configs/*.yaml --tables runs/mlp/0001:testdata/data/palmerpenguins.csv

SPEC are spec files: their nets have weights drawn at random, and take rows of their own data, in two batches of other sizes. MODEL are
model files or run folders. --tables compares with 'dnn predict', from fields to probabilities and numbers. Exits with 1 where an output
differs by more than 1e-5 (relative to 1 or the largest number), or where less than 99.9 % of the classes of a quantized model are the same.
"""
import argparse
import csv
import glob
import io
import json
import os
import subprocess
import sys
import tempfile

import numpy as np
import onnx
import onnxruntime as ort
from onnx import numpy_helper

failed = []


def load(path):
    t = onnx.TensorProto()
    with open(path, "rb") as f:
        t.ParseFromString(f.read())
    return t.name, numpy_helper.to_array(t)


def session(path):
    onnx.checker.check_model(onnx.load(path), full_check=True)
    options = ort.SessionOptions()
    options.log_severity_level, options.intra_op_num_threads = 3, 1
    return ort.InferenceSession(path, options)


def report(name, what, diff, limit, note=""):
    bad = not diff <= limit
    print(f"{name:28} {what:24} {diff:9.2e} {note}{'  FAILED' if bad else ''}", flush=True)
    if bad:
        failed.append(name)


def folder(name, path, limit, verbose=True):
    """Compares the sets of data in a folder; returns the largest difference."""
    try:
        s = session(os.path.join(path, "model.onnx"))
        for data in sorted(glob.glob(glob.escape(path) + "/test_data_set_*")):
            feed = dict(load(p) for p in glob.glob(glob.escape(data) + "/input_*.pb"))
            want = dict(load(p) for p in glob.glob(glob.escape(data) + "/output_*.pb"))
            got = dict(zip([o.name for o in s.get_outputs()], s.run(None, feed)))
            for key, w in want.items():
                if got[key].shape != w.shape:
                    raise ValueError(f"{key} is {got[key].shape}, not {w.shape}")
                diff = np.abs(got[key] - w).max(initial=0) / max(1, np.abs(w).max(initial=0))
                if verbose or diff > limit:
                    report(name, key, diff, limit, str(w.shape))
    except Exception as e:
        print(f"{name:28} FAILED {str(e)[:300]}")
        failed.append(name)


def run(args, **more):
    return subprocess.run(args, check=True, capture_output=True, text=True, **more).stdout


def ops(a, dir):
    run([a.tool, "-ops", "-out", dir])
    names = sorted(os.listdir(dir))
    for name in names:
        quantized = "_int8" in name and not "gather" in name
        folder(name, os.path.join(dir, name), 0.03 if quantized else 1e-5, verbose=False)
    print(f"{len(names)} cases of ops and layers")


def net(a, dir, path, random):
    name = os.path.splitext(os.path.basename(path))[0] if random else os.path.basename(os.path.normpath(path))
    out = os.path.join(dir, name)
    sets = {k: v for k, _, v in (s.partition(":") for s in a.set)}
    try:
        text = run([a.tool, "-out", out] + (["-random", "-set", sets.get(name, "")] if random else []) + [model(path, random)])
    except subprocess.CalledProcessError as e:
        print(f"{name:28} FAILED {e.stderr[:300]}")
        failed.append(name)
        return
    if text:
        print(f"{name:28} {text.strip()}")
    folder(name, out, 1e-5)


def model(path, random=False):
    return os.path.join(path, "best.safetensors") if os.path.isdir(path) and not random else path


def table(a, dir, path, data):
    """Feeds fields of a CSV file, and compares with dnn predict."""
    name = os.path.basename(os.path.normpath(path))
    out = os.path.join(dir, name + ".raw.onnx")
    run([a.dnn, "export", path, "--onnx", out, "-f"])
    s = session(out)
    meta = s.get_modelmeta().custom_metadata_map
    with open(data, newline="") as f:
        rows = list(csv.reader(f, skipinitialspace=True))
    header = a.header.split(",") if a.header else rows.pop(0)
    rows = [r for r in rows if r][:2000]
    buffer = io.StringIO()
    csv.writer(buffer).writerows([header] + rows)
    text = subprocess.run([a.dnn, "predict", path, "-", "-q"], input=buffer.getvalue(), capture_output=True, text=True).stdout
    predicted = list(csv.DictReader(io.StringIO(text)))
    feed = {}
    columns = {i["name"]: i["columns"] for i in json.loads(meta["inputs"])}
    gaps = {"", "NA", "?"}
    for i in s.get_inputs():
        fields = [[r[header.index(c)].strip() for c in columns[i.name]] for r in rows]
        if i.type == "tensor(string)":
            feed[i.name] = np.array([["" if x in gaps else x for x in r] for r in fields], dtype=object)
        else:
            feed[i.name] = np.array([[np.nan if x in gaps else float(x) for x in r] for r in fields], dtype=np.float32)
    got = dict(zip([o.name for o in s.get_outputs()], s.run(None, feed)))
    for h in json.loads(meta["outputs"]):
        y = got[h["output"]]
        prefix = "p_" + (h["target"] + "_" if len(got) > 1 else "")
        names = [prefix + c for c in h.get("classes", [])]
        if h["kind"] == "number":
            names = h["columns"]
        elif h["kind"] == "binary":
            y = np.concatenate([1 - y, y], 1)
        want = np.array([[float(r[n] or "nan") for n in names] for r in predicted])  # rows that dnn cannot predict are empty
        diff = np.nanmax(np.abs(y - want)) / max(1, np.nanmax(np.abs(want)))
        report(name + " (fields)", h["output"], diff, 1e-5, str(y.shape))


def quantized(a, dir, path):
    name = os.path.basename(path).removesuffix(".safetensors")
    out = os.path.join(dir, name)
    run([a.tool, "-out", out, "-rows", "1000", "-split", a.split, path])
    data = os.path.join(out, "test_data_set_0")
    s = session(os.path.join(out, "model.onnx"))
    feed = dict(load(p) for p in glob.glob(data + "/input_*.pb"))
    for o, got in zip(s.get_outputs(), s.run(None, feed)):
        want = dict(load(p) for p in glob.glob(data + "/output_*.pb"))[o.name]
        steps = np.ones(want.shape[:-1], bool)
        for key, n in feed.items():
            if key.startswith("lengths.") and want.ndim == 3:
                steps = np.arange(want.shape[1]) < n[:, None]
        if want.shape[-1] == 1:
            same = ((got > 0.5) == (want > 0.5))[..., 0][steps].mean()
        else:
            same = (got.argmax(-1) == want.argmax(-1))[steps].mean()
        report(name, o.name, round(1 - same, 9), 1e-3, f"of {steps.sum()} classes differ; probabilities by up to {np.abs(got - want)[steps].max():.1e}")


def main():
    p = argparse.ArgumentParser()
    p.add_argument("specs", nargs="*")
    p.add_argument("--tool", required=True)
    p.add_argument("--dnn", default="dnn")
    p.add_argument("--ops", action="store_true")
    p.add_argument("--models", nargs="*", default=[])
    p.add_argument("--tables", nargs="*", default=[], help="MODEL:CSV")
    p.add_argument("--header", help="columns of the tables, where they have no header line")
    p.add_argument("--int8", nargs="*", default=[])
    p.add_argument("--split", default="test")
    p.add_argument("--set", action="append", default=[], help="SPEC:key=value …, of a spec named without its folder and ending")
    a = p.parse_args()
    with tempfile.TemporaryDirectory() as dir:
        if a.ops:
            ops(a, os.path.join(dir, "ops"))
        for path in a.specs:
            net(a, dir, path, True)
        for path in a.models:
            net(a, dir, path, False)
        for pair in a.tables:
            table(a, dir, *pair.split(":"))
        for path in a.int8:
            quantized(a, dir, path)
    if failed:
        sys.exit(f"{len(failed)} failed: {', '.join(failed)}")


main()
