"""Compares nets of PyTorch and Keras with those of dnn that take over their weights, and the other way round.

    python check.py torch DNN      # needs torch and numpy; safetensors if it is there
    python check.py keras DNN      # needs keras with any backend, and numpy
    python check.py torch --save testdata/weights      # small files for the tests in Go, with what the nets predict

DNN is the program. Names of nets behind it choose some. Of each net, a table says how far predictions are apart: with weights read by train.init (in), and written by
dnn export --weights (out). The exit status is 1 if any is further than 1e-5, relative to the largest prediction.
"""

import csv
import io
import json
import os
import subprocess
import sys
import tempfile

import numpy as np

LIMIT = 1e-5

# name, shape of a row, layers of dnn
NETS = {
    "mlp": ((6,), "[{type: dense, units: 5, activation: relu}, {type: dense, units: 5, activation: relu}, {type: dense, units: 4, bias: false, activation: tanh}, {type: dense, units: 2}]"),
    "cnn": ((8, 7, 3), """[{type: reshape, shape: [8, 7, 3]}, {type: conv2d, filters: 4, kernel: [3, 2], padding: 1, activation: relu}, batch_norm,
        {type: max_pool2d, size: 2}, {type: conv2d, filters: 6, kernel: 3, groups: 2, bias: false}, {type: group_norm, groups: 2}, flatten, batch_norm,
        {type: dense, units: 5, activation: relu}, layer_norm, {type: dense, units: 2}]"""),
    "depthwise": ((6, 6, 4), """[{type: reshape, shape: [6, 6, 4]}, {type: depthwise_conv2d, kernel: 3, multiplier: 2, activation: relu},
        {type: separable_conv2d, filters: 3, kernel: 2, multiplier: 2}, {type: conv_transpose2d, filters: 5, kernel: 2, stride: 2}, flatten, {type: dense, units: 2}]"""),
    "conv1d": ((9, 3), "[{type: reshape, shape: [9, 3]}, {type: conv1d, filters: 4, kernel: 3, activation: relu}, {type: depthwise_conv1d, kernel: 2}, flatten, {type: dense, units: 2}]"),
    "residual": ((6, 6, 2), """[{type: reshape, shape: [6, 6, 2]}, {type: residual, projection: true, layers: [{type: conv2d, filters: 4, kernel: 3, padding: 1, activation: relu},
        {type: conv2d, filters: 4, kernel: 3, padding: 1}]}, {type: squeeze_excite, units: 3}, {type: conv2d, filters: 2, kernel: 3}, flatten, {type: dense, units: 2}]"""),
    "lstm": ((5, 3), "[{type: reshape, shape: [5, 3]}, {type: lstm, units: 4, layers: 2, sequences: true}, {type: lstm, units: 3}, {type: dense, units: 2}]"),
    "bilstm": ((5, 3), "[{type: reshape, shape: [5, 3]}, {type: lstm, units: 4, bidirectional: true}, {type: dense, units: 2}]"),
    "gru": ((5, 3), "[{type: reshape, shape: [5, 3]}, {type: gru, units: 4, bidirectional: true, sequences: true}, {type: gru, units: 3}, {type: dense, units: 2}]"),
    "gru_before": ((5, 3), "[{type: reshape, shape: [5, 3]}, {type: gru, units: 4, reset: before}, {type: dense, units: 2}]"),
    "rnn": ((5, 3), "[{type: reshape, shape: [5, 3]}, {type: rnn, units: 4, bidirectional: true}, {type: dense, units: 2}]"),
    "attention": ((5, 6), "[{type: reshape, shape: [5, 6]}, {type: multi_head_attention, heads: 2}, layer_norm, flatten, {type: dense, units: 2}]"),
    "grouped": ((5, 8), "[{type: reshape, shape: [5, 8]}, {type: multi_head_attention, heads: 4, key_heads: 2}, {type: rms_norm, epsilon: 1e-6}, flatten, {type: dense, units: 2}]"),
    "encoder": ((5, 6), "[{type: reshape, shape: [5, 6]}, {type: transformer_encoder, heads: 2, blocks: 2, hidden: 8}, flatten, {type: dense, units: 2}]"),
}


def spec(name, folder, extra=""):
    shape, layers = NETS[name]
    width = int(np.prod(shape))
    columns = ", ".join(f"x{i}" for i in range(width))
    text = f"""
name: {name}
dataset:
  path: rows.csv
  inputs: [{{name: x, columns: [{columns}], type: number, normalize: none}}]
  target: [{{column: y0, type: number, normalize: none}}, {{column: y1, type: number, normalize: none}}]
  split: {{validation: 0}}
layers: {layers}
loss: mse
optimizer: {{type: sgd, learning_rate: 1e-30}}
train: {{epochs: 1, {extra}}}
"""
    path = os.path.join(folder, "spec.yaml")
    with open(path, "w") as f:
        f.write(text)
    rows = np.random.default_rng(1).normal(size=(40, width)).astype(np.float32)
    with open(os.path.join(folder, "rows.csv"), "w") as f:
        out = csv.writer(f)
        out.writerow([f"x{i}" for i in range(width)] + ["y0", "y1"])
        for r in rows:
            out.writerow([repr(float(v)) for v in r] + [0.1, 0.2])
    return path, rows.reshape((-1,) + shape)


def dnn(*args, cwd):
    r = subprocess.run([DNN, *args], cwd=cwd, capture_output=True, text=True)
    if r.returncode:
        raise RuntimeError(f"dnn {' '.join(args)}: {r.stderr}")
    return r.stdout, r.stderr


def predictions(folder, run):
    out, _ = dnn("predict", run, "rows.csv", cwd=folder)
    rows = list(csv.DictReader(io.StringIO(out)))
    keys = [k for k in rows[0] if "y0" in k or "y1" in k][-2:]
    return np.array([[float(r[k]) for k in keys] for r in rows])


def distance(a, b):
    return float(np.abs(a - b).max() / max(1, np.abs(b).max()))


class Torch:
    formats = [".pt", ".npz"] + ([".safetensors"] if __import__("importlib.util").util.find_spec("safetensors") else [])

    def __init__(self):
        import torch

        self.torch = torch
        torch.manual_seed(0)

    def net(self, name):
        torch, nn = self.torch, self.torch.nn

        class Part(nn.Module):
            def __init__(self, inner, f):
                super().__init__()
                self.inner, self.f = inner, f

            def forward(self, x):
                return self.f(self.inner, x)

        class Grouped(nn.Module):
            def __init__(self):
                super().__init__()
                self.q_proj, self.k_proj = nn.Linear(8, 8), nn.Linear(8, 4)
                self.v_proj, self.out_proj = nn.Linear(8, 4), nn.Linear(8, 8)

            def forward(self, x):
                cut = lambda y, n: y.unflatten(-1, (n, 2)).transpose(1, 2)
                y = nn.functional.scaled_dot_product_attention(cut(self.q_proj(x), 4), cut(self.k_proj(x), 2), cut(self.v_proj(x), 2), enable_gqa=True)
                return self.out_proj(y.transpose(1, 2).flatten(2))

        class Residual(nn.Module):
            def __init__(self):
                super().__init__()
                self.inner = nn.Sequential(nn.Conv2d(2, 4, 3, padding=1), nn.ReLU(), nn.Conv2d(4, 4, 3, padding=1))
                self.down = nn.Conv2d(2, 4, 1, bias=False)

            def forward(self, x):
                return self.inner(x) + self.down(x)

        class Excite(nn.Module):  # as torchvision's
            def __init__(self):
                super().__init__()
                self.fc1, self.fc2 = nn.Conv2d(4, 3, 1), nn.Conv2d(3, 4, 1)

            def forward(self, x):
                return x * self.fc2(self.fc1(x.mean((2, 3), keepdim=True)).relu()).sigmoid()

        last = lambda m, x: m(x)[0][:, -1]
        both = lambda m, x: (lambda y, n: torch.cat([y[:, -1, :n], y[:, 0, n:]], -1))(m(x)[0], m.hidden_size)
        every = lambda m, x: m(x)[0]
        itself = lambda m, x: m(x, x, x, need_weights=False)[0]
        make = {
            "mlp": lambda: [nn.Linear(6, 5), nn.ReLU(), nn.Linear(5, 5), nn.ReLU(), nn.Linear(5, 4, bias=False), nn.Tanh(), nn.Linear(4, 2)],
            "cnn": lambda: [nn.Conv2d(3, 4, (3, 2), padding=1), nn.ReLU(), nn.BatchNorm2d(4), nn.MaxPool2d(2), nn.Conv2d(4, 6, 3, groups=2, bias=False),
                            nn.GroupNorm(2, 6), nn.Flatten(), nn.BatchNorm1d(6 * 2 * 2), nn.Linear(24, 5), nn.ReLU(), nn.LayerNorm(5), nn.Linear(5, 2)],
            "depthwise": lambda: [nn.Conv2d(4, 8, 3, groups=4), nn.ReLU(), nn.Conv2d(8, 16, 2, groups=8, bias=False), nn.Conv2d(16, 3, 1),
                                  nn.ConvTranspose2d(3, 5, 2, stride=2), nn.Flatten(), nn.Linear(5 * 36, 2)],
            "conv1d": lambda: [nn.Conv1d(3, 4, 3), nn.ReLU(), nn.Conv1d(4, 4, 2, groups=4), nn.Flatten(), nn.Linear(24, 2)],
            "residual": lambda: [Residual(), Excite(), nn.Conv2d(4, 2, 3), nn.Flatten(), nn.Linear(32, 2)],
            "lstm": lambda: [Part(nn.LSTM(3, 4, 2, batch_first=True), every), Part(nn.LSTM(4, 3, batch_first=True), last), nn.Linear(3, 2)],
            "bilstm": lambda: [Part(nn.LSTM(3, 4, batch_first=True, bidirectional=True), both), nn.Linear(8, 2)],
            "gru": lambda: [Part(nn.GRU(3, 4, batch_first=True, bidirectional=True), every), Part(nn.GRU(8, 3, batch_first=True), last), nn.Linear(3, 2)],
            "rnn": lambda: [Part(nn.RNN(3, 4, batch_first=True, bidirectional=True), both), nn.Linear(8, 2)],
            "attention": lambda: [Part(nn.MultiheadAttention(6, 2, batch_first=True), itself), nn.LayerNorm(6), nn.Flatten(), nn.Linear(30, 2)],
            "grouped": lambda: [Grouped(), nn.RMSNorm(8, eps=1e-6), nn.Flatten(), nn.Linear(40, 2)],
            "encoder": lambda: [nn.TransformerEncoder(nn.TransformerEncoderLayer(6, 2, 8, dropout=0, batch_first=True), 2), nn.Flatten(), nn.Linear(30, 2)],
        }.get(name)
        if make is None:
            return None
        net = nn.Sequential(*make())
        with torch.no_grad():
            for p in net.parameters():
                p.normal_(0, 0.4)
            for key, b in net.named_buffers():
                if b.is_floating_point():
                    b.uniform_(0.5, 1.5)
        return net.eval()

    def predict(self, net, x):
        x = self.torch.from_numpy(x)
        first = type(next(m for m in net.modules() if not list(m.children()))).__name__
        if first.startswith("Conv"):
            x = x.movedim(-1, 1)
        with self.torch.no_grad():
            return net(x).numpy()

    def save(self, net, path):
        state = net.state_dict()
        if path.endswith(".npz"):
            np.savez(path, *[v.numpy() for v in state.values()])
            return "torch"
        if path.endswith(".safetensors"):
            from safetensors.torch import save_file

            save_file(state, path)
        else:  # .pth as before PyTorch 1.6
            self.torch.save(state, path, _use_new_zipfile_serialization=path.endswith(".pt"))

    def load(self, net, path):
        if path.endswith(".npz"):
            read = np.load(path)
            found = {k: self.torch.from_numpy(read[k]) for k in read.files}
        elif path.endswith(".safetensors"):
            from safetensors.torch import load_file

            found = load_file(path)
            names = dnn_order(path)
            found = {k: found[k] for k in names}
        else:
            found = self.torch.load(path, weights_only=True)
        mine = net.state_dict()
        for key, other in zip(list(found), mine.values()):  # a dense layer may be a convolution of single elements there
            if found[key].ndim != other.ndim and found[key].shape == other.flatten(1).shape:
                found[key] = found[key].reshape(other.shape)
        assert [v.shape for v in found.values()] == [v.shape for v in mine.values()], (list(found), list(mine))
        net.load_state_dict(dict(zip(mine, found.values())))


def dnn_order(path):
    """Names in the order of the .pt file written next to it, since safetensors keeps none."""
    import torch

    return list(torch.load(path.replace(".safetensors", ".pt"), weights_only=True))


class Keras:
    formats = [".keras", ".weights.h5", ".h5", ".npz"]

    def __init__(self):
        os.environ.setdefault("KERAS_BACKEND", "jax")
        import keras

        self.keras = keras
        keras.utils.set_random_seed(0)

    def net(self, name):
        L, keras = self.keras.layers, self.keras
        norm = lambda: L.BatchNormalization(epsilon=1e-5)
        layer_norm = lambda: L.LayerNormalization(epsilon=1e-5)
        both = lambda cell, **k: L.Bidirectional(cell, **k)
        make = {
            "mlp": lambda: [L.Dense(5, "relu"), L.Dense(5, "relu"), L.Dense(4, "tanh", use_bias=False), L.Dense(2)],
            "cnn": lambda: [L.ZeroPadding2D(1), L.Conv2D(4, (3, 2), activation="relu"), norm(), L.MaxPooling2D(2), L.Conv2D(6, 3, groups=2, use_bias=False),
                            L.GroupNormalization(2, epsilon=1e-5), L.Flatten(), norm(), L.Dense(5, "relu"), layer_norm(), L.Dense(2)],
            "depthwise": lambda: [L.DepthwiseConv2D(3, depth_multiplier=2, activation="relu"), L.SeparableConv2D(3, 2, depth_multiplier=2),
                                  L.Conv2DTranspose(5, 2, strides=2), L.Flatten(), L.Dense(2)],
            "conv1d": lambda: [L.Conv1D(4, 3, activation="relu"), L.DepthwiseConv1D(2), L.Flatten(), L.Dense(2)],
            "lstm": lambda: [L.LSTM(4, return_sequences=True), L.LSTM(4, return_sequences=True), L.LSTM(3), L.Dense(2)],
            "bilstm": lambda: [both(L.LSTM(4)), L.Dense(2)],
            "gru": lambda: [both(L.GRU(4, return_sequences=True)), L.GRU(3), L.Dense(2)],
            "gru_before": lambda: [L.GRU(4, reset_after=False), L.Dense(2)],
            "rnn": lambda: [both(L.SimpleRNN(4)), L.Dense(2)],
        }.get(name)
        x = keras.Input(NETS[name][0])
        if name in ("attention", "grouped"):
            heads = L.MultiHeadAttention(2, 3) if name == "attention" else L.GroupQueryAttention(2, 4, 2)
            y = heads(x, x)
            y = layer_norm()(y) if name == "attention" else L.RMSNormalization(epsilon=1e-6)(y)
            y = L.Dense(2)(L.Flatten()(y))
            net = keras.Model(x, y)
        elif name == "residual":
            y = L.Conv2D(4, 3, padding="same")(L.ReLU()(L.Conv2D(4, 3, padding="same")(x)))
            y = L.Add()([y, L.Conv2D(4, 1, use_bias=False)(x)])
            z = L.Dense(4, "sigmoid")(L.Dense(3, "relu")(L.GlobalAveragePooling2D()(y)))
            y = L.Multiply()([y, L.Reshape((1, 1, 4))(z)])
            net = keras.Model(x, L.Dense(2)(L.Flatten()(L.Conv2D(2, 3)(y))))
        elif make is None:
            return None
        else:
            net = keras.Sequential([x, *make()])
        random = np.random.default_rng(0)
        net.set_weights([random.uniform(0.5, 1.5, w.shape) if "moving" in w.path else random.normal(0, 0.4, w.shape) for w in net.weights])
        return net

    def predict(self, net, x):
        return np.asarray(net.predict(x, verbose=0))

    def save(self, net, path):
        if path.endswith(".npz"):
            np.savez(path, *net.get_weights())
            return "keras"
        if path.endswith(".weights.h5"):
            net.save_weights(path)
        else:
            net.save(path)

    def load(self, net, path):
        found = np.load(path)
        net.set_weights([found[k] for k in found.files])


# what the tests in Go read, by program
SAVED = {
    "torch": {"cnn": ".pt", "encoder": ".pt", "gru": ".safetensors", "lstm": ".npz", "mlp": ".pth"},
    "keras": {"cnn": ".keras", "gru": ".weights.h5", "attention": ".h5", "depthwise": ".npz"},
}


def save(program, folder):
    for name, end in SAVED[sys.argv[1]].items():
        net, file = program.net(name), f"{sys.argv[1]}_{name}{end}"
        layout = program.save(net, os.path.join(folder, file))
        rows = np.random.default_rng(2).normal(size=(3,) + NETS[name][0]).astype(np.float32)
        want = program.predict(net, rows)
        case = {"file": file, "layout": layout or "auto", "layers": " ".join(NETS[name][1].split()),
                "rows": [[float(f"{x:.9g}") for x in r.ravel()] for r in rows], "want": [[float(f"{x:.7g}") for x in r] for r in want]}
        with open(os.path.join(folder, f"{sys.argv[1]}_{name}.json"), "w") as f:
            json.dump(case, f)


def main():
    global DNN
    if sys.argv[2] == "--save":
        return save({"torch": Torch, "keras": Keras}[sys.argv[1]](), sys.argv[3])
    program, DNN = {"torch": Torch, "keras": Keras}[sys.argv[1]](), os.path.abspath(sys.argv[2])
    failed = False
    print(f"| net | {' | '.join('in ' + f for f in program.formats)} | out |")
    print("|" + "---|" * (len(program.formats) + 2))
    for name in sys.argv[3:] or NETS:
        net = program.net(name)
        if net is None:
            print(f"| {name} |" + " – |" * (len(program.formats) + 1))
            continue
        cells = []
        for end in program.formats:
            with tempfile.TemporaryDirectory() as folder:
                layout = program.save(net, os.path.join(folder, "weights" + end))
                extra = f"init: {{from: weights{end}" + (f", layout: {layout}" if layout else "") + "}"
                _, rows = spec(name, folder, extra)
                still = ["--set", "train.freeze=[batch_norm*]"] if name == "cnn" else []  # its statistics would follow the rows
                try:
                    dnn("train", "-c", "spec.yaml", "--out", "run", "-q", *still, cwd=folder)
                    far = distance(predictions(folder, "run"), program.predict(net, rows))
                    cells.append(f"{far:.1e}")
                    failed |= not far < LIMIT
                except RuntimeError as e:
                    cells.append("failed")
                    failed = True
                    print(name, end, str(e)[:300], file=sys.stderr)
        with tempfile.TemporaryDirectory() as folder:
            _, rows = spec(name, folder)
            try:
                dnn("train", "-c", "spec.yaml", "--out", "run", "-q", "--set", "optimizer.learning_rate=0.01", "--set", "train.epochs=3", cwd=folder)
                want, far = predictions(folder, "run"), 0
                for end in [".npz"] if sys.argv[1] == "keras" else program.formats:
                    dnn("export", "run", "--weights", "w" + end, "--layout", sys.argv[1], cwd=folder)
                    program.load(net, os.path.join(folder, "w" + end))
                    far = max(far, distance(program.predict(net, rows), want))
                cells.append(f"{far:.1e}")
                failed |= not far < LIMIT
            except (RuntimeError, AssertionError, ValueError) as e:
                cells.append("failed")
                failed = True
                print(name, "out", str(e)[:300], file=sys.stderr)
        print(f"| {name} | {' | '.join(cells)} |", flush=True)
    sys.exit(failed)


if __name__ == "__main__":
    main()
