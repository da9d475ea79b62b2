// sgd: one step on one element. Included inside the kernels' namespaces, once per target.
// Not here: settings and their defaults (optimizer.h), the constants of a step (optimizer.cc).
struct Sgd {
  static constexpr int slots = 0;
  // constant: 0 learning rate
  template <class V>
  static V update(V w, V g, V*, const V* c) noexcept {
    return fma(-c[0], g, w);
  }
};
