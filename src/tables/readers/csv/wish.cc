// Makes a column's wish from --kind, --na and the forms that a model has stored.
// Not here: reading the cells (column_reader.cc, stream.cc).
#include "tables/readers/csv/wish.h"

#include "core/text.h"
#include "pellucid/error.h"
#include "tables/dates.h"

namespace pellucid::csv {

namespace {

Wish wish_for(AskedKind kind) {
  if (kind == AskedKind::number) return {Wish::number, Decimal::point};
  if (kind == AskedKind::decimal_comma) return {Wish::number, Decimal::comma};
  if (asks_for_dates(kind)) return {Wish::text, Decimal::any, kind};
  return {Wish::text};
}

}  // namespace

Wish wish_of(const std::string& column, const ReadOptions& options) {
  if (options.without.contains(column)) return {Wish::nothing};
  const auto kind = options.kinds.find(column);
  Wish wish;
  if (kind != options.kinds.end()) wish = wish_for(kind->second);
  wish.missing = MissingRule(options.missing_words, column);
  const auto form = options.forms.find(column);
  if (form == options.forms.end() || form->second.empty()) return wish;
  wish.are_dates = find_choice<DateForm>(form->second).has_value();
  if (wish.type == Wish::text || wish.are_dates) return wish;
  wish.form = form_of(form->second);
  if (!wish.form) throw Error("U12", "there is no number format " + quote(form->second));
  return wish;
}

Spelling read_asked(const Wish& wish, std::string_view cell, double& value) {
  if (wish.form) return wish.form->read(cell, value);
  const Spelling plain = read_number(cell, value);
  return plain == Spelling::none ? NumberForm().read(cell, value) : plain;
}

}  // namespace pellucid::csv
