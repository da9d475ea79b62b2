// adamw: the update of one parameter. Included inside the kernels' namespaces, once per target.
// Not here: settings and defaults (pellucid/optimizer.h), the constants of a step (optimizers/optimizer.cc).
struct Adamw {
  static constexpr int slots = 2;
  // constant: 0 … 6 as for adam, 7 learning rate · weight decay
  template <class V>
  static V update(V w, V g, V* s, const V* c) noexcept {
    return Adam::update(fma(-c[7], w, w), g, s, c);
  }
};
