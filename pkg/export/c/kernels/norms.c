/* y = fma((x-mean)*rstd, gamma, beta); 0 stands for ones and zeros. */
static void k_normalize_row(float *y, const float *x, const float *gamma, const float *beta, int n, float mean, float rstd) {
    int i;
    for (i = 0; i < n; i++) {
        y[i] = f_fma(f_mul(x[i] - mean, rstd), gamma ? gamma[i] : 1, beta ? beta[i] : 0);
    }
}

static void k_layer_norm(float *y, const float *x, const float *gamma, const float *beta, int rows, int cols, float eps) {
    int i, j;
    for (i = 0; i < rows; i++, x += cols, y += cols) {
        const float m = k_sum_of(x, cols) / (float)cols;
        float l[64] = {0};
        for (j = 0; j < cols; j++) {
            const float d = x[j] - m;
            l[j & 63] = f_fma(d, d, l[j & 63]);
        }
        k_normalize_row(y, x, gamma, beta, cols, m, f_rsqrt(k_fold(l) / (float)cols + eps));
    }
}

static void k_rms_norm(float *y, const float *x, const float *gamma, int rows, int cols, float eps) {
    int i;
    for (i = 0; i < rows; i++, x += cols, y += cols) {
        k_normalize_row(y, x, gamma, 0, cols, 0, f_rsqrt(k_dot_of(x, x, cols) / (float)cols + eps));
    }
}

static void k_normalize_columns(float *y, const float *x, const float *mean, const float *scale, const float *shift, int rows, int cols) {
    int i, j;
    for (i = 0; i < rows; i++, x += cols, y += cols) {
        for (j = 0; j < cols; j++) {
            y[j] = f_fma(x[j] - mean[j], scale[j], shift[j]);
        }
    }
}

/* Mean and variance of the columns of x [rows,cols]. Narrow columns are summed in several chains side by side. */
static void k_column_moments(float *mean, float *variance, const float *x, float *chains, int rows, int cols) {
    const int t = cols <= 32 && rows * cols >= 128 ? 64 / cols : 1;
    int pass, i, j, k;
    for (pass = 0; pass < 2; pass++) {
        for (j = 0; j < cols; j++) {
            float s;
            for (k = 0; k < t; k++) {
                s = 0;
                for (i = k; i < rows; i += t) {
                    const float v = x[i * cols + j];
                    if (pass == 0) {
                        s += v;
                    } else {
                        s = f_fma(v - mean[j], v - mean[j], s);
                    }
                }
                chains[k] = s;
            }
            for (s = chains[0], k = 1; k < t; k++) {
                s += chains[k];
            }
            (pass == 0 ? mean : variance)[j] = s / (float)rows;
        }
    }
}

static double f_product(double a, double b) {
    const volatile double p = a * b;
    return p;
}

/* Mean and variance of a group from those of its channels in blocks of 1024 positions. */
static void k_join_moments(float *mean, float *variance, const float *means, const float *variances, int positions, int channels, int size) {
    double m = 0, v = 0;
    int pass, b, i;
    for (pass = 0; pass < 2; pass++) {
        for (b = 0; b * 1024 < positions; b++) {
            const int count = positions - b * 1024 < 1024 ? positions - b * 1024 : 1024;
            const double weight = (double)count / (double)(positions * size);
            for (i = b * channels; i < b * channels + size; i++) {
                if (pass == 0) {
                    m += f_product(weight, means[i]);
                } else {
                    const double d = (double)means[i] - m;
                    v += f_product(weight, (double)variances[i] + f_product(d, d));
                }
            }
        }
    }
    *mean = (float)m;
    *variance = (float)v;
}

/* Normalizes groups of channels over the positions of each row; sizes are rows, positions, channels and groups. */
static void k_group_norm(float *y, const float *x, const float *gamma, const float *beta, float *scratch, const int *sizes, float eps) {
    const int positions = sizes[1], channels = sizes[2], groups = sizes[3], blocks = (positions + 1023) / 1024, size = channels / groups;
    float *means = scratch, *variances = means + blocks * channels, *mean = variances + blocks * channels, *scale = mean + channels;
    float *chains = scale + channels;
    int row, b, g, i;
    for (row = 0; row < sizes[0]; row++, x += positions * channels, y += positions * channels) {
        for (b = 0; b < blocks; b++) {
            k_column_moments(means + b * channels, variances + b * channels, x + b * 1024 * channels, chains,
                             positions - b * 1024 < 1024 ? positions - b * 1024 : 1024, channels);
        }
        for (g = 0; g < groups; g++) {
            float m, v;
            k_join_moments(&m, &v, means + g * size, variances + g * size, positions, channels, size);
            for (i = g * size; i < (g + 1) * size; i++) {
                mean[i] = m;
                scale[i] = f_rsqrt(v + eps);
                if (gamma) {
                    scale[i] = f_mul(scale[i], gamma[i]);
                }
            }
        }
        for (i = 0; i < positions * channels; i++) {
            y[i] = f_fma(x[i] - mean[i % channels], scale[i % channels], beta ? beta[i % channels] : 0);
        }
    }
}
