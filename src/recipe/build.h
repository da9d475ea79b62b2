// From a resolved recipe to the objects of a training: layers, loss, optimizer, options.
// Not here: rows (data.h), what "auto" becomes (resolve.h).
#pragma once

#include "pellucid/model.h"
#include "pellucid/recipe.h"
#include "pellucid/trainer.h"

namespace pellucid {

Activation output_activation(const Recipe& settings, const Preprocessor& preprocessor);
Schedule make_schedule(const Recipe& settings);

/// The features that hold one number each: numeric columns and parts of dates, but not pixels, words or indicators.
std::vector<std::int64_t> numeric_features(const Preprocessor& preprocessor);

/// Embeddings, hidden layers dense1, dense2 …, dropout between, and the last one, "output". Throws U02, U11, U12.
Model make_model(const Recipe& settings, const Preprocessor& preprocessor);
/// The same without the hidden layers and the embeddings of numbers.
Model make_linear_model(const Recipe& settings, const Preprocessor& preprocessor);

/// Draws the first parameters, after looking whether there is the memory that training takes. Throws M02, U20.
void build_to_train(Model& model, const Recipe& settings, const Split& split);

Optimizer make_optimizer(const Recipe& settings);
/// Everything fit() takes, from resolved settings; observer, cancel and checkpoints are the caller's.
FitOptions make_fit_options(const Recipe& settings);

/// Made-up rows in place of the training rows that a model keeps to test itself with.
void make_up_test_rows(Model& model, std::uint64_t seed);

}  // namespace pellucid
