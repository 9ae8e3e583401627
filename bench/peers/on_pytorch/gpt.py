import numbers_of
import torch
from on_pytorch import MODERN
from on_pytorch.mlp import train
from on_pytorch.net import take
from torch import nn
from torch.nn import functional

MODES = ["eager, fused Adam", "compile, fused Adam"] if MODERN else ["eager"]


class Block(nn.Module):
    """One product for query, key and value, as nanoGPT has it, and PyTorch's fused attention."""

    def __init__(self, width, heads, weights):
        super().__init__()
        self.heads = heads
        self.norm_1 = take(nn.LayerNorm(width), weights)
        parts = [take(nn.Linear(width, width), weights) for _ in range(3)]
        self.joined = nn.Linear(width, 3 * width)
        self.joined.weight.data.copy_(torch.cat([p.weight.data for p in parts]))
        self.joined.bias.data.copy_(torch.cat([p.bias.data for p in parts]))
        self.project = take(nn.Linear(width, width), weights)
        self.norm_2 = take(nn.LayerNorm(width), weights)
        self.hidden = take(nn.Linear(width, 4 * width), weights)
        self.output = take(nn.Linear(4 * width, width), weights)

    def forward(self, x):
        rows, steps, width = x.shape
        q, k, v = (t.view(rows, steps, self.heads, -1).transpose(1, 2) for t in self.joined(self.norm_1(x)).split(width, 2))
        seen = functional.scaled_dot_product_attention(q, k, v, is_causal=True)
        x = x + self.project(seen.transpose(1, 2).reshape(rows, steps, width))
        return x + self.output(functional.relu(self.hidden(self.norm_2(x))))


class GPT(nn.Module):
    def __init__(self, a, weights):
        super().__init__()
        tokens, width = a["vocabulary"] + 2, a["width"]  # with dnn's padding and unseen characters
        self.table = take(nn.Embedding(tokens, width), weights, ["weight"])
        self.places = take(nn.Embedding(a["length"], width), weights, ["weight"])
        self.blocks = nn.Sequential(*(Block(width, a["heads"], weights) for _ in range(a["blocks"])))
        self.norm = take(nn.LayerNorm(width), weights)
        self.output = take(nn.Linear(width, tokens, bias=False), weights, ["weight"])

    def forward(self, x, y):
        h = self.blocks(self.table(x) + self.places.weight)
        return functional.cross_entropy(self.output(self.norm(h)).flatten(0, 1), y.flatten())


def make(args, threads, mode):
    x, y = numbers_of.tokens(args)
    return train(GPT(args, numbers_of.Weights()), (torch.from_numpy(x), torch.from_numpy(y)), mode)
