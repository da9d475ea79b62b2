// rmsprop: the update of one parameter. Included inside the kernels' namespaces, once per target.
// Not here: settings and defaults (pellucid/optimizer.h), the constants of a step (optimizers/optimizer.cc).
struct Rmsprop {
  static constexpr int slots = 1;
  // constant: 0 learning rate, 1 rho, 2 1 - rho, 3 epsilon outside the root, 4 epsilon inside the root (one of the two
  // is 0)
  template <class V>
  static V update(V w, V g, V* s, const V* c) noexcept {
    s[0] = fma(c[1], s[0], c[2] * g * g);
    return w - c[0] * g / (sqrt(s[0] + c[4]) + c[3]);
  }
};
