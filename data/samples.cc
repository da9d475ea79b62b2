// The table of shipped data sets. Not here: their rows, which CMake embeds from data/*.csv.
#include "data/samples.h"

namespace pellucid {

// Made by cmake/embed.cmake, one a file of data/.
extern const std::string_view embedded_digits, embedded_iris, embedded_spiral, embedded_xor;

std::span<const Sample> samples() {
  static const Sample table[] = {
      {"digits", "digit", "1,797 handwritten digits of 8x8 pixels (UCI)", embedded_digits},
      {"iris", "species", "150 flowers of 3 species (Fisher 1936)", embedded_iris},
      {"spiral", "class", "3 arms that no straight line divides (generated)", embedded_spiral},
      {"xor", "class", "2 classes in opposite corners (generated)", embedded_xor},
  };
  return table;
}

}  // namespace pellucid
