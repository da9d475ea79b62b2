// What `tune` tries: width, depth, learning rate, dropout, weight decay. A trial is a function of seed and number.
// Not here: training trials (tune_search.h).
#pragma once

#include <atomic>
#include <cstdint>
#include <string>

#include "pellucid/recipe.h"
#include "pellucid/tune.h"

namespace pellucid {

class TuneSpace {
 public:
  /// `standard`: settings without any auto. What was set by hand (flag, variable, file) is not varied.
  explicit TuneSpace(Recipe standard);

  Trial standard() const;
  /// Trial 1, 2, …
  Trial draw(std::int64_t number) const;
  /// All settings of a trial that is trained for so many epochs; patience follows them where it was auto.
  Recipe settings(const Trial& trial, std::int64_t epochs) const;
  std::int64_t epochs() const;  ///< of the default
  const Recipe& base() const noexcept { return standard_; }

  const std::atomic<bool>* cancel = nullptr;  ///< may be set by any thread: the search ends early

 private:
  bool is_free(const char* setting) const;
  bool decays_weights() const;
  const Optimizer& optimizer() const;
  void set_decay(Recipe& recipe, const Trial& trial, const std::string& origin) const;

  Recipe standard_;
};

}  // namespace pellucid
