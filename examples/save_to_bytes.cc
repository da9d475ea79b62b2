// Saves a model to bytes in memory (for a database, a network connection, a resource of your program) and loads it
// again; then predicts single rows.
// Not here: files, where model.save(path) and Model::load(path) do the same.
#include <iostream>
#include <string>

#include "pellucid/pellucid.h"

using namespace pellucid;

int main() {
  const Split data = split(read_table("data/iris.csv"), {.target = "species"});
  Model model{Dense{16, relu}, Dense{3, softmax}};
  fit(model, data, {.epochs = 100, .batch_size = 16, .optimizer = Adam{.learning_rate = 0.01}});

  // The bytes hold layers, weights, the fitted preprocessing and a checksum: all that prediction needs.
  const std::string bytes = model.to_bytes();
  const Model loaded = Model::from_bytes(bytes);

  // Rows as in a table; the preprocessor knows columns, scaling and class names.
  const Table flowers = read_csv(
      "sepal_length,sepal_width,petal_length,petal_width\n"
      "5.0,3.4,1.5,0.2\n"
      "6.0,2.8,4.4,1.3\n"
      "6.5,3.0,5.6,2.1\n");
  const Preprocessor& preprocessor = *loaded.preprocessor;
  const Dataset rows = preprocessor.transform(flowers, false);

  // For fast prediction of single rows: the predictor allocates its memory here, and nothing per call.
  Predictor<float> predict = loaded.predictor();
  std::string found;
  for (std::int64_t r = 0; r < rows.rows(); ++r) {
    float row[4];
    rows.read_row(r, row);
    std::int32_t best = 0;
    const std::span<const float> probabilities = predict(row);
    for (std::int32_t c = 1; c < 3; ++c) {
      if (probabilities[c] > probabilities[best]) best = c;
    }
    found += preprocessor.targets.front().classes[best] + " ";
  }
  std::cout << bytes.size() << " bytes; three flowers: " << found << "\n";

  // The same model always gives the same bytes, so models can be compared, cached and signed by their bytes.
  const bool same = loaded.to_bytes() == bytes;
  return same && found == "setosa versicolor virginica " ? 0 : 1;
}
