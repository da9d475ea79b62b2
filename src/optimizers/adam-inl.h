// adam: the update of one parameter. Included inside the kernels' namespaces, once per target.
// Not here: settings and defaults (pellucid/optimizer.h), the constants of a step (optimizers/optimizer.cc).
struct Adam {
  static constexpr int slots = 2;
  // constant: 0 learning rate / (1 - beta1^t), 1 beta1, 2 1 - beta1, 3 beta2, 4 1 - beta2, 5 epsilon, which is added to
  // the root, 6 1 / (1 - beta2^t)
  template <class V>
  static V update(V w, V g, V* s, const V* c) noexcept {
    s[0] = fma(c[1], s[0], c[2] * g);
    s[1] = fma(c[3], s[1], c[4] * g * g);
    return w - c[0] * s[0] / (sqrt(s[1] * c[6]) + c[5]);
  }
};
