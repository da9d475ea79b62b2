// adamw: one step on one element. Included inside the kernels' namespaces, once per target.
// Not here: settings and their defaults (optimizer.h), the constants of a step (optimizer.cc).
struct Adamw {
  static constexpr int slots = 2;
  // constant: 0 … 6 as adam's, 7 learning rate · weight decay
  template <class V>
  static V update(V w, V g, V* s, const V* c) noexcept {
    return Adam::update(fma(-c[7], w, w), g, s, c);
  }
};
