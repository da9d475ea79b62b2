// momentum: the update of one parameter. Included inside the kernels' namespaces, once per target.
// Not here: settings and defaults (pellucid/optimizer.h), the constants of a step (optimizers/optimizer.cc).
struct Momentum {
  static constexpr int slots = 1;
  // constant: 0 learning rate, 1 momentum, 2 factor on each new gradient (1, or 1 - momentum), 3 Nesterov if > 0
  template <class V>
  static V update(V w, V g, V* s, const V* c) noexcept {
    const V entry = c[2] * g;
    s[0] = fma(c[1], s[0], entry);
    const V ahead = fma(c[1], s[0], entry);
    return fma(-c[0], select(c[3] > V(0), ahead, s[0]), w);
  }
};
