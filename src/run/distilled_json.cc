// The small net of the setting distill as JSON. Not here: lines for people (app/text/result_block.cc).
#include "run/distilled_json.h"

#include <string>

namespace pellucid {

Json distilled_json(const RunResult& result) {
  const Distilled& small = *result.distilled;
  const std::string kind(name_of(result.kind()));
  Json json = {{"model", small.file},
               {"hidden", small.hidden},
               {"made_up_rows", small.made_up_rows},
               {"parameters", small.parameters}};
  if (small.test) {
    json["test_" + kind] = small.test->score();
    json["test_loss"] = small.test->loss;
  }
  if (small.alone_score) json["alone_test_" + kind] = *small.alone_score;
  json["seconds"] = small.seconds;
  json["multiplications"] = small.multiplications;
  json["model_multiplications"] = small.model_multiplications;
  json["microseconds_per_row"] = small.microseconds;
  json["model_microseconds_per_row"] = small.model_microseconds;
  return json;
}

}  // namespace pellucid
