// Parses the header of a .npy array: {'descr': '<f8', 'fortran_order': False, 'shape': (3, 4), }.
// Not here: the numbers (array.cc).
#include "tables/readers/npy/header.h"

#include <algorithm>

#include "core/text.h"
#include "pellucid/error.h"

namespace pellucid::npy {

namespace {

class Parser {
 public:
  Parser(std::string_view text, const std::string& name) : text_(text), name_(name) {}

  Header parse() {
    Header header;
    bool seen[3] = {};
    need('{');
    while (!take('}')) {
      const std::string key = word();
      need(':');
      const int entry = key == "descr" ? 0 : key == "fortran_order" ? 1 : key == "shape" ? 2 : 3;
      if (entry == 3 || seen[entry]) refuse();
      seen[entry] = true;
      if (entry == 0) parse_type(header);
      if (entry == 1) header.fortran_order = truth();
      if (entry == 2) header.extents = tuple();
      if (!take(',')) {
        need('}');
        break;
      }
    }
    skip_blanks();
    if (at_ != text_.size() || !std::all_of(seen, seen + 3, [](bool s) { return s; })) refuse();
    return header;
  }

 private:
  [[noreturn]] void refuse() const { throw Error("D16", name_ + ": NumPy writes no such header: " + quote(text_)); }

  void skip_blanks() {
    while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\n')) ++at_;
  }
  bool take(char c) {
    skip_blanks();
    if (at_ == text_.size() || text_[at_] != c) return false;
    ++at_;
    return true;
  }
  void need(char c) {
    if (!take(c)) refuse();
  }

  std::string word() {
    skip_blanks();
    if (at_ == text_.size() || (text_[at_] != '\'' && text_[at_] != '"')) refuse();
    const std::size_t end = text_.find(text_[at_], at_ + 1);
    if (end == std::string_view::npos) refuse();
    std::string result(text_.substr(at_ + 1, end - at_ - 1));
    at_ = end + 1;
    return result;
  }

  bool truth() {
    skip_blanks();
    for (const std::string_view spelling : {"True", "False"}) {
      if (text_.substr(at_, spelling.size()) != spelling) continue;
      at_ += spelling.size();
      return spelling == "True";
    }
    refuse();
  }

  std::vector<std::int64_t> tuple() {
    std::vector<std::int64_t> extents;
    need('(');
    while (!take(')')) {
      extents.push_back(extent());
      if (!take(',')) {
        need(')');
        break;
      }
    }
    return extents;
  }

  std::int64_t extent() {
    skip_blanks();
    std::size_t end = at_;
    while (end < text_.size() && text_[end] >= '0' && text_[end] <= '9') ++end;
    std::int64_t value;
    if (!parse_integer(text_.substr(at_, end - at_), value)) refuse();
    at_ = end;
    return value;
  }

  void parse_type(Header& header) {
    skip_blanks();
    if (at_ < text_.size() && text_[at_] == '[')
      throw Error("D16", name_ + " contains records; only one type of numbers can be read");
    const std::string type = word();
    std::int64_t size = 0;
    if (type.size() < 2) refuse();
    if (type[1] == 'O') throw Error("D16", name_ + " contains Python objects, which are never read");
    if (type.size() < 3 || !parse_integer(type.substr(2), size) || size < 1 || size > 1024) refuse();
    if (type[0] != '<' && !(type[0] == '|' && size == 1)) {
      throw Error("D16", name_ + " contains " + quote(type) + "; only little-endian numbers can be read",
                  {"in NumPy: array.astype(\"<f8\")"});
    }
    header.kind = type[1];
    header.size = static_cast<int>(size);
  }

  std::string_view text_;
  const std::string& name_;
  std::size_t at_ = 0;
};

}  // namespace

Header parse_header(std::string_view text, const std::string& name) {
  return Parser(text, name).parse();
}

}  // namespace pellucid::npy
