// From a file to an evaluated model and the folder of the run, like `pellucid train FILE --target COLUMN`.
// Not here: the steps one by one (train_from_memory.cc).
#include <pellucid/pellucid.h>

#include <iostream>

int main(int argc, char** argv) try {
  pellucid::Recipe recipe;  // rules decide all settings that are not set, by the data
  recipe.data.file = argc > 1 ? argv[1] : "data/iris.csv";
  recipe.data.target = {argc > 2 ? argv[2] : "species"};
  pellucid::Run run = pellucid::train(recipe);
  std::cout << run.verdict << run.test;
  run.write("runs/from-library", {.force = true});
} catch (const pellucid::Error& error) {
  std::cerr << error.text() << "\n";
  return error.exit_code();
}
