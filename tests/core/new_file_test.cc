// Files that replace a path only when complete, leftovers of a killed process, and folder locks.
// Not here: the files that a run writes (run_log_test.cc).
#include "core/new_file.h"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <thread>

#include "core/file.h"
#include "pellucid/error.h"

namespace pellucid {
namespace {

namespace fs = std::filesystem;

class NewFiles : public ::testing::Test {
 protected:
  NewFiles() : folder_(fs::temp_directory_path() / ("pellucid_new_file_" + std::to_string(::getpid()))) {
    fs::create_directory(folder_);
  }
  ~NewFiles() override { fs::remove_all(folder_); }
  std::string path(const std::string& name) const { return (folder_ / name).string(); }
  std::size_t count() const {
    return static_cast<std::size_t>(std::distance(fs::directory_iterator(folder_), fs::directory_iterator()));
  }

 private:
  fs::path folder_;
};

// Runs `call` in a child process, which then exits without any cleanup.
void in_killed_child(const std::function<void()>& call) {
  const pid_t child = ::fork();
  if (child == 0) {
    call();
    ::_exit(0);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  ASSERT_EQ(status, 0);
}

TEST_F(NewFiles, replace_the_old_file_only_on_commit) {
  write_file(path("a"), "old");
  {
    NewFile file(path("a"));
    file.write("new");
    EXPECT_EQ(read_file(path("a")), "old");
  }
  EXPECT_EQ(read_file(path("a")), "old");
  NewFile file(path("a"));
  file.write("new");
  file.commit();
  EXPECT_EQ(read_file(path("a")), "new");
  EXPECT_EQ(count(), 1u);
}

TEST_F(NewFiles, written_by_several_threads_to_one_path_do_not_mix) {
  std::vector<std::thread> threads;
  for (int t = 0; t < 8; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < 20; ++i) write_file(path("a"), std::string(5000, static_cast<char>('a' + t)));
    });
  }
  for (std::thread& thread : threads) thread.join();
  const std::string text = read_file(path("a"));
  EXPECT_EQ(text, std::string(5000, text[0]));
  EXPECT_EQ(count(), 1u);
}

TEST_F(NewFiles, left_by_a_killed_process_are_removed_by_the_next_writer) {
  const std::string folder = path("runs");
  fs::create_directory(folder);
  in_killed_child([&] {
    auto* left = new NewFile(folder + "/model");
    left->write("half");
  });
  std::ofstream(folder + "/.pellucid-notes") << "not ours";
  std::ofstream(folder + "/model.part1234") << "not ours either";
  NewFile held(folder + "/other");  // belongs to a living process, so it must stay
  EXPECT_EQ(std::distance(fs::directory_iterator(folder), fs::directory_iterator()), 3);
  write_file(folder + "/model", "whole");
  held.write("whole too");
  held.commit();
  EXPECT_EQ(read_file(folder + "/other"), "whole too");
  EXPECT_EQ(std::distance(fs::directory_iterator(folder), fs::directory_iterator()), 4);
}

TEST_F(NewFiles, cannot_replace_a_folder_or_be_in_a_missing_folder) {
  fs::create_directory(path("b"));
  EXPECT_THROW(write_file(path("b"), "x"), Error);
  EXPECT_THROW(write_file(path("none/b"), "x"), Error);
  EXPECT_EQ(count(), 1u);
}

TEST_F(NewFiles, may_have_the_longest_name_that_the_file_system_allows) {
  write_file(path(std::string(255, 'n')), "x");
  EXPECT_EQ(read_file(path(std::string(255, 'n'))), "x");
}

TEST_F(NewFiles, a_folder_lock_is_held_until_it_is_destroyed_or_its_process_ends) {
  const std::string folder = path("run");
  fs::create_directory(folder);
  {
    const auto first = FolderLock::take(folder);
    EXPECT_TRUE(first.has_value());
    EXPECT_FALSE(FolderLock::take(folder).has_value());
  }
  EXPECT_TRUE(FolderLock::take(folder).has_value());
  in_killed_child([&] { new auto(FolderLock::take(folder)); });
  EXPECT_TRUE(FolderLock::take(folder).has_value());
}

}  // namespace
}  // namespace pellucid
