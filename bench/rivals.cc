// Calls to OpenBLAS and oneDNN. Not here: shapes and timing (bench/kernels_bench.cc).
#include "rivals.h"

#ifdef PELLUCID_BENCH_OPENBLAS
#include <cblas.h>
#endif
#ifdef PELLUCID_BENCH_ONEDNN
#include <oneapi/dnnl/dnnl.h>
// Sets oneDNN's threads; declared here to avoid linking all of OpenMP for one call.
extern "C" void omp_set_num_threads(int);
#endif

namespace pellucid::bench {
namespace {

#ifdef PELLUCID_BENCH_OPENBLAS
void openblas(const Gemm& g) {
  cblas_sgemm(CblasRowMajor, g.transposed ? CblasTrans : CblasNoTrans, CblasNoTrans, static_cast<int>(g.m),
              static_cast<int>(g.n), static_cast<int>(g.k), 1, g.a, static_cast<int>(g.transposed ? g.m : g.k), g.b,
              static_cast<int>(g.n), 0, g.c, static_cast<int>(g.n));
}
#endif

#ifdef PELLUCID_BENCH_ONEDNN
void onednn(const Gemm& g) {
  dnnl_sgemm(g.transposed ? 'T' : 'N', 'N', g.m, g.n, g.k, 1, g.a, g.transposed ? g.m : g.k, g.b, g.n, 0, g.c, g.n);
}
#endif

}  // namespace

std::vector<Rival> rivals() {
  std::vector<Rival> all;
#ifdef PELLUCID_BENCH_OPENBLAS
  all.push_back({"openblas", openblas});
#endif
#ifdef PELLUCID_BENCH_ONEDNN
  all.push_back({"onednn", onednn});
#endif
  return all;
}

void use_one_thread() {
#ifdef PELLUCID_BENCH_OPENBLAS
  openblas_set_num_threads(1);
#endif
#ifdef PELLUCID_BENCH_ONEDNN
  omp_set_num_threads(1);
#endif
}

}  // namespace pellucid::bench
