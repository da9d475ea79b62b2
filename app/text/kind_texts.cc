// The texts of `pellucid explain` for each kind, made from the kind's row in its table.
// Not here: how they are laid out (app/commands/explain.cc), settings and their values (setting_texts.cc).
#include "app/text/kind_texts.h"

#include <fmt/format.h>

#include "app/text/setting_texts.h"
#include "core/settings.h"
#include "core/text.h"
#include "pellucid/activation.h"
#include "pellucid/error.h"
#include "pellucid/initializer.h"
#include "pellucid/layer.h"
#include "pellucid/loss.h"
#include "pellucid/metric.h"
#include "pellucid/model.h"
#include "pellucid/optimizer.h"
#include "pellucid/schedule.h"
#include "pellucid/trainer.h"

namespace pellucid::app {
namespace {

std::string number(double x) {
  return fmt::format("{:.6g}", x);
}

std::string setting_text(const FieldState& field) {
  const std::string range = field.range();
  return fmt::format("{} {}{}: {}", field.info.name, field.text(), range.empty() ? "" : " (" + range + ")",
                     field.info.help);
}

std::vector<std::string> settings_of(Describable thing) {
  std::vector<std::string> texts;
  for (const FieldState& field : list_fields(thing)) texts.push_back(setting_text(field));
  return texts;
}

std::vector<std::string> parameter_of(const FieldInfo& info, double value) {
  if (info.name == nullptr) return {};
  return {setting_text({info, value})};
}

void add_activations(std::vector<KindText>& texts) {
  for (const ActivationKind* kind : activation_kinds()) {
    KindText text{kind->name, "activation", kind->help, fmt::format("f(z) = {}", kind->formula), "", kind->source, {}};
    text.example = kind->rowwise ? fmt::format("over a whole row; here z = {} gives y = {}", number(kind->example_z),
                                               number(kind->example_y))
                                 : fmt::format("z = {}: y = {}, slope {}", number(kind->example_z),
                                               number(kind->example_y), number(kind->example_slope));
    text.settings = parameter_of(kind->parameter, kind->parameter_default);
    texts.push_back(std::move(text));
  }
}

void add_losses(std::vector<KindText>& texts) {
  for (const LossKind* kind : loss_kinds()) {
    KindText text{kind->name,   "loss", fmt::format("{} ({})", kind->help, kind->task), kind->formula, "",
                  kind->source, {}};
    text.example =
        fmt::format("{} = {}, target {}: loss {}, slope {}", kind->from_logits ? "z" : "y", number(kind->example_y),
                    number(kind->example_target), number(kind->example_value), number(kind->example_slope));
    text.settings = parameter_of(kind->parameter, kind->parameter_default);
    texts.push_back(std::move(text));
  }
}

// Trains one weight, which starts at 1, for two steps with the loss w².
std::string optimizer_example(const Optimizer& optimizer) {
  const float one[] = {1}, zero[] = {0};
  const Dataset row = Dataset::regression(one, Shape{1}, zero);
  Model model{Dense(1, linear, {.bias = false, .weight_initializer = Initializer("constant", 1)})};
  std::vector<std::string> weights;
  for (const std::int64_t epochs : {1, 2}) {
    Model trained = model;
    FitOptions options;
    options.epochs = epochs;
    options.batch_size = 1;
    options.optimizer = optimizer;
    options.loss = Loss("mse");
    fit(trained, row, Dataset(), options);
    weights.push_back(number(trained.parameters().front().value.values()[0]));
  }
  return "loss w², w = 1: after one step " + weights[0] + ", after two " + weights[1];
}

void add_optimizers(std::vector<KindText>& texts) {
  for (Optimizer optimizer : optimizer_kinds()) {
    texts.push_back({std::string(optimizer.name()), "optimizer", std::string(optimizer.help()),
                     std::string(optimizer.formula()), optimizer_example(optimizer), "", settings_of(optimizer)});
  }
}

// The first weights for a fixed seed; the numbers are the same on every machine.
std::string initializer_example(const InitializerKind& kind) {
  const Initializer initializer(kind.name);
  if (initializer.is_auto()) return "";
  float values[3] = {};
  initializer.fill(RandomKey{.seed = 42, .purpose = Purpose::initialize}, 4, 3, values, 3);
  return fmt::format("fan-in 4, fan-out 3, seed 42: {:.4f} {:.4f} {:.4f} …", values[0], values[1], values[2]);
}

void add_initializers(std::vector<KindText>& texts) {
  for (const InitializerKind* kind : initializer_kinds()) {
    texts.push_back(
        {kind->name, "initializer", kind->help, kind->formula, initializer_example(*kind), kind->source, {}});
  }
}

void add_schedules(std::vector<KindText>& texts) {
  for (const ScheduleKind& kind : schedule_kinds()) {
    Schedule schedule;
    schedule.kind = kind.name;
    KindText text{kind.name, "schedule", kind.help, fmt::format("factor = {}", kind.formula), "", kind.source, {}};
    std::vector<std::string> factors;
    for (const int tenth : {0, 5, 10}) {
      const Progress at{.step = tenth * 10, .steps = 100, .epoch = tenth * 2, .plateaus = tenth / 5};
      factors.push_back(number(learning_rate_factor(schedule, at)));
    }
    text.example = "20 epochs, at the start, half way and the end: " + join(factors, ", ");
    for (const FieldState& field : list_fields(schedule)) {
      if (std::string_view(field.info.name) != "kind") text.settings.push_back(setting_text(field));
    }
    texts.push_back(std::move(text));
  }
}

std::string list_text(std::span<const float> values) {
  constexpr std::size_t most = 8;
  std::vector<std::string> texts;
  for (const float x : values.first(std::min(values.size(), most))) texts.push_back(fmt::format("{:.4g}", x));
  if (values.size() > most) texts.push_back("…");
  return "(" + join(texts, ", ") + ")";
}

bool reads(const Layer& layer, const Shape& row) {
  try {
    (void)layer.output_shape(std::vector<Shape>{row});
    return true;
  } catch (const Error&) {
    return false;
  }
}

// Passes one row through the layer with its default settings, as in prediction: three numbers, or a picture of 3 x 3
// pixels for a layer that reads only those.
std::string layer_example(std::shared_ptr<const Layer> layer) {
  const bool reads_numbers = reads(*layer, Shape{3});
  const std::vector<float> row =
      reads_numbers ? std::vector<float>{1, -2, 3} : std::vector<float>{1, -2, 3, 0, 1, 2, -1, 0, 1};
  Model model;
  model.add(LayerRef(std::move(layer)), "layer");
  model.build(reads_numbers ? Shape{3} : Shape{3, 3, 1});
  std::string text = "x = " + list_text(row);
  for (const auto& parameter : model.parameters()) {
    text += ", " + parameter.name.substr(6) + " " + list_text(parameter.value.values());
  }
  const auto count = static_cast<std::int64_t>(row.size());
  return text + ": y = " + list_text(model.predict(View<const float>{row.data(), 1, count, count}).values());
}

void add_layers(std::vector<KindText>& texts) {
  for (const LayerKind& kind : layer_kinds()) {
    std::shared_ptr<Layer> layer = kind.make();
    texts.push_back({std::string(kind.name), "layer", std::string(layer->help()), "", layer_example(layer), "",
                     settings_of(*layer)});
  }
}

void add_metrics(std::vector<KindText>& texts) {
  for (const MetricKind& kind : metric_kinds()) {
    texts.push_back(
        {std::string(kind.name),
         "metric",
         fmt::format("{} ({}, {} is better)", kind.help, kind.task, kind.higher_is_better ? "higher" : "lower"),
         kind.formula,
         "",
         "",
         {}});
  }
}

}  // namespace

std::vector<KindText> kind_texts() {
  std::vector<KindText> texts;
  add_layers(texts);
  add_activations(texts);
  add_losses(texts);
  add_metrics(texts);
  add_optimizers(texts);
  add_initializers(texts);
  add_schedules(texts);
  add_settings(texts);
  return texts;
}

}  // namespace pellucid::app
