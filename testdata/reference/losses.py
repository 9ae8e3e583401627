"""losses.json: the value of every loss and its gradient with respect to x, in float64 and float32."""
import math

import numpy as np
import torch
from torch.nn import functional as F

from common import DTYPES, Random, save, scalar, tensor


def weighted(per_row, weights):
    return (per_row * weights).sum() / weights.sum()


def rows(values):
    """The mean over everything but the batch."""
    return values.reshape(values.shape[0], -1).mean(1)


def log_cosh(i):
    d = (i["x"] - i["target"]).abs()
    return d + torch.log1p(torch.exp(-2 * d)) - math.log(2)


def sign(i):
    return 2 * i["target"] - 1


def sigmoid_focal(i, gamma=2.0, alpha=0.25):
    """Lin et al. 2017, equation 5, from logits: the chance of the wrong answer is sigmoid(-s x), s = 2 target - 1."""
    wrong = torch.sigmoid(-sign(i) * i["x"])
    share = alpha * i["target"] + (1 - alpha) * (1 - i["target"])
    return share * wrong ** gamma * F.softplus(-sign(i) * i["x"], threshold=700)


def softmax_focal(i, gamma=2.0):
    log_p = F.log_softmax(i["x"], 1).gather(1, i["target"][:, None])[:, 0]
    return -((-torch.expm1(log_p)) ** gamma) * log_p


def crammer_singer(i):
    """max(0, 1 + the best wrong score - the right score)."""
    right = i["x"].gather(1, i["target"][:, None])[:, 0]
    wrong = i["x"].scatter(1, i["target"][:, None], -math.inf).max(1).values
    return F.relu(1 + wrong - right)


def hinge(i):
    """Targets are 0 and 1, as in every loss of a yes-or-no label; 0 stands for -1. No slope at the kink."""
    return F.relu(1 - sign(i) * i["x"]).mean()


def bce(i, **options):
    return F.binary_cross_entropy_with_logits(i["x"], i["target"], reduction="none", **options)


def main():
    random = Random(3)
    cases = []

    def add(name, loss, settings, inputs, function):
        case = {"name": name, "loss": loss, "settings": settings, "inputs": {k: tensor(v) for k, v in inputs.items()}}
        for dtype_name, dtype in DTYPES.items():
            given = {k: torch.tensor(v, dtype=dtype) if v.dtype.kind == "f" else torch.tensor(v)
                     for k, v in inputs.items()}
            given["x"].requires_grad_()
            value = function(given)
            value.backward()
            case[dtype_name] = {"value": scalar(value), "gradient": tensor(given["x"].grad)}
        cases.append(case)

    # Regression: 6 rows of 3 targets. One difference is exactly zero, one exactly delta, one huge.
    x, target = random.normal(6, 3, scale=2), random.normal(6, 3)
    x[0, 0] = target[0, 0]
    x[1, 1], target[1, 1] = 1.5, 0.5
    x[2, 2] = 300
    pair = {"x": x, "target": target}
    weights = np.array([1, 0, 2, 0.5, 1, 3], np.float32)
    for name, settings, each in [
            ("mse", {}, lambda i: (i["x"] - i["target"]) ** 2),
            ("mae", {}, lambda i: (i["x"] - i["target"]).abs()),
            ("huber", {"delta": 1}, lambda i: F.huber_loss(i["x"], i["target"], reduction="none", delta=1.0)),
            ("huber", {"delta": 0.5}, lambda i: F.huber_loss(i["x"], i["target"], reduction="none", delta=0.5)),
            ("log_cosh", {}, log_cosh)]:
        label = "/".join([name, *(f"{k}_{v}" for k, v in settings.items())])
        add(label, name, settings, pair, lambda i: each(i).mean())
        add(label + "/sample_weights", name, settings, {**pair, "sample_weights": weights},
            lambda i: weighted(rows(each(i)), i["sample_weights"]))

    # Classes: 7 rows of 5 logits, and 4 rows of extreme ones.
    logits, labels = random.normal(7, 5, scale=2), random.integers(5, 7)
    extreme = np.array([[80, -80, 0, 80, -80], [1000, -1000, 0, 0, 1], [-1000, 1000, 1000, 0, 0],
                        [1000, 1000, 1000, 1000, 1000]], np.float32)
    extreme_labels = np.array([3, 1, 2, 4])
    class_weights = np.array([1, 2, 0.5, 3, 0.25], np.float32)
    sample_weights = np.array([1, 0, 2, 0.5, 1, 3, 0.75], np.float32)
    plain, hard = {"x": logits, "target": labels}, {"x": extreme, "target": extreme_labels}

    def cross_entropy(i, **options):
        return F.cross_entropy(i["x"], i["target"], weight=i.get("class_weights"), **options)

    add("cross_entropy", "cross_entropy", {}, plain, cross_entropy)
    add("cross_entropy/extreme", "cross_entropy", {}, hard, cross_entropy)
    add("cross_entropy/positions", "cross_entropy", {},
        {"x": random.normal(3, 4, 5), "target": random.integers(5, 3, 4)},
        lambda i: F.cross_entropy(i["x"].reshape(-1, 5), i["target"].reshape(-1)))
    smooth = {"label_smoothing": 0.1}
    add("cross_entropy/label_smoothing", "cross_entropy", smooth, plain, lambda i: cross_entropy(i, **smooth))
    add("cross_entropy/label_smoothing_extreme", "cross_entropy", smooth, hard, lambda i: cross_entropy(i, **smooth))
    with_classes = {**plain, "class_weights": class_weights}
    add("cross_entropy/class_weights", "cross_entropy", {}, with_classes, cross_entropy)
    add("cross_entropy/class_weights_label_smoothing", "cross_entropy", smooth, with_classes,
        lambda i: cross_entropy(i, **smooth))
    add("cross_entropy/sample_weights", "cross_entropy", {}, {**plain, "sample_weights": sample_weights},
        lambda i: weighted(cross_entropy(i, reduction="none"), i["sample_weights"]))
    add("cross_entropy/sample_and_class_weights", "cross_entropy", {}, {**with_classes, "sample_weights": sample_weights},
        lambda i: (cross_entropy(i, reduction="none") * i["sample_weights"]).sum()
        / (i["sample_weights"] * i["class_weights"][i["target"]]).sum())
    chances = random.simplex(7, 5)
    add("cross_entropy/probabilities", "cross_entropy", {}, {"x": logits, "target": chances}, cross_entropy)
    add("cross_entropy/probabilities_label_smoothing", "cross_entropy", smooth, {"x": logits, "target": chances},
        lambda i: cross_entropy(i, **smooth))

    # Yes or no: one label a row, several, and extreme logits.
    one = {"x": random.normal(8, 1, scale=2), "target": random.integers(2, 8, 1).astype(np.float32)}
    several = {"x": random.normal(5, 4, scale=2), "target": random.integers(2, 5, 4).astype(np.float32)}
    ends = {"x": np.array([[0], [80], [80], [-80], [-80], [1000], [1000], [-1000], [-1000]], np.float32),
            "target": np.array([[1], [0], [1], [0], [1], [0], [1], [0], [1]], np.float32)}
    five = np.array([1, 0, 2, 0.5, 3], np.float32)
    for name, given in [("", one), ("/labels", several), ("/extreme", ends)]:
        add("binary_cross_entropy" + name, "binary_cross_entropy", {}, given, lambda i: bce(i).mean())
        add("focal" + name, "focal", {"gamma": 2, "alpha": 0.25}, given, lambda i: sigmoid_focal(i).mean())
        add("hinge" + name, "hinge", {}, given, hinge)
    add("binary_cross_entropy/soft_targets", "binary_cross_entropy", {},
        {"x": several["x"], "target": random.uniform(0, 1, 5, 4)}, lambda i: bce(i).mean())
    add("binary_cross_entropy/pos_weight", "binary_cross_entropy", {},
        {**one, "pos_weight": np.array([3], np.float32)}, lambda i: bce(i, pos_weight=i["pos_weight"]).mean())
    add("binary_cross_entropy/labels_pos_weight", "binary_cross_entropy", {},
        {**several, "pos_weight": np.array([3, 1, 0.5, 2], np.float32)},
        lambda i: bce(i, pos_weight=i["pos_weight"]).mean())
    add("binary_cross_entropy/extreme_pos_weight", "binary_cross_entropy", {},
        {**ends, "pos_weight": np.array([3], np.float32)}, lambda i: bce(i, pos_weight=i["pos_weight"]).mean())
    add("binary_cross_entropy/sample_weights", "binary_cross_entropy", {}, {**several, "sample_weights": five},
        lambda i: weighted(rows(bce(i)), i["sample_weights"]))
    add("focal/no_alpha", "focal", {"gamma": 2}, one, lambda i: (2 * sigmoid_focal(i, alpha=0.5)).mean())
    add("hinge/kink", "hinge", {},
        {"x": np.array([[1], [-1], [1], [-1], [0]], np.float32),
         "target": np.array([[1], [0], [0], [1], [1]], np.float32)}, hinge)

    # More forms for several classes.
    add("focal/classes", "focal", {"gamma": 2}, plain, lambda i: softmax_focal(i).mean())
    add("focal/classes_extreme", "focal", {"gamma": 2}, hard, lambda i: softmax_focal(i).mean())
    add("focal/classes_alpha", "focal", {"gamma": 2, "alpha": 0.25}, plain, lambda i: (0.25 * softmax_focal(i)).mean())
    add("kl_divergence", "kl_divergence", {}, {"x": logits, "target": chances},
        lambda i: F.kl_div(F.log_softmax(i["x"], 1), i["target"], reduction="batchmean"))
    add("kl_divergence/extreme", "kl_divergence", {}, {"x": extreme, "target": chances[:4]},
        lambda i: F.kl_div(F.log_softmax(i["x"], 1), i["target"], reduction="batchmean"))
    edge = {"x": np.array([[2, 1, 0, -1, -2], [1, 1, 1, 1, 1], [0, 3, 2, 2.5, 0]], np.float32),
            "target": np.array([0, 2, 1])}
    for name, given in [("", plain), ("/kink", edge), ("/extreme", hard)]:
        add("multi_margin" + name, "multi_margin", {"margin": 1}, given,
            lambda i: F.multi_margin_loss(i["x"], i["target"]))
        if name != "/extreme":  # there the best wrong class is tied, and torch's max names one of them
            add("crammer_singer" + name, "crammer_singer", {"margin": 1}, given, lambda i: crammer_singer(i).mean())
    save("losses", {"cases": cases})


if __name__ == "__main__":
    main()
