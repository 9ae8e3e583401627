static void k_gather(float *y, const float *table, const int32_t *ids, int n, int width) {
    int i, j;
    for (i = 0; i < n; i++) {
        for (j = 0; j < width; j++) {
            y[i * width + j] = table[ids[i] * width + j];
        }
    }
}

static void k_to_float(float *y, const int32_t *x, int n) {
    int i;
    for (i = 0; i < n; i++) {
        y[i] = (float)x[i];
    }
}

static void k_sequence_mask(float *y, const int32_t *lengths, int n, int positions) {
    int i, j;
    for (i = 0; i < n; i++) {
        for (j = 0; j < positions; j++) {
            *y++ = j < lengths[i] ? 1 : 0;
        }
    }
}

static void k_scale_lengths(int32_t *y, const int32_t *x, int n, int times, int plus, int by) {
    int i;
    for (i = 0; i < n; i++) {
        const int length = x[i] * times + plus;
        y[i] = x[i] <= 0 || length < 0 ? 0 : length / by;
    }
}

static void k_one_hot(float *y, const int32_t *ids, int n, int classes, float on, float off) {
    int i, j;
    for (i = 0; i < n; i++) {
        for (j = 0; j < classes; j++) {
            *y++ = j == ids[i] ? on : off;
        }
    }
}

static void k_move_ints(int32_t *y, const int32_t *x, int p, int q, const int *nest) {
    const int rank = nest[0];
    const int *size = nest + 1, *sy = size + rank, *sx = sy + rank;
    int at[8] = {0}, ax;
    do {
        y[p] = x[q];
        for (ax = rank - 1; ax >= 0; ax--) {
            p += sy[ax];
            q += sx[ax];
            if (++at[ax] < size[ax]) {
                break;
            }
            at[ax] = 0;
            p -= sy[ax] * size[ax];
            q -= sx[ax] * size[ax];
        }
    } while (ax >= 0);
}

/* The steps of a row that are valid. */
static int k_valid(const int32_t *lengths, int row, int steps) {
    if (!lengths || lengths[row] >= steps) {
        return steps;
    }
    return lengths[row] < 0 ? 0 : lengths[row];
}

/* Begins a state with that of a row, or zeros. */
static void k_state(float *h, const float *first, int row, int units) {
    int i;
    for (i = 0; i < units; i++) {
        h[i] = first ? first[row * units + i] : 0;
    }
}

/* z = w h for w [n,k]. */
static void k_times(float *z, const float *w, const float *h, int n, int k) {
    int j, l;
    for (j = 0; j < n; j++) {
        float s = 0;
        for (l = 0; l < k; l++) {
            s = f_fma(h[l], w[j * k + l], s);
        }
        z[j] = s;
    }
}

/* z = w h for n rows of w from one on; w is NULL where its weights are 8-bit integers w8, with a scale for each row. Then h is quantized,
   as if its largest magnitude were least, or more. */
static void k_hidden(float *z, const float *w, const int8_t *w8, const float *scales, int32_t *q, const float *h, int n, int k, int from,
                     float least) {
    float scale;
    int j, l;
    if (w) {
        k_times(z, w + from * k, h, n, k);
        return;
    }
    scale = k_scale_of(h, k);
    scale = scale < least / 127 ? least / 127 : scale;
    k_quantize(q, h, k, scale);
    for (j = 0; j < n; j++) {
        int32_t s = 0;
        for (l = 0; l < k; l++) {
            s += q[l] * w8[(from + j) * k + l];
        }
        z[j] = f_mul((float)s, f_mul(scale, scales[from + j]));
    }
}

/* Copies a state to an array that may be absent. */
static void k_put(float *y, int at, const float *h, int units) {
    if (y) {
        memcpy(y + at * units, h, (size_t)units * sizeof *h);
    }
}

/* Sets the steps of a row beyond its valid ones to 0. */
static void k_rest(float *y, int row, int steps, int valid, int units) {
    int i;
    for (i = valid * units; y && i < steps * units; i++) {
        y[row * steps * units + i] = 0;
    }
}

static void k_rnn(float *y, float *last, const float *x, const float *w, const int8_t *w8, const float *scales, int32_t *q,
                  const float *h0, const int32_t *lengths, float *scratch, int rows, int steps, int units, int reverse, float least,
                  float (*f)(float)) {
    float *h = scratch, *z = h + units;
    int row, s, j;
    for (row = 0; row < rows; row++) {
        const int valid = k_valid(lengths, row, steps);
        k_state(h, h0, row, units);
        for (s = 0; s < valid; s++) {
            const int t = row * steps + (reverse ? valid - 1 - s : s);
            k_hidden(z, w, w8, scales, q, h, units, units, 0, least);
            for (j = 0; j < units; j++) {
                h[j] = f(x[t * units + j] + z[j]);
            }
            k_put(y, t, h, units);
        }
        k_put(last, row, h, units);
        k_rest(y, row, steps, valid, units);
    }
}

static void k_lstm(float *y, float *last, float *cell, const float *x, const float *w, const int8_t *w8, const float *scales, int32_t *q,
                   const float *h0, const float *c0, const int32_t *lengths, float *scratch, int rows, int steps, int n, int reverse,
                   float least) {
    float *h = scratch, *c = h + n, *z = c + n;
    int row, s, j;
    for (row = 0; row < rows; row++) {
        const int valid = k_valid(lengths, row, steps);
        k_state(h, h0, row, n);
        k_state(c, c0, row, n);
        for (s = 0; s < valid; s++) {
            const int t = row * steps + (reverse ? valid - 1 - s : s);
            const float *own = x + t * 4 * n;
            k_hidden(z, w, w8, scales, q, h, 4 * n, n, 0, least);
            for (j = 0; j < n; j++) {
                const float i = f_sigmoid(own[j] + z[j]), f = f_sigmoid(own[n + j] + z[n + j]);
                const float g = f_tanh(own[2 * n + j] + z[2 * n + j]), o = f_sigmoid(own[3 * n + j] + z[3 * n + j]);
                c[j] = f_mul(f, c[j]) + f_mul(i, g);
                h[j] = f_mul(o, f_tanh(c[j]));
            }
            k_put(y, t, h, n);
        }
        k_put(last, row, h, n);
        k_put(cell, row, c, n);
        k_rest(y, row, steps, valid, n);
    }
}

static void k_gru(float *y, float *last, const float *x, const float *w, const int8_t *w8, const float *scales, int32_t *q,
                  const float *bias, const float *h0, const int32_t *lengths, float *scratch, int rows, int steps, int n, int reverse,
                  float least) {
    float *h = scratch, *z = h + n;
    int row, s, j;
    for (row = 0; row < rows; row++) {
        const int valid = k_valid(lengths, row, steps);
        k_state(h, h0, row, n);
        for (s = 0; s < valid; s++) {
            const int t = row * steps + (reverse ? valid - 1 - s : s);
            const float *own = x + t * 3 * n;
            k_hidden(z, w, w8, scales, q, h, 3 * n, n, 0, least);
            for (j = 0; j < 3 * n; j++) {
                z[j] += bias ? bias[j] : 0;
            }
            for (j = 0; j < n; j++) {
                const float r = f_sigmoid(own[j] + z[j]), u = f_sigmoid(own[n + j] + z[n + j]);
                const float m = f_tanh(own[2 * n + j] + f_mul(r, z[2 * n + j]));
                h[j] = f_mul(1 - u, m) + f_mul(u, h[j]);
            }
            k_put(y, t, h, n);
        }
        k_put(last, row, h, n);
        k_rest(y, row, steps, valid, n);
    }
}

/* k_gru whose reset gate multiplies the state before w does. */
static void k_gru_before(float *y, float *last, const float *x, const float *w, const int8_t *w8, const float *scales, int32_t *q,
                         const float *bias, const float *h0, const int32_t *lengths, float *scratch, int rows, int steps, int n,
                         int reverse, float least) {
    float *h = scratch, *z = h + n, *kept = z + 3 * n;
    int row, s, j;
    for (row = 0; row < rows; row++) {
        const int valid = k_valid(lengths, row, steps);
        k_state(h, h0, row, n);
        for (s = 0; s < valid; s++) {
            const int t = row * steps + (reverse ? valid - 1 - s : s);
            const float *own = x + t * 3 * n;
            k_hidden(z, w, w8, scales, q, h, 2 * n, n, 0, least);
            for (j = 0; j < 2 * n; j++) {
                z[j] = f_sigmoid(own[j] + (z[j] + (bias ? bias[j] : 0)));
            }
            for (j = 0; j < n; j++) {
                kept[j] = f_mul(z[j], h[j]);
            }
            k_hidden(z + 2 * n, w, w8, scales, q, kept, n, n, 2 * n, least);
            for (j = 0; j < n; j++) {
                const float m = f_tanh(own[2 * n + j] + (z[2 * n + j] + (bias ? bias[2 * n + j] : 0)));
                h[j] = f_mul(1 - z[n + j], m) + f_mul(z[n + j], h[j]);
            }
            k_put(y, t, h, n);
        }
        k_put(last, row, h, n);
        k_rest(y, row, steps, valid, n);
    }
}
