// adagrad: one step on one element. Included inside the kernels' namespaces, once per target.
// Not here: settings and their defaults (optimizer.h), the constants of a step (optimizer.cc).
struct Adagrad {
  static constexpr int slots = 1;
  // constant: 0 learning rate, 1 epsilon, added to the root
  template <class V>
  static V update(V w, V g, V* s, const V* c) noexcept {
    s[0] = fma(g, g, s[0]);
    return w - c[0] * g / (sqrt(s[0]) + c[1]);
  }
};
