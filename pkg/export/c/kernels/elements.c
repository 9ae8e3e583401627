/* A product that nothing is fused with. */
static float f_mul(float a, float b) {
    const volatile float p = a * b;
    return p;
}

static float f_bits(uint32_t u) {
    float x;
    memcpy(&x, &u, sizeof x);
    return x;
}

static uint32_t f_of(float x) {
    uint32_t u;
    memcpy(&u, &x, sizeof u);
    return u;
}

/* a*b+c with one rounding, denormal numbers included. The product is exact in double; if the sum might lie halfway between two floats,
   what it lost decides. */
static float f_fma(float a, float b, float c) {
#ifdef FP_FAST_FMAF
    return fmaf(a, b, c);
#else
    const double p = (double)a * (double)b;
    double s = p + (double)c;
    uint64_t u;
    memcpy(&u, &s, sizeof u);
    if ((u & 0x0fffffff) == 0) {
        const double t = s - p, e = (p - (s - t)) + ((double)c - t);
        if ((e > 0 && s > 0) || (e < 0 && s < 0)) {
            u++;
        } else if ((e > 0 && s < 0) || (e < 0 && s > 0)) {
            u--;
        }
        memcpy(&s, &u, sizeof s);
    }
    return (float)s;
#endif
}

static float f_abs(float x) { return f_bits(f_of(x) & 0x7fffffffu); }

static float f_copysign(float x, float s) { return f_bits((f_of(x) & 0x7fffffffu) | (f_of(s) & 0x80000000u)); }

static float f_clip(float x, float lo, float hi) {
    if (lo > x) {
        x = lo;
    }
    return hi < x ? hi : x;
}

static float f_pow2(int32_t n) { return f_bits((uint32_t)(n + 127) << 23); }

static float f_exp(float x) {
    const float round = 0x1.8p+23f;
    float t, n, r, p;
    int32_t i, half;
    x = f_clip(x, -104, 89);
    t = f_fma(x, 0x1.715476p+0f, round);
    n = t - round;
    r = f_fma(n, -0x1.62e400p-1f, x);
    r = f_fma(n, -0x1.7f7d1cp-20f, r);
    p = f_fma(r, 0x1.694000p-10f, 0x1.125edcp-7f);
    p = f_fma(p, r, 0x1.555b5ap-5f);
    p = f_fma(p, r, 0x1.555450p-3f);
    p = f_fma(p, r, 0x1.fffff6p-2f);
    p = f_fma(p, r, 1);
    p = f_fma(p, r, 1);
    if (x != x) {
        return x;
    }
    i = (int32_t)(f_of(t) - f_of(round));
    half = i >= 0 ? i / 2 : -((1 - i) / 2);
    return f_mul(f_mul(p, f_pow2(half)), f_pow2(i - half));
}

static float f_expm1(float x) {
    float p = f_fma(x, (float)(1.0 / 5040), (float)(1.0 / 720));
    p = f_fma(p, x, (float)(1.0 / 120));
    p = f_fma(p, x, (float)(1.0 / 24));
    p = f_fma(p, x, (float)(1.0 / 6));
    p = f_fma(p, x, 0.5f);
    return x > -0.35f ? f_fma(f_mul(x, x), p, x) : f_exp(x) - 1;
}

static float f_sigmoid(float x) {
    const float z = f_exp(-f_abs(x)), n = x >= 0 ? 1 : z, d = 1 + z, y = n / d;
    float r = f_fma(-y, d, n);
    r = f_fma(-y, z - (d - 1), r);
    return f_fma(r, f_fma(d, -0.5f, 1.457f), y);
}

static float f_tanh(float x) {
    const float t = f_abs(x), s = f_mul(x, x);
    float p = f_fma(s, -5.70498872745e-3f, 2.06390887954e-2f);
    p = f_fma(p, s, -5.37397155531e-2f);
    p = f_fma(p, s, 1.33314422036e-1f);
    p = f_fma(p, s, -3.33332819422e-1f);
    return t >= 0.625f ? f_copysign(1 - 2 / (f_exp(t + t) + 1), x) : f_fma(f_mul(p, s), x, x);
}

static float f_erf(float x) {
    const float t = f_clip(f_abs(x), 0, 4), s = f_mul(t, t);
    float r = f_fma(t, -1.72853470e-5f, 3.83197126e-4f), p;
    r = f_fma(r, s, f_fma(t, -3.88396438e-3f, 2.42546219e-2f));
    r = f_fma(r, t, -1.06777877e-1f);
    r = f_fma(r, t, -6.34846687e-1f);
    r = f_fma(r, t, -1.28717512e-1f);
    r = f_fma(r, t, -t);
    p = f_fma(s, -5.96761703e-4f, 4.99119423e-3f);
    p = f_fma(p, s, -2.67681349e-2f);
    p = f_fma(p, s, 1.12819925e-1f);
    p = f_fma(p, s, -3.76125336e-1f);
    p = f_fma(p, s, 1.28379166e-1f);
    return t > 0.927734375f ? f_copysign(1 - f_exp(r), x) : f_fma(p, x, x);
}

static float f_log_core(float s, float e, float c) {
    const uint32_t i = f_of(s), d = i - 0x3f3504f3u;
    const int32_t k = d < 0x80000000u ? (int32_t)(d >> 23) : -(int32_t)((~d >> 23) + 1);
    const float f = f_bits(i - ((uint32_t)k << 23)) - 1, z = f_mul(f, f);
    float p = f_fma(f, 7.0376836292e-2f, -1.1514610310e-1f), y;
    e += (float)k;
    p = f_fma(p, f, 1.1676998740e-1f);
    p = f_fma(p, f, -1.2420140846e-1f);
    p = f_fma(p, f, 1.4249322787e-1f);
    p = f_fma(p, f, -1.6668057665e-1f);
    p = f_fma(p, f, 2.0000714765e-1f);
    p = f_fma(p, f, -2.4999993993e-1f);
    p = f_fma(p, f, 3.3333331174e-1f);
    y = f_fma(f_mul(p, f), z, c);
    y = f_fma(e, -2.12194440e-4f, y);
    y = f_fma(z, -0.5f, y);
    return f_fma(e, 0.693359375f, f + y);
}

static float f_log(float x) {
    if (x == 0) {
        return -HUGE_VALF;
    }
    if (!(x > 0 && x < HUGE_VALF)) {
        return x < 0 ? f_bits(0x7fc00000u) : x;
    }
    return x < 0x1p-126f ? f_log_core(f_mul(x, 0x1p23f), -23, 0) : f_log_core(x, 0, 0);
}

static float f_log1p(float x) {
    const float u = 1 + x, b = u - 1, d = (1 - (u - b)) + (x - b);
    if (x == -1) {
        return -HUGE_VALF;
    }
    if (x < -1) {
        return f_bits(0x7fc00000u);
    }
    if (!(x < HUGE_VALF) || x == 0) {
        return x;
    }
    return f_log_core(u, 0, d / u);
}

static float f_sqrt(float x) { return (float)sqrt((double)x); }

static float f_rsqrt(float x) { return 1 / f_sqrt(x); }

static float f_same(float x) { return x; }

static float f_sign(float x) { return x > 0 ? 1 : x < 0 ? -1 : x; }

static float f_square(float x) { return f_mul(x, x); }

static float f_relu(float x) { return 0 > x ? 0 : x; }

static float f_silu(float x) { return f_mul(x, f_sigmoid(x)); }

static float f_elu(float x, float alpha) { return x > 0 ? x : f_mul(alpha, f_expm1(x)); }

static float f_selu(float x) { return f_mul(f_elu(x, 1.6732632423543772848f), 1.0507009873554804935f); }

static float f_leaky_relu(float x, float alpha) { return x > 0 ? x : f_mul(alpha, x); }

static float f_gelu(float x) {
    const float h = f_mul(x, 0.5f);
    return f_fma(h, f_erf(f_mul(x, 0.70710678118654752440f)), h);
}

static float f_gelu_tanh(float x) {
    const float root = 0.79788456080286535588f, cube = (float)(0.044715 * 0.79788456080286535588), h = f_mul(x, 0.5f);
    return f_fma(h, f_tanh(f_mul(x, f_fma(f_mul(x, x), cube, root))), h);
}

static float f_softplus(float x) { return f_log1p(f_exp(-f_abs(x))) + f_relu(x); }

static float f_hard_sigmoid(float x) { return f_clip(f_fma(x, (float)(1.0 / 6), 0.5f), 0, 1); }

static float f_hard_swish(float x) { return f_mul(x, f_hard_sigmoid(x)); }

static float f_hard_tanh(float x) { return f_clip(x, -1, 1); }

static float f_add(float a, float b) { return a + b; }

static float f_sub(float a, float b) { return a - b; }

static float f_div(float a, float b) { return a / b; }

static float f_maximum(float a, float b) { return a > b || a != a ? a : b; }

static float f_minimum(float a, float b) { return a < b || a != a ? a : b; }

static float f_greater(float a, float b) { return a > b ? 1 : 0; }

static float f_greater_equal(float a, float b) { return a >= b ? 1 : 0; }

static void k_apply(float *y, const float *x, int n, float (*f)(float)) {
    int i;
    for (i = 0; i < n; i++) {
        y[i] = f(x[i]);
    }
}

static void k_apply_by(float *y, const float *x, int n, float (*f)(float, float), float by) {
    int i;
    for (i = 0; i < n; i++) {
        y[i] = f(x[i], by);
    }
}

static void k_clip(float *y, const float *x, int n, float lo, float hi) {
    int i;
    for (i = 0; i < n; i++) {
        y[i] = f_clip(x[i], lo, hi);
    }
}

static void k_lerp(float *y, const float *x, const float *z, int n, float t) {
    int i;
    for (i = 0; i < n; i++) {
        y[i] = f_fma(t, z[i] - x[i], x[i]);
    }
}

/* y = f(a, b), elements of which are repeated as nest says: the number of axes, their sizes, and the strides of a and b. */
static void k_combine(float *y, const float *a, const float *b, int n, const int *nest, float (*f)(float, float)) {
    const int rank = nest[0];
    const int *size = nest + 1, *sa = size + rank, *sb = sa + rank;
    int at[8] = {0}, p = 0, q = 0, i, ax;
    for (i = 0; i < n; i++) {
        y[i] = f(a[p], b[q]);
        for (ax = rank - 1; ax >= 0; ax--) {
            p += sa[ax];
            q += sb[ax];
            if (++at[ax] < size[ax]) {
                break;
            }
            at[ax] = 0;
            p -= sa[ax] * size[ax];
            q -= sb[ax] * size[ax];
        }
    }
}

static void k_fill(float *y, int n, float v) {
    int i;
    for (i = 0; i < n; i++) {
        y[i] = v;
    }
}

/* Copies elements of x, from an offset on, to y, as nest says: the number of axes, their sizes, and the strides of y and x. */
static void k_move(float *y, const float *x, int p, int q, const int *nest) {
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
