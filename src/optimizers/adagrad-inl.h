// adagrad: the update of one parameter. Included inside the kernels' namespaces, once per target.
// Not here: settings and defaults (pellucid/optimizer.h), the constants of a step (optimizers/optimizer.cc).
struct Adagrad {
  static constexpr int slots = 1;
  // constant: 0 learning rate, 1 epsilon, which is added to the root
  template <class V>
  static V update(V w, V g, V* s, const V* c) noexcept {
    s[0] = fma(g, g, s[0]);
    return w - c[0] * g / (sqrt(s[0]) + c[1]);
  }
};
