// Trains a workload for so many epochs on so many rows, for instructions.py to count what a step takes.
// Not here: how they are counted, and what is expected (tests/instructions.py).
#include <cstdio>
#include <string>

#include "kernels/kernels.h"
#include "support/workloads.h"

int main(int argc, char** argv) {
  using namespace pellucid;
  if (argc != 4) {
    std::fputs("usage: pellucid_steps WORKLOAD EPOCHS ROWS\n", stderr);
    return 2;
  }
  const test::Json& job = test::workload(argv[1]);
  const Dataset data = test::make_data(job, std::stoll(argv[3]), test::zeros_of(job));
  Model model = test::make_model(job, data, Initializer("glorot_uniform"));  // quicker than the normal ones
  FitOptions options = test::make_options(job, data);
  options.epochs = std::stoll(argv[2]);
  options.threads = 1;
  fit(model, data, Dataset(), options);
  std::puts(kernels<float>().target);
}
