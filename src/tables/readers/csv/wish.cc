// From --kind, --na and what a model knows to how a column is read.
// Not here: reading it (column_reader.cc, stream.cc).
#include "tables/readers/csv/wish.h"

#include <algorithm>

#include "core/text.h"
#include "pellucid/error.h"
#include "tables/dates.h"

namespace pellucid::csv {

namespace {

const std::map<std::string, Wish>& wishes() {
  static const std::map<std::string, Wish> known = {
      {"number", {Wish::number, Decimal::point}},
      {"decimal-comma", {Wish::number, Decimal::comma}},
      {"text", {Wish::text}},
      {"categorical", {Wish::text}},
      {"boolean", {Wish::text}},
      {"date", {Wish::text, Decimal::any, "date"}},
      {"day-first", {Wish::text, Decimal::any, "day-first"}},
      {"month-first", {Wish::text, Decimal::any, "month-first"}},
      {"year-first", {Wish::text, Decimal::any, "year-first"}},
      {"drop", {Wish::text}},
  };
  return known;
}

}  // namespace

Wish wish_of(const std::string& column, const ReadOptions& options) {
  if (options.without.contains(column)) return {Wish::nothing};
  const auto kind = options.kinds.find(column);
  Wish wish;
  if (kind != options.kinds.end()) {
    const auto known = wishes().find(kind->second);
    if (known == wishes().end()) {
      std::vector<std::string> names;
      for (const auto& [name, ignored] : wishes()) names.push_back(name);
      throw Error("U12", "no kind " + quote(kind->second) + " (of column " + quote(column) + ")",
                  {"there are: " + join(names, ", ")});
    }
    wish = known->second;
  }
  wish.missing = MissingRule(options.missing_words, column);
  const auto form = options.forms.find(column);
  if (form == options.forms.end() || form->second.empty()) return wish;
  wish.are_dates = std::find(std::begin(date_forms), std::end(date_forms), form->second) != std::end(date_forms);
  if (wish.type == Wish::text || wish.are_dates) return wish;
  wish.form = form_of(form->second);
  if (!wish.form) throw Error("U12", "no number is written " + quote(form->second));
  return wish;
}

Spelling read_asked(const Wish& wish, std::string_view cell, double& value) {
  if (wish.form) return wish.form->read(cell, value);
  const Spelling plain = read_number(cell, value);
  return plain == Spelling::none ? NumberForm().read(cell, value) : plain;
}

}  // namespace pellucid::csv
