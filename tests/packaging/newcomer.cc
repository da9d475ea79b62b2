// Stands in for README.md's first program while README.md has none. Not here: anything worth reading.
#include <iostream>

#include <pellucid/pellucid.h>

int main() {
  std::cout << pellucid::Shape{2, 3}.elements() << '\n';
}
