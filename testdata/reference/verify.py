"""Reads every file back and works some of its values out again with NumPy alone, sharing no code with the scripts."""
import json
import math
import pathlib

import numpy as np

HERE = pathlib.Path(__file__).resolve().parent


def load(name):
    content = json.loads((HERE / (name + ".json")).read_text())
    return content, {c["name"]: c for c in content["cases"]}


def array(t):
    return np.array(t["data"]).reshape(t["shape"])


def arrays(tensors):
    return {k: array(v) for k, v in tensors.items()}


def close(what, got, want, tolerance=1e-12):
    off = np.max(np.abs(np.asarray(got) - want) / (1 + np.abs(want)))
    assert off <= tolerance, f"{what}: off by {off}"
    close.checks += 1


close.checks = 0


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def adam_like(case, initial, gradients):
    """Adam, AMSGrad, AdamW and NAdam, as their papers and torch's manual have them."""
    s = case["settings"]
    b1, b2 = s["betas"]
    p, m, v, top, product, out = initial.copy(), 0, 0, 0, 1, []
    for t, g in enumerate(gradients, 1):
        if case["optimizer"] == "adamw":
            p = p - s["learning_rate"] * s["weight_decay"] * p
        else:
            g = g + s["weight_decay"] * p
        m, v = b1 * m + (1 - b1) * g, b2 * v + (1 - b2) * g * g
        top = np.maximum(top, v)
        root = np.sqrt((top if s.get("amsgrad") else v) / (1 - b2 ** t)) + s["epsilon"]
        if case["optimizer"] == "nadam":
            mu, after = (b1 * (1 - 0.5 * 0.96 ** (k * s["momentum_decay"])) for k in (t, t + 1))
            product *= mu
            mean = after * m / (1 - product * after) + (1 - mu) * g / (1 - product)
        else:
            mean = m / (1 - b1 ** t)
        p = p - s["learning_rate"] * mean / root
        out.append(p)
    return out


def others(case, initial, gradients):
    s, kind = case["settings"], case["optimizer"]
    p, out, lr = initial.copy(), [], s["learning_rate"]
    a = b = c = np.zeros_like(p)
    for t, g in enumerate(gradients):
        decay = s["weight_decay"]
        if kind == "lion":
            b1, b2 = s["betas"]
            p = p - lr * (np.sign(b1 * a + (1 - b1) * g) + decay * p)
            a = b2 * a + (1 - b2) * g
            out.append(p)
            continue
        g = g + decay * p
        if kind == "sgd":
            a = g if t == 0 else s["momentum"] * a + (1 - s["dampening"]) * g
            p = p - lr * (g + s["momentum"] * a if s["nesterov"] else a if s["momentum"] else g)
        elif kind == "adagrad":
            a = a + g * g
            p = p - lr * g / (np.sqrt(a) + s["epsilon"])
        elif kind == "adadelta":
            a = s["rho"] * a + (1 - s["rho"]) * g * g
            step = np.sqrt(b + s["epsilon"]) / np.sqrt(a + s["epsilon"]) * g
            b = s["rho"] * b + (1 - s["rho"]) * step * step
            p = p - lr * step
        elif kind == "rmsprop":
            a = s["alpha"] * a + (1 - s["alpha"]) * g * g
            c = s["alpha"] * c + (1 - s["alpha"]) * g
            step = g / (np.sqrt(a - c * c if s["centered"] else a) + s["epsilon"])
            b = s["momentum"] * b + step
            p = p - lr * b
        out.append(p)
    return out


def check_optimizers():
    content, cases = load("optimizers")
    sets = {k: np.array(v) for k, v in content["gradients"].items()}
    initial = np.array(content["initial"])
    for name, case in cases.items():
        g = np.mean([sets[k] for k in case["gradients"]], axis=0)
        run = case["float64"]
        if "clip" in case:
            norms = np.sqrt((g ** 2).sum(1))
            close(name + " norms", run["norms"], norms)
            if "norm" in case["clip"]:
                g = g * np.minimum(1, case["clip"]["norm"] / (norms + 1e-6))[:, None]
            else:
                g = np.clip(g, -case["clip"]["value"], case["clip"]["value"])
            close(name + " clipped", run["clipped"], g)
        # float32 is held to a looser tolerance: it may differ by a few last places
        follow = adam_like if case["optimizer"].startswith(("adam", "nadam")) else others
        want = np.array(follow(case, initial, g))
        close(name, run["parameters"], want, 1e-11)
        close(name + " float32", case["float32"]["parameters"], want, 3e-6)
        if "ema" in case:
            mean, rate = initial, case["ema"]["decay"]
            for p, got in zip(want, run["ema"]):
                mean = rate * mean + (1 - rate) * p
                close(name + " ema", got, mean)
            mean = want[0]
            for p, got in zip(want[1:], run["ema_from_first"][1:]):
                mean = rate * mean + (1 - rate) * p
                close(name + " ema_from_first", got, mean)


def check_schedules():
    _, cases = load("schedules")

    def cosine(a, b, part):
        return b + (a - b) * (1 + math.cos(math.pi * part)) / 2

    def linear(a, b, part):
        return a + (b - a) * part

    for name, case in cases.items():
        s, kind = case["settings"], case["schedule"]
        if kind == "plateau":
            best, bad, rest, rate = math.inf, 0, 0, s["initial"]
            for x, got in zip(case["watched"], case["rates"]):
                up = s["mode"] == "max"
                best = -math.inf if up and best == math.inf else best
                slack = s["threshold"] * (abs(best) if s["threshold_mode"] == "relative" else 1)
                better = x > best + slack if up else x < best - slack
                if math.isinf(best) or better:
                    best, bad = x, 0
                else:
                    bad += 1
                if rest > 0:
                    rest, bad = rest - 1, 0
                if bad > s["patience"]:
                    lower = max(rate * s["factor"], s["min"])
                    rate = lower if rate - lower > 1e-8 else rate
                    rest, bad = s["cooldown"], 0
                close(name, got, rate)
            continue
        for k, got in enumerate(case["rates"]):
            if kind == "step":
                want = s["initial"] * s["factor"] ** (k // s["every"])
            elif kind == "multi_step":
                want = s["initial"] * s["factor"] ** sum(m <= k for m in s["milestones"])
            elif kind == "exponential":
                want = s["initial"] * s["factor"] ** k
            elif kind == "polynomial":
                want = s["final"] + (s["initial"] - s["final"]) * (1 - min(k / s["steps"], 1)) ** s["power"]
            elif kind == "inverse_sqrt":
                want = s["initial"] * (k / s["warmup"] if k < s["warmup"] else math.sqrt(s["warmup"] / k))
            elif kind == "cosine":
                w = s.get("warmup", 0)
                want = (linear(s.get("warmup_start", 0), s["initial"], k / w) if k < w
                        else cosine(s["initial"], s["final"], (k - w) / (s["steps"] - w)))
            elif kind == "cosine_restarts":
                at, period = k, s["period"]
                while at >= period:
                    at, period = at - period, period * s["factor"]
                want = cosine(s["initial"], s["final"], at / period)
            elif kind == "one_cycle":
                shape = cosine if s["shape"] == "cosine" else linear
                low = s["max"] / s["divisor"]
                peak, end = s["warmup_fraction"] * s["steps"] - 1, s["steps"] - 1
                knots = [(0, low), (peak, s["max"]), (end, low / s["final_divisor"])]
                if s["three_phase"]:
                    knots.insert(2, (2 * peak, low))
                for (x0, y0), (x1, y1) in zip(knots, knots[1:]):
                    if k <= x1:
                        break
                want = shape(y0, y1, (k - x0) / (x1 - x0))
            close(f"{name} step {k}", got, want)


def losses_by_row(loss, s, i):
    """One value for each row (each element where rows have several), without weights for samples."""
    x, y = i["x"], i["target"]
    d = np.abs(x - y) if x.shape == y.shape else None
    if loss in ("mse", "mae", "huber", "log_cosh"):
        return {"mse": lambda: d ** 2, "mae": lambda: d,
                "huber": lambda: np.where(d <= s["delta"], d ** 2 / 2, s["delta"] * (d - s["delta"] / 2)),
                "log_cosh": lambda: np.logaddexp(d, -d) - np.log(2)}[loss]()
    if loss in ("binary_cross_entropy", "focal", "hinge") and d is not None:
        yes, no = -np.logaddexp(0, -x), -np.logaddexp(0, x)
        if loss == "hinge":
            return np.maximum(0, 1 - np.where(y == 1, x, -x))
        if loss == "focal":
            a = s.get("alpha")
            return -(y * np.exp(no) ** 2 * yes * (1 if a is None else a)
                     + (1 - y) * np.exp(yes) ** 2 * no * (1 if a is None else 1 - a))
        return -(i.get("pos_weight", 1) * y * yes + (1 - y) * no)
    log_p = x - x.max(-1, keepdims=True)
    log_p = log_p - np.log(np.exp(log_p).sum(-1, keepdims=True))
    if loss == "kl_divergence":
        return (np.where(y > 0, y * np.log(np.maximum(y, 1e-300)), 0) - y * log_p).sum(1)
    classes = x.shape[-1]
    if loss == "cross_entropy":
        one = y if d is not None else np.eye(classes)[y]
        one = one * (1 - s.get("label_smoothing", 0)) + s.get("label_smoothing", 0) / classes
        return -(one * i.get("class_weights", 1) * log_p).sum(-1)
    right = np.take_along_axis(x, y[:, None], 1)
    if loss == "focal":
        right = np.take_along_axis(log_p, y[:, None], 1)[:, 0]
        return -s.get("alpha", 1) * (1 - np.exp(right)) ** 2 * right
    margins = np.where(np.eye(classes)[y] == 1, 0, np.maximum(0, s["margin"] + x - right))
    return margins.sum(1) / classes if loss == "multi_margin" else margins.max(1)


def check_losses():
    _, cases = load("losses")
    for name, case in cases.items():
        loss, s, inputs = case["loss"], case["settings"], arrays(case["inputs"])

        def value(x):
            i = {**inputs, "x": x}
            each = losses_by_row(loss, s, i)
            shares = np.ones(len(x))
            if "sample_weights" in i:
                each, shares = each.reshape(len(x), -1).mean(1) * i["sample_weights"], i["sample_weights"]
            elif each.ndim > 1:
                return each.mean()
            if "class_weights" in i:
                shares = shares * i["class_weights"][i["target"]]
            return each.sum() / shares.sum()

        close(name, case["float64"]["value"], value(inputs["x"]))
        close(name + " float32", case["float32"]["value"], value(inputs["x"]), 1e-6)
        if "kink" in name:
            continue
        gradient = array(case["float64"]["gradient"])
        for at in np.ndindex(*inputs["x"].shape):
            step = np.zeros(inputs["x"].shape)
            step[at] = 1e-5
            slope = (value(inputs["x"] + step) - value(inputs["x"] - step)) / 2e-5
            tied = (loss == "mae" or loss == "multi_margin") and abs(slope - gradient[at]) > 1e-6
            if not tied:  # at a kink the difference is of no use
                close(f"{name} gradient {at}", gradient[at], slope, 2e-6)


def check_activations():
    content, cases = load("activations")
    x = np.array(content["x"])
    erf = np.vectorize(math.erf)
    with np.errstate(over="ignore"):
        softplus = np.logaddexp(0, x)
        six = np.clip(x + 3, 0, 6) / 6
        elu = np.where(x > 0, x, np.expm1(np.minimum(x, 0)))
        a, scale = (cases["selu"]["settings"][k] for k in ("alpha", "scale"))
        want = {"linear": x, "relu": np.maximum(x, 0), "leaky_relu": np.where(x > 0, x, 0.01 * x), "elu": elu,
                "selu": scale * np.where(x > 0, x, a * elu), "gelu": x * (1 + erf(x / np.sqrt(2))) / 2,
                "gelu_tanh": x * (1 + np.tanh(np.sqrt(2 / np.pi) * (x + 0.044715 * x ** 3))) / 2, "silu": x * sigmoid(x),
                "softplus": softplus, "sigmoid": sigmoid(x), "tanh": np.tanh(x), "hard_sigmoid": six,
                "hard_swish": x * six, "hard_tanh": np.clip(x, -1, 1), "relu6": np.clip(x, 0, 6), "softsign": x / (1 + np.abs(x)),
                "mish": x * np.tanh(softplus)}
    assert want.keys() == cases.keys()
    for name, y in want.items():
        close(name, cases[name]["y"], y, 1e-15)
    for case in content["rows"]:
        x, w = array(case["inputs"]["x"]), array(case["weightings"]["y"])
        p = np.exp(x - x.max(1, keepdims=True))
        p /= p.sum(1, keepdims=True)
        if case["name"] == "softmax":
            close("softmax", array(case["outputs"]["y"]), p)
            close("softmax gradient", array(case["gradients"]["x"]), p * (w - (w * p).sum(1, keepdims=True)))
        else:
            close("log_softmax gradient", array(case["gradients"]["x"]), w - p * w.sum(1, keepdims=True))


def gradients_by_difference(case, forward):
    """Central differences of the weighted outputs, for every input and parameter that has a gradient."""
    given = {**arrays(case["inputs"]), **arrays(case["parameters"])}
    weightings = arrays(case["weightings"])
    for key, gradient in arrays(case["gradients"]).items():
        for at in np.ndindex(*gradient.shape):
            ends = []
            for step in (1e-5, -1e-5):
                moved = {**given, key: given[key].copy()}
                moved[key][at] += step
                ends.append(sum((weightings[k] * v).sum() for k, v in forward(moved).items()))
            close(f"{case['name']} gradient of {key}", gradient[at], (ends[0] - ends[1]) / 2e-5, 1e-4)


def layer(case):
    """The layer as a function of its inputs and parameters."""
    kind, s = case["layer"], case["settings"]
    state = arrays(case.get("state", {}))

    def forward(t):
        if kind == "dense":
            return {"y": t["x"] @ t["weight"].T + t.get("bias", 0)}
        if kind == "embedding":
            return {"y": t["weight"][np.array(case["inputs"]["ids"]["data"]).reshape(case["inputs"]["ids"]["shape"])]}
        x = t["x"]
        axes = tuple(range(-s["axes"], 0)) if kind == "layer_norm" else tuple(range(x.ndim - 1))
        trained = kind == "batch_norm" and not case["training"]
        mean = state["running_mean"] if trained else x.mean(axes, keepdims=True)
        variance = state["running_var"] if trained else x.var(axes, keepdims=True)
        return {"y": (x - mean) / np.sqrt(variance + s["epsilon"]) * t.get("weight", 1) + t.get("bias", 0)}
    return forward


def check_layers():
    _, cases = load("layers")
    for name, case in cases.items():
        i = arrays(case["inputs"])
        forward = layer(case)
        close(name, array(case["outputs"]["y"]), forward({**i, **arrays(case["parameters"])})["y"], 1e-9)
        gradients_by_difference(case, forward)
        if case.get("training"):
            state, after = arrays(case["state"]), arrays(case["state_after"])
            rows = i["x"].reshape(-1, i["x"].shape[-1])
            close(name + " mean", after["running_mean"], 0.9 * state["running_mean"] + 0.1 * rows.mean(0))
            close(name + " variance", after["running_var"], 0.9 * state["running_var"] + 0.1 * rows.var(0, ddof=1))


def check_mlp():
    _, cases = load("mlp")
    case = cases["seed_regression"]
    x, y, p = array(case["inputs"]["x"]), array(case["target"]), arrays(case["parameters"])
    settings = {**case["optimizer"], "learning_rate": case["rates"][0], "weight_decay": 0}
    m, v, p = {k: 0 for k in p}, {k: 0 for k in p}, dict(p)
    for step, want in enumerate(case["float64"]["losses"]):
        rows = slice(10 * step, 10 * step + 10)
        h = x[rows] @ p["0.weight"].T + p["0.bias"]
        out = np.maximum(h, 0) @ p["2.weight"].T + p["2.bias"]
        d = out - y[rows]
        close(f"seed_regression loss {step}", want, (d ** 2).mean(), 1e-10)
        up = 2 * d / d.size
        back = up @ p["2.weight"] * (h > 0)
        g = {"2.weight": up.T @ np.maximum(h, 0), "2.bias": up.sum(0), "0.weight": back.T @ x[rows], "0.bias": back.sum(0)}
        for k in p:
            if step == 0:
                close("seed_regression gradient " + k, array(case["float64"]["gradients"][k]), g[k])
            m[k], v[k] = 0.9 * m[k] + 0.1 * g[k], 0.999 * v[k] + 0.001 * g[k] ** 2
            t = step + 1
            p[k] = p[k] - settings["learning_rate"] * m[k] / (1 - 0.9 ** t) / (np.sqrt(v[k] / (1 - 0.999 ** t)) + 1e-8)
    for k in p:
        close("seed_regression final " + k, array(case["float64"]["final"][k]), p[k], 1e-10)

    for name in ("classifier", "two_inputs"):
        case = cases[name]
        p, i, rows = arrays(case["parameters"]), arrays(case["inputs"]), slice(0, case["batch_size"])
        if name == "classifier":
            h = np.maximum(i["x"] @ p["0.weight"].T + p["0.bias"], 0)
            out = np.tanh(h @ p["2.weight"].T + p["2.bias"]) @ p["4.weight"].T + p["4.bias"]
        else:
            right = i["b"] @ p["right.weight"].T + p["right.bias"]
            h = np.concatenate([np.tanh(i["a"] @ p["left.weight"].T + p["left.bias"]), right * sigmoid(right)], 1)
            out = h @ p["top.weight"].T + p["top.bias"]
        close(name, array(case["float64"]["outputs"]), out[rows])
    case = cases["two_features"]
    p, x = arrays(case["parameters"]), array(case["inputs"]["x"])[:case["batch_size"]]
    for at in (0, 4):
        h = x @ p[f"{at}.weight"].T
        h = (h - h.mean(0)) / np.sqrt(h.var(0) + 1e-5) * p[f"{at + 1}.weight"] + p[f"{at + 1}.bias"]
        x = h * (1 + np.vectorize(math.erf)(h / np.sqrt(2))) / 2
    close("two_features", array(case["float64"]["outputs"]), x @ p["8.weight"].T + p["8.bias"])


def paddings(extents, kernel, stride, step, padding):
    """Elements before and after each axis."""
    if padding != "same":
        return [(p, p) for p in (padding if isinstance(padding, list) else [padding] * len(extents))]
    missing = [max(0, (math.ceil(n / t) - 1) * t + (k - 1) * d + 1 - n) for n, k, t, d in zip(extents, kernel, stride, step)]
    return [(m // 2, m - m // 2) for m in missing]


def windows(x, s, fill):
    """Every output position with its window, over the spatial axes; x is [N, ..., C]."""
    axes = x.ndim - 2

    def each(v):
        return v if isinstance(v, list) else [v] * axes

    kernel, stride, step = each(s.get("kernel", s.get("size"))), each(s["stride"]), each(s.get("dilation", 1))
    pads = paddings(x.shape[1:-1], kernel, stride, step, s["padding"])
    x = np.pad(x.astype(float), [(0, 0), *pads, (0, 0)], constant_values=fill)
    sizes = [(n - (k - 1) * d - 1) // t + 1 for n, k, d, t in zip(x.shape[1:], kernel, step, stride)]
    for at in np.ndindex(*sizes):
        cut = tuple(slice(a * t, a * t + (k - 1) * d + 1, d) for a, t, k, d in zip(at, stride, kernel, step))
        yield sizes, at, x[(slice(None), *cut)]


def convolve(s):
    def forward(t):
        y = None
        out, per = t["weight"].shape[:2]
        for sizes, at, window in windows(t["x"], s, 0):
            if y is None:
                y = np.zeros((len(window), *sizes, out))
            for o in range(out):
                first = o // (out // s["groups"]) * per
                part = np.moveaxis(window[..., first:first + per], -1, 1)
                y[(slice(None), *at, o)] = (part * t["weight"][o]).reshape(len(window), -1).sum(1)
        return {"y": y + t.get("bias", 0)}
    return forward


def pool(kind, s):
    def forward(t):
        y = None
        top = kind.startswith("max")
        for sizes, at, window in windows(t["x"], s, -np.inf if top else 0 if s.get("count_padding", True) else np.nan):
            if y is None:
                y = np.zeros((len(window), *sizes, window.shape[-1]))
            flat = window.reshape(len(window), -1, window.shape[-1])
            y[(slice(None), *at)] = flat.max(1) if top else np.nanmean(flat, 1)
        return {"y": y}
    return forward


def cell(kind, w, x, h, c):
    """One step of one layer one way. Gates: lstm i, f, g, o; gru r, z, n."""
    a, b = w["ih"] @ x + w["bih"], w["hh"] @ h + w["bhh"]
    if kind == "rnn":
        return np.tanh(a + b), c
    if kind == "lstm":
        i, f, g, o = np.split(a + b, 4)
        c = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
        return sigmoid(o) * np.tanh(c), c
    (ar, az, an), (br, bz, bn) = np.split(a, 3), np.split(b, 3)
    z = sigmoid(az + bz)
    return (1 - z) * np.tanh(an + sigmoid(ar + br) * bn) + z * h, c


def recurrent(kind, s):
    ways, units = 1 + s["bidirectional"], s["units"]

    def forward(t):
        x = t["x"]
        batch, steps = x.shape[:2]
        final_h, final_c = np.zeros((s["layers"] * ways, batch, units)), np.zeros((s["layers"] * ways, batch, units))
        for layer in range(s["layers"]):
            y = np.zeros((batch, steps, ways * units))
            for way in range(ways):
                tail = f"_l{layer}" + ("_reverse" if way else "")
                w = {"ih": t["weight_ih" + tail], "hh": t["weight_hh" + tail],
                     "bih": t["bias_ih" + tail], "bhh": t["bias_hh" + tail]}
                at = layer * ways + way
                for n in range(batch):
                    length = s["lengths"][n] if "lengths" in s else steps
                    h, c = t["h0"][at, n], t["c0"][at, n] if kind == "lstm" else np.zeros(units)
                    for k in reversed(range(length)) if way else range(length):
                        h, c = cell(kind, w, x[n, k], h, c)
                        y[n, k, way * units:(way + 1) * units] = h
                    final_h[at, n], final_c[at, n] = h, c
            x = y
        return {"y": x, "h": final_h, **({"c": final_c} if kind == "lstm" else {})}
    return forward


def pool_windows(n, size, stride, padding, ceil):
    """First and last element of each window along an axis, with the padding as elements below 0 and from n on."""
    lengths = (n + 2 * padding - size) / stride
    count = int(np.ceil(lengths) if ceil else np.floor(lengths)) + 1
    if ceil and (count - 1) * stride >= n + padding:
        count -= 1
    return [(i * stride - padding, min(i * stride - padding + size, n + padding)) for i in range(count)]


def over_windows(axes, function):
    """function(window elements within x, size of the window) for every combination of windows."""
    def forward(t):
        x = t["x"]
        y = np.zeros((len(x), *map(len, axes), x.shape[-1]))
        for at in np.ndindex(*y.shape[1:-1]):
            spans = [axis[i] for axis, i in zip(axes, at)]
            cut = tuple(slice(max(lo, 0), min(hi, n)) for (lo, hi), n in zip(spans, x.shape[1:]))
            part = x[(slice(None), *cut)]
            y[(slice(None), *at)] = function(part.reshape(len(x), -1, x.shape[-1]), np.prod([hi - lo for lo, hi in spans]))
        return {"y": y}
    return forward


def between(x, axis, factor):
    """Linear interpolation along an axis, by numpy's own."""
    n = x.shape[axis]
    at = (np.arange(n * factor) + 0.5) / factor - 0.5
    return np.apply_along_axis(lambda v: np.interp(at, np.arange(n), v), axis, x)


def check_pooling():
    _, cases = load("pooling")
    for name, case in cases.items():
        s, kind, x = case["settings"], case["layer"], array(case["inputs"]["x"])
        extents = x.shape[1:-1]
        size = s["size"] if isinstance(s.get("size"), list) else [s.get("size")] * len(extents)
        if kind.startswith("upsample"):
            def forward(t, size=size, nearest=s["method"] == "nearest"):
                y = t["x"]
                for axis, f in enumerate(size, 1):
                    y = np.repeat(y, f, axis) if nearest else between(y, axis, f)
                return {"y": y}
        elif kind.startswith("global"):
            def forward(t, mean="avg" in kind):
                flat = t["x"].reshape(len(t["x"]), -1, t["x"].shape[-1])
                return {"y": flat.mean(1) if mean else flat.max(1)}
        elif kind.startswith("adaptive"):
            axes = [[(i * n // m, -(-(i + 1) * n // m)) for i in range(m)] for n, m in zip(extents, size)]
            forward = over_windows(axes, lambda v, _: v.mean(1))
        else:
            each = [v if isinstance(v, list) else [v] * len(extents) for v in (s["stride"], s["padding"])]
            axes = [pool_windows(n, *of, s["ceil"]) for n, *of in zip(extents, size, *each)]
            counted = s.get("count_padding")
            forward = over_windows(axes, lambda v, n: v.max(1) if kind.startswith("max") else v.sum(1) / (n if counted else v.shape[1]))
        close(name, array(case["outputs"]["y"]), forward({"x": x})["y"], 1e-11)
        if len(np.unique(x)) == x.size:  # no difference quotient where maxima are tied
            gradients_by_difference(case, forward)


def check_later():
    _, cases = load("later")
    for name, case in cases.items():
        s, kind = case["settings"], case["layer"]
        if kind.startswith("conv"):
            forward = convolve(s)
        elif "pool" in kind:
            forward = pool(kind, s)
        elif kind == "group_norm":
            def forward(t, groups=s["groups"]):
                x = t["x"]
                split = x.reshape(len(x), -1, groups, x.shape[-1] // groups)
                split = (split - split.mean((1, 3), keepdims=True)) / np.sqrt(split.var((1, 3), keepdims=True) + 1e-5)
                return {"y": split.reshape(x.shape) * t["weight"] + t["bias"]}
        else:
            forward = recurrent(kind, s)
        got = forward({**arrays(case["inputs"]), **arrays(case["parameters"])})
        for k, v in arrays(case["outputs"]).items():
            close(f"{name} {k}", v, got[k], 1e-11)
        if name != "max_pool2d/ties":  # no difference quotient where maxima are tied
            gradients_by_difference(case, forward)


def transpose(s):
    """Every input element, weighted, is added to the outputs that its window covers."""
    def forward(t):
        x, w, axes = t["x"], t["weight"], t["x"].ndim - 2
        kernel, stride, step, groups = s["kernel"], s["stride"], s["dilation"], s["groups"]
        per, reach = w.shape[1], [(k - 1) * d + 1 for k, d in zip(kernel, step)]
        if s["padding"] == "same":
            sizes = [n * a for n, a in zip(x.shape[1:-1], stride)]
            pads = paddings(sizes, kernel, stride, step, "same")
        else:
            pads = paddings(x.shape[1:-1], kernel, stride, step, s["padding"])
            sizes = [(n - 1) * a - p - q + r + s["output_padding"] for n, a, r, (p, q) in zip(x.shape[1:-1], stride, reach, pads)]
        y = np.zeros((len(x), *sizes, per * groups))
        for at in np.ndindex(*x.shape[1:-1]):
            for k in np.ndindex(*kernel):
                to = [i * a + j * d - p for i, a, j, d, (p, _) in zip(at, stride, k, step, pads)]
                if any(o < 0 or o >= n for o, n in zip(to, sizes)):
                    continue
                for c in range(x.shape[-1]):
                    g = c // (x.shape[-1] // groups) * per
                    y[(slice(None), *to, slice(g, g + per))] += x[(slice(None), *at, c)][:, None] * w[(c, slice(None), *k)]
        return {"y": y + t["bias"]}
    return forward


def check_convolutions():
    _, cases = load("convolutions")
    for name, case in cases.items():
        s, kind = case["settings"], case["layer"]
        if kind.startswith("conv_transpose"):
            forward = transpose(s)
        elif kind.startswith("depthwise"):
            forward = convolve({**s, "groups": case["inputs"]["x"]["shape"][-1]})
        elif kind.startswith("separable"):
            def forward(t, s=s):
                y = convolve({**s, "groups": t["x"].shape[-1]})({"x": t["x"], "weight": t["depthwise.weight"]})["y"]
                return {"y": y @ t["pointwise.weight"][:, :, 0, 0].T + t["bias"]}
        else:
            forward = convolve(s)
        got = forward({**arrays(case["inputs"]), **arrays(case["parameters"])})
        for k, v in arrays(case["outputs"]).items():
            close(f"{name} {k}", v, got[k], 1e-11)
        gradients_by_difference(case, forward)


def check_norms():
    _, cases = load("norms")
    for name, case in cases.items():
        s, kind = case["settings"], case["layer"]

        def forward(t):
            x = t["x"]
            inner = tuple(range(1, x.ndim - 1))
            if kind == "instance_norm":
                y = (x - x.mean(inner, keepdims=True)) / np.sqrt(x.var(inner, keepdims=True) + s["epsilon"])
                return {"y": y * t.get("weight", 1) + t.get("bias", 0)}
            if kind == "rms_norm":
                return {"y": x / np.sqrt((x * x).mean(-1, keepdims=True) + s["epsilon"]) * t.get("weight", 1)}
            f = {"relu": lambda z: np.maximum(z, 0), "silu": lambda z: z * sigmoid(z)}[s["activation"]]
            gate = {"sigmoid": sigmoid, "hard_sigmoid": lambda z: np.clip(z / 6 + 0.5, 0, 1)}[s["gate"]]
            z = f(x.mean(inner, keepdims=True) @ t["squeeze.weight"].T + t["squeeze.bias"])
            return {"y": x * gate(z @ t["excite.weight"].T + t["excite.bias"])}

        got = forward({**arrays(case["inputs"]), **arrays(case["parameters"])})
        close(f"{name} y", arrays(case["outputs"])["y"], got["y"], 1e-11)
        gradients_by_difference(case, forward)


def softmax(s):
    e = np.exp(s - s.max(-1, keepdims=True))
    return e / e.sum(-1, keepdims=True)


def hidden(steps, lengths, causal, queries):
    """Minus infinity where a query does not see a step, [rows, queries, steps]."""
    seen = np.arange(steps)[None, None] < (np.full(1, steps) if lengths is None else lengths)[:, None, None]
    if causal:
        seen = seen & (np.arange(steps)[None] <= np.arange(queries)[:, None])[None]
    return np.where(seen, 0.0, -np.inf)


def multi_head(t, prefix, x, z, heads, mask):
    """A loop over heads."""
    def project(role, v):
        return v @ t[f"{prefix}{role}.weight"].T + t.get(f"{prefix}{role}.bias", 0)

    q, k, v = project("query", x), project("key", z), project("value", z)
    d = q.shape[-1] // heads
    parts = []
    for h in range(heads):
        at = slice(h * d, (h + 1) * d)
        parts.append(softmax(q[..., at] @ k[..., at].swapaxes(1, 2) / np.sqrt(d) + mask) @ v[..., at])
    return project("output", np.concatenate(parts, -1))


def transformer(t, s, mask, cross):
    """One block; cross is the mask of the second input, if there is one."""
    def norm(x, k):
        y = (x - x.mean(-1, keepdims=True)) / np.sqrt(x.var(-1, keepdims=True) + 1e-5)
        return y * t[f"0.norm_{k}.gamma"] + t.get(f"0.norm_{k}.beta", 0)

    def feed_forward(x):
        h = x @ t["0.hidden.weight"].T + t.get("0.hidden.bias", 0)
        h = np.maximum(h, 0) if s["activation"] == "relu" else h * (1 + np.vectorize(math.erf)(h / np.sqrt(2))) / 2
        return h @ t["0.output.weight"].T + t.get("0.output.bias", 0)

    parts = [lambda x: multi_head(t, "0.self_attention.", x, x, s["heads"], mask)]
    if cross is not None:
        parts.append(lambda x: multi_head(t, "0.cross_attention.", x, t["z"], s["heads"], cross))
    x = t["x"]
    for k, part in enumerate([*parts, feed_forward], 1):
        x = x + part(norm(x, k)) if s["norm"] == "before" else norm(x + part(x), k)
    return x


def check_attention():
    _, cases = load("attention")
    for name, case in cases.items():
        s, kind = case["settings"], case["layer"]
        lengths = np.array(case["inputs"].pop("lengths")["data"]) if "lengths" in case["inputs"] else None

        def forward(t):
            x, z = t["x"], t.get("z", t["x"])
            mask = hidden(z.shape[1], lengths, s.get("causal"), x.shape[1])
            if kind == "multi_head_attention":
                return {"y": multi_head(t, "", x, z, s["heads"], mask)}
            if kind == "transformer_encoder":
                return {"y": transformer(t, s, mask, None)}
            if kind == "transformer_decoder":
                return {"y": transformer(t, s, hidden(x.shape[1], None, True, x.shape[1]), mask)}
            if s.get("kind") == "additive":
                u = np.tanh((x @ t["query.weight"].T)[:, :, None] + (z @ t["key.weight"].T)[:, None])
                return {"y": softmax((u @ t["score.weight"].T)[..., 0] + mask) @ z}
            q = x @ t["query.weight"].T if "query.weight" in t else x
            return {"y": softmax(q @ z.swapaxes(1, 2) / (np.sqrt(z.shape[-1]) if s.get("scaled", True) else 1) + mask) @ z}

        got = forward({**arrays(case["inputs"]), **arrays(case["parameters"])})
        close(f"{name} y", arrays(case["outputs"])["y"], got["y"], 1e-11)
        gradients_by_difference(case, forward)


for check in (check_optimizers, check_schedules, check_losses, check_activations, check_layers, check_mlp, check_later, check_convolutions,
              check_norms, check_pooling, check_attention):
    before = close.checks
    check()
    print(f"{check.__name__}: {close.checks - before} values agree")
