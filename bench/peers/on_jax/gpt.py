import jax
import jax.numpy as jnp
import numbers_of
from on_jax.mlp import train

MODES = [""]


def norm(x, gamma, beta):
    centred = x - x.mean(-1, keepdims=True)
    return centred * jax.lax.rsqrt(jnp.square(centred).mean(-1, keepdims=True) + 1e-5) * gamma + beta


def make(args, threads, mode):
    width, heads = args["width"], args["heads"]
    weights, tokens, params = numbers_of.Weights(), args["vocabulary"] + 2, []
    vector = lambda: params.append(weights.weight(width))
    dense = lambda m, n: params.extend([weights.weight(m, n).T.copy(), weights.weight(m)])
    params += [weights.weight(tokens, width), weights.weight(args["length"], width)]
    for _ in range(args["blocks"]):
        vector(), vector()
        for _ in range(4):
            dense(width, width)
        vector(), vector()
        dense(4 * width, width)
        dense(width, 4 * width)
    vector(), vector()
    params.append(weights.weight(tokens, width).T.copy())

    def block(x, g1, b1, wq, bq, wk, bk, wv, bv, wo, bo, g2, b2, wh, bh, wp, bp):
        rows, steps, _ = x.shape
        u = norm(x, g1, b1)
        q, k, v = ((u @ w + b).reshape(rows, steps, heads, -1) for w, b in ((wq, bq), (wk, bk), (wv, bv)))
        seen = jax.nn.dot_product_attention(q, k, v, is_causal=True)
        x = x + seen.reshape(rows, steps, width) @ wo + bo
        return x + jax.nn.relu(norm(x, g2, b2) @ wh + bh) @ wp + bp

    def loss(p, x, y):
        h = p[0][x] + p[1]
        for i in range(args["blocks"]):
            h = block(h, *p[2 + 16 * i : 18 + 16 * i])
        scores = jax.nn.log_softmax(norm(h, p[-3], p[-2]) @ p[-1])
        return -jnp.mean(jnp.take_along_axis(scores, y[..., None], -1))

    x, y = numbers_of.tokens(args)
    return train(loss, params, (jnp.asarray(x), jnp.asarray(y)))
