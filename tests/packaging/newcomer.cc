// Stands in for the first program of README.md if README.md has none. Not here: an example for users.
#include <iostream>

#include <pellucid/pellucid.h>

int main() {
  std::cout << pellucid::Shape{2, 3}.elements() << '\n';
}
