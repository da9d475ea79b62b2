// A number and a class from one model: two heads on shared layers, each with its own target and loss.
// Not here: losses of your own (own_losses.cc), several numbers from one layer (a list of targets, docs/library.md).
#include <iostream>

#include "pellucid/pellucid.h"

using namespace pellucid;

int main() {
  // Iris: predicts the width of the petal (a number) and the species (a class) from the other three measurements.
  const Table table = read_table("data/iris.csv");
  std::vector<float> features, targets;
  for (std::int64_t row = 0; row < table.rows; ++row) {
    const auto number = [&](std::size_t column) { return static_cast<float>(table.columns[column].numbers[row]); };
    features.insert(features.end(), {number(0), number(1), number(2)});
    targets.insert(targets.end(), {number(3), static_cast<float>(table.columns[4].codes[row])});
  }
  // One target column of numbers (0) and one of class labels (3 classes).
  const Dataset all = Dataset::mixed(std::span<const float>(features), Shape{3}, targets, {0, 3});
  std::vector<std::int64_t> train, test;
  for (std::int64_t row = 0; row < all.rows(); ++row) (row % 5 == 0 ? test : train).push_back(row);

  Model model;
  model.add(Dense{24, tanh}, "trunk");
  model.add(Dense{1}, "width", {"trunk"});
  model.add(Dense{3, softmax}, "species", {"trunk"});
  model.set_heads({{.layer = "width", .weight = 2}, {.layer = "species"}});  // loss = 2 * mse + cross_entropy

  fit(model, all.subset(train), {}, {.epochs = 150, .optimizer = Adam{.learning_rate = 0.01}});
  bool right = true;
  model = Model::from_bytes(model.to_bytes());  // heads are saved with the model
  for (const GradientVerdict& v :
       check_gradients(model.as<double>(), all.subset(test), std::nullopt, {.most_rows = 10})) {
    right = right && v.ok;
  }
  const Evaluation evaluation = evaluate(model, all.subset(test));
  const double r2 = evaluation.targets[0].values->r2, accuracy = evaluation.targets[1].classes->accuracy;
  std::cout << evaluation;
  // The outputs of both heads side by side: the width, then the probabilities of the species.
  std::cout << "first test row: width " << model.predict(all.subset(test)).view()(0, 0) << "\n";
  return right && r2 > 0.85 && accuracy > 0.85 ? 0 : 1;
}
