"""The job of mnist-mlp.yaml in PyTorch, as a program of its own, from reading the files to scoring the best weights.

It does what `dnn train` does, in the fastest way that is still plain PyTorch: the whole set is normalized once and lies
in memory as float32, batches are taken by index (a DataLoader is slower), Adam is the fused one. It draws no pictures
and does not sync its checkpoints to the disk, both of which dnn does.

Usage: job_mnist_mlp.py SPEC EPOCHS OUT THREADS; the files are those that SPEC names.
"""

import gzip
import json
import os
import re
import sys
import time

begin = time.perf_counter()
import numpy
import torch

imported = time.perf_counter() - begin


def read(spec, key, part):
    name = re.search(rf"{part}:.*?{key}: ([^,}}\s]+)", spec[0]).group(1)
    raw = gzip.open(os.path.join(spec[1], name)).read()
    rank = raw[3]
    shape = numpy.frombuffer(raw, ">u4", rank, 4)
    return numpy.frombuffer(raw, numpy.uint8, -1, 4 + 4 * rank).reshape(shape)


def score(net, part):
    """Loss, accuracy and macro F1 over a whole part, 256 rows at a time."""
    net.eval()
    x, y = part
    loss, confusion = 0.0, torch.zeros(10, 10, dtype=torch.long)
    with torch.inference_mode():
        for i in range(0, len(y), 256):
            out, truth = net(x[i : i + 256]), y[i : i + 256]
            loss += torch.nn.functional.cross_entropy(out, truth, reduction="sum").item()
            confusion += torch.bincount(truth * 10 + out.argmax(1), minlength=100).reshape(10, 10)
    net.train()
    right = confusion.diag().double()
    f1 = 2 * right / (confusion.sum(0) + confusion.sum(1)).clamp(min=1)
    return {"loss": loss / len(y), "accuracy": right.sum().item() / len(y), "f1": f1.mean().item()}


def main(path, epochs, out, threads):
    torch.set_num_threads(threads)
    torch.manual_seed(1)
    spec = open(path).read(), os.path.dirname(path)
    images, labels = read(spec, "images", "train"), read(spec, "labels", "train")
    order = torch.randperm(len(labels)).numpy()
    hold = len(labels) // 10
    train, validation = order[hold:], order[:hold]
    mean, deviation = images[train].mean(), images[train].std()

    def part(images, labels):
        x = torch.from_numpy(images.astype(numpy.float32)).reshape(len(images), -1)
        return x.sub_(float(mean)).div_(float(deviation)), torch.from_numpy(labels.astype(numpy.int64))

    parts = {
        "train": part(images[train], labels[train]),
        "validation": part(images[validation], labels[validation]),
        "test": part(read(spec, "images", "test"), read(spec, "labels", "test")),
    }
    nn = torch.nn
    net = nn.Sequential(nn.Linear(784, 512), nn.ReLU(), nn.Dropout(0.2), nn.Linear(512, 256), nn.ReLU(), nn.Linear(256, 10))
    adam = torch.optim.Adam(net.parameters(), lr=0.001, fused=True)
    x, y = parts["train"]
    os.makedirs(out, exist_ok=True)
    best = float("inf")
    with open(os.path.join(out, "metrics.jsonl"), "w") as log:
        for epoch in range(1, epochs + 1):
            total, order = 0.0, torch.randperm(len(y))
            for rows in order.split(128):
                adam.zero_grad(set_to_none=True)
                loss = nn.functional.cross_entropy(net(x[rows]), y[rows])
                loss.backward()
                adam.step()
                total += loss.item() * len(rows)
            scores = score(net, parts["validation"])
            log.write(json.dumps({"epoch": epoch, "loss": total / len(y), "validation": scores}) + "\n")
            log.flush()
            if scores["loss"] < best:
                best = scores["loss"]
                save(net.state_dict(), out, "best.pt")
            save({"net": net.state_dict(), "adam": adam.state_dict(), "epoch": epoch}, out, "last.pt")
    net.load_state_dict(torch.load(os.path.join(out, "best.pt")))
    print(json.dumps({name: score(net, p) for name, p in parts.items()} | {"import_seconds": imported}))


def save(what, out, name):
    torch.save(what, os.path.join(out, name + ".tmp"))
    os.replace(os.path.join(out, name + ".tmp"), os.path.join(out, name))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), sys.argv[3], int(sys.argv[4]))
