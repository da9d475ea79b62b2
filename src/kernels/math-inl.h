// exp, expm1, log, log1p, tanh, sigmoid, erf, sin and cos for any value type: a SIMD vector or one plain number.
// Included inside a namespace, once per target, so it has no guard and no includes.
// Not here: sine and cosine of whole turns (kernels/scalar_math.cc).
//
// The sequence of operations is the same on every target, so all targets with FMA give the bits of the scalar twin.
// Largest error observed, in units in the last place (tests/kernels/math_test.cc states and checks them):
//              exp  expm1  log  log1p  tanh  sigmoid  erf
//   float      1.1  1.5    0.9  2.1    1.6   2.0      1.1
//   double     1.1  1.9    0.9  2.1    2.8   2.0      1.5
// sin and cos: 1.2e-7 and 2.3e-16 (absolute) for angles up to 32,768 and 10⁹; of larger ones they are constants.
// NaN in, NaN out. Infinities and results below the smallest normal number are as in the C library.
template <class V>
inline constexpr bool is_single = std::is_same_v<typename V::Scalar, float>;

/// The polynomial ((c₀ x + c₁) x + c₂) x + …
template <class V, class... Coefficients>
V horner(V x, double first, Coefficients... rest) noexcept {
  V p(first);
  ((p = fma(p, x, V(rest))), ...);
  return p;
}

/// x = n · ln 2 + r with |r| ≤ ln(2)/2; q = exp(r) − 1.
template <class V>
struct ReducedExp {
  V n, q;
};

template <class V>
ReducedExp<V> reduce_exp(V x) noexcept {
  // ln 2 is split into two parts. The first has so few bits that its product with n is exact even without FMA (Cody,
  // Waite 1980).
  if constexpr (is_single<V>) {
    const V magic(12582912.0);  // 1.5 · 2²³: rounds to an integer
    const V n = fma(x, V(1.44269504088896341), magic) - magic;
    const V r = fma(n, V(2.12194440e-4), fma(n, V(-0.693359375), x));
    const V p = horner(r, 1.9875691500e-4, 1.3981999507e-3, 8.3334519073e-3, 4.1665795894e-2, 1.6666665459e-1,
                       5.0000001201e-1);  // Moshier, Cephes, expf
    return {n, fma(r * r, p, r)};
  } else {
    const V magic(6755399441055744.0);  // 1.5 · 2⁵²
    const V n = fma(x, V(1.44269504088896341), magic) - magic;
    const V r = fma(n, V(-1.90821492927058770002e-10), fma(n, V(-6.93147180369123816490e-01), x));
    const V p = horner(r, 1.0 / 6227020800, 1.0 / 479001600, 1.0 / 39916800, 1.0 / 3628800, 1.0 / 362880, 1.0 / 40320,
                       1.0 / 5040, 1.0 / 720, 1.0 / 120, 1.0 / 24, 1.0 / 6, 1.0 / 2);  // Taylor: next term < 2⁻⁵⁷
    return {n, fma(r * r, p, r)};
  }
}

/// Half of an integral n, rounded to an integer: 2ⁿ beyond the exponent range is applied as two factors.
template <class V>
V half_of(V n) noexcept {
  const V magic(is_single<V> ? 12582912.0 : 6755399441055744.0);
  return fma(n, V(0.5), magic) - magic;
}

template <class V>
V exp(V x) noexcept {
  // The result is 0 below and infinity above.
  const V low(is_single<V> ? -104.0 : -746.0), high(is_single<V> ? 89.0 : 710.0);
  const auto [n, q] = reduce_exp(max(low, min(high, x)));
  const V half = half_of(n);
  return (V(1) + q) * pow2(half) * pow2(n - half);
}

/// exp for x ≤ 0. Same bits as exp with fewer operations: 2ⁿ is at most 1, so one factor and one fixed factor suffice.
template <class V>
V exp_negative(V x) noexcept {
  const auto [n, q] = reduce_exp(max(V(is_single<V> ? -104.0 : -746.0), x));
  return (V(1) + q) * pow2(n + V(is_single<V> ? 64.0 : 512.0)) * V(is_single<V> ? 0x1p-64 : 0x1p-512);
}

template <class V>
V expm1(V x) noexcept {
  // The result is −1 below and infinity above.
  const V low(is_single<V> ? -20.0 : -40.0), high(is_single<V> ? 89.0 : 710.0);
  const auto [n, q] = reduce_exp(max(low, min(high, x)));
  const V half = half_of(n), rest = n - half;
  return fma(q, pow2(half), pow2(half) - pow2(-rest)) * pow2(rest);
}

/// log(1 + f) + k · ln 2 + c for √½ ≤ 1 + f ≤ √2 (FDLIBM, e_log.c).
template <class V>
V log_sum(V f, V k, V c) noexcept {
  const V s = f / (V(2) + f), z = s * s, h = V(0.5) * f * f;
  V r, low, high;
  if constexpr (is_single<V>) {
    r = z * horner(z, 0.24279078841, 0.28498786688, 0.40000972152, 0.66666662693);
    low = V(9.0580006145e-06), high = V(6.9313812256e-01);
  } else {
    r = z * horner(z, 1.479819860511658591e-01, 1.531383769920937332e-01, 1.818357216161805012e-01,
                   2.222219843214978396e-01, 2.857142874366239149e-01, 3.999999999940941908e-01,
                   6.666666666666735130e-01);
    low = V(1.90821492927058770002e-10), high = V(6.93147180369123816490e-01);
  }
  return fma(k, high, f - (h - fma(s, h + r, fma(k, low, c))));
}

/// y = m · 2ᵏ with √½ < m ≤ √2, for a positive normal y.
template <class V>
struct Scaled {
  V m, k;
};

template <class V>
Scaled<V> scaled(V y) noexcept {
  const V m = mantissa(y), k = exponent(y);
  const auto high = m > V(1.41421356237309505);
  return {select(high, V(0.5) * m, m), select(high, k + V(1), k)};
}

/// The results of log outside 0 < y < ∞: −∞ at 0, NaN below, y itself above.
template <class V>
V log_outside(V y, V inside) noexcept {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  const V below = select(y < V(0), V(std::numeric_limits<double>::quiet_NaN()), V(-infinity));
  return select(y < V(infinity), select(y > V(0), inside, below), y);
}

template <class V>
V log(V x) noexcept {
  constexpr double smallest = std::numeric_limits<typename V::Scalar>::min();
  const auto subnormal = x < V(smallest);
  const auto [m, k] = scaled(select(subnormal, x * V(18014398509481984.0), x));  // 2⁵⁴
  return log_outside(x, log_sum(m - V(1), select(subnormal, k - V(54), k), V(0)));
}

template <class V>
V log1p(V x) noexcept {
  const V u = V(1) + x;
  const auto [m, k] = scaled(u);
  const auto near = abs(k) < V(0.5);
  const V lost = select(k > V(0), V(1) - (u - x), x - (u - V(1)));  // the rounding error of 1 + x
  const V inside = log_sum(select(near, x, m - V(1)), k, select(near, V(0), lost / u));
  return log_outside(u, inside);
}

template <class V>
V tanh(V x) noexcept {
  const V a = abs(x);
  if constexpr (is_single<V>) {
    // Both polynomials are least-squares fits, reweighted towards equal ripples; errors below 2⁻²⁴ and 2⁻²⁸ (relative).
    const V z = x * x;
    const V small = horner(z, 1.6435948533e-2, -5.2670981397e-2, 1.3320712509e-1, -3.3332946113e-1);
    // e²ᵃ = 2ⁿ · p(r) with a = n · ln(2)/2 + r. One fused product for r is accurate enough: for larger n its error
    // matters less.
    const V magic(12582912.0), b = min(V(9.05), a);  // beyond this, the nearest number to tanh is 1
    const V n = fma(b, V(2.88539008177792681), magic) - magic, r = fma(n, V(-0.346573590279972655), b);
    const V p = horner(r, 8.8598782627e-2, 2.6797555032e-1, 6.6668811874e-1, 1.3333144270, 1.9999997670, 2.0, 1.0);
    const V large = V(1) - V(2) / fma(p, pow2(n), V(1));
    return select(a < V(0.55), fma(small * z, x, x), copysign(large, x));
  } else {
    const V e = expm1(V(-2) * a);
    return copysign(e / (V(2) + e), x);
  }
}

template <class V>
V sigmoid(V x) noexcept {
  const V e = exp_negative(-abs(x)), sum = V(1) + e;
  const V lost = e - (sum - V(1));  // the rounding error of the sum
  const V y = select(x < V(0), e, V(1)) / sum;
  return fma(-y, lost, y);
}

template <class V>
V erf(V x) noexcept {
  const V a = abs(x), z = x * x;
  V small, tail;  // erf(x) = x + x · small(x²) near 0; 1 − exp(tail) for |x| above a threshold
  if constexpr (is_single<V>) {
    small = horner(z, -5.96761703e-4, 4.99119423e-3, -2.67681349e-2, 1.12819925e-1, -3.76125336e-1, 1.28379166e-1);
    tail = horner(a, -1.72853470e-5, 3.83197126e-4, -3.88396438e-3, 2.42546219e-2, -1.06777877e-1, -6.34846687e-1,
                  -1.28717512e-1);  // N. Juffa, 2016
    tail = fma(tail, a, -a);
  } else {
    // Least-squares fits, reweighted towards equal ripples, against 60 digits: error 2⁻⁶³ (relative) up to 1, 2⁻⁵⁷
    // (absolute) beyond.
    small = horner(z, 5.945209594197655202e-11, -1.136563451115024695e-9, 1.465787154067313727e-8,
                   -1.635002396286359155e-7, 1.646097269558834472e-6, -1.492559349912657685e-5, 1.205533103656441671e-4,
                   -8.548326978732280457e-4, 5.223977624780654161e-3, -2.686617064507285774e-2, 0.1128379167095485697,
                   -0.3761263890318374757, 0.1283791670955125737);
    tail = horner(min(V(6), a) - V(2), -4.850419173405273858e-12, 3.658119743485279689e-11, -7.161437223012786747e-11,
                  -2.566788890890758557e-10, 2.609755340331856482e-9, -1.399035648120368453e-8, 5.769590043800694142e-8,
                  -1.731714369873429747e-7, 2.03727512852617554e-7, 1.952186845117984345e-6, -2.070647077918875706e-5,
                  1.353093307370488551e-4, -7.323993779201186048e-4, 3.570756347831226961e-3, -1.646511813740478953e-2,
                  -0.9237508418239473298, -4.418160805994412516, -5.364941264616635975);
  }
  const V large = copysign(V(1) - exp_negative(tail), x);
  return select(a < V(is_single<V> ? 0.927734375 : 1.0), fma(small, x, x), large);
}

/// sin(x) for |x| a little above π/2.
template <class V>
V sine_near_0(V x) noexcept {
  const V z = x * x;
  if constexpr (is_single<V>) {
    return fma(x * z, horner(z, -2.3889859e-8, 2.7525562e-6, -1.9840874e-4, 8.3333310e-3, -1.6666667e-1), x);
  } else {
    const V p = horner(z, 1.0 / 51090942171709440000.0, -1.0 / 121645100408832000, 1.0 / 355687428096000,
                       -1.0 / 1307674368000, 1.0 / 6227020800, -1.0 / 39916800, 1.0 / 362880, -1.0 / 5040, 1.0 / 120,
                       -1.0 / 6);  // Taylor: next term < 2⁻⁵⁹
    return fma(x * z, p, x);
  }
}

/// sin(x + shift · π) for shift 0 or ½. Angles beyond the limit count as the limit: there the neighbouring numbers of x
/// are so far apart that no more than the sign is meaningful.
template <class V>
V shifted_sine(V x, double shift) noexcept {
  const V limit(is_single<V> ? 32768.0 : 1e9), magic(is_single<V> ? 12582912.0 : 6755399441055744.0);
  const V a = max(-limit, min(limit, x));
  const V n = fma(a, V(0.318309886183790672), V(shift)) + magic - magic;  // whole half turns
  const V odd = fma(V(-2), half_of(n), n);                                // −1 or 1 where n is odd, else 0
  const V h = n - V(shift);
  // π is split into three parts; the products of h with the first two are exact (Cody, Waite 1980).
  V r;
  if constexpr (is_single<V>) {
    r = fma(h, V(-1.509957990978376432e-7), fma(h, V(-9.67502593994140625e-4), fma(h, V(-3.140625), a)));
  } else {
    r = fma(h, V(-1.07806057163162381058e-14),
            fma(h, V(-1.509957883172319270672e-7), fma(h, V(-3.14159250259399414062), a)));
  }
  return sine_near_0(r) * fma(V(-2), abs(odd), V(1));
}

template <class V>
V sin(V x) noexcept {
  return shifted_sine(x, 0);
}

template <class V>
V cos(V x) noexcept {
  return shifted_sine(x, 0.5);
}
