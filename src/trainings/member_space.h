// The settings and seeds of the members of a training: functions of the recipe and the member's number.
// Not here: training members (members.h).
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "pellucid/preprocess.h"
#include "pellucid/recipe.h"

namespace pellucid {

class MemberSpace {
 public:
  /// `recipe` is resolved. Throws U34 where `vary` names a setting that cannot be drawn or has no effect here.
  MemberSpace(const Recipe& recipe, const Preprocessor& preprocessor);

  /// The settings that are drawn: those of `vary`; where it is auto, those of the table whose value a rule chose.
  const std::vector<std::string>& varied() const noexcept { return varied_; }

  /// The recipe of a single net of member `number`, from 1. Member 1 has the recipe's own settings.
  Recipe settings(std::int64_t number) const;
  /// What was drawn: "learning_rate 0.031 · dropout 0.12".
  std::string text(std::int64_t number) const;
  /// Of the member's net for a fold (0: no folds). Member 1's first net has the recipe's own seed.
  std::uint64_t seed(std::int64_t number, std::int64_t fold) const;

 private:
  Recipe base_;
  std::vector<std::string> varied_;
};

}  // namespace pellucid
