/* Folds the 64 accumulators of a sum over a row by a fixed tree. */
static float k_fold(float *l) {
    int h, i;
    for (h = 32; h > 0; h /= 2) {
        for (i = 0; i < h; i++) {
            l[i] += l[i + h];
        }
    }
    return l[0];
}

static float k_sum_of(const float *x, int n) {
    float l[64] = {0};
    int i;
    for (i = 0; i < n; i++) {
        l[i & 63] += x[i];
    }
    return k_fold(l);
}

static float k_dot_of(const float *a, const float *b, int n) {
    float l[64] = {0};
    int i;
    for (i = 0; i < n; i++) {
        l[i & 63] = f_fma(a[i], b[i], l[i & 63]);
    }
    return k_fold(l);
}

static float k_max_of(const float *x, int n) {
    float l[64];
    int i, h;
    for (i = 0; i < 64; i++) {
        l[i] = -HUGE_VALF;
    }
    for (i = 0; i < n; i++) {
        l[i & 63] = f_maximum(l[i & 63], x[i]);
    }
    for (h = 32; h > 0; h /= 2) {
        for (i = 0; i < h; i++) {
            l[i] = f_maximum(l[i], l[i + h]);
        }
    }
    return l[0];
}

static void k_sum_rows(float *y, const float *x, int rows, int cols) {
    int i;
    for (i = 0; i < rows; i++) {
        y[i] = k_sum_of(x + i * cols, cols);
    }
}

static void k_sum_blocks(float *y, const float *x, int n) {
    int i;
    for (i = 0; i * 4096 < n; i++) {
        y[i] = k_sum_of(x + i * 4096, n - i * 4096 < 4096 ? n - i * 4096 : 4096);
    }
}

/* Sums the middle axis of [outer, reduce, inner], block rows in each chain. */
static void k_sum_columns(float *y, const float *x, int outer, int reduce, int inner, int block) {
    int o, first, i, j;
    for (o = 0; o < outer; o++) {
        for (first = 0; first < reduce; first += block) {
            for (j = 0; j < inner; j++) {
                float s = 0;
                for (i = first; i < first + block && i < reduce; i++) {
                    s += x[(o * reduce + i) * inner + j];
                }
                *y++ = s;
            }
        }
    }
}

static void k_row_dot(float *y, const float *a, const float *b, int rows, int cols) {
    int i;
    for (i = 0; i < rows; i++) {
        y[i] = k_dot_of(a + i * cols, b + i * cols, cols);
    }
}

static void k_softmax(float *y, const float *x, int rows, int cols) {
    int i, j;
    for (i = 0; i < rows; i++, x += cols, y += cols) {
        const float m = k_max_of(x, cols);
        float l[64] = {0}, s;
        for (j = 0; j < cols; j++) {
            y[j] = f_exp(x[j] - m);
            l[j & 63] += y[j];
        }
        s = 1 / k_fold(l);
        for (j = 0; j < cols; j++) {
            y[j] = f_mul(y[j], s);
        }
    }
}

static void k_log_softmax(float *y, const float *x, int rows, int cols) {
    int i, j;
    for (i = 0; i < rows; i++, x += cols, y += cols) {
        const float m = k_max_of(x, cols);
        float l[64] = {0}, s;
        for (j = 0; j < cols; j++) {
            l[j & 63] += f_exp(x[j] - m);
        }
        s = f_log(k_fold(l));
        for (j = 0; j < cols; j++) {
            y[j] = (x[j] - m) - s;
        }
    }
}
