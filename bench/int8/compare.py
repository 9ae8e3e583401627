"""Times predictions in 8-bit integers beside ONNX Runtime: the same nets, float32, quantized dynamically and statically.

    go build -o int8 . && cc -shared -fPIC -O1 -o avx2.so avx2.c
    python compare.py --dnn ./int8 --avx2 ./avx2.so     # with onnxruntime and onnx installed

Processes take turns; each prints the fastest of its own turns, and the table has the median of the rounds. ONNX Runtime
multiplies 8-bit integers without VNNI in a way that may saturate; weights are quantized to 8 bits all the same.
"""
import argparse, json, os, statistics, subprocess, sys, tempfile, time

NETS = {"mlp": "784-512-256-10", "conv": "conv 32-64-pool-64-pool (3x3, same), dense 10, on 28x28"}


def floats(name, shape, rng):
    from onnx import numpy_helper
    fan = 1
    for d in shape[1:]:
        fan *= d
    return numpy_helper.from_array((rng.standard_normal(shape) / max(fan, 1) ** 0.5).astype("float32"), name)


def build(net, batch):
    """The net in float32, as ONNX Runtime takes it fastest: channels first."""
    import numpy as np
    from onnx import TensorProto, helper
    rng, nodes, weights = np.random.default_rng(1), [], []
    shape = [batch, 784] if net == "mlp" else [batch, 1, 28, 28]
    at = "x"

    def add(kind, shapes=(), act=False, **attrs):
        nonlocal at
        names = []
        for s in shapes:
            names.append(f"w{len(weights)}")
            weights.append(floats(names[-1], s, rng))
        out = f"v{len(nodes)}"
        nodes.append(helper.make_node(kind, [at, *names], [out], **attrs))
        at = out
        if act:
            add("Relu")

    if net == "mlp":
        for i, (k, n) in enumerate([(784, 512), (512, 256), (256, 10)]):
            add("Gemm", [(n, k), (n,)], act=i < 2, transB=1)
    else:
        for c, o, pool in [(1, 32, False), (32, 64, True), (64, 64, True)]:
            add("Conv", [(o, c, 3, 3), (o,)], act=True, pads=[1, 1, 1, 1], kernel_shape=[3, 3])
            if pool:
                add("MaxPool", kernel_shape=[2, 2], strides=[2, 2])
        add("Flatten")
        add("Gemm", [(10, 3136), (10,)], transB=1)
    nodes[-1].output[0] = "y"
    graph = helper.make_graph(nodes, net, [helper.make_tensor_value_info("x", TensorProto.FLOAT, shape)],
                              [helper.make_tensor_value_info("y", TensorProto.FLOAT, [batch, 10])], weights)
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=10), shape


def peer(net, batch, threads, rounds):
    """Prints what main.go prints, for ONNX Runtime."""
    import numpy as np, onnx, onnxruntime as ort
    from onnxruntime.quantization import CalibrationDataReader, QuantFormat, QuantType, quantize_dynamic, quantize_static
    from onnxruntime.quantization.shape_inference import quant_pre_process
    model, shape = build(net, batch)
    x = np.random.default_rng(2).random(shape, dtype=np.float32)

    class Reader(CalibrationDataReader):
        def __init__(self):
            self.left = [{"x": x}]

        def get_next(self):
            return self.left.pop() if self.left else None

    with tempfile.TemporaryDirectory() as d:
        path = {k: os.path.join(d, k + ".onnx") for k in ("float32", "ready", "dynamic", "static", "static s8s8")}
        onnx.save(model, path["float32"])
        quant_pre_process(path["float32"], path["ready"], skip_symbolic_shape=True)
        quantize_dynamic(path["ready"], path["dynamic"], weight_type=QuantType.QInt8)
        for name, activations in (("static", QuantType.QUInt8), ("static s8s8", QuantType.QInt8)):
            quantize_static(path["ready"], path[name], Reader(), quant_format=QuantFormat.QDQ, per_channel=True,
                            activation_type=activations, weight_type=QuantType.QInt8)
        options = ort.SessionOptions()
        options.intra_op_num_threads, options.inter_op_num_threads = threads, 1
        forms = {}
        for k in ("float32", "dynamic", "static", "static s8s8"):
            try:
                forms[k] = ort.InferenceSession(path[k], options, providers=["CPUExecutionProvider"])
            except Exception as e:  # it has no kernel for it
                print(k, e, file=sys.stderr)
    times = {k: [] for k in forms}
    for _ in range(rounds):
        for k, s in forms.items():
            s.run(None, {"x": x})
            n, start = 0, time.perf_counter()
            while n < 2 or time.perf_counter() - start < 0.02:
                s.run(None, {"x": x})
                n += 1
            times[k].append((time.perf_counter() - start) / n * 1e6)
    print(json.dumps({k: min(t) for k, t in times.items()}))


def main():
    p = argparse.ArgumentParser()
    p.add_argument("--dnn", default="./int8", help="the program of main.go")
    p.add_argument("--avx2", help="avx2.so, to hold ONNX Runtime to AVX2; without it that part is left out")
    p.add_argument("--rounds", type=int, default=3)
    p.add_argument("--batches", type=int, nargs="*", default=[64, 1])
    p.add_argument("--nets", nargs="*", default=list(NETS))
    p.add_argument("--no-vnni", action="store_true", help="leave out the part that is not held to AVX2")
    p.add_argument("--peer", nargs=4, metavar=("NET", "BATCH", "THREADS", "ROUNDS"))
    a = p.parse_args()
    if a.peer:
        net, *rest = a.peer
        return peer(net, *map(int, rest))
    isas = [("avx2", "avx2", a.avx2)] if a.avx2 else []
    if not a.no_vnni:
        isas += [("VNNI (AVX-512)", "", None)]
    print("| instructions | net | batch | threads | float32 | dynamic | static | ORT float32 | ORT dynamic | ORT static | dynamic to dynamic | static to static |")
    print("|---|---|---|---|---|---|---|---|---|---|---|---|")
    for isa, cpu, preload in isas:
        for net in a.nets:
            for batch in a.batches:
                for threads in (1, 2):
                    row(a, isa, cpu, preload, net, batch, threads)


def row(a, isa, cpu, preload, net, batch, threads):
    ours, theirs = [], []
    core = ["taskset", "-c", "0" if threads == 1 else "0,1"]
    for _ in range(a.rounds):
        env = dict(os.environ, DNN_CPU=cpu)
        out = subprocess.run([*core, a.dnn, "-net", net, "-batch", str(batch), "-threads", str(threads), "-rounds", "7"], env=env, stdout=subprocess.PIPE, check=True)
        ours.append(json.loads(out.stdout))
        env = dict(os.environ, **({"LD_PRELOAD": os.path.abspath(preload)} if preload else {}))
        out = subprocess.run([*core, sys.executable, __file__, "--peer", net, str(batch), str(threads), "7"], env=env, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=True)
        theirs.append(json.loads(out.stdout.splitlines()[-1]))
    median = lambda runs, k: statistics.median(r[k] for r in runs if k in r)
    static = min((k for k in theirs[0] if k.startswith("static")), key=lambda k: median(theirs, k))  # the faster one
    us = lambda t: f"{t / 1e3:.2f} ms" if t >= 1e3 else f"{t:.0f} µs"
    o = [median(ours, k) for k in ("float32", "dynamic", "static")]
    t = [median(theirs, k) for k in ("float32", "dynamic", static)]
    print(f"| {isa} | {net} | {batch} | {threads} | " + " | ".join(map(us, o + t)) + f" | {t[1] / o[1]:.2f} | {t[2] / o[2]:.2f} |", flush=True)


if __name__ == "__main__":
    main()
