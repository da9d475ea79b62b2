// Numbers as people and spreadsheets write them. No locale is asked: the column's own cells say how they are meant.
// Not here: plain numbers (words.cc).
#include "data/number_form.h"

#include <algorithm>

namespace pellucid {

namespace {

constexpr std::string_view currencies[] = {"$", "€", "£", "¥"};
constexpr std::string_view blanks[] = {" ", "\u00A0", "\u202F", "\u2009"};
const NumberForm bodies[] = {{'.', 0, {}, {}},   {'.', ',', {}, {}}, {',', '.', {}, {}},
                             {'.', ' ', {}, {}}, {',', ' ', {}, {}}, {'.', '\'', {}, {}}};

bool take(std::string_view& text, std::string_view prefix) {
  if (!text.starts_with(prefix)) return false;
  text.remove_prefix(prefix.size());
  return true;
}

bool take_end(std::string_view& text, std::string_view suffix) {
  if (!text.ends_with(suffix)) return false;
  text.remove_suffix(suffix.size());
  return true;
}

bool take_blank(std::string_view& text) {
  return std::any_of(std::begin(blanks), std::end(blanks), [&](std::string_view blank) { return take(text, blank); });
}

bool take_blank_end(std::string_view& text) {
  return std::any_of(std::begin(blanks), std::end(blanks),
                     [&](std::string_view blank) { return take_end(text, blank); });
}

// A cell in its parts: sign, unit, and the digits with their marks.
struct Parts {
  bool negative = false;
  std::string_view currency, unit, body;
};

bool take_sign(std::string_view& text, bool& negative) {
  negative = take(text, "-") || take(text, "\u2212");
  return negative || take(text, "+");
}

Parts parts_of(std::string_view cell) {
  Parts parts;
  bool sign = take_sign(cell, parts.negative);
  for (const std::string_view currency : currencies) {
    if (parts.currency.empty() && take(cell, currency)) parts.currency = currency;
  }
  if (!parts.currency.empty()) take_blank(cell);
  if (!sign) take_sign(cell, parts.negative);
  for (const std::string_view unit :
       {std::string_view("%"), currencies[0], currencies[1], currencies[2], currencies[3]}) {
    if (parts.unit.empty() && take_end(cell, unit)) parts.unit = unit;
  }
  if (!parts.unit.empty()) take_blank_end(cell);
  parts.body = cell;
  return parts;
}

bool is_digit(char c) noexcept {
  return c >= '0' && c <= '9';
}

bool take_thousands(std::string_view& text, char mark) {
  if (mark == ' ') return take_blank(text);
  return mark != 0 && take(text, std::string_view(&mark, 1));
}

// The body in plain spelling, or nothing. Without a thousands mark what follows the digits may be anything that a plain
// number has (".5", "1e3"); read_number judges that.
std::string plain_of(std::string_view body, const NumberForm& form) {
  std::string plain;
  while (!body.empty() && is_digit(body.front())) {
    plain += body.front();
    body.remove_prefix(1);
  }
  if (plain.empty() && !body.starts_with(form.decimal)) return {};
  const bool may_group = plain.size() <= 3 && !plain.starts_with('0');
  bool grouped = false;
  while (may_group && take_thousands(body, form.thousands)) {
    if (body.size() < 3 || !std::all_of(body.begin(), body.begin() + 3, is_digit)) return {};
    plain += body.substr(0, 3);
    body.remove_prefix(3);
    grouped = true;
  }
  if (body.empty()) return plain;
  const bool fraction = body.front() == form.decimal;
  if (!fraction && (grouped || (body.front() != 'e' && body.front() != 'E'))) return {};
  if (fraction) {
    plain += '.';
    body.remove_prefix(1);
    if (body.empty() || (grouped && !std::all_of(body.begin(), body.end(), is_digit))) return {};
  }
  return plain.append(body);
}

Spelling read_body(const Parts& parts, const NumberForm& form, double& value) {
  const std::string plain = plain_of(parts.body, form);
  const Spelling spelling = plain.empty() ? Spelling::none : read_number(plain, value);
  if (spelling != Spelling::none && parts.negative) value = -value;
  return spelling;
}

bool is_point_country(std::string_view currency) {
  return currency == "$" || currency == "£" || currency == "¥";
}

bool reads_all(const std::vector<Parts>& cells, const NumberForm& form) {
  double ignored;
  return std::all_of(cells.begin(), cells.end(), [&](const Parts& parts) {
    const Spelling spelling = read_body(parts, form, ignored);
    return spelling == Spelling::integer || spelling == Spelling::decimal;
  });
}

}  // namespace

Spelling NumberForm::read(std::string_view cell, double& value) const {
  const Parts parts = parts_of(cell);
  return parts.currency == currency && parts.unit == unit ? read_body(parts, *this, value) : Spelling::none;
}

std::string NumberForm::text() const {
  return currency + "1" + (thousands ? std::string(1, thousands) : "") + "234" + decimal + "5" + unit;
}

std::optional<NumberForm> form_of(std::string_view text) {
  const Parts parts = parts_of(text);
  for (NumberForm form : bodies) {
    form.currency = parts.currency;
    form.unit = parts.unit;
    if (form.text() == text) return form;
  }
  return {};
}

FormFound find_form(const std::vector<std::string>& words, Decimal asked) {
  std::vector<Parts> cells;
  for (const std::string& word : words) {
    cells.push_back(parts_of(word));
    if (cells.back().currency != cells.front().currency || cells.back().unit != cells.front().unit) return {};
  }
  std::vector<NumberForm> fitting;
  for (const NumberForm& body : bodies) {
    if (asked == Decimal::any || (asked == Decimal::comma) == (body.decimal == ',')) {
      if (reads_all(cells, body)) fitting.push_back(body);
    }
    if (!fitting.empty() && body.thousands == 0) break;  // plain numbers with a unit
  }
  if (cells.empty() || fitting.empty()) return {};
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
  found.form->currency = cells.front().currency;
  found.form->unit = cells.front().unit;
  return found;
}

bool may_have_form(std::string_view word) {
  const Parts parts = parts_of(word);
  return std::any_of(std::begin(bodies), std::end(bodies),
                     [&](const NumberForm& form) { return reads_all({parts}, form); });
}

}  // namespace pellucid
