"""Reference values for pkg/metrics, from scikit-learn.

    pip install scikit-learn numpy
    python make.py            # writes cases.json beside itself

Each case is a data set (task, predictions, truth, weights) with the values of many metrics, each named by the settings a
spec would hold. Where scikit-learn has no function for a case, the value comes from its functions on parts of the data,
and a comment says so. null is NaN.
"""

import json
import math
import pathlib
import warnings

import numpy as np
import sklearn
from sklearn import metrics as sk

warnings.simplefilter("ignore")
rng = np.random.default_rng(20240611)
AVERAGES = ["micro", "macro", "weighted"]
cases = []


def plain(x):
    """Turns a value into what JSON holds."""
    if isinstance(x, (list, tuple, np.ndarray)):
        return [plain(v) for v in x]
    x = float(x)
    return None if math.isnan(x) else x


def add(name, task, pred, *, classes=None, truth=None, weight=None, expect=()):
    cases.append({
        "name": name, "task": task, "rows": len(pred), "pred": plain(np.ravel(pred)),
        "class": None if classes is None else [int(c) for c in classes],
        "truth": None if truth is None else plain(np.ravel(truth)),
        "weight": None if weight is None else plain(weight),
        "expect": [{"metric": m, "value": plain(v)} for m, v in expect],
    })


def averaged(key, average, extra=""):
    return f"{{type: {key}{extra}, average: {average}}}"


def specificity(y, p, w, labels, average):
    """scikit-learn counts, imbalanced-learn's formula: TN / (TN + FP), 0 where there is nothing to divide by."""
    m = sk.multilabel_confusion_matrix(y, p, sample_weight=w, labels=labels)
    tn, fp, support = m[:, 0, 0], m[:, 0, 1], m[:, 1, 0] + m[:, 1, 1]
    if average == "micro":
        tn, fp = tn.sum(keepdims=True), fp.sum(keepdims=True)
    ratio = np.divide(tn, tn + fp, out=np.zeros(len(tn)), where=tn + fp != 0)
    if average == "per_class":
        return ratio
    return np.average(ratio, weights=support if average == "weighted" and support.sum() > 0 else None)


def ratios(y, p, w, n, binary):
    """precision, recall and their relatives in every average. n is None for label indicators."""
    functions = [
        ("precision", "", sk.precision_score), ("recall", "", sk.recall_score), ("f1", "", sk.f1_score),
        ("f_beta", ", beta: 2", lambda *a, **k: sk.fbeta_score(*a, beta=2, **k)),
        ("f_beta", ", beta: 0.5", lambda *a, **k: sk.fbeta_score(*a, beta=0.5, **k)),
    ]
    every = None if n is None else list(range(n))
    out = []
    for key, extra, f in functions:
        for average in AVERAGES:
            out.append((averaged(key, average, extra), f(y, p, sample_weight=w, average=average, zero_division=0)))
        out.append((averaged(key, "per_class", extra),
                    f(y, p, sample_weight=w, average=None, labels=every, zero_division=0)))
        auto = f(y, p, sample_weight=w, average="binary" if binary else "macro", zero_division=0)
        out.append((f"{{type: {key}{extra}}}", auto))
        if binary:
            out.append((averaged(key, "binary", extra), auto))
    for average in AVERAGES:
        out.append((averaged("specificity", average), specificity(y, p, w, None, average)))
    out.append((averaged("specificity", "per_class"), specificity(y, p, w, every, "per_class")))
    if binary:
        out.append(("specificity", sk.recall_score(y, p, sample_weight=w, pos_label=0, average="binary", zero_division=0)
                    if len(set(y) | set(p)) == 2 else specificity(y, p, w, every, "per_class")[1]))
    else:
        out.append(("specificity", specificity(y, p, w, None, "macro")))
    return out


def one_class(y, p, w):
    """Metrics of tasks with one class per row."""
    return [
        ("accuracy", sk.accuracy_score(y, p, sample_weight=w)),
        ("hamming_loss", sk.hamming_loss(y, p, sample_weight=w)),
        ("balanced_accuracy", sk.balanced_accuracy_score(y, p, sample_weight=w)),
        ("matthews", sk.matthews_corrcoef(y, p, sample_weight=w)),
        ("kappa", sk.cohen_kappa_score(y, p, sample_weight=w)),
    ]


def binary(name, y, prob, w=None, threshold=0.5):
    y, prob = np.asarray(y), np.asarray(prob, float)
    p = (prob >= threshold).astype(int)
    expect = one_class(y, p, w) + ratios(y, p, w, 2, True) + [
        ("roc_auc", sk.roc_auc_score(y, prob, sample_weight=w)),
        ("{type: roc_auc, average: weighted}", sk.roc_auc_score(y, prob, sample_weight=w, average="weighted")),
        ("pr_auc", sk.average_precision_score(y, prob, sample_weight=w)),
        ("log_loss", sk.log_loss(y, prob, sample_weight=w, labels=[0, 1])),
        ("brier", sk.brier_score_loss(y, prob, sample_weight=w, pos_label=1)),
        ("confusion_matrix", sk.confusion_matrix(y, p, sample_weight=w, labels=[0, 1])),
    ]
    task = {"kind": "binary", "classes": ["no", "yes"], "targets": ["income"], "threshold": threshold}
    add("binary " + name, task, prob, classes=y, weight=w, expect=expect)


def curves(y, prob, w):
    """Areas over label indicators, which is also what one-vs-rest means."""
    out = []
    for average in AVERAGES:
        out.append((averaged("roc_auc", average), sk.roc_auc_score(y, prob, sample_weight=w, average=average)))
        out.append((averaged("pr_auc", average), sk.average_precision_score(y, prob, sample_weight=w, average=average)))
    out.append((averaged("roc_auc", "per_class"), sk.roc_auc_score(y, prob, sample_weight=w, average=None)))
    out.append((averaged("pr_auc", "per_class"), sk.average_precision_score(y, prob, sample_weight=w, average=None)))
    out.append(("roc_auc", sk.roc_auc_score(y, prob, sample_weight=w)))
    out.append(("pr_auc", sk.average_precision_score(y, prob, sample_weight=w)))
    return out


def multi_class(name, y, prob, w=None):
    y, prob = np.asarray(y), np.asarray(prob, float)
    n = prob.shape[1]
    labels, p, hot = list(range(n)), prob.argmax(1), np.eye(n, dtype=int)[y]
    expect = one_class(y, p, w) + ratios(y, p, w, n, False) + curves(hot, prob, w) + [
        ("log_loss", sk.log_loss(y, prob, sample_weight=w, labels=labels)),
        ("brier", sk.brier_score_loss(y, prob, sample_weight=w, labels=labels)),
        ("confusion_matrix", sk.confusion_matrix(y, p, sample_weight=w, labels=labels)),
    ]
    if n > 2:
        for average in AVERAGES:  # the documented way; equal to the label indicators above
            expect.append((averaged("roc_auc", average), sk.roc_auc_score(
                y, prob, sample_weight=w, average=average, multi_class="ovr", labels=labels)))
        for k in range(1, n):
            expect.append((f"{{type: top_k_accuracy, k: {k}}}",
                           sk.top_k_accuracy_score(y, prob, k=k, sample_weight=w, labels=labels)))
    elif len(set(y) | set(p)) == 2:
        for key, f in ("precision", sk.precision_score), ("recall", sk.recall_score), ("f1", sk.f1_score):
            expect.append((averaged(key, "binary"), f(y, p, sample_weight=w, zero_division=0)))
    task = {"kind": "multi_class", "classes": [f"class {i}" for i in labels], "targets": ["species"]}
    add("multi_class " + name, task, prob, classes=y, weight=w, expect=expect)


def multi_label(name, y, prob, w=None):
    y, prob = np.asarray(y), np.asarray(prob, float)
    p = (prob >= 0.5).astype(int)
    n = y.shape[1]
    right = [("accuracy", sk.accuracy_score(y, p, sample_weight=w)), ("hamming_loss", sk.hamming_loss(y, p, sample_weight=w))]
    expect = right + ratios(y, p, w, None, False) + curves(y, prob, w) + [
        # scikit-learn has no log loss or Brier score of label indicators: the mean over the labels, each taken as binary
        ("log_loss", np.mean([sk.log_loss(y[:, j], prob[:, j], sample_weight=w, labels=[0, 1]) for j in range(n)])),
        ("brier", np.mean([sk.brier_score_loss(y[:, j], prob[:, j], sample_weight=w, pos_label=1) for j in range(n)])),
        ("confusion_matrix", sk.multilabel_confusion_matrix(y, p, sample_weight=w)),
    ]
    task = {"kind": "multi_label", "classes": [f"label {i}" for i in range(n)], "targets": []}
    add("multi_label " + name, task, prob, truth=y, weight=w, expect=expect)


def per_target(f, y, pred, w):
    """The weighted mean of f for each target; scikit-learn has neither smape nor mase."""
    n = 1 if y.ndim == 1 else y.shape[1]
    return np.average(f(y.reshape(-1, n), pred.reshape(-1, n)), axis=0, weights=w)


def symmetric(y, pred):
    size = np.abs(y) + np.abs(pred)
    return np.divide(2 * np.abs(pred - y), size, out=np.zeros_like(y), where=size != 0)


def regression(name, y, pred, w=None):
    y, pred = np.asarray(y, float), np.asarray(pred, float)
    expect = [
        ("mse", sk.mean_squared_error(y, pred, sample_weight=w)),
        ("rmse", sk.root_mean_squared_error(y, pred, sample_weight=w)),
        ("mae", sk.mean_absolute_error(y, pred, sample_weight=w)),
        ("mape", sk.mean_absolute_percentage_error(y, pred, sample_weight=w)),
        ("r2", sk.r2_score(y, pred, sample_weight=w)),
        ("smape", np.mean(per_target(symmetric, y, pred, w))),
    ]
    n = 1 if y.ndim == 1 else y.shape[1]
    task = {"kind": "regression", "classes": [], "targets": [f"target {i}" for i in range(n)]}
    add("regression " + name, task, pred, truth=y, weight=w, expect=expect)
    return y.copy(), pred, w


def forecast(name, y, pred, w=None):
    """Regression of series; the naive errors of the training part are made up."""
    n = 1 if y.ndim == 1 else y.shape[1]
    naive = {"1": [1.5 + j for j in range(n)], "12": [0.5 * (j + 1) for j in range(n)]}
    error = per_target(lambda y, p: np.abs(p - y), y, pred, w)
    task = {"kind": "regression", "classes": [], "targets": [f"target {i}" for i in range(n)], "series": True, "naive": naive}
    add("forecast " + name, task, pred, truth=y, weight=w, expect=[
        ("mase", np.mean(error / naive["1"])), ("{type: mase, season: 12}", np.mean(error / naive["12"])),
        ("{type: mase, season: 7}", np.nan)])


def weights(n):
    """Odd weights, some of them zero."""
    return np.round(rng.gamma(1.0, 1.0, n), 3) * (rng.random(n) > 0.15)


def noisy(y, spread=0.3):
    return np.clip(np.round(np.where(y == 1, 0.62, 0.38) + rng.normal(0, spread, np.shape(y)), 4), 0, 1)


def coarse(y, n, steps=32, pull=6):
    """Probabilities in multiples of 1/steps that sum to 1 exactly, so that there are ties."""
    out = np.zeros((len(y), n))
    for i, c in enumerate(y):
        a = np.ones(n)
        a[c] += pull * rng.random()
        out[i] = rng.multinomial(steps, rng.dirichlet(a)) / steps
    return out


y = rng.integers(0, 2, 60)
binary("plain", y, noisy(y))
binary("weighted", y, noisy(y), weights(60))
binary("ties", y, np.round(noisy(y), 1))
binary("ties, weighted", y, np.round(noisy(y), 1), weights(60))
binary("threshold 0.3", y, noisy(y), threshold=0.3)
rare = (rng.random(400) < 0.06).astype(int)
binary("rare positives", rare, noisy(rare, 0.2))
binary("no positives", np.zeros(9, int), noisy(np.zeros(9, int)))
binary("no negatives", np.ones(9, int), noisy(np.ones(9, int)))
binary("nothing predicted positive", [0, 1, 1, 0, 1], [0.1, 0.2, 0.3, 0.4, 0.45])
binary("nothing positive at all", [0, 0, 0], [0.1, 0.2, 0.3])
binary("everything positive", [1, 1, 1], [0.9, 0.8, 0.7])
binary("constant score", [0, 1, 1, 0, 1], [0.5] * 5)
binary("sure, partly wrong", [0, 1, 1, 0, 1], [0, 1, 1, 1, 0])
binary("perfect", [0, 1, 1, 0], [0.2, 0.9, 0.8, 0.1])
binary("one row", [1], [0.7])
binary("positives without weight", [0, 0, 1, 1], [0.1, 0.6, 0.4, 0.9], np.array([1.0, 2.0, 0.0, 0.0]))

y = rng.integers(0, 4, 80)
multi_class("plain", y, coarse(y, 4, 1024))
multi_class("weighted", y, coarse(y, 4, 1024), weights(80))
multi_class("ties", y, coarse(y, 4, 8))
multi_class("ties, weighted", y, coarse(y, 4, 8), weights(80))
y7 = rng.integers(0, 7, 200)
multi_class("seven classes", y7, coarse(y7, 7, 4096))
y = rng.integers(0, 2, 40)
multi_class("two classes", y, coarse(y, 2))
multi_class("class absent from the truth", rng.choice([0, 2, 3], 30), coarse(rng.integers(0, 4, 30), 4))
absent = coarse(rng.choice([0, 1, 2], 30), 3)
multi_class("class absent everywhere", rng.integers(0, 3, 30), np.column_stack([absent, np.zeros(30)]))
absent = coarse(rng.choice([0, 1], 30), 2)
multi_class("class never predicted", rng.integers(0, 3, 30), np.column_stack([absent, np.zeros(30)]))
multi_class("one class only", [2] * 6, coarse([2] * 6, 3))
multi_class("one row", [1], [[0.25, 0.5, 0.25]])
multi_class("one row, wrong", [0], [[0.25, 0.5, 0.25]])
multi_class("perfect", [0, 1, 2, 1], np.eye(3)[[0, 1, 2, 1]])

y = (rng.random((70, 5)) < [0.5, 0.3, 0.1, 0.7, 0.4]).astype(int)
multi_label("plain", y, noisy(y))
multi_label("weighted", y, noisy(y), weights(70))
multi_label("ties", y, np.round(noisy(y), 1))
y = (rng.random((20, 3)) < 0.5).astype(int)
y[:, 1] = 0
multi_label("label that never applies", y, noisy(y))
y = (rng.random((20, 3)) < 0.5).astype(int)
y[:, 2] = 1
multi_label("label that always applies", y, noisy(y), weights(20))
multi_label("nothing applies", np.zeros((6, 3), int), noisy(np.zeros((6, 3), int)))
multi_label("one row", [[1, 0, 1]], [[0.7, 0.6, 0.2]])

y = np.round(rng.normal(3, 10, 50), 3)
series = [regression("plain", y, np.round(y + rng.normal(0, 4, 50), 3))]
series.append(regression("weighted", y, np.round(y + rng.normal(0, 4, 50), 3), weights(50)))
y = np.round(rng.lognormal(12, 0.5, 300))
regression("prices", y, np.round(y * rng.lognormal(0, 0.2, 300), 1))
y = np.round(rng.normal([0, 1000, -5], [1, 300, 0.01], (40, 3)), 4)
noise = rng.normal(0, [0.5, 100, 0.01], (40, 3))
series.append(regression("three targets", y, np.round(y + noise, 4)))
series.append(regression("three targets, weighted", y, np.round(y + noise, 4), weights(40)))
y[:, 1] = 7
regression("three targets, one constant", y, np.round(y + noise, 4))
regression("far from zero", 1e6 + np.arange(20), 1e6 + np.arange(20) + np.round(rng.normal(0, 1, 20), 2))
regression("constant truth", [4, 4, 4], [3, 4, 6])
regression("constant truth, predicted right", [4, 4, 4], [4, 4, 4])
regression("worse than the mean", [1, 2, 3], [3, 2, 1])
regression("zero truth", [0, 1, 2], [0.5, 1, 2])
regression("zero truth, predicted right", [0, 1, 2], [0, 1, 3])
regression("perfect", [1, 2, 3], [1, 2, 3])
regression("one row", [2], [2.5])
for name, case in zip(("plain", "weighted", "three targets", "three targets, weighted"), series):
    forecast(name, *case)

# Steps: answers to each step of sequences, of which scikit-learn knows nothing. A sequence is right when all its steps are;
# the share of those is accuracy_score of the sequences.
rng = np.random.default_rng(20250117)  # of their own, so that the cases above stay as they are


def stepped(kind, name, lengths, y, prob, w=None):
    y, prob, lengths = np.asarray(y), np.asarray(prob, float), np.asarray(lengths)
    if kind == "multi_class":
        right = prob.argmax(1) == y
    else:
        right = ((prob >= 0.5) == y).reshape(len(y), -1).all(1)
    of = np.repeat(np.arange(len(lengths)), lengths)
    kept = lengths > 0
    all_right = np.array([right[of == i].all() for i in range(len(lengths))])
    value = np.average(all_right[kept], weights=None if w is None else w[kept])
    each = None if w is None else np.repeat(w, lengths)
    n = 0 if kind == "binary" else prob.shape[1]
    task = {"kind": kind, "classes": ["no", "yes"] if n == 0 else [f"c{i}" for i in range(n)], "targets": ["tags"]}
    multi = kind == "multi_label"
    add(f"{kind} steps, {name}", task, prob, classes=None if multi else y, truth=y if multi else None,
        weight=each, expect=[("accuracy", np.average(right, weights=each)), ("sequence_accuracy", value)])
    cases[-1]["steps"] = [int(n) for n in lengths]


def lengths_of(n):
    return rng.integers(0, 4, n)


for kind in ["binary", "multi_class", "multi_label"]:
    def draw(n, spread=0.3):
        if kind == "binary":
            y = rng.integers(0, 2, n)
            return y, noisy(y, spread)
        if kind == "multi_class":
            y = rng.integers(0, 3, n)
            return y, coarse(y, 3, 8, 60 * (0.4 - spread))
        y = (rng.random((n, 3)) < 0.5).astype(int)
        return y, noisy(y, spread / 3)

    lengths = lengths_of(30)
    stepped(kind, "plain", lengths, *draw(lengths.sum()))
    stepped(kind, "nearly right", lengths, *draw(lengths.sum(), 0.1))
    stepped(kind, "weighted", lengths, *draw(lengths.sum(), 0.2), weights(30))
    stepped(kind, "one of each length", [0, 1, 2, 3], *draw(6, 0.1))

with open(pathlib.Path(__file__).with_name("cases.json"), "w") as f:
    head = {"scikit-learn": sklearn.__version__, "numpy": np.__version__}
    lines = ",\n".join(json.dumps(c, separators=(",", ":")) for c in cases)
    f.write('{"made_with":%s,"cases":[\n%s\n]}\n' % (json.dumps(head), lines))
