/* Where the windows of place p of the result begin along each axis of x, and how many positions they have; table is rows, channels, the
   sizes of x and of y, and the windows of each axis. */
static void k_window(const int *table, int p, int *first, int *count) {
    const int *out = table + 5, *at = table + 8;
    int i[3], ax;
    i[0] = p / (out[2] * out[1]) % out[0];
    i[1] = p / out[2] % out[1];
    i[2] = p % out[2];
    for (ax = 0; ax < 3; ax++) {
        first[ax] = at[2 * i[ax]];
        count[ax] = at[2 * i[ax] + 1];
        at += 2 * out[ax];
    }
}

static void k_max_pool(float *y, const float *x, const int *table) {
    const int channels = table[1], places = table[5] * table[6] * table[7];
    const int *in = table + 2;
    int p, c, i, j, k, first[3], count[3];
    for (p = 0; p < table[0] * places; p++) {
        k_window(table, p % places, first, count);
        for (c = 0; c < channels; c++) {
            float m = 0;
            int some = 0;
            for (i = first[0]; i < first[0] + count[0]; i++) {
                for (j = first[1]; j < first[1] + count[1]; j++) {
                    for (k = first[2]; k < first[2] + count[2]; k++) {
                        const float v = x[(((p / places * in[0] + i) * in[1] + j) * in[2] + k) * channels + c];
                        m = some ? f_maximum(v, m) : v;
                        some = 1;
                    }
                }
            }
            y[p * channels + c] = m;
        }
    }
}

/* Sums windows; the weights of their elements follow one another, place by place. */
static void k_sum_pool(float *y, const float *x, const float *weights, const float *divs, const int *table) {
    const int channels = table[1], places = table[5] * table[6] * table[7];
    const int *in = table + 2;
    int row, p, c, i, j, k, first[3], count[3];
    for (row = 0; row < table[0]; row++) {
        const float *w = weights;
        for (p = 0; p < places; p++) {
            k_window(table, p, first, count);
            for (c = 0; c < channels; c++) {
                float s = 0;
                int n = 0;
                for (i = first[0]; i < first[0] + count[0]; i++) {
                    for (j = first[1]; j < first[1] + count[1]; j++) {
                        for (k = first[2]; k < first[2] + count[2]; k++) {
                            const float v = x[(((row * in[0] + i) * in[1] + j) * in[2] + k) * channels + c];
                            s = n == 0 ? f_mul(w[0], v) : f_fma(w[n], v, s);
                            n++;
                        }
                    }
                }
                y[(row * places + p) * channels + c] = divs[p] != 1 ? s / divs[p] : s;
            }
            w += count[0] * count[1] * count[2];
        }
    }
}
