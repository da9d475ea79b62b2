// The calendar: H. Hinnant, "chrono-compatible low-level date algorithms", with floors of doubles, which are exact
// here. Not here: which parts a column has (columns.cc).
#include "export/onnx/dates.h"

namespace pellucid::onnx {

namespace {

class Calendar {
 public:
  Calendar(Graph& graph, const Value& days) : graph_(graph), days_(days) {
    const Value whole = floor(days);
    const Value rounded = floor(plus(times(minus(days, whole), 86400000), 0.5));  // milliseconds, for times in seconds
    const Value seconds = over(rounded, 1000);
    const Value next = graph_.node("GreaterOrEqual", {seconds, graph_.number(86400)});
    day_ = graph_.node("Where", {next, plus(whole, 1), whole});
    seconds_ = graph_.node("Where", {next, plus(seconds, -86400), seconds});
  }

  Value hour() { return over(seconds_, 3600); }
  Value weekday() { return plus(rest(plus(day_, 3), 7), 1); }
  Value month() {
    const Value shifted = shifted_month();
    const Value early = graph_.node("Less", {shifted, graph_.number(10)});
    return graph_.node("Where", {early, plus(shifted, 3), plus(shifted, -9)});
  }
  Value year() {
    const Value year_of_march = plus_both(year_of_era(), times(era(), 400));
    const Value late = graph_.node("GreaterOrEqual", {shifted_month(), graph_.number(10)});  // January or February
    return graph_.node("Where", {late, plus(year_of_march, 1), year_of_march});
  }

 private:
  Value floor(const Value& x) { return graph_.node("Floor", {x}); }
  Value plus(const Value& x, double number) { return graph_.node("Add", {x, graph_.number(number)}); }
  Value times(const Value& x, double number) { return graph_.node("Mul", {x, graph_.number(number)}); }
  Value over(const Value& x, double number) { return graph_.node("Div", {x, graph_.number(number)}); }
  Value minus(const Value& a, const Value& b) { return graph_.node("Sub", {a, b}); }
  Value plus_both(const Value& a, const Value& b) { return graph_.node("Add", {a, b}); }
  Value part(const Value& x, double of) { return floor(over(x, of)); }
  Value rest(const Value& x, double of) { return minus(x, times(part(x, of), of)); }

  Value from_march() { return plus(day_, 719468); }  // days since 0000-03-01
  Value era() { return part(from_march(), 146097); }
  Value of_era() { return rest(from_march(), 146097); }
  Value year_of_era() {
    const Value d = of_era();
    return part(minus(plus_both(minus(d, part(d, 1460)), part(d, 36524)), part(d, 146096)), 365);
  }
  Value shifted_month() {
    const Value year = year_of_era();
    const Value days_before = minus(plus_both(times(year, 365), part(year, 4)), part(year, 100));
    return part(plus(times(minus(of_era(), days_before), 5), 2), 153);
  }

  Graph& graph_;
  Value days_, day_, seconds_;
};

}  // namespace

Value date_part(Graph& graph, const Value& days, DatePart part) {
  if (part == DatePart::elapsed) return days;
  Calendar calendar(graph, days);
  switch (part) {
    case DatePart::year:
      return calendar.year();
    case DatePart::month:
      return calendar.month();
    case DatePart::weekday:
      return calendar.weekday();
    default:
      return calendar.hour();
  }
}

}  // namespace pellucid::onnx
