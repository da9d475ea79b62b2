// Settings made into layers, loss, optimizer and options. Not here: the defaults' rules (the library's auto_…).
#include "app/train_setup.h"

#include <fmt/format.h>

#include <algorithm>

#include "app/cli/model_path.h"
#include "app/presets.h"
#include "core/number_hint.h"
#include "core/settings.h"
#include "core/text.h"
#include "pellucid/error.h"
#include "pellucid/random.h"

namespace pellucid::app {
namespace {

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

Activation output_activation(const TrainSettings& settings, const Preprocessor& preprocessor) {
  if (settings.output != "auto") return Activation::parse(settings.output);
  if (!preprocessor.is_classification()) return linear;
  return preprocessor.targets.front().classes.size() == 2 ? sigmoid : softmax;  // of several targets each has two
}

// With the NTK parametrisation weights and biases begin as N(0, 1) (before the division by √in), an output layer as 0;
// biases learn at a tenth of the rate.
DenseOptions dense_options(const TrainSettings& settings, bool last) {
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
Loss make_loss(const TrainSettings& settings) {
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
void set_details(Settings& target, const TrainSettings& settings, const std::string& owner, const std::string& what) {
  for (const auto& [key, value] : settings.details) {
    if (key.starts_with(owner + ".")) set_field(target, key.substr(owner.size() + 1), value, what);
  }
}

Schedule make_schedule(const TrainSettings& settings) {
  Schedule schedule;
  schedule.kind = settings.schedule == "auto" ? "constant" : settings.schedule;
  set_details(schedule, settings, "schedule", "schedule " + schedule.kind);
  schedule.check();
  return schedule;
}

std::int64_t whole(const std::string& text) {
  return whole_or_auto(text).value_or(-1);
}

LayerRef output_layer(const TrainSettings& settings, const Preprocessor& preprocessor) {
  const Activation activation = output_activation(settings, preprocessor);
  const auto targets = static_cast<std::int64_t>(preprocessor.targets.size());
  const auto classes = static_cast<std::int64_t>(preprocessor.targets.front().classes.size());
  const bool one_each = targets > 1 || classes == 0 || (classes == 2 && activation.kind().name != softmax.kind().name);
  return Dense(one_each ? targets : classes, activation, dense_options(settings, true));
}

// What comes before all other layers, where columns hold indices of categories.
void add_embedding(Model& model, const TrainSettings& settings, const Preprocessor& preprocessor) {
  std::vector<EmbeddedColumn> columns;
  std::int64_t at = 0;
  for (const FittedColumn& column : preprocessor.columns) {
    const auto categories = static_cast<std::int64_t>(column.categories.size()) + (column.other > 0 ? 1 : 0);
    if (column.embedded) columns.push_back({at, categories});
    at += column.features;
  }
  if (!columns.empty()) model.add(Embedding(std::move(columns), settings.embedding_size));
}

// A recipe's softmax shares one answer out among the outputs; several questions are answered each by its own sigmoid.
void answer_each(Sourced& sourced) {
  TrainSettings& s = sourced.settings;
  const auto by_recipe = [&](const char* name) {
    const auto origin = sourced.origins.find(name);
    return origin != sourced.origins.end() && origin->second.starts_with("preset");
  };
  if (by_recipe("loss") && s.loss.starts_with("cross_entropy")) s.loss = "binary_" + s.loss;
  if (by_recipe("output") && s.output == softmax.kind().name) s.output = sigmoid.kind().name;
  const bool shared = s.output == softmax.kind().name || s.loss.starts_with("cross_entropy");
  if (shared) {
    throw Error("U06", "softmax and cross_entropy share one answer out among the outputs; there are several targets",
                {"each is answered by itself: --output sigmoid, --loss binary_cross_entropy, which are the defaults"});
  }
  if (s.class_weights == "balanced") {
    throw Error("U06", "--class-weights balanced goes by the class of one target; there are several",
                {"--threshold auto serves a rare answer without weights"});
  }
}

}  // namespace

void note_details(TrainSettings& settings) {
  Optimizer optimizer = make_optimizer(settings);
  for (const FieldState& field : list_fields(optimizer)) {
    const std::string name = field.info.name;
    if (name != "learning_rate" && name != "momentum") settings.details["optimizer." + name] = field.text();
  }
  Schedule schedule = make_schedule(settings);
  if (schedule.kind == "constant") return;
  for (const FieldState& field : list_fields(schedule)) {
    const std::string name = field.info.name;
    if (name != "kind") settings.details["schedule." + name] = field.text();
  }
}

void resolve_autos(Sourced& sourced, const Split& split) {
  TrainSettings& s = sourced.settings;
  const auto put = [&](const char* name, std::string& text, const std::string& value, const std::string& reason) {
    if (text != "auto") return;
    text = value;
    sourced.origins[name] = "auto: " + reason;
  };
  const auto put_rule = [&](const char* name, std::string& text, const AutoRule& rule) {
    put(name, text, std::to_string(rule.value), rule.reason);
  };
  const bool classes = split.preprocessor.is_classification();
  apply_preset(sourced, classes, split.train.rows());
  if (split.preprocessor.is_multi_label()) answer_each(sourced);
  const std::string task = classes ? "classification" : "regression";
  put_rule("epochs", s.epochs, auto_epochs(split.train.rows(), classes));
  put_rule("batch_size", s.batch_size, auto_batch_size(split.train.rows()));
  if (split.validation.empty()) put("patience", s.patience, "0", "no validation rows");
  put_rule("patience", s.patience, auto_patience(whole(s.epochs)));
  put("hidden", s.hidden, auto_hidden(classes), task);
  const bool searches = s.optimizer == Lbfgs::name;
  put("schedule", s.schedule, searches ? "constant" : "cosine",
      searches ? "lbfgs chooses its steps" : "ends with small steps");
  put("output", s.output, std::string(output_activation(s, split.preprocessor).kind().name), task);
  Optimizer optimizer = make_optimizer(s);
  const bool linear = hidden_units(s.hidden).empty();
  const std::string net = linear && classes ? "no hidden layer" : task;
  if (!searches) {
    put("lr", s.lr, number_text(auto_learning_rate(optimizer, classes, !linear)),
        std::string(optimizer.name()) + ", " + net);
  }
  for (const FieldState& field : list_fields(optimizer)) {
    if (std::string_view(field.info.name) == "momentum") put("momentum", s.momentum, field.text(), "usual");
  }
  if (s.target.empty()) sourced.origins["target"] = "auto: by its name";
  s.target = split.preprocessor.target_names();
  note_details(s);
}

Model make_model(const TrainSettings& settings, const Preprocessor& preprocessor) {
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

Model make_linear_model(const TrainSettings& settings, const Preprocessor& preprocessor) {
  Model model;
  add_embedding(model, settings, preprocessor);
  model.add(output_layer(settings, preprocessor), "output");
  return model;
}

Optimizer make_optimizer(const TrainSettings& settings) {
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

FitOptions make_fit_options(const TrainSettings& s) {
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

void build_to_train(Model& model, const TrainSettings& settings, const Split& split) {
  require_training_memory(model, split.train, split.validation, make_fit_options(settings));
  model.build(split.train.row_shape(), static_cast<std::uint64_t>(settings.seed));
}

std::vector<std::string> copy_parameters(Model& model, const std::string& from) {
  const Model source = Model::load(model_path(from));
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

}  // namespace pellucid::app
