// The operations of OutputReader and FittedTarget::of_net, written in C.
// Not here: the functions themselves (judge/output_reader.cc, prepare/target_scale.cc).
#include "export/c/answers.h"

#include <fmt/format.h>

#include "core/text.h"
#include "export/c/text.h"
#include "export/targets.h"
#include "prepare/target_scale.h"
#include "tables/words.h"

namespace pellucid::c {

namespace {

constexpr std::size_t most_named = 10;  // classes that the header lists

constexpr const char* one_text = "  p[1] = @one@;\n  p[0] = 1 - p[1];\n";
constexpr const char* several_text = R"(  double sum = 0;
  for (int c = 0; c < @n@; ++c) sum += p[c] = y[c] > 0 ? (double)y[c] : 0.0;
  for (int c = 0; c < @n@; ++c) p[c] = sum > 0 ? p[c] / sum : 1.0 / @n@;
)";
constexpr const char* logits_text = R"(  double sum = 0, top = y[0];
  for (int c = 1; c < @n@; ++c) top = top < y[c] ? y[c] : top;
  for (int c = 0; c < @n@; ++c) sum += p[c] = @exp@(y[c] - top);
  for (int c = 0; c < @n@; ++c) p[c] = sum > 0 ? p[c] / sum : 1.0 / @n@;
)";

std::string probability(const std::string& y, bool logits, Functions& functions) {
  if (logits) return fmt::format("1 / (1 + {}(-(double){}))", functions.exp_in_double(), y);
  return fmt::format("{0} < 0 ? 0.0 : {0} > 1 ? 1.0 : (double){0}", y);
}

// The most probable class has the largest output, with or without a softmax.
std::string classes(std::int64_t outputs, bool logits, double threshold, std::int64_t count, Functions& functions) {
  std::string text;
  if (outputs == 1) {
    text = filled(one_text, {{"one", probability("y[0]", logits, functions)}});
  } else {
    const std::string exp = logits ? functions.exp_in_double() : "";
    text = filled(logits ? logits_text : several_text, {{"n", std::to_string(outputs)}, {"exp", exp}});
  }
  if (count == 2 && threshold != 0.5) return text + fmt::format("  return p[1] > {};\n", readable(threshold));
  if (outputs == 1) return text + fmt::format("  return y[0] > {};\n", logits ? "0.0f" : "0.5f");
  return text + fmt::format(
                    "  {{\n    int best = 0;\n    for (int c = 1; c < {}; ++c) best = y[c] > y[best] ? c : best;\n"
                    "    return best;\n  }}\n",
                    outputs);
}

std::string values(const Preprocessor& by, Functions& functions) {
  std::string text;
  for (std::size_t t = 0; t < by.targets.size(); ++t) {
    const FittedTarget& target = by.targets[t];
    text +=
        fmt::format("  p[{0}] = (double)y[{0}] * {1} + {2};\n", t, readable(target.deviation), readable(target.mean));
    if (target.shift) {
      text += fmt::format("  p[{0}] = {1}(p[{0}] < {2} ? p[{0}] : {2}) - {3};\n", t, functions.exp_in_double(),
                          readable(highest_logarithm), readable(*target.shift));
    }
    if (target.clamped) {
      text += fmt::format("  p[{0}] = p[{0}] < {1} ? {1} : p[{0}] > {2} ? {2} : p[{0}];\n", t, readable(target.low),
                          readable(target.high));
    }
  }
  return text + "  return 0;\n";
}

}  // namespace

AnswerText answer_text(const Model& model, const std::string& prefix, Functions& functions) {
  const Preprocessor& by = *model.preprocessor;
  const std::int64_t outputs = model.output_shape().elements();
  const bool logits = exported_targets(model).front().logits;
  AnswerText result{.numbers = outputs};
  std::string names;
  for (const FittedTarget& target : by.targets) names += (names.empty() ? "" : ", ") + target.name;
  if (!by.is_classification()) {
    result.body = values(by, functions);
    result.declaration = "the value of " + comment(names) + "; the function returns 0";
  } else if (by.is_multi_label()) {
    for (std::int64_t c = 0; c < outputs; ++c) {
      result.body += fmt::format("  p[{}] = {};\n", c, probability(fmt::format("y[{}]", c), logits, functions));
    }
    result.body += "  return 0;\n";
    result.declaration = "the probability of yes for each of " + comment(names) + "; the function returns 0";
  } else {
    result.numbers = std::max<std::int64_t>(outputs, 2);
    result.body = classes(outputs, logits, model.threshold, result.numbers, functions);
    std::vector<std::string> words;
    for (const std::string& word : by.targets.front().classes) words.push_back(comment(word));
    result.declaration = fmt::format(
        "the probability of each class of {}: {}.\n * The function returns the index of the predicted "
        "class; {}_class(index) is its name",
        comment(names), listed(words, most_named), prefix);
  }
  std::string check =
      fmt::format("  for (int c = 0; c < {}; ++c) {{\n    if (!(fabsf(y[c]) <= FLT_MAX)) return {}_NOT_FINITE;\n  }}\n",
                  outputs, upper(prefix));
  result.body = check + result.body;
  return result;
}

}  // namespace pellucid::c
