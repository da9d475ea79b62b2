// Other people's matrix products behind one signature: OpenBLAS and oneDNN, where they are installed.
// Not here: our own kernels.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace pellucid::bench {

/// c[m,n] = a · b, row-major and without gaps; a is stored k × m where `transposed`.
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
