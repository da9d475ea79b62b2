// Recognises signs, currencies and units from short lists. A cell with any other text around its digits stays a word.
// Not here: the digits with their decimal and thousands separators (number_form.cc).
#include "tables/number_parts.h"

#include <algorithm>

#include "tables/missing.h"

namespace pellucid {

namespace {

constexpr std::string_view symbols[] = {"$", "€", "£", "¥", "₹", "₽", "₩", "₺", "₴", "₪", "₫", "₦", "฿", "¢"};
constexpr std::string_view currencies[] = {
    "EUR", "USD", "GBP", "JPY", "CHF", "CNY", "INR", "AUD", "CAD",  "NZD", "SEK", "NOK", "DKK", "PLN", "CZK",  "HUF",
    "RUB", "TRY", "BRL", "MXN", "ZAR", "KRW", "SGD", "HKD", "THB",  "ILS", "AED", "SAR", "RON", "BGN", "US$",  "R$",
    "A$",  "C$",  "HK$", "S$",  "NZ$", "Rs.", "Rs",  "Fr.", "SFr.", "kr",  "kr.", "Ft",  "zł",  "Kč",  "Euro", "euro"};
// Units that may follow a number directly. After a blank, any word that passes is_word() counts as a unit.
constexpr std::string_view units[] = {
    "%",   "‰",   "kg",  "mg",  "g",   "lb",   "lbs", "oz",   "km",  "cm", "mm",  "m",   "mi", "ft",   "in",
    "l",   "L",   "ml",  "mL",  "cl",  "km/h", "kmh", "mph",  "m/s", "kW", "kWh", "W",   "V",  "A",    "mA",
    "Hz",  "kHz", "MHz", "GHz", "GB",  "MB",   "KB",  "kB",   "TB",  "s",  "ms",  "min", "h",  "hrs",  "px",
    "°",   "°C",  "°F",  "m²",  "m2",  "m³",   "m3",  "sqft", "ha",  "hp", "bhp", "PS",  "cc", "kmpl", "bps",
    "bar", "hPa", "Pa",  "kPa", "mol", "ppm",  "dB",  "kcal", "kJ",  "J",  "pct", "µm",  "nm", "µg",   "\""};

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

bool is_digit(char c) noexcept {
  return c >= '0' && c <= '9';
}

template <std::size_t n>
bool holds(const std::string_view (&list)[n], std::string_view text) {
  return std::find(list, list + n, text) != list + n;
}

bool is_currency(std::string_view text) {
  return holds(symbols, text) || holds(currencies, text);
}

bool take_sign(std::string_view& text, bool& negative) {
  negative = take(text, "-") || take(text, "\u2212");
  return negative || take(text, "+");
}

// Whether a text after a blank may be a unit: short, in any script, without digits, blanks and most punctuation.
bool is_word(std::string_view text) {
  constexpr std::size_t longest = 16;
  return text.size() <= longest && std::none_of(text.begin(), text.end(), [](char c) {
           return is_digit(c) || std::string_view(",;:!?()[]{}<>=+-\"'#&*|\\ \t").find(c) != std::string_view::npos;
         });
}

double factor_of(std::string_view text) {
  return text == "k" || text == "K" ? 1e3 : text == "M" ? 1e6 : text == "B" || text == "bn" ? 1e9 : 0;
}

// Takes a currency in front of the first digit, sign, bracket or separator.
void take_currency(std::string_view& text, NumberParts& parts) {
  const std::size_t begin = text.find_first_of("0123456789+-(.,");
  if (begin == 0 || begin == std::string_view::npos) return;
  // The currency may include the point that was found ("Rs.5") or end before it, or before a Unicode minus (3 bytes).
  for (std::size_t end : {begin + 1, begin, text.find("\u2212")}) {
    if (end > text.size()) continue;
    const std::string_view word = without_blanks(text.substr(0, end));
    if (!is_currency(word)) continue;
    parts.currency = word;
    text = without_blanks(text.substr(end));
    return;
  }
}

void take_unit(std::string_view& text, NumberParts& parts) {
  const std::size_t last = text.find_last_of("0123456789");
  if (last == std::string_view::npos || last + 1 == text.size()) return;
  const std::string_view tail = text.substr(last + 1);
  const std::string_view word = without_blanks(tail);
  const bool blank = !word.empty() && word.data() != tail.data();
  const double factor = factor_of(word);
  if (factor == 0 && !is_currency(word) && !holds(units, word) && !(blank && is_word(word))) return;
  parts.factor = factor;
  if (factor == 0) parts.unit = word;
  text = without_blanks(text.substr(0, last + 1));
}

// Takes a unit that ends in a digit: m2, m3.
bool take_power(std::string_view& text, NumberParts& parts) {
  for (const std::string_view unit : {std::string_view("m2"), std::string_view("m3")}) {
    std::string_view rest = text;
    if (!take_end(rest, unit)) continue;
    rest = without_blanks(rest);
    if (rest.empty() || !is_digit(rest.back())) continue;
    parts.unit = unit;
    text = rest;
    return true;
  }
  return false;
}

}  // namespace

NumberParts number_parts(std::string_view cell) {
  NumberParts parts;
  std::string_view text = without_blanks(cell);
  bool sign = take_sign(text, parts.negative);
  if (!sign) take_currency(text, parts);
  if (!sign && text.starts_with('(') && text.ends_with(')')) {
    text = without_blanks(text.substr(1, text.size() - 2));
    sign = parts.negative = parts.brackets = true;
  }
  if (!sign) sign = take_sign(text, parts.negative);
  if (parts.currency.empty()) {
    take_currency(text, parts);
    if (!sign) sign = take_sign(text, parts.negative);
  }
  if (!take_power(text, parts)) take_unit(text, parts);
  if (!sign && text.size() > 1) parts.negative = take_end(text, "-") || take_end(text, "\u2212");
  parts.body = text;
  return parts;
}

std::string narrow_digits(std::string_view cell) {
  constexpr std::string_view wide = "\xEF\xBC";  // first two bytes of U+FF00 … U+FF3F; the third is 0x80 … 0xBF
  if (cell.find(wide) == std::string_view::npos) return {};
  std::string narrow;
  while (!cell.empty()) {
    const auto last = static_cast<unsigned char>(cell.size() > 2 ? cell[2] : 0);
    if (cell.starts_with(wide) && last >= 0x80 && last <= 0xBF) {
      narrow += static_cast<char>(last - 0x80 + 0x20);
      cell.remove_prefix(3);
    } else {
      narrow += cell.front();
      cell.remove_prefix(1);
    }
  }
  return narrow;
}

bool is_unit_of_letters(std::string_view unit) {
  return unit != "%" && unit != "‰" && unit != "\"" && !unit.starts_with("°") && !holds(symbols, unit);
}

}  // namespace pellucid
