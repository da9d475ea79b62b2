// The glossary: machine-learning terms that the program and its reports use, each explained in a few plain sentences.
// Not here: error codes (core/error_codes.h), kinds of layers, losses and the like (kind_texts.h).
#pragma once

#include <span>

namespace pellucid::app {

struct Term {
  const char* name;   ///< "batch size", in lower case unless it is a name or an abbreviation
  const char* group;  ///< "Data", "Network", "Training" or "Results"
  const char* also;   ///< other words for it, separated by ", "; or ""
  const char* text;   ///< two to five sentences with an example
};

/// All terms, by group.
std::span<const Term> glossary();

}  // namespace pellucid::app
