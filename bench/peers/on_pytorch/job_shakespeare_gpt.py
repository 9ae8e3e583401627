"""The job of shakespeare-gpt.yaml in PyTorch, as a program of its own: a small nanoGPT.

It does what `dnn train` does: 2,000 updates, the whole validation split scored every 250, the best weights kept and scored at
the end. Query, key and value are one product, attention is PyTorch's fused kernel, AdamW the fused one.

Usage: job_shakespeare_gpt.py SPEC STEPS OUT THREADS; the text is the one that SPEC names.
"""

import json
import math
import os
import re
import sys
import time

begin = time.perf_counter()
import torch
from torch import nn
from torch.nn import functional

imported = time.perf_counter() - begin
WINDOW, BATCH, WIDTH, HEADS, BLOCKS = 64, 12, 128, 4, 4


class Block(nn.Module):
    def __init__(self):
        super().__init__()
        self.norm_1, self.norm_2 = nn.LayerNorm(WIDTH), nn.LayerNorm(WIDTH)
        self.joined, self.project = nn.Linear(WIDTH, 3 * WIDTH), nn.Linear(WIDTH, WIDTH)
        self.hidden, self.output = nn.Linear(WIDTH, 4 * WIDTH), nn.Linear(4 * WIDTH, WIDTH)

    def forward(self, x):
        rows, steps, width = x.shape
        q, k, v = (t.view(rows, steps, HEADS, -1).transpose(1, 2) for t in self.joined(self.norm_1(x)).split(width, 2))
        seen = functional.scaled_dot_product_attention(q, k, v, is_causal=True)
        x = x + self.project(seen.transpose(1, 2).reshape(rows, steps, width))
        return x + self.output(functional.relu(self.hidden(self.norm_2(x))))


class GPT(nn.Module):
    def __init__(self, characters):
        super().__init__()
        self.table, self.places = nn.Embedding(characters, WIDTH), nn.Embedding(WINDOW, WIDTH)
        self.blocks = nn.Sequential(*(Block() for _ in range(BLOCKS)))
        self.norm, self.output = nn.LayerNorm(WIDTH), nn.Linear(WIDTH, characters, bias=False)
        for p in (self.table, self.places):
            nn.init.normal_(p.weight, std=0.1)

    def forward(self, x, y):
        h = self.blocks(self.table(x) + self.places.weight[: x.shape[1]])
        return functional.cross_entropy(self.output(self.norm(h)).flatten(0, 1), y.flatten())


def score(net, tokens):
    """Nats a character over windows that do not overlap."""
    n = (len(tokens) - 1) // WINDOW
    x, y = tokens[: n * WINDOW].view(n, WINDOW), tokens[1 : n * WINDOW + 1].view(n, WINDOW)
    net.eval()
    with torch.inference_mode():
        total = sum(net(x[i : i + 64], y[i : i + 64]).item() * min(64, n - i) for i in range(0, n, 64))
    net.train()
    return total / n


def main(path, steps, out, threads):
    torch.set_num_threads(threads)
    torch.manual_seed(1)
    text = open(os.path.join(os.path.dirname(path), re.search(r"path: (\S+)", open(path).read()).group(1))).read()
    characters = {c: i for i, c in enumerate(sorted(set(text)))}
    tokens = torch.tensor([characters[c] for c in text])
    cut = int(0.9 * len(tokens))
    train, validation = tokens[:cut], tokens[cut:]
    net = GPT(len(characters))
    adam = torch.optim.AdamW(net.parameters(), lr=0.001, betas=(0.9, 0.99), weight_decay=0.1, fused=True)
    os.makedirs(out, exist_ok=True)
    best = float("inf")
    for step in range(steps):
        share = (step - 100) / max(steps - 100, 1)
        rate = 0.001 * (step + 1) / 100 if step < 100 else 0.0001 + 0.00045 * (1 + math.cos(math.pi * share))
        adam.param_groups[0]["lr"] = rate
        starts = torch.randint(len(train) - WINDOW - 1, (BATCH, 1)) + torch.arange(WINDOW)
        adam.zero_grad(set_to_none=True)
        net(train[starts], train[starts + 1]).backward()
        nn.utils.clip_grad_norm_(net.parameters(), 1.0)
        adam.step()
        if (step + 1) % 250 == 0 or step + 1 == steps:
            if (loss := score(net, validation)) < best:
                best = loss
                torch.save(net.state_dict(), os.path.join(out, "best.pt"))
    net.load_state_dict(torch.load(os.path.join(out, "best.pt")))
    print(json.dumps({"validation": {"loss": score(net, validation)}, "import_seconds": imported}))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), sys.argv[3], int(sys.argv[4]))
