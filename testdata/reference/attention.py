"""attention.json: torch's MultiheadAttention, TransformerEncoderLayer and TransformerDecoderLayer, and attention after its
papers, in float64.

Settings and parameters have the names of a spec and of dnn's layers. x is the sequence that looks, z the one that is looked at;
lengths are those of the latter.
"""
import math

import numpy as np
import torch
from torch.func import functional_call

from common import Random, save, vjp

# What the parts of torch's layers are called here.
PARTS = {"self_attn": "0.self_attention", "multihead_attn": "0.cross_attention", "linear1": "0.hidden", "linear2": "0.output",
         "norm1": "0.norm_1", "norm2": "0.norm_2", "norm3": "0.norm_3"}


def attention_parameters(random, prefix, n, wide, bias):
    """Those of multi_head_attention."""
    all = {}
    for role, (rows, columns) in {"query": (n, n), "key": (n, wide), "value": (n, wide), "output": (n, n)}.items():
        all[f"{prefix}{role}.weight"] = random.normal(rows, columns, scale=columns ** -0.5)
        if bias:
            all[f"{prefix}{role}.bias"] = random.normal(rows, scale=0.3)
    return all


def torch_attention(t, prefix, packed):
    """The same as torch's MultiheadAttention has them."""
    weights = [t[f"{prefix}{role}.weight"] for role in ("query", "key", "value")]
    names = ("q_proj_weight", "k_proj_weight", "v_proj_weight")
    theirs = {"in_proj_weight": torch.cat(weights)} if packed else dict(zip(names, weights))
    theirs["out_proj.weight"] = t[f"{prefix}output.weight"]
    if f"{prefix}query.bias" in t:
        theirs["in_proj_bias"] = torch.cat([t[f"{prefix}{role}.bias"] for role in ("query", "key", "value")])
        theirs["out_proj.bias"] = t[f"{prefix}output.bias"]
    return theirs


def padding(t, steps):
    """True where there is nothing to look at."""
    return None if "lengths" not in t else torch.arange(steps) >= t["lengths"][:, None]


def causal(steps):
    return torch.triu(torch.ones(steps, steps, dtype=torch.bool), 1)


def main():
    random = Random(11)
    cases = []

    def add(name, layer, settings, inputs, parameters, function):
        cases.append({"name": name, "layer": layer, "settings": settings, **vjp(random, function, inputs, parameters)})

    lengths = np.array([4, 2, 1])

    def multi_head(name, settings, n, wide=None, lengths=None, steps=4, bias=True):
        inputs = {"x": random.normal(3, steps, n)}
        if wide:
            inputs["z"] = random.normal(3, 4, wide)
        if lengths is not None:
            inputs["lengths"] = lengths
        module = torch.nn.MultiheadAttention(n, settings["heads"], bias=bias, batch_first=True, kdim=wide, vdim=wide).double()

        def function(t):
            z = t.get("z", t["x"])
            mask = causal(steps) if settings.get("causal") else None
            theirs = torch_attention(t, "", wide in (None, n))
            args = (t["x"], z, z)
            more = {"key_padding_mask": padding(t, z.shape[1]), "attn_mask": mask, "need_weights": False}
            return {"y": functional_call(module, theirs, args, more)[0]}

        add(f"multi_head_attention/{name}", "multi_head_attention", {**settings, "bias": bias}, inputs,
            attention_parameters(random, "", n, wide or n, bias), function)

    multi_head("self", {"heads": 2}, 6)
    multi_head("padded", {"heads": 3}, 6, lengths=lengths)
    multi_head("causal", {"heads": 2, "causal": True}, 4, lengths=lengths)
    multi_head("cross", {"heads": 2}, 4, wide=4, steps=5, lengths=lengths)
    multi_head("cross/widths", {"heads": 1}, 4, wide=3, steps=2, lengths=lengths, bias=False)

    def block(kind, name, activation, norm, causally=False, bias=True, wide=6):
        decoder = kind == "decoder"
        inputs = {"x": random.normal(3, 4, 6)}
        if decoder:
            inputs = {"x": random.normal(3, 3, 6), "z": random.normal(3, 4, wide)}
        inputs["lengths"] = lengths
        settings = {"heads": 2, "hidden": 5, "activation": activation, "norm": norm, "bias": bias}
        if not decoder:
            settings["causal"] = causally
        make = torch.nn.TransformerDecoderLayer if decoder else torch.nn.TransformerEncoderLayer
        module = make(6, 2, 5, dropout=0.0, activation=activation, batch_first=True, norm_first=norm == "before", bias=bias).double()
        attentions = ["self_attn", "multihead_attn"] if decoder else ["self_attn"]
        parameters = {}
        for part in attentions:
            parameters |= attention_parameters(random, PARTS[part] + ".", 6, 6, bias)
        for part, shape in {"linear1": (5, 6), "linear2": (6, 5)}.items():
            parameters[PARTS[part] + ".weight"] = random.normal(*shape, scale=0.5)
            if bias:
                parameters[PARTS[part] + ".bias"] = random.normal(shape[0], scale=0.3)
        for part in ("norm1", "norm2", "norm3")[:3 if decoder else 2]:
            parameters[PARTS[part] + ".gamma"] = random.normal(6, scale=0.3, shift=1)
            if bias:
                parameters[PARTS[part] + ".beta"] = random.normal(6, scale=0.3)

        def function(t):
            theirs = {}
            for part in attentions:
                theirs |= {f"{part}.{k}": v for k, v in torch_attention(t, PARTS[part] + ".", True).items()}
            for part in ("linear1", "linear2", "norm1", "norm2", "norm3"):
                for role, ours in (("weight", "gamma" if part.startswith("norm") else "weight"),
                                   ("bias", "beta" if part.startswith("norm") else "bias")):
                    if f"{PARTS[part]}.{ours}" in t:
                        theirs[f"{part}.{role}"] = t[f"{PARTS[part]}.{ours}"]
            if decoder:
                more = {"tgt_mask": causal(3), "memory_key_padding_mask": padding(t, 4)}
                return {"y": functional_call(module, theirs, (t["x"], t["z"]), more)}
            more = {"src_mask": causal(4) if causally else None, "src_key_padding_mask": padding(t, 4)}
            return {"y": functional_call(module, theirs, (t["x"],), more)}

        add(f"transformer_{kind}/{name}", f"transformer_{kind}", settings, inputs, parameters, function)

    block("encoder", "after", "relu", "after")
    block("encoder", "before", "relu", "before")
    block("encoder", "gelu", "gelu", "after", causally=True)
    block("encoder", "no_bias", "gelu", "before", causally=True, bias=False)
    block("decoder", "after", "relu", "after")
    block("decoder", "before", "gelu", "before")
    block("decoder", "no_bias", "relu", "after", bias=False)

    def single(name, settings, parameters, score):  # torch has none of these: after their papers
        inputs = {"x": random.normal(3, 3, 4), "z": random.normal(3, 4, 5 if "wide" in name else 4), "lengths": lengths}

        def function(t):
            s = score(t).masked_fill(padding(t, 4)[:, None, :], -math.inf)
            return {"y": s.softmax(-1) @ t["z"]}

        add(f"attention/{name}", "attention", settings, inputs, parameters, function)

    def dot(t):
        return t["x"] @ t["z"].transpose(1, 2)

    def general(t):
        return t["x"] @ t["query.weight"].T @ t["z"].transpose(1, 2)

    def additive(t):
        u = (t["x"] @ t["query.weight"].T)[:, :, None] + (t["z"] @ t["key.weight"].T)[:, None]
        return (u.tanh() @ t["score.weight"].T)[..., 0]

    single("dot", {}, {}, lambda t: dot(t) / 2)
    single("dot/plain", {"scaled": False}, {}, dot)
    single("general", {"kind": "general", "scaled": False}, {"query.weight": random.normal(4, 4)}, general)
    single("general/wide", {}, {"query.weight": random.normal(5, 4)}, lambda t: general(t) / math.sqrt(5))
    single("additive/wide", {"kind": "additive", "units": 3}, {"query.weight": random.normal(3, 4), "key.weight": random.normal(3, 5),
           "score.weight": random.normal(1, 3)}, additive)
    save("attention", {"cases": cases})


if __name__ == "__main__":
    main()
