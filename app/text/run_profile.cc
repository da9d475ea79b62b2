// Shows a run as lines, its curves as sparklines. Not here: reading report.json (src/run/run_files.cc).
#include "app/text/run_profile.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <utility>

#include "app/cli/terminal.h"
#include "app/text/score_text.h"
#include "core/text.h"
#include "run/run_files.h"

namespace pellucid::app {
namespace {

constexpr int label_width = 10;

std::vector<double> curve(const Json& report, const char* name) {
  std::vector<double> values;
  const auto history = report.find("history");
  if (history == report.end() || !history->is_array()) return values;
  for (const Json& epoch : *history) {
    if (epoch.is_object() && !std::isnan(number_in(epoch, name))) values.push_back(number_in(epoch, name));
  }
  return values;
}

void add_curve(std::string& text, const Json& report, const char* label, const std::string& name,
               const std::function<std::string(double)>& show, int width) {
  const std::vector<double> values = curve(report, name.c_str());
  if (values.size() < 2) return;
  const int room = std::clamp(width - label_width - 24, 8, 48);
  text += labelled(label, fmt::format("{}  {} to {}", sparkline(values.data(), static_cast<int>(values.size()), room),
                                      show(values.front()), show(values.back())));
}

// The report of a run with one target has no list of targets.
ScoreKind kind_of(const Json& report) {
  const auto targets = report.find("targets");
  const std::size_t count = targets != report.end() && targets->is_array() ? targets->size() : 1;
  return score_kind(text_in(report, "task") == "classification", count);
}

void add_result(std::string& text, const Json& report, ScoreKind kind) {
  const auto number = [&](const char* name) { return number_in(report, name); };
  const auto show = [&](double x) { return score_text(kind, x); };
  const char* what = kind == ScoreKind::accuracy ? "correct" : score_name(kind);
  text += labelled(
      "test", fmt::format("{} {} · 95% interval {} to {} · loss {}", what,
                          show(number(("test_" + std::string(name_of(kind))).c_str())), show(number("interval_low")),
                          show(number("interval_high")), short_number(number("test_loss"))));
  text += labelled("compare", fmt::format("constant prediction {} · linear model {}", show(number("baseline_constant")),
                                          show(number("baseline_linear"))));
}

// The scores of each target, if there are several.
void add_targets(std::string& text, const Json& report, ScoreKind kind) {
  const auto test = report.find("test");
  if (test == report.end() || !test->is_object() || !test->contains("targets")) return;
  const char* label = "targets";
  for (const Json& target : (*test)["targets"]) {
    if (!target.is_object()) continue;
    const std::string scores =
        kind == ScoreKind::accuracy
            ? fmt::format("correct {} · F1 {:.3f}", score_text(kind, number_in(target, "accuracy")),
                          number_in(target, "f1"))
            : fmt::format("RMSE {} · R² {:.4f}", short_number(number_in(target, "rmse")), number_in(target, "r2"));
    text += labelled(std::exchange(label, ""), printable(text_in(target, "target"), 40) + " · " + scores);
  }
}

void add_findings(std::string& text, const Json& report) {
  const auto noticed = report.find("noticed");
  if (noticed == report.end() || !noticed->is_array()) return;
  for (const Json& finding : *noticed) {
    if (!finding.is_object()) continue;
    const std::string label = (text_in(finding, "level") == "warning" ? "warn " : "note ") + text_in(finding, "code");
    text += labelled(trim(label).c_str(), printable(text_in(finding, "text"), 400));
  }
}

std::string cell(const Json& layer, const char* name, bool percent) {
  const double x = number_in(layer, name);
  return std::isnan(x) ? "–" : percent ? fmt::format("{:.1f}%", x * 100) : short_number(x);
}

std::string right(const std::string& text, int width) {
  return std::string(static_cast<std::size_t>(std::max(0, width - text_width(text))), ' ') + text;
}

// Step size and gradient of the first epoch; dead and saturated units of the kept weights.
void add_layers(std::string& text, const Json& report) {
  const auto health = report.find("health");
  if (health == report.end() || !health->is_object() || !health->contains("epochs") || !health->contains("kept"))
    return;
  const Json &epochs = (*health)["epochs"], &kept = (*health)["kept"];
  if (!epochs.is_array() || epochs.empty() || !epochs.front().is_object() || !kept.is_object()) return;
  const Json first = epochs.front().value("layers", Json::array()), last = kept.value("layers", Json::array());
  if (!first.is_array() || !last.is_array()) return;
  text += "health    layer        gradient     step     dead  saturated   (gradient and step: first epoch)\n";
  for (std::size_t i = 0; i < first.size() && i < last.size(); ++i) {
    if (!first[i].is_object() || !last[i].is_object()) continue;
    const std::string name = printable(text_in(first[i], "layer"), 12);
    text += std::string(label_width, ' ') + name +
            std::string(static_cast<std::size_t>(std::max(0, 12 - text_width(name))), ' ') +
            right(cell(first[i], "gradient_rms", false), 9) + right(cell(first[i], "step_ratio", true), 9) +
            right(cell(last[i], "dead", true), 9) + right(cell(last[i], "saturated", true), 11) + "\n";
  }
}

}  // namespace

std::string labelled(const char* label, const std::string& text) {
  return text.empty() ? "" : fmt::format("{:<{}}{}\n", label, label_width, wrapped(text, 80, label_width));
}

std::string printable(const std::string& name, std::size_t most) {
  const std::string text = quote(name, most);
  return text.substr(1, text.size() - 2);
}

std::string run_text(const Json& report, int width) {
  const auto number = [&](const char* name) { return number_in(report, name); };
  const auto word = [&](const char* name) { return printable(text_in(report, name), 60); };
  std::string text = labelled("run", fmt::format("{} · {}", word("run"), word("status")));
  const auto count = [&](const char* name) {
    return std::isnan(number(name)) ? std::string("–") : fmt::format("{:.0f}", number(name));
  };
  text += labelled("data", fmt::format("{} · {} rows: train {}, val {}, test {}", word("data"), count("rows"),
                                       count("train_rows"), count("val_rows"), count("test_rows")));
  const ScoreKind kind = kind_of(report);
  const std::string score(name_of(kind));
  if (!std::isnan(number(("test_" + score).c_str()))) add_result(text, report, kind);
  add_targets(text, report, kind);
  text += labelled("epochs", fmt::format("{}, best {} · {}", count("epochs"), count("best_epoch"), word("stopped")));
  add_curve(text, report, "loss", "train_loss", short_number, width);
  add_curve(text, report, "val loss", "val_loss", short_number, width);
  add_curve(
      text, report, score_head(kind), "val_" + score, [&](double x) { return score_text(kind, x); }, width);
  add_findings(text, report);
  add_layers(text, report);
  return text + "\n";
}

}  // namespace pellucid::app
