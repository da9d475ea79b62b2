// Predicts rows as they are in a file: whole tables with a TablePredictor, one row at a time with a Record.
// Not here: rows of features (predict_from_threads.cc), `pellucid predict`.
#include <pellucid/pellucid.h>

#include <iostream>

using namespace pellucid;

int main() try {
  Recipe recipe;
  recipe.data.file = "data/iris.csv";
  recipe.training.epochs = 30;
  recipe.data.target = {"species"};
  const Model model = train(recipe).model;

  TablePredictor predictor(model);  // made once, for tables of any size
  const Table flowers = read_csv(
      "sepal_length,sepal_width,petal_length,petal_width\n"
      "5.1,3.5,1.4,0.2\n"
      "6.3,,5.6,2.1\n");  // a cell is missing
  const TargetPredictions& species = predictor.predict(flowers)[0];
  for (std::int64_t row = 0; row < flowers.rows; ++row) {
    std::cout << species.class_name(row) << ", p = " << species.probabilities_of(row)[0] << " for setosa\n";
  }

  Record flower(model);  // allocates nothing from now on
  const int length = flower.index("petal_length"), width = flower.index("petal_width");
  for (const double centimetres : {1.5, 4.0, 6.5}) {
    std::cout << "petals of " << centimetres
              << " cm: " << flower.set(length, centimetres).set(width, centimetres / 3).predict().class_name << "\n";
  }
  return species.class_name(0) == "setosa" ? 0 : 1;
} catch (const Error& error) {
  std::cerr << error.text() << "\n";
  return error.exit_code();
}
