// A further training of the whole table. Not here: the course of a training (trainings/train_once.h).
#include "run/final_model.h"

#include "pellucid/setting_hint.h"
#include "recipe/build.h"
#include "recipe/data.h"
#include "run/description.h"
#include "run/suspects.h"
#include "trainings/train_once.h"

namespace pellucid {

void check_final(const Recipe& recipe) {
  if (!recipe.run.final || recipe.data.split_column.empty()) return;
  throw Error("U06", setting_hint("final", "true") + " trains on the rows that " + setting_hint("split_column") +
                         " keeps for the test: choose one of them");
}

std::optional<Error> train_final(Run& run, TrainTable& data, const std::atomic<bool>* cancel) {
  Recipe recipe = run.recipe;
  recipe.data.test_split = 0;
  recipe.training.folds = 0;
  if (data.table.test_rows > 0)
    data.validation_rows = 0;  // they are no longer the last rows: a share takes their place
  data.table.test_rows = 0;
  const Split split = make_split(data, recipe, run.seed);
  TrainedOnce trained = train_once(recipe, split, {.cancel = cancel, .calibrate = &recipe, .intervals = true});
  if (!trained.is_complete()) return trained.diverged;
  run.model = std::move(trained.model);
  if (recipe.run.no_test_rows) make_up_test_rows(run.model, run.seed);
  run.final_rows = labelled_rows(split);
  run.final_training_rows = run.final_rows->rows();
  return std::nullopt;
}

}  // namespace pellucid
