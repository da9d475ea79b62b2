// One table: when each setting has an effect. Not here: what a setting does.
#include "recipe/unused.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

#include "core/settings.h"
#include "core/text.h"
#include "pellucid/error.h"
#include "pellucid/setting_hint.h"
#include "prepare/split_ways.h"
#include "recipe/build.h"
#include "recipe/presets.h"
#include "recipe/soft_targets.h"

namespace pellucid {
namespace {

// Why a setting has no effect, and what to do; an empty reason: it has one.
struct Objection {
  std::string why{};
  std::string way_out = "leave it out";
};

Objection objection_if(bool unused, const char* why) {
  return unused ? Objection{.why = why} : Objection{};
}

bool has_column(const Split& split, bool (*suits)(const FittedColumn&)) {
  const auto& columns = split.preprocessor.columns;
  return std::any_of(columns.begin(), columns.end(), suits);
}

// ---- Rules over the table as it was read

Objection needs_text_file(const Recipe&, const TrainTable& data) {
  return objection_if(!data.table.read_as.contains("delimiter"), "the rows are not read from delimited text (CSV)");
}

Objection needs_words(const Recipe& recipe, const TrainTable& data) {
  return data.table.read_as.contains("na") ? Objection{} : needs_text_file(recipe, data);
}

Objection needs_images(const Recipe&, const TrainTable& data) {
  return objection_if(!data.table.read_as.contains("image_size"), "the rows are not read from PNG or JPEG images");
}

Objection needs_soft_file(const Recipe& recipe, const TrainTable&) {
  const std::string& from = recipe.data.soft_target;
  return objection_if(from.empty() || is_pattern(from), "no file with soft targets is joined");
}

Objection needs_share_for_validation(const Recipe& recipe, const TrainTable& data) {
  if (recipe.training.cross_fit.value() > 0) return {.why = "with cross_fit every row is a validation row once"};
  const std::string& column = recipe.data.split_column;
  if (!column.empty() && names_validation_rows(data.table, column)) {
    return {.why = "the column " + quote(column) + " names the validation rows"};
  }
  return objection_if(data.validation_rows > 0, "the validation rows are given");
}

Objection needs_share_for_test(const Recipe& recipe, const TrainTable& data) {
  if (data.table.test_rows > 0) return {.why = "the test rows are given"};
  if (!recipe.data.split_column.empty()) {
    return {.why = "the column " + quote(recipe.data.split_column) + " names the test rows"};
  }
  return objection_if(recipe.training.folds > 0, "each fold is the test set once");
}

// ---- Rules over the split and the resolved recipe

Objection needs_scaled_column(const Recipe&, const Split& split) {
  const auto is_scaled = [](const FittedColumn& column) {
    return column.is(ColumnKind::number) || column.is(ColumnKind::bytes) || column.is(ColumnKind::date);
  };
  return objection_if(!has_column(split, is_scaled), "no column holds numbers");
}

Objection needs_numeric_column(const Recipe& recipe, const Split& split) {
  if (recipe.model.number_embedding == NumberEmbedding::none) return {};
  return objection_if(numeric_features(split.preprocessor).empty(), "no column holds single numbers or dates");
}

Objection needs_number_embedding(const Recipe& recipe, const Split& split) {
  const NumberEmbedding kind = recipe.model.number_embedding;
  if (kind != NumberEmbedding::none && kind != NumberEmbedding::automatic) return needs_numeric_column(recipe, split);
  return {"numbers are not embedded", "leave it out, or embed them: " + setting_hint("number_embedding", "periodic")};
}

Objection needs_cosines(const Recipe& recipe, const Split& split) {
  if (recipe.model.number_embedding != NumberEmbedding::piecewise) return needs_number_embedding(recipe, split);
  return {"a piecewise linear embedding has no frequencies"};
}

Objection needs_cells_that_may_lack(const Recipe&, const Split& split) {
  const auto may_lack = [](const FittedColumn& column) { return !column.is(ColumnKind::bytes); };
  return objection_if(!has_column(split, may_lack), "bytes are never missing");
}

// A column that is left out may be left out because of the setting.
Objection needs_categories(const Recipe&, const Split& split) {
  const auto has_words = [](const FittedColumn& column) { return column.is(ColumnKind::categorical); };
  return objection_if(!has_column(split, has_words) && split.preprocessor.left_out.empty(),
                      "no column holds categories");
}

Objection needs_embedding(const Recipe& recipe, const Split& split) {
  const auto is_embedded = [](const FittedColumn& column) {
    return column.categorical() != nullptr && column.categorical()->embedded;
  };
  if (has_column(split, is_embedded)) return {};
  return {"no column has an embedding", fmt::format("leave it out, or embed columns with more than N categories: {} "
                                                    "(now {})",
                                                    setting_hint("one_hot", "N"), recipe.data.one_hot)};
}

Objection needs_number(const Recipe&, const Split& split) {
  if (!split.preprocessor.is_classification()) return {};
  return {"the target is a class", "leave it out; " + setting_hint("task", "regression") + " reads classes as numbers"};
}

Objection needs_class(const Recipe&, const Split& split) {
  if (split.preprocessor.is_classification()) return {};
  return {"the target is a number",
          "leave it out; " + setting_hint("task", "classification") + " reads the numbers as classes"};
}

bool has_layer(const Recipe& recipe, std::initializer_list<HiddenLayer::Kind> kinds) {
  return std::ranges::any_of(recipe.model.hidden.value(),
                             [&](const HiddenLayer& layer) { return std::ranges::count(kinds, layer.kind) > 0; });
}

Objection needs_hidden_layer(const Recipe& recipe, const Split&) {
  if (has_layer(recipe, {HiddenLayer::Kind::dense, HiddenLayer::Kind::convolution})) return {};
  return {"the net has no hidden layer", "leave it out, or add hidden layers: " + setting_hint("hidden", "64")};
}

// L-BFGS looks at all rows in every step and chooses the length of its steps itself.
Objection needs_batches(const Recipe& recipe, const Split&) {
  if (recipe.training.optimizer.kind()->name() != Lbfgs::name) return {};
  return {"the optimizer lbfgs uses all rows in every step",
          "leave it out, or choose another optimizer: " + setting_hint("optimizer", "adam")};
}

Objection needs_smaller_batches(const Recipe& recipe, const Split& split) {
  const std::int64_t batch = recipe.training.batch_size.value(), rows = split.train.rows();
  return batch >= rows || batch == auto_batch_size(rows).value ? Objection{} : needs_batches(recipe, split);
}

Objection augments_batches(const Recipe& recipe, const Split& split) {
  if (!std::ranges::any_of(recipe.model.hidden.value(), &HiddenLayer::augments)) return {};
  Objection objection = needs_batches(recipe, split);
  if (!objection.why.empty())
    objection.why = "it changes pictures at random, and the optimizer lbfgs needs a loss without";
  return objection;
}

Objection needs_dense_layer_and_batches(const Recipe& recipe, const Split& split) {
  Objection objection = needs_hidden_layer(recipe, split);
  if (!objection.why.empty()) return objection;
  if (!has_layer(recipe, {HiddenLayer::Kind::dense})) {
    return {"it follows dense layers, and the net has none before the last one",
            "leave it out, or add a dense layer: " +
                setting_hint("hidden", hidden_text(recipe.model.hidden.value()) + ",128")};
  }
  objection = needs_batches(recipe, split);
  if (!objection.why.empty()) objection.why = "the optimizer lbfgs needs a loss without random changes";
  return objection;
}

Objection needs_dropout(const Recipe& recipe, const Split& split) {
  if (recipe.model.dropout > 0) return needs_dense_layer_and_batches(recipe, split);
  return {"there is no dropout", "leave it out, or set the share: " + setting_hint("dropout", "0.15")};
}

Objection needs_weight_decay(const Recipe& recipe, const Split&) {
  Optimizer optimizer = *recipe.training.optimizer.kind();
  for (const FieldState& field : list_fields(optimizer)) {
    if (std::string_view(field.info.name) == "weight_decay" && std::get<double>(field.value) > 0) return {};
  }
  return {"the weights do not decay", "leave it out, or choose: " + setting_hint("optimizer", "adamw")};
}

Objection needs_validation_rows(const Recipe&, const Split& split) {
  if (!split.validation.empty()) return {};
  return {"there are no validation rows",
          "leave it out, or set rows aside for validation: " + setting_hint("val_split", "0.15")};
}

// 0 epochs of patience ask for what happens anyway.
Objection needs_validation_rows_to_stop(const Recipe& recipe, const Split& split) {
  return recipe.training.patience == 0 ? Objection{} : needs_validation_rows(recipe, split);
}

Objection needs_members(const Recipe& recipe, const Split&) {
  if (recipe.training.members.value() > 1) return {};
  return {"there is one member", "leave it out, or train several: " + setting_hint("members", "16")};
}

Objection needs_patience(const Recipe& recipe, const Split& split) {
  if (recipe.training.patience == 0)
    return {"training does not stop early", "leave it out, or set the patience: " + setting_hint("patience", "40")};
  return needs_validation_rows(recipe, split);
}

// The schedule plateau asks for a better training loss where there are no validation rows.
Objection needs_comparisons_of_epochs(const Recipe& recipe, const Split& split) {
  const bool plateau = recipe.training.schedule.kind()->kind == "plateau";
  return plateau ? Objection{} : needs_validation_rows(recipe, split);
}

Objection needs_test_rows(const Recipe&, const Split& split) {
  if (!split.test.empty()) return {};
  return {"there are no test rows by which trainings are compared",
          "leave it out, or set rows aside for the test: " + setting_hint("test_split", "0.15")};
}

Objection needs_test_rows_to_learn(const Recipe&, const Split& split) {
  return objection_if(split.test.empty(), "no rows are set aside for the test, so all rows teach anyway");
}

// ---- When each setting has an effect

struct Use {
  const char* setting;
  Objection (*by_table)(const Recipe&, const TrainTable&) = nullptr;
  Objection (*by_split)(const Recipe&, const Split&) = nullptr;
};

// A setting without a rule has an effect in every training, or is refused elsewhere: calibrate and threshold in
// probabilities.cc, metric in metric_rules.cc, learning_rate and momentum in build.cc, clipping, l1 and schedules with
// L-BFGS by fit().
constexpr Use uses[] = {
    {"data"},
    {"target"},
    {"task"},
    {"drop"},
    {"kind"},
    {"val_split", needs_share_for_validation},
    {"test_split", needs_share_for_test},
    {"val"},
    {"test"},
    {"soft_target"},
    {"soft_key", needs_soft_file},
    {"group"},
    {"time"},
    {"split_column"},
    {"scale", nullptr, needs_scaled_column},
    {"target_scale", nullptr, needs_number},
    {"clamp", nullptr, needs_number},
    {"missing", nullptr, needs_cells_that_may_lack},
    {"na", needs_words},
    {"no_na", needs_words},
    {"rare", nullptr, needs_categories},
    {"one_hot", nullptr, needs_categories},
    {"class_weights", nullptr, needs_class},
    {"delimiter", needs_text_file},
    {"header", needs_text_file},
    {"skip_rows", needs_text_file},
    {"quote", needs_text_file},
    {"encoding", needs_text_file},
    {"image_size", needs_images},
    {"image_color", needs_images},
    {"preset"},
    {"hidden", nullptr, augments_batches},
    {"activation", nullptr, needs_hidden_layer},
    {"parametric_activation", nullptr, needs_hidden_layer},
    {"init"},
    {"parametrization"},
    {"input_scale"},
    {"embedding_size", nullptr, needs_embedding},
    {"number_embedding", nullptr, needs_numeric_column},
    {"number_embedding_size", nullptr, needs_number_embedding},
    {"number_embedding_scale", nullptr, needs_cosines},
    {"dropout", nullptr, needs_dense_layer_and_batches},
    {"dropout_schedule", nullptr, needs_dropout},
    {"l1"},
    {"l2"},
    {"loss"},
    {"output"},
    {"calibrate"},
    {"threshold"},
    {"distill"},
    {"epochs"},
    {"batch_size", nullptr, needs_smaller_batches},
    {"learning_rate"},
    {"optimizer"},
    {"momentum"},
    {"schedule"},
    {"clip_norm"},
    {"clip_value"},
    {"patience", nullptr, needs_validation_rows_to_stop},
    {"patience_factor", nullptr, needs_patience},
    {"decay_schedule", nullptr, needs_weight_decay},
    {"seed"},
    {"repeat", nullptr, needs_test_rows},
    {"folds"},
    {"members"},
    {"vary", nullptr, needs_members},
    {"cross_fit"},
    {"time_limit"},
    {"threads"},
    {"min_delta", nullptr, needs_comparisons_of_epochs},
    {"keep_best", nullptr, needs_validation_rows},
    {"metric"},
    {"best_by", nullptr, needs_validation_rows},
    {"shuffle", nullptr, needs_batches},
    {"row_block"},
    {"out"},
    {"name"},
    {"memory"},
    {"resume"},
    {"init_from"},
    {"final", nullptr, needs_test_rows_to_learn},
    {"no_test_rows"},
    {"no_report"},
    {"no_health"},
};

// Whether the setting was given by a person or a file, and not as what it would be without that.
bool is_given(const Recipe& recipe, const char* name, bool classification) {
  if (is_by_rule(origin_of(recipe, name))) return false;
  Recipe usual;
  usual.model.preset = recipe.model.preset;
  const std::string text = setting_text(recipe, name);
  return text != "auto" && text != setting_text(Recipe(), name) &&
         text != setting_text(with_preset(usual, classification, 1), name);
}

template <class Facts>
void check(const Recipe& recipe, const Facts& facts, Objection (*Use::*rule)(const Recipe&, const Facts&),
           bool classification) {
  for (const Use& use : uses) {
    if (use.*rule == nullptr) continue;
    const Objection objection = (use.*rule)(recipe, facts);
    if (objection.why.empty() || !is_given(recipe, use.setting, classification)) continue;
    throw Error("U35",
                fmt::format("{} = {} ({}) has no effect: {}", use.setting, setting_text(recipe, use.setting),
                            origin_of(recipe, use.setting), objection.why),
                {objection.way_out});
  }
}

}  // namespace

void check_used(const Recipe& recipe, const TrainTable& data) {
  check(recipe, data, &Use::by_table, true);  // the rules over the table are about no setting of a preset
}

void check_used(const Recipe& recipe, const Split& split) {
  check(recipe, split, &Use::by_split, split.preprocessor.is_classification());
}

std::vector<SettingUse> setting_uses() {
  std::vector<SettingUse> result;
  for (const Use& use : uses) result.push_back({use.setting, use.by_table == nullptr && use.by_split == nullptr});
  return result;
}

}  // namespace pellucid
