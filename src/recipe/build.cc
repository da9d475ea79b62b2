// Settings made into layers, loss, optimizer and options. Not here: the defaults' rules (the library's auto_…).
#include "recipe/build.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/settings.h"
#include "core/text.h"
#include "pellucid/error.h"
#include "pellucid/number_embeddings.h"
#include "pellucid/random.h"
#include "pellucid/setting_hint.h"
#include "recipe/hidden_layers.h"
#include "recipe/kind_settings.h"

namespace pellucid {
namespace {

// With the NTK parametrisation weights and biases start as N(0, 1) (before the division by √inputs), an output layer as
// 0; biases learn at a tenth of the rate.
DenseOptions dense_options(const ModelSettings& settings, bool last) {
  DenseOptions options;
  options.weight_initializer = settings.init;
  const bool by_data = std::string_view(settings.init.kind().name) == "std";
  if (by_data) options.bias_initializer = Initializer("kinks");
  if (settings.parametrization != Parametrization::ntk) return options;
  options.parametrization = "ntk";
  options.bias_rate = 0.1;
  if (settings.init.is_auto()) options.weight_initializer = Initializer(last ? "zeros" : "lecun_normal");
  if (!last && !by_data) options.bias_initializer = Initializer("normal", 1);
  return options;
}

LayerRef output_layer(const Recipe& settings, const Preprocessor& preprocessor) {
  const Activation activation = output_activation(settings, preprocessor);
  const auto targets = static_cast<std::int64_t>(preprocessor.targets.size());
  const auto classes = static_cast<std::int64_t>(preprocessor.targets.front().classes.size());
  const bool one_each = targets > 1 || classes == 0 || (classes == 2 && activation.kind().name != softmax.kind().name);
  return Dense(one_each ? targets : classes, activation, dense_options(settings.model, true));
}

// Where columns hold indices of categories. `gone`: how many features before them an earlier layer has moved to the
// end.
void add_embedding(Model& model, const Recipe& settings, const Preprocessor& preprocessor,
                   const std::vector<std::int64_t>& gone = {}) {
  std::vector<EmbeddedColumn> columns;
  std::int64_t at = 0;
  for (const FittedColumn& column : preprocessor.columns) {
    const CategoricalColumn* const words = column.categorical();
    const auto before = std::lower_bound(gone.begin(), gone.end(), at) - gone.begin();
    if (words != nullptr && words->embedded) columns.push_back({at - before, words->one_hot_features()});
    at += column.features;
  }
  if (!columns.empty()) model.add(Embedding(std::move(columns), settings.model.embedding_size));
}

// What comes before all other layers: first the embedding of numbers, then the one of categories.
void add_embeddings(Model& model, const Recipe& settings, const Preprocessor& preprocessor) {
  const ModelSettings& net = settings.model;
  const std::vector<std::int64_t> numbers = numeric_features(preprocessor);
  const NumberEmbedding kind = numbers.empty() ? NumberEmbedding::none : net.number_embedding;
  const Auto<std::int64_t>& size = net.number_embedding_size;
  std::vector<std::int64_t> gone;
  if (kind == NumberEmbedding::periodic) {
    PeriodicEmbeddingOptions options;
    options.size = size.value_or(options.size);
    options.sigma = net.number_embedding_scale.value_or(options.sigma);
    model.add(PeriodicEmbedding(numbers, options));
  }
  if (kind == NumberEmbedding::cosine)
    model.add(CosineEmbedding(gone = numbers, size.value_or(16), net.number_embedding_scale.value_or(0.1)));
  if (kind == NumberEmbedding::piecewise) model.add(PiecewiseLinearEmbedding(gone = numbers, size.value_or(16)));
  add_embedding(model, settings, preprocessor, gone);
}

}  // namespace

Activation output_activation(const Recipe& settings, const Preprocessor& preprocessor) {
  if (!settings.model.output.is_auto()) return settings.model.output.value();
  if (!preprocessor.is_classification()) return linear;
  return preprocessor.targets.front().classes.size() == 2 ? sigmoid : softmax;  // of several targets each has two
}

std::vector<std::int64_t> numeric_features(const Preprocessor& preprocessor) {
  std::vector<std::int64_t> features;
  std::int64_t at = 0;
  for (const FittedColumn& column : preprocessor.columns) {
    const bool numbers = (column.is(ColumnKind::number) && column.shape.rank() == 0) || column.is(ColumnKind::date);
    const std::int64_t count = numbers ? column.features - (column.indicator ? 1 : 0) : 0;
    for (std::int64_t i = 0; i < count; ++i) features.push_back(at + i);
    at += column.features;
  }
  return features;
}

Schedule make_schedule(const Recipe& settings) {
  Choice<Schedule> choice = settings.training.schedule;
  if (choice.is_auto()) choice.choose(Schedule());
  const Schedule schedule = chosen(choice);
  schedule.check();
  return schedule;
}

Model make_model(const Recipe& settings, const Preprocessor& preprocessor) {
  Model model;
  const ModelSettings& net = settings.model;
  add_embeddings(model, settings, preprocessor);
  if (const double rate = net.input_scale.value_or(0); rate > 0) model.add(Scale(rate));
  add_hidden_layers(model, settings, preprocessor, dense_options(net, false));
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
  Choice<Optimizer> choice = settings.training.optimizer;
  if (choice.is_auto()) choice.choose(Adam{});
  const Auto<double>& momentum = settings.training.momentum;
  if (choice.kind()->name() == Sgd::name && momentum.value_or(0) > 0) {  // what most people call sgd with momentum
    choice.choose(Momentum{.learning_rate = choice.kind()->learning_rate()});
  }
  Optimizer optimizer = chosen(choice);
  const std::string what = "optimizer " + std::string(optimizer.name());
  if (optimizer.name() == Momentum::name && !momentum.is_auto()) {
    settings_from_json(optimizer, {{"momentum", momentum.value()}}, what);
  } else if (momentum.value_or(0) > 0) {
    throw Error("U35", fmt::format("momentum has no effect with the {}", what),
                {"the optimizers momentum and sgd have it"});
  }
  if (const Auto<double>& rate = settings.training.learning_rate; !rate.is_auto()) {
    if (optimizer.learning_rate() == 0) {
      throw Error("U35", fmt::format("learning_rate has no effect with the {}, which chooses its own steps", what),
                  {"leave it out, or choose another optimizer: " + setting_hint("optimizer", "adam")});
    }
    optimizer.set_learning_rate(rate.value());
  }
  optimizer.check();
  return optimizer;
}

FitOptions make_fit_options(const Recipe& recipe) {
  const TrainingSettings& s = recipe.training;
  FitOptions options;
  options.epochs = s.epochs.value_or(-1);
  options.batch_size = s.batch_size.value_or(-1);
  options.optimizer = make_optimizer(recipe);
  if (!recipe.model.loss.is_auto()) options.loss = chosen(recipe.model.loss);
  options.schedule = make_schedule(recipe);
  options.dropout_schedule = recipe.model.dropout_schedule;
  options.decay_schedule = s.decay_schedule;
  options.l1 = recipe.model.l1;
  options.l2 = recipe.model.l2;
  options.clip_norm = s.clip_norm;
  options.clip_value = s.clip_value;
  options.patience = s.patience.value_or(-1);
  options.patience_factor = s.patience_factor;
  options.min_delta = s.min_delta;
  options.keep_best = s.keep_best;
  options.best_by = s.best_by.value_or(BestBy::loss);
  options.shuffle = s.shuffle;
  options.balanced_classes = recipe.data.class_weights == ClassWeights::balanced;
  options.health = !recipe.run.no_health;
  options.threads = s.threads;
  options.row_block = s.row_block;
  options.seed = static_cast<std::uint64_t>(s.seed);
  return options;
}

void build_to_train(Model& model, const Recipe& settings, const Split& split) {
  require_training_memory(model, split.train, split.validation, make_fit_options(settings));
  const auto seed = static_cast<std::uint64_t>(settings.training.seed);
  model.build(split.train.row_shape(), seed);
  set_edges(model, split.train);
  set_first_weights(model, split.train, seed);
}

void make_up_test_rows(Model& model, std::uint64_t seed) {
  if (!model.test_rows) return;
  Random random({.seed = seed, .purpose = Purpose::user});
  for (float& x : model.test_rows->values()) x = static_cast<float>(random.uniform() * 2 - 1);
}

}  // namespace pellucid
