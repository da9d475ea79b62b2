// sgd: the update of one parameter. Included inside the kernels' namespaces, once per target.
// Not here: settings and defaults (pellucid/optimizer.h), the constants of a step (optimizers/optimizer.cc).
struct Sgd {
  static constexpr int slots = 0;
  // constant: 0 learning rate
  template <class V>
  static V update(V w, V g, V*, const V* c) noexcept {
    return fma(-c[0], g, w);
  }
};
