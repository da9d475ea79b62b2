// Answer: which value of a graph is the prediction, and what is known about the classes.
// Not here: computing it (operators.h).
#pragma once

#include <string>
#include <vector>

#include "import/onnx/graph.h"

namespace pellucid::importing {

struct Answer {
  std::string value;                 ///< name of the value that holds numbers or probabilities
  std::vector<std::string> classes;  ///< empty: the file does not name them
  double threshold = 0.5;            ///< for yes or no, if the file compares probabilities with a number
};

/// `output`: the output that the user asks for; empty: the only one, or the probabilities that belong to a label.
/// Throws U38 if there are several, U12 if there is none of this name.
Answer find_answer(const Graph& graph, const std::string& output);

}  // namespace pellucid::importing
