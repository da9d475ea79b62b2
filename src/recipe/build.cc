// Settings made into layers, loss, optimizer and options. Not here: the defaults' rules (the library's auto_…).
#include "recipe/build.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/number_hint.h"
#include "core/settings.h"
#include "core/text.h"
#include "pellucid/error.h"
#include "pellucid/random.h"

namespace pellucid {
namespace {

std::int64_t whole(const std::string& text) {
  return whole_or_auto(text).value_or(-1);
}

// With the NTK parametrisation weights and biases begin as N(0, 1) (before the division by √in), an output layer as 0;
// biases learn at a tenth of the rate.
DenseOptions dense_options(const Recipe& settings, bool last) {
  DenseOptions options;
  options.weight_initializer = Initializer::parse(settings.init);
  if (settings.parametrization != "ntk") return options;
  options.parametrization = settings.parametrization;
  options.bias_rate = 0.1;
  if (options.weight_initializer.is_auto()) options.weight_initializer = Initializer(last ? "zeros" : "lecun_normal");
  if (!last) options.bias_initializer = Initializer("normal", 1);
  return options;
}

// "huber(1.5)" and the details loss.reduction, loss.<parameter>.
Loss make_loss(const Recipe& settings) {
  const Loss plain = Loss::parse(settings.loss);
  Loss::Options options{plain.reduction(), plain.kind().parameter.name != nullptr ? plain.parameter() : -1};
  for (const auto& [key, value] : settings.details) {
    if (!key.starts_with("loss.")) continue;
    const std::string name = key.substr(5);
    if (name == "reduction" && (value == "mean" || value == "sum")) {
      options.reduction = value == "sum" ? Reduction::sum : Reduction::mean;
    } else if (name == "reduction") {
      throw Error("U12", "loss: reduction takes mean|sum, got " + value);
    } else if (plain.kind().parameter.name == nullptr || name != plain.kind().parameter.name) {
      throw Error("U05", fmt::format("loss {} has no setting {}", plain.kind().name, quote(name)));
    } else if (!parse_number(value, options.parameter) || options.parameter < 0) {
      throw Error("U02", fmt::format("loss {}: {} takes a number ≥ 0, got {}{}", plain.kind().name, name, quote(value),
                                     number_hint(value, false)));
    }
  }
  return Loss(plain.kind(), options);
}

template <class Settings>
void set_details(Settings& target, const Recipe& settings, const std::string& owner, const std::string& what) {
  for (const auto& [key, value] : settings.details) {
    if (key.starts_with(owner + ".")) set_field(target, key.substr(owner.size() + 1), value, what);
  }
}

LayerRef output_layer(const Recipe& settings, const Preprocessor& preprocessor) {
  const Activation activation = output_activation(settings, preprocessor);
  const auto targets = static_cast<std::int64_t>(preprocessor.targets.size());
  const auto classes = static_cast<std::int64_t>(preprocessor.targets.front().classes.size());
  const bool one_each = targets > 1 || classes == 0 || (classes == 2 && activation.kind().name != softmax.kind().name);
  return Dense(one_each ? targets : classes, activation, dense_options(settings, true));
}

// What comes before all other layers, where columns hold indices of categories.
void add_embedding(Model& model, const Recipe& settings, const Preprocessor& preprocessor) {
  std::vector<EmbeddedColumn> columns;
  std::int64_t at = 0;
  for (const FittedColumn& column : preprocessor.columns) {
    const auto categories = static_cast<std::int64_t>(column.categories.size()) + (column.other > 0 ? 1 : 0);
    if (column.embedded) columns.push_back({at, categories});
    at += column.features;
  }
  if (!columns.empty()) model.add(Embedding(std::move(columns), settings.embedding_size));
}

}  // namespace

std::vector<std::int64_t> hidden_units(const std::string& text) {
  std::vector<std::int64_t> units;
  if (text == "none") return units;
  for (const std::string& part : split_text(text, ',')) {
    std::int64_t n = 0;
    if (!parse_integer(part, n)) {
      throw Error("U02",
                  "hidden takes numbers of units such as 64,32, or none; got " + quote(text) + number_hint(part, true));
    }
    if (n < 1) throw Error("U12", fmt::format("hidden takes units ≥ 1, got {}", n));
    units.push_back(n);
  }
  return units;
}

Activation output_activation(const Recipe& settings, const Preprocessor& preprocessor) {
  if (settings.output != "auto") return Activation::parse(settings.output);
  if (!preprocessor.is_classification()) return linear;
  return preprocessor.targets.front().classes.size() == 2 ? sigmoid : softmax;  // of several targets each has two
}

Schedule make_schedule(const Recipe& settings) {
  Schedule schedule;
  schedule.kind = settings.schedule == "auto" ? "constant" : settings.schedule;
  set_details(schedule, settings, "schedule", "schedule " + schedule.kind);
  schedule.check();
  return schedule;
}

Model make_model(const Recipe& settings, const Preprocessor& preprocessor) {
  Model model;
  const Activation activation = Activation::parse(settings.activation);
  add_embedding(model, settings, preprocessor);
  if (const double rate = number_or_auto(settings.input_scale).value_or(0); rate > 0) model.add(Scale(rate));
  for (const std::int64_t units : hidden_units(settings.hidden)) {
    model.add(Dense(units, activation, dense_options(settings, false)));
    if (settings.dropout > 0) model.add(Dropout(settings.dropout));
  }
  model.add(output_layer(settings, preprocessor), "output");
  return model;
}

Model make_linear_model(const Recipe& settings, const Preprocessor& preprocessor) {
  Model model;
  add_embedding(model, settings, preprocessor);
  model.add(output_layer(settings, preprocessor), "output");
  return model;
}

Optimizer make_optimizer(const Recipe& settings) {
  const std::optional<double> momentum = number_or_auto(settings.momentum);
  // sgd with momentum is what most people call that optimizer.
  const bool heavy = settings.optimizer == "sgd" && momentum.value_or(0) > 0;
  Optimizer optimizer(heavy ? "momentum" : std::string_view(settings.optimizer));
  const std::string what = "optimizer " + std::string(optimizer.name());
  set_details(optimizer, settings, "optimizer", what);
  if (momentum && optimizer.name() == "momentum") {
    set_field(optimizer, "momentum", settings.momentum, what);
  } else if (momentum.value_or(0) > 0) {
    throw Error("U06", fmt::format("{} has no setting momentum", what), {"--optimizer momentum has"});
  }
  if (const std::optional<double> lr = number_or_auto(settings.lr)) optimizer.set_learning_rate(*lr);
  optimizer.check();
  return optimizer;
}

FitOptions make_fit_options(const Recipe& s) {
  FitOptions options;
  options.epochs = whole(s.epochs);
  options.batch_size = whole(s.batch_size);
  options.optimizer = make_optimizer(s);
  if (s.loss != "auto") options.loss = make_loss(s);
  options.schedule = make_schedule(s);
  options.l1 = s.l1;
  options.l2 = s.l2;
  options.clip_norm = s.clip_norm;
  options.clip_value = s.clip_value;
  options.patience = whole(s.patience);
  options.min_delta = s.min_delta;
  options.keep_best = s.keep_best;
  options.best_by = s.best_by == "score" ? BestBy::score : BestBy::loss;
  options.shuffle = s.shuffle;
  options.balanced_classes = s.class_weights == "balanced";
  options.health = !s.no_health;
  options.threads = s.threads;
  options.row_block = s.row_block;
  options.seed = static_cast<std::uint64_t>(s.seed);
  return options;
}

void build_to_train(Model& model, const Recipe& settings, const Split& split) {
  require_training_memory(model, split.train, split.validation, make_fit_options(settings));
  model.build(split.train.row_shape(), static_cast<std::uint64_t>(settings.seed));
}

std::vector<std::string> copy_parameters(Model& model, const Model& source, const std::string& from) {
  std::vector<std::string> missing;
  for (auto& parameter : model.parameters()) {
    const auto& given = source.parameters();
    const auto same = std::find_if(given.begin(), given.end(), [&](const auto& p) {
      return p.name == parameter.name && p.value.shape() == parameter.value.shape();
    });
    if (same == given.end()) {
      missing.push_back(parameter.name);
    } else {
      parameter.value = same->value;
    }
  }
  if (missing.size() == model.parameters().size()) {
    throw Error("U20", from + " has no parameter of the same name and shape as this net",
                {"the net needs " + join(missing, " ")});
  }
  return missing;
}

void make_up_test_rows(Model& model, std::uint64_t seed) {
  if (!model.test_rows) return;
  Random random({.seed = seed, .purpose = Purpose::user});
  for (float& x : model.test_rows->values()) x = static_cast<float>(random.uniform() * 2 - 1);
}

}  // namespace pellucid
