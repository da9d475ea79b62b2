// Matrix products of other libraries behind one interface: OpenBLAS and oneDNN, if installed.
// Not here: pellucid's kernels (kernels/kernels.h).
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace pellucid::bench {

/// c[m,n] = a · b, row-major and contiguous; a is stored as k × m if `transposed`.
struct Gemm {
  std::int64_t m, n, k;
  const float* a;
  bool transposed;
  const float* b;
  float* c;
};

struct Rival {
  std::string name;
  void (*run)(const Gemm&);
};

std::vector<Rival> rivals();
void use_one_thread();

}  // namespace pellucid::bench
