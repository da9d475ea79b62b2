// Every kind of the library and every setting of a training, with its explanation, gathered from the tables.
// Not here: the tables (pellucid/activation.h, loss.h, optimizer.h …).
#pragma once

#include <string>
#include <vector>

namespace pellucid::app {

struct KindText {
  std::string name;
  std::string sort;  ///< "activation", "loss", …, "setting", "value of scale"
  std::string help, formula, example, source;
  std::vector<std::string> settings;  ///< "beta1 0.9 (0 ≤ x < 1): decay of …"
};

std::vector<KindText> kind_texts();

}  // namespace pellucid::app
