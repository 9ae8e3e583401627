"""Write ONNX files of nets of PyTorch and Keras with random weights, each with inputs and outputs beside it as .npz, to import:

    python nets.py FOLDER [NAME...]        # needs torch, onnx, onnxscript, onnxruntime; with --keras also tensorflow, tf2onnx
    dnn import FOLDER/NAME.onnx --out NEW --compare FOLDER/NAME.npz

ResNet-18 and MobileNetV2 are built from their papers. Outputs are those of onnxruntime. NAME_ts is written by torch.onnx.export with
dynamo=False, NAME_dyn with dynamo=True.
"""

import os
import sys
import warnings

import numpy as np
import onnx
import onnxruntime

warnings.filterwarnings("ignore")
FOLDER = sys.argv[1]
NAMES = [a for a in sys.argv[2:] if not a.startswith("--")]


def finish(path, feeds):
    """Strip what tells of the machine, compute the outputs, and write all of it."""
    m = onnx.load(path)
    del m.metadata_props[:]
    m.doc_string = m.graph.doc_string = ""
    for part in [*m.graph.node, *m.graph.input, *m.graph.output, *m.graph.value_info]:
        part.doc_string = ""
        if hasattr(part, "metadata_props"):
            del part.metadata_props[:]
    del m.graph.value_info[:]
    onnx.save(m, path)
    session = onnxruntime.InferenceSession(path)
    types = {"tensor(float)": "f4", "tensor(int32)": "i4", "tensor(int64)": "i8"}
    feeds = {i.name: f.astype(types[i.type]) for i, f in zip(session.get_inputs(), feeds)}
    out = session.get_outputs()[0].name
    np.savez(path[:-5] + ".npz", **feeds, **{out: session.run([out], feeds)[0]})
    print(os.path.basename(path), os.path.getsize(path), "bytes")


def torch_nets():
    import torch
    from torch import nn

    torch.manual_seed(1)

    class Block(nn.Module):
        def __init__(self, i, o, stride=1):
            super().__init__()
            self.conv1, self.bn1 = nn.Conv2d(i, o, 3, stride, 1, bias=False), nn.BatchNorm2d(o)
            self.conv2, self.bn2 = nn.Conv2d(o, o, 3, 1, 1, bias=False), nn.BatchNorm2d(o)
            self.down = None
            if stride > 1 or i != o:
                self.down = nn.Sequential(nn.Conv2d(i, o, 1, stride, bias=False), nn.BatchNorm2d(o))

        def forward(self, x):
            y = self.bn2(self.conv2(torch.relu(self.bn1(self.conv1(x)))))
            return torch.relu(y + (self.down(x) if self.down else x))

    class ResNet18(nn.Module):  # He et al. 2016, table 1
        def __init__(self):
            super().__init__()
            self.conv1, self.bn1, self.pool = nn.Conv2d(3, 64, 7, 2, 3, bias=False), nn.BatchNorm2d(64), nn.MaxPool2d(3, 2, 1)
            blocks, c = [], 64
            for o, stride in ((64, 1), (128, 2), (256, 2), (512, 2)):
                blocks += [Block(c, o, stride), Block(o, o)]
                c = o
            self.layers, self.avg, self.fc = nn.Sequential(*blocks), nn.AdaptiveAvgPool2d(1), nn.Linear(512, 1000)

        def forward(self, x):
            return self.fc(torch.flatten(self.avg(self.layers(self.pool(torch.relu(self.bn1(self.conv1(x)))))), 1))

    class Inverted(nn.Module):
        def __init__(self, i, o, stride, t):
            super().__init__()
            h, parts = i * t, []
            if t != 1:
                parts += [nn.Conv2d(i, h, 1, bias=False), nn.BatchNorm2d(h), nn.ReLU6()]
            parts += [nn.Conv2d(h, h, 3, stride, 1, groups=h, bias=False), nn.BatchNorm2d(h), nn.ReLU6()]
            self.conv = nn.Sequential(*parts, nn.Conv2d(h, o, 1, bias=False), nn.BatchNorm2d(o))
            self.adds = stride == 1 and i == o

        def forward(self, x):
            return x + self.conv(x) if self.adds else self.conv(x)

    class MobileNetV2(nn.Module):  # Sandler et al. 2018, table 2
        def __init__(self):
            super().__init__()
            parts, c = [nn.Conv2d(3, 32, 3, 2, 1, bias=False), nn.BatchNorm2d(32), nn.ReLU6()], 32
            for t, o, n, s in ((1, 16, 1, 1), (6, 24, 2, 2), (6, 32, 3, 2), (6, 64, 4, 2), (6, 96, 3, 1), (6, 160, 3, 2), (6, 320, 1, 1)):
                for i in range(n):
                    parts.append(Inverted(c, o, s if i == 0 else 1, t))
                    c = o
            self.features = nn.Sequential(*parts, nn.Conv2d(c, 1280, 1, bias=False), nn.BatchNorm2d(1280), nn.ReLU6())
            self.classifier = nn.Sequential(nn.Dropout(0.2), nn.Linear(1280, 1000))

        def forward(self, x):
            return self.classifier(self.features(x).mean([2, 3]))

    class Recurrent(nn.Module):
        def __init__(self, kind, ways, end):
            super().__init__()
            self.rnn = kind(5, 6, 2 if end == "all" else 1, batch_first=True, bidirectional=ways == 2)
            self.end, self.fc = end, nn.Linear(6 * ways, 3)

        def forward(self, x):
            y, h = self.rnn(x)
            if self.end == "state":
                h = h[0] if isinstance(h, tuple) else h
                y = torch.cat([h[-2], h[-1]], 1) if self.rnn.bidirectional else h[-1]
            elif self.end == "last":
                y = y[:, -1]
            elif self.end == "mean":
                y = y.mean(1)
            return self.fc(y)

    class Encoder(nn.Module):
        def __init__(self, before, activation):
            super().__init__()
            layer = nn.TransformerEncoderLayer(16, 4, 32, 0.1, activation, batch_first=True, norm_first=before)
            self.emb, self.pos = nn.Embedding(20, 16), nn.Parameter(torch.randn(1, 7, 16) * 0.1)
            self.enc, self.fc = nn.TransformerEncoder(layer, 2, enable_nested_tensor=False), nn.Linear(16, 4)

        def forward(self, x):
            return self.fc(self.enc(self.emb(x) + self.pos).mean(1))

    class Attention(nn.Module):
        def __init__(self, mask):
            super().__init__()
            self.q, self.k, self.v, self.o = nn.Linear(8, 8), nn.Linear(8, 8, bias=False), nn.Linear(8, 8), nn.Linear(8, 8)
            self.mask = mask

        def forward(self, x):
            rows, steps, n = x.shape
            q, k, v = (f(x).view(rows, steps, 2, 4).transpose(1, 2) for f in (self.q, self.k, self.v))
            if self.mask == "fused":
                y = nn.functional.scaled_dot_product_attention(q, k, v, is_causal=True)
            else:
                s = q @ k.transpose(-1, -2) / 2
                if self.mask == "causal":
                    s = s + torch.full((steps, steps), float("-inf")).triu(1)
                y = s.softmax(-1) @ v
            return self.o(y.transpose(1, 2).reshape(rows, steps, n)) + x

    class Reused(nn.Module):  # what several layers read
        def __init__(self):
            super().__init__()
            self.a, self.b, self.c = nn.Linear(5, 6), nn.Linear(6, 6), nn.Linear(6, 2)

        def forward(self, x):
            y = nn.functional.silu(self.a(x))
            return self.c(y + torch.tanh(self.b(y)))

    class SqueezeExcite(nn.Module):
        def __init__(self):
            super().__init__()
            self.conv, self.squeeze, self.excite = nn.Conv2d(3, 8, 3), nn.Conv2d(8, 2, 1), nn.Conv2d(2, 8, 1)
            self.norm, self.fc = nn.BatchNorm2d(8), nn.Linear(8, 3)

        def forward(self, x):
            x = nn.functional.silu(self.norm(self.conv(x)))
            s = torch.sigmoid(self.excite(nn.functional.silu(self.squeeze(nn.functional.adaptive_avg_pool2d(x, 1)))))
            return self.fc((x * s).mean([2, 3]))

    nets = {
        "image_out": lambda: (nn.Sequential(nn.Conv2d(3, 4, 3, padding=1), nn.ReLU(), nn.Conv2d(4, 2, 3, padding=1)), torch.randn(2, 3, 5, 6)),
        "reused": lambda: (Reused(), torch.randn(3, 5)),
        "squeeze_excite": lambda: (SqueezeExcite(), torch.randn(2, 3, 9, 9)),
        "mlp": lambda: (nn.Sequential(
            nn.Linear(7, 16), nn.ReLU(), nn.BatchNorm1d(16), nn.Linear(16, 8), nn.GELU(), nn.Linear(8, 8), nn.SiLU(), nn.Linear(8, 8),
            nn.LeakyReLU(0.2), nn.Linear(8, 8), nn.Mish(), nn.Linear(8, 8), nn.Hardswish(), nn.Linear(8, 8), nn.ELU(0.7),
            nn.LayerNorm(8), nn.Linear(8, 3), nn.Softmax(-1)), torch.randn(4, 7)),
        "cnn": lambda: (nn.Sequential(
            nn.Conv2d(1, 4, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(4, 6, 3, stride=2), nn.GroupNorm(2, 6),
            nn.Hardsigmoid(), nn.AvgPool2d(2, padding=1), nn.Flatten(), nn.Linear(24, 5), nn.Tanh(), nn.Linear(5, 3)),
            torch.randn(3, 1, 10, 10)),
        "conv1d": lambda: (nn.Sequential(
            nn.Conv1d(3, 4, 5, padding=2), nn.ReLU(), nn.InstanceNorm1d(4, affine=True), nn.MaxPool1d(2), nn.Conv1d(4, 4, 3, groups=4),
            nn.SELU(), nn.AdaptiveAvgPool1d(1), nn.Flatten(), nn.Linear(4, 2)), torch.randn(3, 3, 12)),
        "encoder": lambda: (Encoder(False, "relu"), torch.randint(0, 20, (3, 7))),
        "encoder_before": lambda: (Encoder(True, "gelu"), torch.randint(0, 20, (3, 7))),
        "resnet18": lambda: (ResNet18(), torch.randn(2, 3, 224, 224)),
        "mobilenet_v2": lambda: (MobileNetV2(), torch.randn(2, 3, 224, 224)),
    }
    for mask in ("none", "causal", "fused"):
        nets["attention_" + mask] = lambda mask=mask: (Attention(mask), torch.randn(3, 7, 8))
    for kind in (nn.LSTM, nn.GRU, nn.RNN):
        for ways in (1, 2):
            for end in ("state", "last", "mean", "all"):
                nets[f"{kind.__name__.lower()}_{end}_{ways}"] = lambda k=kind, w=ways, e=end: (Recurrent(k, w, e), torch.randn(3, 9, 5))
    for name, make in nets.items():
        if NAMES and name not in NAMES:
            continue
        net, x = make()
        for m in net.modules():
            if isinstance(m, (nn.BatchNorm1d, nn.BatchNorm2d)):
                m.running_mean.normal_(0, 0.1), m.running_var.uniform_(0.5, 1.5)
                m.weight.data.uniform_(0.5, 1.5), m.bias.data.normal_(0, 0.1)
        net.eval()
        batch = {"x": {0: "batch"}, "y": {0: "batch"}}
        path = os.path.join(FOLDER, name)
        torch.onnx.export(net, (x,), path + "_ts.onnx", dynamo=False, input_names=["x"], output_names=["y"], opset_version=17, dynamic_axes=batch)
        finish(path + "_ts.onnx", [x.numpy()])
        if name.startswith("rnn"):
            continue  # the new exporter writes each step by itself
        torch.onnx.export(net, (x,), path + "_dyn.onnx", dynamo=True, input_names=["x"], output_names=["y"], external_data=False,
                          verbose=False, dynamic_shapes=({0: torch.export.Dim("batch", min=1, max=4096)},))
        finish(path + "_dyn.onnx", [x.numpy()])


def keras_nets():
    import keras
    from keras import layers as L

    keras.utils.set_random_seed(1)
    nets = {
        "keras_cnn": (keras.Sequential([
            keras.Input((28, 28, 1)), L.Conv2D(8, 3, padding="same", strides=2), L.BatchNormalization(), L.ReLU(),
            L.DepthwiseConv2D(3, padding="same"), L.Activation("relu6"), L.MaxPooling2D(), L.SeparableConv2D(12, 3, padding="same"),
            L.AveragePooling2D(2, padding="same"), L.Dropout(0.3), L.Flatten(), L.Dense(16, activation="swish"),
            L.Dense(10, activation="softmax")]), np.random.randn(3, 28, 28, 1)),
        "keras_lstm": (keras.Sequential([
            keras.Input((9, 5)), L.Bidirectional(L.LSTM(6, return_sequences=True)), L.LSTM(7), L.Dense(3)]), np.random.randn(3, 9, 5)),
        "keras_mlp": (keras.Sequential([
            keras.Input((7,)), L.Dense(16, activation="swish"), L.BatchNormalization(), L.Dense(8), L.LeakyReLU(negative_slope=0.2),
            L.Dense(3)]), np.random.randn(4, 7)),
    }
    for name, (net, x) in nets.items():
        if NAMES and name not in NAMES:
            continue
        for layer in net.layers:
            if isinstance(layer, L.BatchNormalization):
                layer.set_weights([np.random.uniform(0.5, 1.5, w.shape).astype("f4") for w in layer.get_weights()])
        net.predict(x, verbose=0)
        path = os.path.join(FOLDER, name + ".onnx")
        net.export(path, format="onnx", verbose=False)
        finish(path, [x])


if __name__ == "__main__":
    os.makedirs(FOLDER, exist_ok=True)
    (keras_nets if "--keras" in sys.argv else torch_nets)()
