// The model file: a safetensors container with the architecture, the preprocessor and test rows inside
// (docs/model-file.md). Not here: the container itself (formats/safetensors.cc).
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/file.h"
#include "core/text.h"
#include "formats/safetensors.h"
#include "model/architecture_json.h"
#include "pellucid/error.h"

namespace pellucid {
namespace {

constexpr int format_version = 2;  // the newest that is read
constexpr const char* document_key = "pellucid";
constexpr const char* test_rows_name = "pellucid.test_rows";
constexpr const char* test_outputs_name = "pellucid.test_outputs";
constexpr std::int64_t made_up_rows = 10;

// Rows of uniform numbers, for a model that shall not carry rows of its data.
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

TrainingSummary training_from_json(const Json& json) {
  return {json.at("loss"),       json.at("optimizer"), json.at("epochs"),        json.at("best_epoch"),
          json.at("train_rows"), json.at("seed"),      json.at("learning_rate"), json.at("batch_size")};
}

double threshold_from_json(const Json& document) {
  const double threshold = document.value("threshold", 0.5);
  if (!(threshold > 0 && threshold < 1)) throw Error("D21", "the stored threshold is no probability");
  return threshold;
}

// A model of several targets is of format 2, so that programs that know one only say that it is newer.
int format_of(const std::optional<Preprocessor>& preprocessor) {
  return preprocessor && preprocessor->targets.size() > 1 ? 2 : 1;
}

// Whoever reads predictions by targets and classes relies on it.
template <class T>
void require_outputs(const BasicModel<T>& model, const std::string& name) {
  const std::vector<FittedTarget>& targets = model.preprocessor->targets;
  const auto outputs = static_cast<std::size_t>(model.output_shape().elements());
  const std::size_t classes = targets.front().classes.size();
  const bool one_each = targets.size() > 1 || classes == 0;
  if (one_each ? outputs == targets.size() : outputs == classes || (classes == 2 && outputs == 1)) return;
  throw Error("D21", fmt::format("{}: its net has {}, what it learned {}", name,
                                 plural(static_cast<std::int64_t>(outputs), "output"),
                                 one_each ? plural(static_cast<std::int64_t>(targets.size()), "target")
                                          : plural(static_cast<std::int64_t>(classes), "class")));
}

template <class T>
void verify(const BasicModel<T>& model, const StoredFile& file, const std::string& name) {
  const StoredTensor *rows = file.find(test_rows_name), *outputs = file.find(test_outputs_name);
  if (!rows || !outputs || rows->shape.rank() != 2 || rows->shape[1] != model.row_shape().elements()) {
    throw Error("D21", name + " lacks the test rows that every model file carries");
  }
  const Tensor<T> expected = restored<T>(*outputs);
  const Tensor<T> got = model.predict(restored<T>(*rows).view());
  if (expected.size() != got.size()) throw Error("D21", name + ": its test rows do not fit its layers");
  for (std::int64_t i = 0; i < got.size(); ++i) {
    const double e = expected.data()[i], g = got.data()[i];
    if (!(std::abs(e - g) <= 1e-5 * std::max(1.0, std::abs(e)))) {
      throw Error("D21", fmt::format("{}: test row {} gives {} on this machine, {} is stored", name,
                                     i / (got.size() / rows->shape[0]) + 1, g, e));
    }
  }
}

}  // namespace

template <class T>
std::string BasicModel<T>::to_bytes() const {
  Json document = {{"format", format_of(preprocessor)}, {"producer", "pellucid"}, {"input", row_shape().extents()}};
  document["nodes"] = architecture_to_json(*this);
  document["preprocessor"] = preprocessor ? Json::parse(preprocessor->to_json()) : Json(nullptr);
  document["training"] = training ? training_to_json(*training) : Json(nullptr);
  if (threshold != 0.5) document["threshold"] = threshold;
  const Tensor<T> rows = test_rows ? *test_rows : make_up_rows(*this);
  const Tensor<T> outputs = predict(rows.view());
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
  const Json document = Json::parse(text->second);
  const int format = document.at("format").get<int>();
  if (format > format_version) {
    throw Error("D21", fmt::format("{} was written by a newer pellucid (format {}, this one reads up to {})", name,
                                   format, format_version));
  }
  BasicModel model;
  architecture_from_json(model, document.at("nodes"), name);
  model.make_parameters(Shape(document.at("input").get<std::vector<std::int64_t>>()),
                        [&](const Parameter<T>& which, const Need& need) {
                          const StoredTensor* tensor = file.find(which.name);
                          if (tensor == nullptr) throw Error("D21", name + " lacks the tensor " + quote(which.name));
                          if (!(tensor->shape == need.shape)) {
                            throw Error("D21", fmt::format("{}: {} is {}, its layer needs {}", name, which.name,
                                                           tensor->shape.text(), need.shape.text()));
                          }
                          return restored<T>(*tensor);
                        });
  if (!document.at("preprocessor").is_null()) {
    model.preprocessor = Preprocessor::from_json(document["preprocessor"].dump());
    require_outputs(model, name);
  }
  if (!document.at("training").is_null()) model.training = training_from_json(document["training"]);
  model.threshold = threshold_from_json(document);
  verify(model, file, name);
  model.test_rows = restored<T>(*file.find(test_rows_name));
  return model;
} catch (const Json::exception&) {
  throw Error("D21", name + ": its description is not as this version writes it");
} catch (const Error& error) {
  if (error.code()[0] != 'U') throw;
  throw Error("D21", name + ": " + error.what(), error.details());  // a file is to blame, not the call
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
