// Refuses models whose predictions a loss of the user's own computes. Not here: what an export makes of the targets.
#include "export/targets.h"

#include <fmt/format.h>

#include "pellucid/error.h"
#include "pellucid/loss.h"

namespace pellucid {

namespace {

void refuse_own(const Loss& loss) {
  if (loss.function() == nullptr) return;
  throw Error("U29", fmt::format("the loss {}, which computes the predictions, is one of your own", loss.kind().name),
              {"to export the net alone, reset the model's preprocessor"});
}

}  // namespace

std::vector<ReadTarget> exported_targets(const Model& model) {
  const Preprocessor& by = *model.preprocessor;
  for (const Head& head : model.heads()) {
    if (head.loss) refuse_own(*head.loss);
  }
  // Classes are read from the outputs, whatever the loss.
  const bool classes = by.is_classification() && !by.is_multi_label();
  if (model.training && model.heads().empty() && !classes) refuse_own(Loss::parse(model.training->loss));
  return OutputReader::of_table_model(model).targets();
}

}  // namespace pellucid
