/* The scale of n numbers: that of the largest magnitude; NaN if one is not finite. */
static float k_scale_of(const float *x, int n) {
    uint32_t most = 0;
    int i;
    for (i = 0; i < n; i++) {
        const uint32_t u = f_of(x[i]) & 0x7fffffffu;
        most = u > most ? u : most;
    }
    return most >= 0x7f800000u ? f_bits(0x7fc00000u) : f_bits(most) / 127;
}

/* x/scale as whole numbers within 127, ties to even; 0 for NaN. */
static void k_quantize(int32_t *q, const float *x, int n, float scale) {
    const float inverse = scale == 0 ? 0 : 1 / scale, round = 0x1.8p+23f;
    int i;
    for (i = 0; i < n; i++) {
        const float v = f_clip(f_mul(x[i], inverse), -127, 127);
        const volatile float rounded = v + round;
        q[i] = v != v ? 0 : (int32_t)(rounded - round);
    }
}

/* y = x w' in 8-bit integers, for w [n,k] with a scale for each row; given is the scale of x, or 0 for one of each row. */
static void k_dense_int8(float *y, const float *x, const int8_t *w, const float *scales, const float *bias, int32_t *q, int m, int n, int k,
                         float given) {
    int i, j, l;
    for (i = 0; i < m; i++, x += k) {
        const float scale = given != 0 ? given : k_scale_of(x, k);
        const int8_t *row = w;
        k_quantize(q, x, k, scale);
        for (j = 0; j < n; j++, row += k) {
            int32_t s = 0;
            float v;
            for (l = 0; l < k; l++) {
                s += q[l] * row[l];
            }
            v = f_mul((float)s, f_mul(scale, scales[j]));
            *y++ = bias ? v + bias[j] : v;
        }
    }
}

/* k_conv in 8-bit integers, with a scale for each image unless one is given. */
static void k_conv_int8(float *y, const float *x, const int8_t *w, const float *scales, const float *bias, int32_t *q, const int *g,
                        float given) {
    const int c = g[1], o = g[2], inputs = g[1] / g[3], outputs = g[2] / g[3], taps = g[10] * g[11] * g[12];
    const int size = g[4] * g[5] * g[6] * c, places = g[7] * g[8] * g[9];
    int row, p, j, t, l;
    for (row = 0; row < g[0]; row++, x += size) {
        const float scale = given != 0 ? given : k_scale_of(x, size);
        k_quantize(q, x, size, scale);
        for (p = 0; p < places; p++) {
            const int p0 = p / (g[9] * g[8]) * g[13] - g[19], p1 = p / g[9] % g[8] * g[14] - g[20], p2 = p % g[9] * g[15] - g[21];
            for (j = 0; j < o; j++) {
                int32_t s = 0;
                float v;
                for (t = 0; t < taps; t++) {
                    const int i0 = p0 + t / (g[12] * g[11]) * g[16], i1 = p1 + t / g[12] % g[11] * g[17], i2 = p2 + t % g[12] * g[18];
                    if (i0 >= 0 && i0 < g[4] && i1 >= 0 && i1 < g[5] && i2 >= 0 && i2 < g[6]) {
                        const int32_t *r = q + ((i0 * g[5] + i1) * g[6] + i2) * c + j / outputs * inputs;
                        const int8_t *u = w + (j * taps + t) * inputs;
                        for (l = 0; l < inputs; l++) {
                            s += r[l] * u[l];
                        }
                    }
                }
                v = f_mul((float)s, f_mul(scale, scales[j]));
                *y++ = bias ? v + bias[j] : v;
            }
        }
    }
}

static void k_gather_int8(float *y, const int8_t *table, const float *scales, const int32_t *ids, int n, int width) {
    int i, j;
    for (i = 0; i < n; i++) {
        for (j = 0; j < width; j++) {
            *y++ = f_mul((float)table[ids[i] * width + j], scales[ids[i]]);
        }
    }
}
