// Reads numbers as people and spreadsheets write them. The form is found from the column's cells; no locale is used.
// Not here: plain numbers (words.cc), sign, currency and unit of a cell (number_parts.cc).
#include "tables/number_form.h"

#include <algorithm>

#include "tables/number_parts.h"

namespace pellucid {

namespace {

constexpr std::string_view blanks[] = {" ", "\u00A0", "\u202F", "\u2009"};
constexpr std::string_view apostrophes[] = {"'", "\u2019"};
const NumberForm bodies[] = {{'.', 0, false, {}, {}},   {'.', ',', false, {}, {}}, {',', '.', false, {}, {}},
                             {'.', ' ', false, {}, {}}, {',', ' ', false, {}, {}}, {'.', '\'', false, {}, {}},
                             {',', '\'', false, {}, {}}};

template <std::size_t n>
bool take_one_of(std::string_view& text, const std::string_view (&marks)[n]) {
  for (const std::string_view mark : marks) {
    if (!text.starts_with(mark)) continue;
    text.remove_prefix(mark.size());
    return true;
  }
  return false;
}

bool take_thousands(std::string_view& text, char mark) {
  if (mark == ' ') return take_one_of(text, blanks);
  if (mark == '\'') return take_one_of(text, apostrophes);
  if (mark == 0 || !text.starts_with(mark)) return false;
  text.remove_prefix(1);
  return true;
}

bool is_digit(char c) noexcept {
  return c >= '0' && c <= '9';
}

std::string_view take_digits(std::string_view& text) {
  const auto end = std::find_if_not(text.begin(), text.end(), is_digit);
  const std::string_view digits = text.substr(0, static_cast<std::size_t>(end - text.begin()));
  text.remove_prefix(digits.size());
  return digits;
}

// Whether digits after thousands separators come in groups of three, or, with commas, of two before the last three
// (12,34,567). `sizes`: digits per group, without the digits before the first separator.
bool are_groups(const std::vector<std::size_t>& sizes, char mark) {
  const auto inner = [&](std::size_t size) {
    return std::all_of(sizes.begin(), sizes.end() - 1, [&](auto n) { return n == size; });
  };
  return sizes.empty() || (sizes.back() == 3 && (inner(3) || (mark == ',' && inner(2))));
}

// Rewrites the body as a plain number (point, no thousands separators); empty if it does not have this form. Without
// thousands separators, the digits may be followed by an exponent or fraction, which read_number() checks later.
std::string plain_of(std::string_view body, const NumberForm& form) {
  std::string plain(take_digits(body));
  if (plain.empty() && !body.starts_with(form.decimal)) return {};
  std::vector<std::size_t> groups;
  if (plain.size() <= 3 && !plain.starts_with('0')) {
    while (take_thousands(body, form.thousands)) {
      const std::string_view digits = take_digits(body);
      groups.push_back(digits.size());
      plain += digits;
    }
  }
  if (!are_groups(groups, form.thousands)) return {};
  if (body.empty()) return plain;
  const bool fraction = body.front() == form.decimal;
  if (!fraction && (!groups.empty() || (body.front() != 'e' && body.front() != 'E'))) return {};
  if (fraction) {
    plain += '.';
    body.remove_prefix(1);
    if (body.empty() || (!groups.empty() && !std::all_of(body.begin(), body.end(), is_digit))) return {};
  }
  return plain.append(body);
}

Spelling read_body(const NumberParts& parts, const NumberForm& form, double& value) {
  const std::string plain = plain_of(parts.body, form);
  const Spelling spelling = plain.empty() ? Spelling::none : read_number(plain, value);
  if (spelling == Spelling::none) return spelling;
  if (parts.factor != 0) value *= parts.factor;
  if (parts.negative) value = -value;
  return spelling;
}

bool is_point_country(std::string_view currency) {
  return currency == "$" || currency == "£" || currency == "¥";
}

bool reads_all(const std::vector<NumberParts>& cells, const NumberForm& form) {
  double ignored;
  return std::all_of(cells.begin(), cells.end(), [&](const NumberParts& parts) {
    const Spelling spelling = read_body(parts, form, ignored);
    return spelling == Spelling::integer || spelling == Spelling::decimal;
  });
}

// Whether all cells have the same currency and unit. Refused if every number is in brackets, or every number ends in B
// without a currency, because these may then mean something else than minus and billion.
bool agree(const std::vector<NumberParts>& cells) {
  const NumberParts& first = cells.front();
  const auto all = [&](auto&& has) { return std::all_of(cells.begin(), cells.end(), has); };
  return all([&](const NumberParts& p) { return p.currency == first.currency && p.unit == first.unit; }) &&
         !all([](const NumberParts& p) { return p.brackets; }) &&
         (!first.currency.empty() || !all([](const NumberParts& p) { return p.factor == 1e9; }));
}

void use_parts(NumberForm& form, const NumberParts& parts) {
  form.currency = parts.currency;
  form.unit = parts.unit;
}

}  // namespace

Spelling NumberForm::read(std::string_view cell, double& value) const {
  const std::string narrow = narrow_digits(cell);
  const NumberParts parts = number_parts(narrow.empty() ? cell : narrow);
  const bool fits = parts.currency == currency && parts.unit == unit && (scaled || parts.factor == 0);
  return fits ? read_body(parts, *this, value) : Spelling::none;
}

std::string NumberForm::text() const {
  const auto letters = [](std::string_view text) { return !text.empty() && is_unit_of_letters(text); };
  return currency + (letters(currency) ? " 1" : "1") + (thousands ? std::string(1, thousands) : "") + "234" + decimal +
         "5" + (letters(unit) ? " " : "") + unit + (scaled ? "k" : "");
}

std::optional<NumberForm> form_of(std::string_view text) {
  const NumberParts parts = number_parts(text);
  for (NumberForm form : bodies) {
    use_parts(form, parts);
    form.scaled = parts.factor != 0;
    if (form.text() == text) return form;
  }
  return {};
}

FormFound find_form(const std::vector<std::string>& words, Decimal asked) {
  std::vector<std::string> narrow;
  std::vector<NumberParts> cells;
  narrow.reserve(words.size());
  for (const std::string& word : words) {
    narrow.push_back(narrow_digits(word));
    cells.push_back(number_parts(narrow.back().empty() ? word : narrow.back()));
    if (cells.back().currency != cells.front().currency || cells.back().unit != cells.front().unit) return {};
  }
  if (cells.empty() || !agree(cells)) return {};
  std::vector<NumberForm> fitting;
  for (const NumberForm& body : bodies) {
    if (asked == Decimal::any || (asked == Decimal::comma) == (body.decimal == ',')) {
      if (reads_all(cells, body)) fitting.push_back(body);
    }
    if (!fitting.empty() && body.thousands == 0) break;  // plain except for currency or unit: nothing to guess
  }
  if (fitting.empty()) return {};
  FormFound found;
  if (!is_point_country(cells.front().currency)) {
    for (std::size_t i = 0; i < cells.size() && found.ambiguous.empty(); ++i) {
      for (const NumberForm& other : fitting) {
        double one = 0, another = 0;
        read_body(cells[i], fitting.front(), one);
        read_body(cells[i], other, another);
        if (one != another) found = {{}, words[i], one, another};
      }
    }
  }
  if (!found.ambiguous.empty()) return found;
  found.form = fitting.front();
  use_parts(*found.form, cells.front());
  found.form->scaled = std::any_of(cells.begin(), cells.end(), [](const NumberParts& p) { return p.factor != 0; });
  return found;
}

bool may_have_form(std::string_view word) {
  const std::string narrow = narrow_digits(word);
  const NumberParts parts = number_parts(narrow.empty() ? word : narrow);
  return std::any_of(std::begin(bodies), std::end(bodies),
                     [&](const NumberForm& form) { return reads_all({parts}, form); });
}

}  // namespace pellucid
