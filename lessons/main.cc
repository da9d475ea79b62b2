// main of the small programs in examples/tutorials: one lesson as text on standard output.
// Not here: the lesson; seeds, settings, pages and JSON (pellucid tutorial).
#include <iostream>

#include "lessons/text_audience.h"

int main() {
  using namespace pellucid;
  tutorial::TextAudience audience([](const std::string& text) { std::cout << text << std::flush; }, 100);
  try {
    const tutorial::Tutorial& lesson = tutorial::PELLUCID_TUTORIAL;
    audience.title(lesson);
    tutorial::Lesson run(lesson, {}, audience);
    lesson.run(run);
  } catch (const Error& error) {
    std::cerr << error.text() << "\n";
    return error.exit_code();
  }
}
