// momentum: one step on one element. Included inside the kernels' namespaces, once per target.
// Not here: settings and their defaults (optimizer.h), the constants of a step (optimizer.cc).
struct Momentum {
  static constexpr int slots = 1;
  // constant: 0 learning rate, 1 momentum, 2 what the gradient is multiplied by on entry (1, or 1 - momentum),
  // 3 nesterov if > 0
  template <class V>
  static V update(V w, V g, V* s, const V* c) noexcept {
    const V entry = c[2] * g;
    s[0] = fma(c[1], s[0], entry);
    const V ahead = fma(c[1], s[0], entry);
    return fma(-c[0], select(c[3] > V(0), ahead, s[0]), w);
  }
};
