/* y [m,n] = x [m,k] w [n,k]' + bias: each sum is one chain of fused multiply-adds. */
static void k_dense(float *y, const float *x, const float *w, const float *bias, int m, int n, int k) {
    int i, j, l;
    for (i = 0; i < m; i++) {
        for (j = 0; j < n; j++) {
            float s = 0;
            for (l = 0; l < k; l++) {
                s = f_fma(x[i * k + l], w[j * k + l], s);
            }
            y[i * n + j] = bias ? s + bias[j] : s;
        }
    }
}

/* A batch of products of matrices; sizes are batch, m, n, k, and how far rows and columns of x and w lie apart. */
static void k_matmul(float *y, const float *x, const float *w, const int *sizes) {
    const int m = sizes[1], n = sizes[2], k = sizes[3];
    int b, i, j, l;
    for (b = 0; b < sizes[0]; b++) {
        for (i = 0; i < m; i++) {
            for (j = 0; j < n; j++) {
                float s = 0;
                for (l = 0; l < k; l++) {
                    s = f_fma(x[i * sizes[4] + l * sizes[5]], w[l * sizes[6] + j * sizes[7]], s);
                }
                y[i * n + j] = s;
            }
        }
        y += m * n;
        x += m * k;
        w += k * n;
    }
}

/* A convolution over three axes. Sums go over taps, then channels; what lies beyond the edges takes part as 0. g is rows, channels of x
   and y, groups, and the sizes of x and y, kernel, stride, dilation and padding along each axis. */
static void k_conv(float *y, const float *x, const float *w, const int *g) {
    const int c = g[1], o = g[2], inputs = g[1] / g[3], outputs = g[2] / g[3], taps = g[10] * g[11] * g[12];
    const int places = g[7] * g[8] * g[9];
    int p, j, t, l;
    for (p = 0; p < g[0] * places; p++) {
        const int p0 = p / (g[9] * g[8]) % g[7] * g[13] - g[19], p1 = p / g[9] % g[8] * g[14] - g[20], p2 = p % g[9] * g[15] - g[21];
        for (j = 0; j < o; j++) {
            const float *u = w + j * taps * inputs;
            float s = 0;
            for (t = 0; t < taps; t++) {
                const int i0 = p0 + t / (g[12] * g[11]) * g[16], i1 = p1 + t / g[12] % g[11] * g[17], i2 = p2 + t % g[12] * g[18];
                const int inside = i0 >= 0 && i0 < g[4] && i1 >= 0 && i1 < g[5] && i2 >= 0 && i2 < g[6];
                const float *r = inside ? x + (((p / places * g[4] + i0) * g[5] + i1) * g[6] + i2) * c + j / outputs * inputs : 0;
                for (l = 0; l < inputs; l++) {
                    s = f_fma(r ? r[l] : 0, u[t * inputs + l], s);
                }
            }
            y[p * o + j] = s;
        }
    }
}

/* The gradient of k_conv by its input: x has the sizes of its result. Sums go over descending taps, then the channels of x in a group. */
static void k_conv_transpose(float *y, const float *x, const float *w, const int *g) {
    const int c = g[1], o = g[2], channels = g[1] / g[3], inputs = g[2] / g[3], taps = g[10] * g[11] * g[12];
    const int *out = g + 4, *in = g + 7, *kernel = g + 10, *stride = g + 13, *dilation = g + 16, *before = g + 19;
    const int places = out[0] * out[1] * out[2];
    int p, j, t, l, ax;
    for (p = 0; p < g[0] * places; p++) {
        int at[3];
        at[0] = p / (out[2] * out[1]) % out[0] + before[0];
        at[1] = p / out[2] % out[1] + before[1];
        at[2] = p % out[2] + before[2];
        for (j = 0; j < c; j++) {
            const float *u = w + j * taps * inputs;
            float s = 0;
            for (t = taps - 1; t >= 0; t--) {
                int k[3], whole = 1, inside = 1, from = p / places;
                k[0] = t / (kernel[2] * kernel[1]);
                k[1] = t / kernel[2] % kernel[1];
                k[2] = t % kernel[2];
                for (ax = 0; ax < 3; ax++) {
                    const int i = at[ax] - k[ax] * dilation[ax];
                    whole = whole && i % stride[ax] == 0;
                    inside = inside && i / stride[ax] >= 0 && i / stride[ax] < in[ax] && i >= 0;
                    from = from * in[ax] + i / stride[ax];
                }
                for (l = 0; whole && l < inputs; l++) {
                    s = f_fma(inside ? x[from * o + j / channels * inputs + l] : 0, u[t * inputs + l], s);
                }
            }
            y[p * c + j] = s;
        }
    }
}

/* Transforms 4x4 pixels of a channel from [top, left] on, zeros where there are none; elements of d lie c apart. */
static void k_winograd_piece(float *d, const float *x, int c, int height, int width, int top, int left) {
    float p[16] = {0}, v[16];
    int i, j;
    for (i = 0; i < 4; i++) {
        for (j = 0; j < 4; j++) {
            if (top + i >= 0 && top + i < height && left + j >= 0 && left + j < width) {
                p[4 * i + j] = x[((top + i) * width + left + j) * c];
            }
        }
    }
    for (j = 0; j < 4; j++) {
        v[j] = p[j] - p[8 + j];
        v[4 + j] = p[4 + j] + p[8 + j];
        v[8 + j] = p[8 + j] - p[4 + j];
        v[12 + j] = p[4 + j] - p[12 + j];
    }
    for (i = 0; i < 16; i += 4) {
        d[i * c] = v[i] - v[i + 2];
        d[(i + 1) * c] = v[i + 1] + v[i + 2];
        d[(i + 2) * c] = v[i + 2] - v[i + 1];
        d[(i + 3) * c] = v[i + 1] - v[i + 3];
    }
}

/* A convolution of 3x3 taps by minimal filtering, F(2x2,3x3): u are the transformed weights [16, outputs, inputs], sizes rows, channels
   of x and y, height and width of x and of y, and the padding before. */
static void k_winograd(float *y, const float *x, const float *u, float *d, const int *sizes) {
    const int c = sizes[1], o = sizes[2], height = sizes[3], width = sizes[4], down = sizes[5], across = sizes[6];
    float *m = d + 16 * c;
    int row, i, j, k, l, q, r, t;
    for (row = 0; row < sizes[0]; row++) {
        for (i = 0; i < down; i += 2) {
            for (j = 0; j < across; j += 2) {
                for (l = 0; l < c; l++) {
                    k_winograd_piece(d + l, x + row * height * width * c + l, c, height, width, i - sizes[7], j - sizes[8]);
                }
                for (q = 0; q < o; q++) {
                    for (t = 0; t < 16; t++) {
                        float s = 0;
                        for (l = 0; l < c; l++) {
                            s = f_fma(d[t * c + l], u[(t * o + q) * c + l], s);
                        }
                        m[t] = s;
                    }
                    for (k = 0; k < 4; k++) {
                        const float a = (m[k] + m[4 + k]) + m[8 + k];
                        m[4 + k] = (m[4 + k] - m[8 + k]) - m[12 + k];
                        m[k] = a;
                    }
                    for (r = 0; r < 2 && i + r < down; r++) {
                        const float *n = m + 4 * r;
                        float *to = y + ((row * down + i + r) * across + j) * o + q;
                        to[0] = (n[0] + n[1]) + n[2];
                        if (j + 1 < across) {
                            to[o] = (n[1] - n[2]) - n[3];
                        }
                    }
                }
            }
        }
    }
}
