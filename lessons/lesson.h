// Lesson: what a tutorial's experiment may ask (settings, seed, data) and say (words, figures, its numbers beside
// ours). Not here: the experiments (lessons/experiments/, one file each), how they are shown (text_audience.h, page.h).
#pragma once

#include <atomic>
#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "lessons/figures/figure.h"
#include "pellucid/pellucid.h"

namespace pellucid::tutorial {

enum class Verdict { exact, in_range, better, tutorial_errs, off, replayed };

/// "exact", "in range", "better", "the tutorial errs", "off"; "not compared" where seed or settings are others.
std::string_view text_of(Verdict verdict);

/// One line of a lesson's result.
struct Comparison {
  std::string name;
  std::string expected;                 ///< as the tutorial prints it, or the range: "95 … 100"
  std::vector<double> expected_values;  ///< empty where a range is expected
  std::vector<double> got;
  std::string got_text;  ///< with as many digits as are expected
  Verdict verdict;
  std::string note;
};

/// Who listens. What is said arrives in order, on the calling thread.
class Audience {
 public:
  virtual ~Audience() = default;
  virtual void words(const std::string& paragraph) = 0;
  virtual void comparison(const Comparison& line) = 0;
  virtual void figure(const figures::Figure& figure) = 0;
  virtual void doing(const std::string&) {}  ///< what takes time now
};

/// For ranges that are open on one side.
inline constexpr double infinity = std::numeric_limits<double>::infinity();

/// What `--set` may change.
struct Setting {
  const char* name;
  const char* value;
  const char* help;
};

class Lesson;

/// One experiment. Its file defines `const Tutorial tutorial_xor{…}` for lessons/experiments/xor.cc.
struct Tutorial {
  const char* name;     ///< "make-class"
  const char* from;     ///< which of the five texts: "002"
  const char* summary;  ///< one line
  void (*run)(Lesson&);
  std::vector<Setting> settings = {};
  const char* data = "";  ///< what it reads beyond what comes along: "mnist"
};

/// What the caller chose.
struct Choices {
  std::optional<std::uint32_t> seed = {};
  std::map<std::string, std::string> settings = {};
  std::string data_folder = {};  ///< "": PELLUCID_DATA, ../shared/data, the cache of `pellucid fetch`
  const std::atomic<bool>* cancel = nullptr;
};

class Lesson {
 public:
  /// Throws U23 for a setting that the tutorial has not, U12 for a value that is no number where one is needed.
  Lesson(const Tutorial& tutorial, Choices choices, Audience& audience);

  void say(const std::string& paragraph) { audience_.words(paragraph); }
  void show(const figures::Figure& figure) { audience_.figure(figure); }
  /// For what takes seconds: shown while it lasts. Throws Cancelled where the caller has had enough.
  void doing(const std::string& what);

  /// The tutorial's own seed, or the one that the caller chose.
  std::uint32_t seed(std::uint32_t own) const { return choices_.seed.value_or(own); }
  double number(const char* setting) const;
  std::int64_t integer(const char* setting) const;
  std::string text(const char* setting) const;
  /// Whether the caller changed seed or settings: then nothing is expected, and every line says "not compared".
  bool replayed() const noexcept { return replayed_; }
  const std::atomic<bool>* cancel() const noexcept { return choices_.cancel; }

  /// The path of a data set's folder or file ("mnist", "paris-housing/ParisHousing.csv"; a file also with .gz). Throws
  /// D25 with the places looked at and how to get it.
  std::string data(const char* name) const;
  /// A table that comes along: "digits", "iris".
  Table shipped(const char* name) const;

  /// Numbers that follow from the tutorial's seed, as it prints them ("0.258 0.127"): each of ours must be equal when
  /// rounded to those digits; where 15 or more digits are printed, to 12 significant ones.
  void exact(const std::string& name, std::string_view printed, std::span<const double> got);
  void exact(const std::string& name, std::string_view printed, double got) { exact(name, printed, {&got, 1}); }
  /// Something that is so or not, said as a sentence: "A ⊙ C is refused".
  void holds(const std::string& name, bool got);
  /// A number that chance moves: each of ours must lie in [low, high]. The note says what the tutorial prints.
  void in_range(const std::string& name, double low, double high, std::span<const double> got, std::string note = "");
  void in_range(const std::string& name, double low, double high, double got, std::string note = "") {
    in_range(name, low, high, {&got, 1}, std::move(note));
  }
  /// Ours beats the tutorial's.
  void higher(const std::string& name, double tutorial, double got, std::string note = "");
  void lower(const std::string& name, double tutorial, double got, std::string note = "");
  /// The tutorial prints `printed`; right is `right` (digits as for exact), which we compute. The note says what the
  /// mistake is.
  void errs(const std::string& name, std::string_view printed, std::string_view right, std::span<const double> got,
            std::string note);
  void errs(const std::string& name, std::string_view printed, std::string_view right, double got, std::string note) {
    errs(name, printed, right, {&got, 1}, std::move(note));
  }

 private:
  void tell(Comparison line);

  const Tutorial& tutorial_;
  Choices choices_;
  Audience& audience_;
  bool replayed_;
};

/// Thrown by doing() when Choices::cancel was set.
struct Cancelled {};

/// All of them, in the order of their texts, then of their names.
std::vector<const Tutorial*> tutorials();
/// Throws U23 with the nearest name.
const Tutorial& find_tutorial(std::string_view name);

}  // namespace pellucid::tutorial

#include "lessons/list.h"  // generated: extern const Tutorial tutorial_xor, …
