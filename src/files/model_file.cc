// The model file: a safetensors container with parameters, architecture, preprocessor and test rows
// (docs/model-file.md).
// Not here: the container itself (files/safetensors.cc).
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/file.h"
#include "core/json.h"
#include "core/text.h"
#include "files/architecture_json.h"
#include "files/safetensors.h"
#include "model/heads.h"
#include "pellucid/error.h"

namespace pellucid {
namespace {

constexpr int format_version = 3;  // the newest version that can be read
constexpr const char* document_key = "pellucid";
constexpr const char* producer = "pellucid";
constexpr const char* test_rows_name = "pellucid.test_rows";
constexpr const char* test_outputs_name = "pellucid.test_outputs";
constexpr std::int64_t made_up_rows = 10;

// Rows of uniform random numbers, for a model that must not contain rows of its training data.
template <class T>
Tensor<T> make_up_rows(const BasicModel<T>& model) {
  const std::int64_t columns = model.row_shape().elements();
  Tensor<T> rows(Shape{made_up_rows, columns});
  Random random({.seed = 0, .purpose = Purpose::user});
  for (T& value : rows.values()) value = static_cast<T>(2 * random.uniform() - 1);
  return rows;
}

Json training_to_json(const TrainingSummary& t) {
  return {{"loss", t.loss},
          {"optimizer", t.optimizer},
          {"learning_rate", t.learning_rate},
          {"batch_size", t.batch_size},
          {"epochs", t.epochs},
          {"best_epoch", t.best_epoch},
          {"train_rows", t.train_rows},
          {"seed", t.seed}};
}

[[noreturn]] void refuse(const std::string& name, const std::string& reason) {
  throw Error("D21", name + ": " + reason);
}

// Reads a whole number of at least `low`, written as one: 1.0 and true are refused.
std::int64_t count_in(const SortedJson& object, const char* key, std::int64_t low, const std::string& name) {
  std::int64_t value = 0;
  if (read_count(object.at(key), low, value)) return value;
  refuse(name, fmt::format("{} is {}, expected a whole number ≥ {}", key, quote(object.at(key).dump()), low));
}

TrainingSummary training_from_json(const SortedJson& json, const std::string& name) {
  const SortedJson &seed = json.at("seed"), &rate = json.at("learning_rate");
  if (!seed.is_number_unsigned()) refuse(name, "seed is " + quote(seed.dump()) + ", expected a whole number ≥ 0");
  if (!rate.is_number() || rate.get<double>() < 0) {
    refuse(name, "learning_rate is " + quote(rate.dump()) + ", expected a number ≥ 0");
  }
  return {.loss = json.at("loss").get<std::string>(),
          .optimizer = json.at("optimizer").get<std::string>(),
          .epochs = count_in(json, "epochs", 0, name),
          .best_epoch = count_in(json, "best_epoch", 0, name),
          .train_rows = count_in(json, "train_rows", 0, name),
          .seed = seed.get<std::uint64_t>(),
          .learning_rate = rate.get<double>(),
          .batch_size = count_in(json, "batch_size", 0, name)};
}

double threshold_from_json(const SortedJson& document, const std::string& name) {
  const auto found = document.find("threshold");
  if (found == document.end()) return 0.5;
  const double threshold = found->is_number() ? found->get<double>() : 0;
  if (!(threshold > 0 && threshold < 1)) refuse(name, "the stored threshold is not a probability");
  return threshold;
}

Json conformal_to_json(const std::vector<ConformalScores>& targets) {
  Json list = Json::array();
  for (const ConformalScores& scores : targets) list.push_back({{"rows", scores.rows()}, {"scores", scores.kept()}});
  return list;
}

std::vector<ConformalScores> conformal_from_json(const SortedJson& document, const std::string& name) {
  std::vector<ConformalScores> targets;
  const auto found = document.find("conformal");
  if (found == document.end()) return targets;
  if (!found->is_array()) refuse(name, "conformal is not a list");
  for (const SortedJson& scores : *found) {
    targets.emplace_back(count_in(scores, "rows", 1, name), scores.at("scores").get<std::vector<double>>());
  }
  return targets;
}

Shape row_shape_from_json(const SortedJson& list, const std::string& name) {
  if (!list.is_array() || list.size() > Shape::max_rank) refuse(name, "input is not the shape of a row");
  std::vector<std::int64_t> extents;
  for (const SortedJson& extent : list) {
    if (!read_count(extent, 0, extents.emplace_back())) {
      refuse(name, "input has the extent " + quote(extent.dump()) + ", expected a whole number ≥ 0");
    }
  }
  return Shape(extents);
}

Preprocessor preprocessor_from_json(const SortedJson& json, const std::string& name) try {
  return Preprocessor::from_json(json.dump());
} catch (const Error& error) {
  refuse(name, error.what());
}

// Format 1 is what every version reads. Models with several targets have format 2; models with heads, shared parameters
// or frozen layers have format 3. A program that knows only lower formats then reports a newer file.
template <class T>
int format_of(const BasicModel<T>& model) {
  const auto is_new = [](const Node& node) {
    return node.shares >= 0 || node.frozen || !node.frozen_parameters.empty();
  };
  if (!model.heads().empty() || std::ranges::any_of(model.nodes(), is_new)) return 3;
  return model.preprocessor && model.preprocessor->targets.size() > 1 ? 2 : 1;
}

// How many numbers a user's own loss predicts from this many outputs; 0 if this program does not know the loss. The
// library's own losses predict one number per output.
std::int64_t predicted_by(const std::string& loss, std::int64_t outputs) try {
  return Loss::parse(loss).target_columns(outputs);
} catch (const Error&) {
  return 0;
}

// How many numbers the model predicts.
template <class T>
std::int64_t predicted_numbers(const BasicModel<T>& model) {
  const std::int64_t outputs = model.output_shape().elements();
  if (model.heads().empty()) return model.training ? predicted_by(model.training->loss, outputs) : outputs;
  std::int64_t numbers = 0;
  const std::vector<int> nodes = output_nodes(model);
  for (std::size_t h = 0; h < nodes.size(); ++h) {
    const std::int64_t own = model.output_shape(nodes[h]).elements();
    numbers += model.heads()[h].loss ? model.heads()[h].loss->target_columns(own) : own;
  }
  return numbers;
}

// Describes why the model's outputs do not match its preprocessor; empty if they match. All code that reads predictions
// by target and class relies on this.
template <class T>
std::string disagreement(const BasicModel<T>& model) {
  const Preprocessor& by = *model.preprocessor;
  if (by.targets.empty()) return "it has no targets";
  const std::int64_t features = by.row_shape().elements(), inputs = model.row_shape().elements();
  if (features != inputs) {
    return fmt::format("its preprocessor produces {}, but its network has {} inputs", plural(features, "feature"),
                       count_text(inputs));
  }
  auto outputs = static_cast<std::size_t>(model.output_shape().elements());
  const std::size_t classes = by.targets.front().classes.size();
  const bool one_each = by.targets.size() > 1 || classes == 0;
  if (one_each && outputs != by.targets.size()) {
    outputs = static_cast<std::size_t>(predicted_numbers(model));
    if (outputs == 0) return "its loss is not known to this program: register_loss<Yours>() before loading";
  }
  if (one_each ? outputs == by.targets.size() : outputs == classes || (classes == 2 && outputs == 1)) return "";
  return fmt::format("its network has {}, but its preprocessor has {}",
                     plural(static_cast<std::int64_t>(outputs), "output"),
                     one_each ? plural(static_cast<std::int64_t>(by.targets.size()), "target")
                              : plural(static_cast<std::int64_t>(classes), "class"));
}

// The name of a tensor that contains NaN or infinity; empty if there is none.
template <class T>
std::string not_finite(const BasicModel<T>& model, const Tensor<T>& test_rows, const Tensor<T>& test_outputs) {
  const auto spoilt = [](const Tensor<T>& tensor) {
    return std::ranges::any_of(tensor.values(), [](T x) { return !std::isfinite(x); });
  };
  const auto found = std::ranges::find_if(model.parameters(), [&](const auto& p) { return spoilt(p.value); });
  if (found != model.parameters().end()) return found->name;
  return spoilt(test_rows) ? test_rows_name : spoilt(test_outputs) ? test_outputs_name : "";
}

// Checks the test rows' sizes before anything is computed. Their bytes are in the file, so they are no larger than it.
template <class T>
Tensor<T> read_test_rows(const StoredFile& file, const Shape& row_shape, const std::string& name) {
  const StoredTensor* const rows = file.find(test_rows_name);
  if (!rows || rows->shape.rank() != 2 || rows->shape[0] < 1 || !file.find(test_outputs_name) ||
      static_cast<double>(rows->shape[1]) != row_shape.extent_product()) {
    throw Error("D21", name + " lacks the test rows that every model file contains");
  }
  return restored<T>(*rows);
}

template <class T>
void verify(const BasicModel<T>& model, const StoredFile& file, const std::string& name) {
  const Tensor<T> expected = restored<T>(*file.find(test_outputs_name));
  if (const std::string spoilt = not_finite(model, *model.test_rows, expected); !spoilt.empty()) {
    refuse(name, spoilt + " contains a number that is not finite");
  }
  const Tensor<T> got = model.predict(model.test_rows->view());
  if (expected.size() != got.size()) refuse(name, "its test rows do not fit its layers");
  for (std::int64_t i = 0; i < got.size(); ++i) {
    const double e = expected.data()[i], g = got.data()[i];
    if (!(std::abs(e - g) <= 1e-5 * std::max(1.0, std::abs(e)))) {
      refuse(name, fmt::format("test row {} gives {} on this machine, {} is stored",
                               i / (got.size() / model.test_rows->shape()[0]) + 1, g, e));
    }
  }
}

}  // namespace

template <class T>
std::string BasicModel<T>::to_bytes() const {
  Json document = {{"format", format_of(*this)}, {"producer", producer}, {"input", row_shape().extents()}};
  document["nodes"] = architecture_to_json(*this);
  if (!heads_.empty()) document["heads"] = heads_to_json(*this);
  if (preprocessor) {
    if (const std::string problem = disagreement(*this); !problem.empty()) {
      throw Error("U20", "the model and its preprocessor do not agree: " + problem);
    }
  }
  document["preprocessor"] = preprocessor ? Json::parse(preprocessor->to_json()) : Json(nullptr);
  document["training"] = training ? training_to_json(*training) : Json(nullptr);
  if (threshold != 0.5) document["threshold"] = threshold;
  if (!conformal.empty()) document["conformal"] = conformal_to_json(conformal);
  const Tensor<T> rows = test_rows && test_rows->size() > 0 ? *test_rows : make_up_rows(*this);
  const Tensor<T> outputs = predict(rows.view());
  if (const std::string spoilt = not_finite(*this, rows, outputs); !spoilt.empty()) {
    throw Error("U25", spoilt + " contains a number that is not finite, so the model could not be loaded again");
  }
  StoredFile file;
  file.texts[document_key] = document.dump();
  for (const Parameter<T>& p : parameters_) file.tensors.push_back(stored(p.name, p.value.shape(), p.value.values()));
  file.tensors.push_back(stored(test_rows_name, rows.shape(), rows.values()));
  file.tensors.push_back(stored(test_outputs_name, outputs.shape(), outputs.values()));
  return write_safetensors(file);
}

template <class T>
void BasicModel<T>::save(const std::string& path) const {
  write_file(path, to_bytes());
}

template <class T>
BasicModel<T> BasicModel<T>::load(const std::string& path) {
  return from_bytes(read_file(path), path);
}

template <class T>
BasicModel<T> BasicModel<T>::from_bytes(std::string_view bytes, const std::string& name) try {
  const StoredFile file = read_safetensors(bytes, name);
  const auto text = file.texts.find(document_key);
  if (text == file.texts.end()) throw Error("D21", name + " is a safetensors file of another program");
  const SortedJson document = parse_json<SortedJson>(text->second);
  if (!document.is_object()) refuse(name, "its description is not a JSON object");
  const std::int64_t format = count_in(document, "format", 1, name);
  if (format > format_version) {
    throw Error("D21", fmt::format("{} was written by a newer pellucid (format {}, this one reads up to {})", name,
                                   format, format_version));
  }
  if (document.at("producer") != producer) refuse(name, "another program wrote it");
  BasicModel model;
  architecture_from_json(model, document.at("nodes"), name);
  if (document.contains("heads")) model.set_heads(heads_from_json(document["heads"], name));
  const Shape row = row_shape_from_json(document.at("input"), name);
  model.test_rows = read_test_rows<T>(file, row, name);
  model.set_row_shape(row);
  model.make_parameters([&](const Parameter<T>& which, const Need& need) {
    const StoredTensor* tensor = file.find(which.name);
    if (tensor == nullptr) throw Error("D21", name + " lacks the tensor " + quote(which.name));
    if (!(tensor->shape == need.shape)) {
      refuse(name,
             fmt::format("{} is {}, its layer needs {}", quote(which.name), tensor->shape.text(), need.shape.text()));
    }
    return restored<T>(*tensor);
  });
  if (!document.at("training").is_null()) model.training = training_from_json(document["training"], name);
  if (!document.at("preprocessor").is_null()) {
    model.preprocessor = preprocessor_from_json(document["preprocessor"], name);
    if (const std::string problem = disagreement(model); !problem.empty()) refuse(name, problem);
  }
  model.threshold = threshold_from_json(document, name);
  model.conformal = conformal_from_json(document, name);
  verify(model, file, name);
  return model;
} catch (const SortedJson::exception&) {
  throw Error("D21", name + ": its description has a form that this version does not know");
} catch (const Error& error) {
  if (error.code()[0] != 'U') throw;
  throw Error("D21", name + ": " + error.what(), error.details());  // the file is at fault, not the caller
}

template std::string BasicModel<float>::to_bytes() const;
template std::string BasicModel<double>::to_bytes() const;
template void BasicModel<float>::save(const std::string&) const;
template void BasicModel<double>::save(const std::string&) const;
template BasicModel<float> BasicModel<float>::load(const std::string&);
template BasicModel<double> BasicModel<double>::load(const std::string&);
template BasicModel<float> BasicModel<float>::from_bytes(std::string_view, const std::string&);
template BasicModel<double> BasicModel<double>::from_bytes(std::string_view, const std::string&);

}  // namespace pellucid
