// Models that are not a chain of layers: two inputs with a skip connection, an autoencoder whose encoder is used alone,
// a siamese network with shared weights, and fine-tuning with frozen layers. If a folder is given as argument, the
// models are saved there. Not here: layers of your own (own_layer_and_loss.cc), training loops of your own
// (docs/library.md).
#include <cmath>
#include <cstdint>
#include <iostream>
#include <string>
#include <vector>

#include "pellucid/pellucid.h"

using namespace pellucid;

namespace {

std::string folder;  // folder for the models; empty: they are not saved

void save(const Model& model, const std::string& name) {
  if (!folder.empty()) model.save(folder + "/" + name + ".safetensors");
}

std::vector<float> random_rows(std::int64_t numbers, std::uint32_t stream) {
  Random random({.seed = 7, .purpose = Purpose::user, .stream = stream});
  std::vector<float> values(static_cast<std::size_t>(numbers));
  for (float& value : values) value = static_cast<float>(2 * random.uniform() - 1);
  return values;
}

FitOptions options_for(std::int64_t epochs) {
  return {.epochs = epochs, .batch_size = 32, .optimizer = Adam{.learning_rate = 5e-3}, .patience = 0};
}

bool report(const std::string& what, double value, bool good) {
  std::cout << what << ": " << value << (good ? "\n" : "   NOT AS EXPECTED\n");
  return good;
}

// A row has 3 columns of one sensor and 2 of another. The last layer also reads the first sensor directly.
bool two_inputs_with_a_skip_connection() {
  const std::vector<float> x = random_rows(1000 * 5, 1);
  std::vector<float> y;
  for (std::size_t r = 0; r < 1000; ++r) y.push_back(x[5 * r] + x[5 * r + 1] * x[5 * r + 3] - x[5 * r + 4]);
  Model model;
  model.add_input("first", Shape{3}).add_input("second", Shape{2});
  model.add(Dense{16, pellucid::tanh}, "a", {"first"}).add(Dense{16, pellucid::tanh}, "b", {"second"});
  model.add(Concat{}, "both", {"a", "b"}).add(Dense{16, pellucid::tanh}, "mixed");
  model.add(Concat{}, "with_skip", {"mixed", "first"}).add(Dense{1}, "out");
  const Dataset data = Dataset::regression(x, Shape{5}, y);
  fit(model, data, Dataset{}, options_for(60));
  std::cout << model.summary();
  save(model, "two_inputs");
  const double r2 = evaluate(model, data).score();
  return report("two inputs, root mean squared error", r2, r2 < 0.1);
}

// Rows of 8 numbers that are computed from two numbers. The encoder learns to output those two, up to a transformation.
bool autoencoder_whose_encoder_is_used_alone() {
  const std::vector<float> hidden = random_rows(1000 * 2, 2);
  std::vector<float> x;
  for (std::size_t r = 0; r < 1000; ++r) {
    for (int c = 0; c < 8; ++c) {
      x.push_back(hidden[2 * r] * static_cast<float>(c - 3) / 4 + hidden[2 * r + 1] * static_cast<float>(c % 3 - 1));
    }
  }
  Model model;
  model.add(Dense{16, pellucid::tanh}).add(Dense{2}, "code").add(Dense{16, pellucid::tanh}).add(Dense{8}, "decoded");
  const Dataset data = Dataset::regression(x, Shape{8}, x, 8);
  fit(model, data, Dataset{}, options_for(60));
  const Model encoder = model.up_to("code");
  const Tensor<float> codes = encoder.predict(data);
  save(encoder, "encoder");
  const double error = evaluate(model, data).loss;
  return report("autoencoder, mean squared error through 2 numbers", error,
                error < 0.01 && codes.shape() == Shape{1000, 2});
}

// Learns whether two points lie in the same half of the plane. Both points go through the same encoder; its weights
// exist once.
bool siamese_network() {
  const std::vector<float> x = random_rows(2000 * 4, 3);
  std::vector<std::int32_t> same;
  for (std::size_t r = 0; r < 2000; ++r) {
    same.push_back((x[4 * r] + x[4 * r + 1] > 0) == (x[4 * r + 2] + x[4 * r + 3] > 0) ? 1 : 0);
  }
  Model model;
  model.add_input("left", Shape{2}).add_input("right", Shape{2});
  model.add(Dense{16, pellucid::tanh}, "encoder", {"left"}).add_shared("encoder", "encoder_right", {"right"});
  model.add(Multiply{}, "likeness", {"encoder", "encoder_right"}).add(Dense{1, sigmoid}, "same");
  const Dataset data = Dataset::classification(x, Shape{4}, same, 2);
  fit(model, data, Dataset{}, options_for(60));
  save(model, "siamese");
  const double accuracy = evaluate(model, data).score();
  return report("siamese network, accuracy", accuracy, accuracy > 0.95);
}

// Layers that were trained on a task with many rows are frozen and get a new head for a task with few rows.
bool fine_tuning_with_a_frozen_trunk() {
  const auto rows = [](std::int64_t count, std::uint32_t stream, bool new_task) {
    const std::vector<float> x = random_rows(count * 2, stream);
    std::vector<std::int32_t> labels;
    for (std::size_t r = 0; r < static_cast<std::size_t>(count); ++r) {
      const float distance = x[2 * r] * x[2 * r] + x[2 * r + 1] * x[2 * r + 1];
      labels.push_back(new_task ? (distance > 0.5F ? 1 : 0) : (distance > 0.25F ? 1 : 0) + (distance > 0.75F ? 1 : 0));
    }
    return Dataset::classification(x, Shape{2}, labels, new_task ? 2 : 3);
  };
  Model trained;
  trained.add(Dense{32, relu}, "trunk1").add(Dense{32, relu}, "trunk2").add(Dense{3, softmax}, "head");
  fit(trained, rows(3000, 4, false), Dataset{}, options_for(40));

  Model tuned = trained.up_to("trunk2");
  tuned.add(Dense{1, sigmoid}, "new_head").build(Shape{2}, 1);
  tuned.copy_parameters(trained);  // all except those of the new head
  tuned.freeze("trunk1").freeze("trunk2");
  fit(tuned, rows(60, 5, true), Dataset{}, options_for(100));
  save(tuned, "tuned");
  const double accuracy = evaluate(tuned, rows(1000, 6, true)).score();
  return report("fine-tuning on 60 rows, accuracy on 1,000 new ones", accuracy, accuracy > 0.93);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc > 1) folder = argv[1];
  bool good = two_inputs_with_a_skip_connection();
  good = autoencoder_whose_encoder_is_used_alone() && good;
  good = siamese_network() && good;
  good = fine_tuning_with_a_frozen_trunk() && good;
  return good ? 0 : 1;
}
