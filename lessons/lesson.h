// Lesson: the interface of a tutorial's experiment: reading settings, seed and data; showing text, figures and
// comparisons.
// Not here: the experiments (lessons/experiments, one file each), the output (lessons/text_audience.h, lessons/page.h).
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

/// "exact", "in range", "better", "the tutorial errs", "off"; "not compared" if the caller chose another seed or
/// setting.
std::string_view text_of(Verdict verdict);

/// One comparison between the tutorial's numbers and ours.
struct Comparison {
  std::string name;
  std::string expected;                 ///< as the tutorial prints it, or a range: "95 … 100"
  std::vector<double> expected_values;  ///< empty if a range is expected
  std::vector<double> got;
  std::string got_text;  ///< our numbers, with as many digits as are expected
  Verdict verdict;
  std::string note;
};

/// Receives a lesson's output, in order, on the calling thread.
class Audience {
 public:
  virtual ~Audience() = default;
  virtual void words(const std::string& paragraph) = 0;
  virtual void comparison(const Comparison& line) = 0;
  virtual void figure(const figures::Figure& figure) = 0;
  virtual void doing(const std::string&) {}  ///< announces work that takes seconds
};

/// For ranges with one open end.
inline constexpr double infinity = std::numeric_limits<double>::infinity();

/// A setting that `--set` can change.
struct Setting {
  const char* name;
  const char* value;
  const char* help;
};

class Lesson;

/// One experiment. Its file defines `const Tutorial tutorial_xor{…}` for lessons/experiments/xor.cc.
struct Tutorial {
  const char* name;     ///< "make-class"
  const char* from;     ///< the number of the source text: "002"
  const char* summary;  ///< one line
  void (*run)(Lesson&);
  std::vector<Setting> settings = {};
  const char* data = "";  ///< a data set that it needs and that is not built in: "mnist"
};

/// The caller's choices.
struct Choices {
  std::optional<std::uint32_t> seed = {};
  std::map<std::string, std::string> settings = {};
  std::string data_folder = {};  ///< "" searches PELLUCID_DATA, ../shared/data and the cache of `pellucid fetch`
  const std::atomic<bool>* cancel = nullptr;
};

class Lesson {
 public:
  /// Throws U23 for a setting that the tutorial does not have, U12 if a number is required and the value is not one.
  Lesson(const Tutorial& tutorial, Choices choices, Audience& audience);

  void say(const std::string& paragraph) { audience_.words(paragraph); }
  void show(const figures::Figure& figure) { audience_.figure(figure); }
  /// Announces work that takes seconds; shown while it runs. Throws Cancelled if the caller has cancelled.
  void doing(const std::string& what);

  /// The seed that the caller chose, otherwise the tutorial's `own`.
  std::uint32_t seed(std::uint32_t own) const { return choices_.seed.value_or(own); }
  double number(const char* setting) const;
  std::int64_t integer(const char* setting) const;
  std::string text(const char* setting) const;
  /// Whether the caller changed the seed or a setting. Then every comparison has the verdict "not compared".
  bool replayed() const noexcept { return replayed_; }
  const std::atomic<bool>* cancel() const noexcept { return choices_.cancel; }

  /// The path of a data set's folder or file ("mnist", "paris-housing/ParisHousing.csv"; a file may also have the
  /// ending .gz). Throws D25, which lists the searched places and the command to download it.
  std::string data(const char* name) const;
  /// A built-in table: "digits", "iris".
  Table shipped(const char* name) const;

  /// Numbers that the tutorial prints and that its seed determines ("0.258 0.127"). Each of ours must be equal when
  /// rounded to the printed digits; if 15 or more digits are printed, to 12 significant digits.
  void exact(const std::string& name, std::string_view printed, std::span<const double> got);
  void exact(const std::string& name, std::string_view printed, double got) { exact(name, printed, {&got, 1}); }
  /// A statement that is true or false: "A ⊙ C is refused".
  void holds(const std::string& name, bool got);
  /// Random numbers: each of ours must be within [low, high]. The note says what the tutorial prints.
  void in_range(const std::string& name, double low, double high, std::span<const double> got, std::string note = "");
  void in_range(const std::string& name, double low, double high, double got, std::string note = "") {
    in_range(name, low, high, {&got, 1}, std::move(note));
  }
  /// Our number must be better than the tutorial's.
  void higher(const std::string& name, double tutorial, double got, std::string note = "");
  void lower(const std::string& name, double tutorial, double got, std::string note = "");
  /// The tutorial prints `printed`, but the correct result is `right` (digits as for exact), which ours must equal. The
  /// note explains the mistake.
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

/// All tutorials, ordered by source text and then by name.
std::vector<const Tutorial*> tutorials();
/// Throws U23, which suggests the nearest name.
const Tutorial& find_tutorial(std::string_view name);

}  // namespace pellucid::tutorial

#include "lessons/list.h"  // generated: extern const Tutorial tutorial_xor, …
