/* The keys [lo,hi) that a query at a position sees. */
static void k_seen(const int32_t *lengths, int row, int at, const int *sizes, int *lo, int *hi) {
    const int window = sizes[8];
    *lo = 0;
    *hi = sizes[2];
    if (lengths && lengths[row] < *hi) {
        *hi = lengths[row] < 0 ? 0 : lengths[row];
    }
    if (window > 0 && at - window + 1 > *lo) {
        *lo = at - window + 1;
    }
    if (window > 0 && at + window < *hi) {
        *hi = at + window;
    }
    if (sizes[7] && at + 1 < *hi) {
        *hi = at + 1;
    }
    if (*hi < 0) {
        *hi = 0;
    }
    if (*lo > *hi) {
        *lo = *hi;
    }
}

/* Lets each query of each head attend to the keys that it sees, in blocks of 128 keys with a running maximum and sum. sizes are rows,
   queries, keys, heads, heads of keys, elements of a key and of a value, 1 if causal, and the window. */
static void k_attention(float *y, const float *q, const float *k, const float *v, const float *slopes, const int32_t *lengths,
                        const int32_t *offset, float *scratch, const int *sizes, float scale) {
    const int queries = sizes[1], n = sizes[2], heads = sizes[3], keys = sizes[4], d = sizes[5], e = sizes[6], group = heads / keys;
    float *own = scratch, *weights = own + d, *sums = weights + 128;
    int u, i, j, j0;
    for (u = 0; u < sizes[0] * queries * heads; u++) {
        const int row = u / (queries * heads), head = u % heads, at = u / heads % queries + (offset ? offset[row] : 0);
        float top = -FLT_MAX, sum = 0;
        int lo, hi, first;
        k_seen(lengths, row, at, sizes, &lo, &hi);
        first = lo - lo % 128;
        for (i = 0; i < d; i++) {
            own[i] = f_mul(q[u * d + i], scale);
        }
        for (i = 0; i < e; i++) {
            sums[i] = 0;
        }
        for (j0 = first; j0 < hi; j0 += 128) {
            const float before = top;
            float l[64] = {0}, change;
            for (j = j0; j < j0 + 128; j++) {
                const float *key = k + ((row * n + j) * keys + head / group) * d;
                float s = 0;
                if (j < lo || j >= hi) {
                    weights[j - j0] = -HUGE_VALF;
                    continue;
                }
                for (i = 0; i < d; i++) {
                    s = f_fma(own[i], key[i], s);
                }
                if (slopes) {
                    s = f_fma(j < at ? slopes[head] : -slopes[head], (float)(j - at), s);
                }
                weights[j - j0] = s;
                top = s > top || s != s ? s : top;
            }
            for (i = 0; i < 128; i++) {
                const float x = weights[i] - top;
                weights[i] = x < -87 ? 0 : f_exp(x);
                l[i % 64] += weights[i];
            }
            change = f_exp(before - top);
            if (j0 > first && change != 1) {
                sum = f_mul(sum, change);
                for (i = 0; i < e; i++) {
                    sums[i] = f_mul(sums[i], change);
                }
            }
            sum += k_fold(l);
            for (j = j0 < lo ? lo : j0; j < j0 + 128 && j < hi; j++) {
                const float *value = v + ((row * n + j) * keys + head / group) * e;
                for (i = 0; i < e; i++) {
                    sums[i] = f_fma(weights[j - j0], value[i], sums[i]);
                }
            }
        }
        for (i = 0; i < e; i++) {
            y[u * e + i] = sum != 0 ? f_fma(1 / sum, sums[i], 0) : 0;
        }
    }
}

/* Turns the heads of x [rows, steps, heads, 2 half] by angles whose cosines and sines are given for each step. */
static void k_rotary(float *y, const float *x, const float *cosines, const float *sines, int rows, int steps, int heads, int half) {
    int u, j;
    for (u = 0; u < rows * steps * heads; u++) {
        const int t = u / heads % steps;
        for (j = 0; j < half; j++) {
            const float a = x[2 * u * half + j], b = x[(2 * u + 1) * half + j], c = cosines[t * half + j], s = sines[t * half + j];
            y[2 * u * half + j] = f_fma(-b, s, f_mul(a, c));
            y[(2 * u + 1) * half + j] = f_fma(a, s, f_mul(b, c));
        }
    }
}
