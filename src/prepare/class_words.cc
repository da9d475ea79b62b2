// Merges the spellings of a class, and finds the class of a word. Not here: reading words (cells.cc).
#include "prepare/class_words.h"

#include <algorithm>
#include <map>
#include <set>

#include "core/text.h"
#include "tables/words.h"

namespace pellucid {

namespace {

constexpr std::string_view yes_words[] = {"true", "t", "yes", "y", "on", "1"};
constexpr std::string_view no_words[] = {"false", "f", "no", "n", "off", "0"};

// The part of a word that all spellings of one class share.
std::string key_of(std::string_view word) {
  const std::string plain = plain_spelling(word);
  const auto number = plain.find('.') == std::string::npos ? std::nullopt : whole_number_of(plain);
  if (number) return std::to_string(*number);
  return text_width(plain) > 1 ? lower_case(plain) : plain;
}

// 1: the word means yes, 0: no, -1: neither.
int truth_of(std::string_view word) {
  const std::string small = lower_case(key_of(word));
  const auto is = [&](std::string_view one) { return one == small; };
  if (std::any_of(std::begin(yes_words), std::end(yes_words), is)) return 1;
  return std::any_of(std::begin(no_words), std::end(no_words), is) ? 0 : -1;
}

}  // namespace

std::vector<std::string> merged_classes(const std::vector<std::string>& words, const std::vector<std::int64_t>& counts,
                                        bool as_written) {
  std::map<std::string, std::vector<std::size_t>> spellings;
  std::set<int> truths;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (counts[i] == 0) continue;
    spellings[as_written ? words[i] : key_of(words[i])].push_back(i);
    truths.insert(truth_of(words[i]));
  }
  if (!as_written && spellings.size() > 2 && truths == std::set<int>{0, 1}) {
    spellings.clear();
    for (std::size_t i = 0; i < words.size(); ++i) {
      if (counts[i] > 0) spellings[std::to_string(truth_of(words[i]))].push_back(i);
    }
  }
  std::vector<std::string> classes;
  for (const auto& [key, same] : spellings) {
    const auto rarer = [&](std::size_t a, std::size_t b) {
      return counts[a] != counts[b] ? counts[a] < counts[b] : word_less(words[b], words[a]);
    };
    classes.push_back(words[*std::max_element(same.begin(), same.end(), rarer)]);
  }
  std::sort(classes.begin(), classes.end(), word_less);
  return classes;
}

ClassFinder::ClassFinder(const std::vector<std::string>& classes) : known_(classes) {
  if (classes.size() != 2) return;
  const int first = truth_of(classes[0]), second = truth_of(classes[1]);
  if (first < 0 || second < 0 || first == second) return;
  no_ = first == 0 ? 0 : 1;
  yes_ = 1 - no_;
}

std::int32_t ClassFinder::find(std::string_view word) {
  if (const KnownWords::Found found = known_.find(word); found.index >= 0)
    return static_cast<std::int32_t>(found.index);
  const int truth = yes_ < 0 ? -1 : truth_of(word);
  return truth < 0 ? -2 : truth == 1 ? yes_ : no_;
}

}  // namespace pellucid
