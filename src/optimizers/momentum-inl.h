// momentum: one step on one element. Included inside the kernels' namespaces, once per target.
// Not here: settings and their defaults (optimizer.h), the constants of a step (optimizers.cc).
struct Momentum {
  static constexpr int slots = 1;
  // constant: 0 learning rate, 1 momentum, 2 what the gradient is multiplied by on entry (1, or 1 - momentum), 3
  // nesterov?
  template <class V>
  static V update(V w, V g, V* s, const V* c) {
    V entry = c[2] * g;
    s[0] = fma(c[1], s[0], entry);
    V ahead = fma(c[1], s[0], entry);
    V step = select(c[3] > V(0), ahead, s[0]);
    return w - c[0] * step;
  }
};
