// Trains a workload for a given number of epochs and rows, so that instructions.py can count the instructions of a
// step.
// Not here: the counting and the expected numbers (tests/instructions.py).
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
  Model model = test::make_model(job, data, Initializer("glorot_uniform"));  // faster than the normal initializers
  FitOptions options = test::make_options(job, data);
  options.epochs = std::stoll(argv[2]);
  options.threads = 1;
  fit(model, data, Dataset(), options);
  std::puts(kernels<float>().target);
}
