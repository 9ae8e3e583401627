"""sequences.json: losses of sequences with padding, with their gradients, in float64 and float32.

"cases" have the form of those of losses.json: cross_entropy with label smoothing, where padded steps weigh nothing here and are
left out by torch (ignore_index). "ctc" are cases of torch's ctc_loss behind a log_softmax: one loss for each row, and the
gradient by x of their weighted sum; rows whose loss is infinite have null, and no gradient."""
import numpy as np
import torch
from torch.nn import functional as F

from common import DTYPES, Random, save, scalar, tensor

PADDED = -100


def main():
    random = Random(11)
    cases, ctc = [], []

    def smooth(name, settings, inputs, **options):
        case = {"name": name, "loss": "cross_entropy", "settings": settings, "inputs": {k: tensor(v) for k, v in inputs.items()}}
        for dtype_name, dtype in DTYPES.items():
            x = torch.tensor(inputs["x"], dtype=dtype, requires_grad=True)
            weights = torch.tensor(inputs["sample_weights"], dtype=dtype)
            target = torch.tensor(inputs["target"])
            if set(inputs["sample_weights"].tolist()) <= {0.0, 1.0}:  # padding as torch knows it
                value = F.cross_entropy(x, torch.where(weights > 0, target, PADDED), ignore_index=PADDED, **options)
            else:
                value = (F.cross_entropy(x, target, reduction="none", **options) * weights).sum() / weights.sum()
            value.backward()
            case[dtype_name] = {"value": scalar(value), "gradient": tensor(x.grad)}
        cases.append(case)

    steps, classes = 12, 6
    x, target = random.normal(steps, classes, scale=2), random.integers(classes, steps)
    padding = (np.arange(steps) % 4 < np.array([4, 1, 3]).repeat(4)).astype(np.float32)
    uneven = random.uniform(0, 3, steps) * padding
    for e in 0.1, 0.3:
        settings = {"label_smoothing": e}
        smooth(f"cross_entropy/label_smoothing_{e}_padding", settings, {"x": x, "target": target, "sample_weights": padding}, label_smoothing=e)
        smooth(f"cross_entropy/label_smoothing_{e}_weights", settings, {"x": x, "target": target, "sample_weights": uneven}, label_smoothing=e)

    def add(name, x, labels, lengths, counts, zero_infinity=False):
        rows = len(x)
        weights = random.uniform(0.5, 2, rows)
        case = {"name": name, "zero_infinity": zero_infinity, "x": tensor(x), "labels": tensor(labels), "lengths": tensor(np.array(lengths)),
                "counts": tensor(np.array(counts)), "weights": tensor(weights)}
        for dtype_name, dtype in DTYPES.items():
            given = torch.tensor(x, dtype=dtype, requires_grad=True)
            loss = F.ctc_loss(F.log_softmax(given, 2).transpose(0, 1), torch.tensor(labels), torch.tensor(lengths), torch.tensor(counts),
                              blank=0, reduction="none", zero_infinity=zero_infinity)
            finite = torch.isfinite(loss)
            (loss * torch.tensor(weights, dtype=dtype))[finite].sum().backward()
            case[dtype_name] = {"loss": [v if np.isfinite(v) else None for v in loss.detach().numpy()],
                                "gradient": tensor(given.grad) if bool(finite.all()) else None}
        ctc.append(case)

    def labels_of(rows, most, classes):
        return 1 + random.integers(classes - 1, rows, most)

    add("plain", random.normal(4, 8, 5), labels_of(4, 3, 5), [8] * 4, [3] * 4)
    add("uneven", random.normal(6, 10, 7), labels_of(6, 4, 7), [10, 7, 9, 5, 10, 4], [4, 2, 1, 0, 3, 4])
    add("equal labels", random.normal(3, 9, 3), np.array([[1, 1, 1, 1], [2, 2, 1, 1], [1, 2, 1, 2]]), [9, 7, 4], [4, 4, 4])
    add("just enough steps", random.normal(3, 5, 4), np.array([[1, 2, 3, 2, 1], [1, 1, 2, 0, 0], [3, 0, 0, 0, 0]]), [5, 4, 1], [5, 3, 1])
    add("too few steps", random.normal(4, 4, 4), np.array([[1, 2, 3], [1, 1, 1], [2, 2, 2], [3, 0, 0]]), [2, 4, 4, 4], [3, 3, 2, 1])
    add("too few steps, zero", random.normal(4, 4, 4), np.array([[1, 2, 3], [1, 1, 1], [2, 2, 2], [3, 0, 0]]), [2, 4, 4, 4], [3, 3, 2, 1], True)
    add("no labels", random.normal(2, 6, 3), np.array([[1], [2]]), [6, 3], [0, 0])
    add("sure scores", random.normal(3, 12, 5, scale=40), labels_of(3, 4, 5), [12, 12, 9], [4, 3, 4])
    add("long", random.normal(1, 60, 4), labels_of(1, 20, 4), [60], [20])
    save("sequences", {"cases": cases, "ctc": ctc})


if __name__ == "__main__":
    main()
