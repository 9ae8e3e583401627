import numbers_of
import torch
from on_pytorch.gpt import GPT
from torch.nn import functional
from worker import Work

# as nanoGPT generates: the whole window for each token. cached: keys and values are kept, and when the window is full, its
# second half is read anew from the first place on
MODES = ["eager", "eager, cached"]
FIRST, CHECK = 2, 40


def likeliest(logits):
    """The token, which is neither padding nor an unseen character."""
    return int(logits[..., 2:].argmax()) + 2


class Whole:
    def __init__(self, net, length):
        self.net, self.length, self.tokens = net, length, [FIRST]

    def next(self):
        x = torch.tensor([self.tokens[-self.length :]])
        net = self.net
        h = net.blocks(net.table(x) + net.places.weight[: x.shape[1]])
        token = likeliest(net.output(net.norm(h[:, -1])))
        self.tokens.append(token)
        return token


class Cached:
    def __init__(self, net, length):
        self.net, self.length, self.seen = net, length, []
        self.cache = [[torch.empty(1, b.heads, length, net.table.weight.shape[1] // b.heads) for _ in "kv"] for b in net.blocks]
        self.read([FIRST])

    def read(self, tokens):
        net, at = self.net, len(self.seen)
        end = at + len(tokens)
        x = net.table(torch.tensor([tokens])) + net.places.weight[at:end]
        for block, (keys, values) in zip(net.blocks, self.cache):
            rows, steps, width = x.shape
            q, k, v = (t.view(rows, steps, block.heads, -1).transpose(1, 2) for t in block.joined(block.norm_1(x)).split(width, 2))
            keys[:, :, at:end], values[:, :, at:end] = k, v
            seen = functional.scaled_dot_product_attention(q, keys[:, :, :end], values[:, :, :end], is_causal=steps > 1)
            x = x + block.project(seen.transpose(1, 2).reshape(rows, steps, width))
            x = x + block.output(functional.relu(block.hidden(block.norm_2(x))))
        self.seen += tokens
        self.logits = net.output(net.norm(x[:, -1]))

    def next(self):
        token = likeliest(self.logits)
        if len(self.seen) == self.length:
            kept, self.seen = self.seen[-self.length // 2 :], []
            self.read(kept)
        self.read([token])
        return token


@torch.inference_mode()
def make(args, threads, mode):
    net = GPT(args, numbers_of.Weights()).eval()
    writer = (Cached if "cached" in mode else Whole)(net, args["length"])

    @torch.inference_mode()
    def run(n):
        for _ in range(n):
            writer.next()

    return Work(run, float(sum((i + 1) * writer.next() for i in range(CHECK))))
