// matrices: products of small matrices, and one that is refused.
// Not here: the time that products take (vectorise.cc).
#include "lessons/experiments/matrix.h"
#include "lessons/lesson.h"

namespace pellucid::tutorial {
namespace {

const Matrix A = {{2, 1}, {6, 5}}, B = {{3, 4}, {8, 7}}, C = {{3, 4, 0}, {8, 7, 9}};

void run(Lesson& lesson) {
  lesson.say(
      "A layer of a network is a matrix product: A·B multiplies a row of A by a column of B element by element and "
      "adds up the products. So A must have as many columns as B has rows, and the result has the rows of A and the "
      "columns of B.");
  lesson.exact("A·B", "[[14 15] [58 59]]", dot(A, B).values);
  lesson.exact("A·C", "[[14 15 9] [58 59 45]]", dot(A, C).values);
  lesson.exact("2A", "[[4 2] [12 10]]", (2 * A).values);
  lesson.exact("2Aᵀ: rows become columns", "[[4 12] [2 10]]", transposed(2 * A).values);

  const Matrix with_b = dot(transposed(3 * A), B), with_c = dot(transposed(3 * A), C);
  lesson.exact("3Aᵀ·B", "[[162 150] [129 117]]", with_b.values);
  lesson.exact("3Aᵀ·B, its shape", "(2, 2)", std::vector<double>{double(with_b.rows), double(with_b.columns)});
  lesson.exact("3Aᵀ·C", "[[162 150 162] [129 117 135]]", with_c.values);
  lesson.exact("3Aᵀ·C, its shape", "(2, 3)", std::vector<double>{double(with_c.rows), double(with_c.columns)});

  lesson.say(
      "A ⊙ B multiplies element by element: nothing is added up, and both must have the same shape. NumPy writes both "
      "products with a star, depending on the type (`np.matrix` or `np.array`); the text's forward_layer relies on "
      "that.");
  lesson.exact("A ⊙ B", "[[6 4] [48 35]]", elementwise(A, B).values);
  std::string refusal;
  try {
    elementwise(A, C);
  } catch (const Error& error) {
    refusal = error.what();
  }
  lesson.say("A ⊙ C: " + refusal);
  lesson.holds("A ⊙ C is refused, with both shapes",
               refusal.find("2x2") != std::string::npos && refusal.find("2x3") != std::string::npos);
}

}  // namespace

const Tutorial tutorial_matrices{"matrices", "003", "products of small matrices, and one that is refused", run};

}  // namespace pellucid::tutorial
