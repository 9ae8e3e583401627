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

/* Where a text begins and how long it is without the spaces around it. */
static const char *k_trimmed(const char *text, size_t *n) {
    text += strspn(text, " \t\r\n\v\f");
    *n = strlen(text);
    while (*n > 0 && strchr(" \t\r\n\v\f", text[*n - 1])) {
        --*n;
    }
    return text;
}

/* The place of a word in a list of n; -1 if it is not there. */
static int k_word(const char *word, const char *const *words, int n) {
    int i;
    size_t size;
    word = k_trimmed(word, &size);
    for (i = 0; i < n; i++) {
        if (strlen(words[i]) == size && memcmp(word, words[i], size) == 0) {
            return i;
        }
    }
    return -1;
}

/* Whether a text stands for a missing word. */
static int k_gap(const char *word) {
    static const char *const gaps[] = {"", "?", "?\?", "\\n", "na", "n/a", "n.a.", "<na>", "#n/a", "#na", "nan", "-nan", "+nan", "#num!", "#null!",
        "#div/0!", "#value!", "#ref!", "null", "1.#ind", "-1.#ind", "1.#qnan", "-1.#qnan"};
    size_t i, j, size;
    word = k_trimmed(word, &size);
    for (i = 0; i < sizeof gaps / sizeof gaps[0]; i++) {
        for (j = 0; j < size && (word[j] >= 'A' && word[j] <= 'Z' ? word[j] + 32 : word[j]) == gaps[i][j]; j++) {
        }
        if (j == size && gaps[i][j] == 0) {
            return 1;
        }
    }
    return 0;
}

/* k_word for true and false, in any letters. */
static int k_boolean(const char *word, const char *const *words, int n) {
    int i;
    size_t j, size;
    word = k_trimmed(word, &size);
    for (i = 0; i < n; i++) {
        for (j = 0; j < size && (word[j] | 32) == (words[i][j] | 32); j++) {
        }
        if (j == size && words[i][j] == 0) {
            return i;
        }
    }
    return -1;
}

/* Where a decimal number has its first digit that is not 0, and its end after the last one; the power of ten of the point before the
   first. The result says whether the text is a number. */
static int k_decimal(const char *text, const char *end, int *negative, const char **first, const char **last, long *exponent) {
    int digits = 0, point = 0, minus = 0;
    long power = 0;
    *negative = text < end && *text == '-';
    *first = *last = end;
    *exponent = 0;
    if (text < end && (*text == '-' || *text == '+')) {
        text++;
    }
    for (; text < end && (*text == '.' ? !point : *text >= '0' && *text <= '9'); text++) {
        if (*text == '.') {
            point = 1;
            continue;
        }
        digits = 1;
        if (*text != '0') {
            *first = *first == end ? text : *first;
            *last = text + 1;
        }
        *exponent += *first != end ? !point : -point;
    }
    if (digits && text < end && (*text | 32) == 'e') {
        text++;
        minus = text < end && *text == '-';
        if (text < end && (*text == '-' || *text == '+')) {
            text++;
        }
        digits = text < end;
        for (; text < end && *text >= '0' && *text <= '9'; text++) {
            power = power < 100000 ? 10 * power + (*text - '0') : power;
        }
    }
    *exponent += minus ? -power : power;
    if (*first == end) {
        *negative = 0;
        *exponent = 0;
    }
    return digits && text == end;
}

/* Whether two texts are one number, such as 1 and 1.0. */
static int k_same_number(const char *a, size_t n, const char *b) {
    const char *p, *q, *p_end, *q_end;
    int p_negative, q_negative;
    long p_exponent, q_exponent;
    if (!k_decimal(a, a + n, &p_negative, &p, &p_end, &p_exponent) || !k_decimal(b, b + strlen(b), &q_negative, &q, &q_end, &q_exponent)) {
        return 0;
    }
    while (p < p_end && q < q_end) {
        if (*p == '.') {
            p++;
        } else if (*q == '.') {
            q++;
        } else if (*p++ != *q++) {
            return 0;
        }
    }
    return p == p_end && q == q_end && p_negative == q_negative && p_exponent == q_exponent;
}

/* k_word for words that are numbers: as it is written, or else by its value. */
static int k_numeral(const char *word, const char *const *words, int n) {
    int i = k_word(word, words, n), j;
    size_t size;
    word = k_trimmed(word, &size);
    for (j = 0; i < 0 && j < n; j++) {
        if (k_same_number(word, size, words[j])) {
            i = j;
        }
    }
    return i;
}
