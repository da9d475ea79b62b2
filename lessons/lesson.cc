// Lesson: reading settings, comparing numbers digit by digit, finding data files.
// Not here: the experiments (lessons/experiments), the output (lessons/text_audience.h, lessons/page.h).
#include "lessons/lesson.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/text.h"
#include "data/data_folders.h"
#include "data/samples.h"
#include "lessons/printed.h"

namespace pellucid::tutorial {
namespace {

/// Six significant digits; whole numbers without an exponent.
std::string plain_text(double value) {
  return value == std::round(value) && std::abs(value) < 1e15 ? fmt::format("{:.0f}", value)
                                                              : fmt::format("{:.6g}", value);
}

std::string plain_texts(std::span<const double> values) {
  std::string text;
  for (const double value : values) text += (text.empty() ? "" : " ") + plain_text(value);
  return text;
}

/// The text of `got` in the format of the tutorial's numbers, and whether all numbers agree.
bool agree(const std::vector<Printed>& printed, std::span<const double> got, std::string& text) {
  bool all = printed.size() == got.size();
  for (std::size_t i = 0; i < got.size(); ++i) {
    const bool known = i < printed.size();
    text += (i ? " " : "") + (known ? printed[i].like(got[i]) : plain_text(got[i]));
    all &= known && printed[i].is(got[i]);
  }
  return all;
}

std::vector<double> values_of(const std::vector<Printed>& printed) {
  std::vector<double> values;
  for (const Printed& one : printed) values.push_back(one.value);
  return values;
}

const Setting& find_setting(const Tutorial& tutorial, const std::string& name) {
  std::vector<std::string> names;
  for (const Setting& one : tutorial.settings) {
    if (name == one.name) return one;
    names.emplace_back(one.name);
  }
  const std::string near = closest(name, names);
  const std::string known = names.empty() ? "it has none" : "it has " + join(names, ", ");
  throw Error("U23", fmt::format("tutorial {} has no setting {}", tutorial.name, quote(name)),
              {near.empty() ? known : "did you mean " + near + "?"});
}

}  // namespace

std::string_view text_of(Verdict verdict) {
  static constexpr std::string_view texts[] = {"exact", "in range",    "better", "the tutorial errs",
                                               "off",   "not compared"};
  return texts[static_cast<std::size_t>(verdict)];
}

Lesson::Lesson(const Tutorial& tutorial, Choices choices, Audience& audience)
    : tutorial_(tutorial), choices_(std::move(choices)), audience_(audience), replayed_(choices_.seed.has_value()) {
  for (const auto& [name, value] : choices_.settings) replayed_ |= value != find_setting(tutorial, name).value;
}

void Lesson::doing(const std::string& what) {
  if (choices_.cancel && choices_.cancel->load()) throw Cancelled{};
  audience_.doing(what);
}

std::string Lesson::text(const char* setting) const {
  const auto chosen = choices_.settings.find(setting);
  return chosen != choices_.settings.end() ? chosen->second : find_setting(tutorial_, setting).value;
}

double Lesson::number(const char* setting) const {
  double value = 0;
  if (!parse_number(text(setting), value) || !std::isfinite(value)) {
    throw Error("U12", fmt::format("{} takes a number, got {}", setting, quote(text(setting))));
  }
  return value;
}

std::int64_t Lesson::integer(const char* setting) const {
  std::int64_t value = 0;
  if (!parse_integer(text(setting), value) || value < 1) {
    throw Error("U12", fmt::format("{} takes an integer ≥ 1, got {}", setting, quote(text(setting))));
  }
  return value;
}

std::string Lesson::data(const char* name) const {
  return find_data(name, choices_.data_folder);
}

Table Lesson::shipped(const char* name) const {
  for (const Sample& sample : samples()) {
    if (sample.name == name) return read_csv(sample.csv, std::string(name) + ".csv");
  }
  throw Error("P01", fmt::format("there is no built-in data set {}", name));
}

void Lesson::tell(Comparison line) {
  if (replayed_) line.verdict = Verdict::replayed;
  audience_.comparison(line);
}

void Lesson::exact(const std::string& name, std::string_view printed, std::span<const double> got) {
  const std::vector<Printed> expected = parse_printed(printed);
  Comparison line{name, std::string(printed), values_of(expected), {got.begin(), got.end()}, "", Verdict::exact, ""};
  if (!agree(expected, got, line.got_text)) line.verdict = Verdict::off;
  tell(std::move(line));
}

void Lesson::holds(const std::string& name, bool got) {
  tell({name, "yes", {}, {got ? 1.0 : 0.0}, got ? "yes" : "no", got ? Verdict::exact : Verdict::off, ""});
}

void Lesson::in_range(const std::string& name, double low, double high, std::span<const double> got, std::string note) {
  const bool inside =
      !got.empty() && std::all_of(got.begin(), got.end(), [&](double x) { return x >= low && x <= high; });
  const std::string range = high == infinity   ? "≥ " + plain_text(low)
                            : low == -infinity ? "≤ " + plain_text(high)
                                               : fmt::format("{} … {}", plain_text(low), plain_text(high));
  tell({name,
        range,
        {},
        {got.begin(), got.end()},
        plain_texts(got),
        inside ? Verdict::in_range : Verdict::off,
        std::move(note)});
}

void Lesson::higher(const std::string& name, double tutorial, double got, std::string note) {
  tell({name,
        plain_text(tutorial),
        {tutorial},
        {got},
        plain_text(got),
        got > tutorial ? Verdict::better : Verdict::off,
        std::move(note)});
}

void Lesson::lower(const std::string& name, double tutorial, double got, std::string note) {
  tell({name,
        plain_text(tutorial),
        {tutorial},
        {got},
        plain_text(got),
        got < tutorial ? Verdict::better : Verdict::off,
        std::move(note)});
}

void Lesson::errs(const std::string& name, std::string_view printed, std::string_view right,
                  std::span<const double> got, std::string note) {
  const std::vector<Printed> expected = parse_printed(printed);
  Comparison line{name, std::string(printed),   values_of(expected), {got.begin(), got.end()},
                  "",   Verdict::tutorial_errs, std::move(note)};
  if (!agree(parse_printed(right), got, line.got_text)) line.verdict = Verdict::off;
  tell(std::move(line));
}

}  // namespace pellucid::tutorial
