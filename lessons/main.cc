// The main function of the small tutorial programs: runs one lesson and prints it as text.
// Not here: the lessons (lessons/experiments); seeds, settings, pages and JSON (the command `pellucid tutorial`).
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
