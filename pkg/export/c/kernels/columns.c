/* ln x for positive x: x = 2^k (1+f), s = f/(2+f), and ln(1+f) = 2 artanh(s). */
static double k_ln(double x) {
    int k, n;
    double m, f, s, z, r = 0;
    if (!(x > 0 && x < HUGE_VAL)) {
        return log(x);
    }
    m = frexp(x, &k);
    if (m < 1.41421356237309504880 / 2) {
        m *= 2;
        k--;
    }
    f = m - 1;
    s = f / (2 + f);
    z = s * s;
    for (n = 25; n >= 3; n -= 2) {
        r = fma(r, z, 1 / (double)n);
    }
    return fma((double)k, 6.93147180369123816490e-01, fma((double)k, 1.90821492927057770002e-10, fma(2 * s * z, r, 2 * s)));
}

static double k_ln1p(double x) {
    const double u = 1 + x;
    return u == 1 || !(u > 0 && u < HUGE_VAL) ? log1p(x) : k_ln(u) * (x / (u - 1));
}

static double k_exp_double(double x) {
    double k, r, sum = 0;
    int n;
    if (x != x || x > 709.8) {
        return HUGE_VAL + x;
    }
    if (x < -745.2) {
        return 0;
    }
    k = nearbyint(x / 0.693147180559945309417232121458176568);
    r = fma(-k, 1.90821492927057770002e-10, fma(-k, 6.93147180369123816490e-01, x));
    for (n = 14; n >= 0; n--) {
        sum = fma(sum, r / (double)(n + 1), 1);
    }
    return ldexp(sum, (int)k);
}

/* The place of x among n knots [x, z] that rise. */
static double k_score(double x, const double *knots, int n) {
    int i = 0;
    while (i < n && knots[2 * i] < x) {
        i++;
    }
    if (i == n) {
        return knots[2 * n - 1];
    }
    if (i == 0 || knots[2 * i] == x) {
        return knots[2 * i + 1];
    }
    knots += 2 * i - 2;
    return fma((x - knots[0]) / (knots[2] - knots[0]), knots[3] - knots[1], knots[1]);
}

static double k_unscore(double z, const double *knots, int n) {
    double share;
    int i = 0;
    while (i < n && knots[2 * i + 1] < z) {
        i++;
    }
    i = i < 1 ? 1 : i > n - 1 ? n - 1 : i;
    knots += 2 * i - 2;
    share = (z - knots[1]) / (knots[3] - knots[1]);
    share = share < 0 ? 0 : share > 1 ? 1 : share;
    return fma(share, knots[2] - knots[0], knots[0]);
}

/* The place of a word in a list of n; -1 if it is not there. */
static int k_word(const char *word, const char *const *words, int n) {
    int i;
    for (i = 0; i < n; i++) {
        if (strcmp(word, words[i]) == 0) {
            return i;
        }
    }
    return -1;
}

/* k_word for true and false, in any letters. */
static int k_boolean(const char *word, const char *const *words, int n) {
    int i, j;
    for (i = 0; i < n; i++) {
        for (j = 0; word[j] && (word[j] | 32) == (words[i][j] | 32); j++) {
        }
        if (word[j] == words[i][j]) {
            return i;
        }
    }
    return -1;
}
