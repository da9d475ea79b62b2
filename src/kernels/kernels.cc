// Which tables there are and which one this CPU gets. Not here: the kernels.
#include "kernels/kernels.h"

#include "kernels/scalar_table.h"

namespace pellucid {

template <class T>
std::vector<const Kernels<T>*> all_kernels() {
  return {&scalar::table<T>()};
}

template <class T>
const Kernels<T>& kernels() noexcept {
  static const Kernels<T>& best = *all_kernels<T>().back();
  return best;
}

template std::vector<const Kernels<float>*> all_kernels();
template std::vector<const Kernels<double>*> all_kernels();
template const Kernels<float>& kernels() noexcept;
template const Kernels<double>& kernels() noexcept;

}  // namespace pellucid
