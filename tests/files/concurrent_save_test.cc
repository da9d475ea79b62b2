// Several threads and several processes that save models to one path at the same time.
// Not here: how a file becomes visible under its name (new_file_test.cc), what it holds (model_file_test.cc).
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <filesystem>
#include <functional>
#include <thread>

#include "core/file.h"
#include "pellucid/error.h"
#include "pellucid/model.h"

namespace pellucid {
namespace {

namespace fs = std::filesystem;

class ConcurrentSave : public ::testing::Test {
 protected:
  ConcurrentSave() : folder_(fs::temp_directory_path() / ("pellucid_concurrent_" + std::to_string(::getpid()))) {
    fs::create_directory(folder_);
    for (std::size_t i = 0; i < 2; ++i) {
      models_[i].add(Dense(i == 0 ? 8 : 300, relu)).add(Dense(2, softmax));
      models_[i].build(Shape{40}, i + 1);
      bytes_[i] = models_[i].to_bytes();
    }
  }
  ~ConcurrentSave() override { fs::remove_all(folder_); }

  std::string path(const std::string& name) const { return (folder_ / name).string(); }
  bool is_one_of_both(const std::string& file) const {
    const std::string found = read_file(file);
    return found == bytes_[0] || found == bytes_[1];
  }
  std::ptrdiff_t files_in(const std::string& folder) const {
    return std::distance(fs::directory_iterator(folder), fs::directory_iterator());
  }

  Model models_[2];
  std::string bytes_[2];

 private:
  fs::path folder_;
};

// Exit status of a child process; 0 if its call returned.
int wait_for(pid_t child) {
  int status = 0;
  ::waitpid(child, &status, 0);
  return status;
}

pid_t in_child(const std::function<void()>& call) {
  const pid_t child = ::fork();
  if (child != 0) return child;
  try {
    call();
    ::_exit(0);
  } catch (...) {
    ::_exit(1);
  }
}

TEST_F(ConcurrentSave, by_threads_leaves_one_complete_model_at_every_moment) {
  const std::string file = path("model.safetensors");
  models_[0].save(file);
  std::atomic<int> failures{0};
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < 15; ++i) {
        try {
          models_[t % 2].save(file);
          if (!is_one_of_both(file)) ++failures;
        } catch (const Error&) {
          ++failures;
        }
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(failures, 0);
  EXPECT_TRUE(is_one_of_both(file));
  EXPECT_NO_THROW(Model::load(file));
  EXPECT_EQ(files_in(path("")), 1);
}

// Each round uses a new folder, because the first write to a folder also looks for abandoned files.
TEST_F(ConcurrentSave, by_processes_into_a_new_folder_succeeds_in_every_process) {
  for (int round = 0; round < 25; ++round) {
    const std::string folder = path("round" + std::to_string(round));
    fs::create_directory(folder);
    std::vector<pid_t> children;
    for (int c = 0; c < 4; ++c) {
      children.push_back(in_child([&] { models_[c % 2].save(folder + "/model.safetensors"); }));
    }
    for (const pid_t child : children) EXPECT_EQ(wait_for(child), 0) << "round " << round;
    EXPECT_TRUE(is_one_of_both(folder + "/model.safetensors"));
    EXPECT_EQ(files_in(folder), 1);
  }
}

// Exceeding the limit on file sizes sends a signal that ends the process; it must become an error, also with several
// threads.
TEST_F(ConcurrentSave, above_the_file_size_limit_is_an_error_in_every_thread) {
  EXPECT_EQ(wait_for(in_child([&] {
              const rlimit limit{1000, 1000};
              ::setrlimit(RLIMIT_FSIZE, &limit);
              std::atomic<int> refused{0};
              std::vector<std::thread> threads;
              for (int t = 0; t < 4; ++t) {
                threads.emplace_back([&, t] {
                  for (int i = 0; i < 50; ++i) {
                    try {
                      models_[t % 2].save(path("model.safetensors"));
                    } catch (const Error& error) {
                      if (error.code() == "M03") ++refused;
                    }
                  }
                });
              }
              for (std::thread& thread : threads) thread.join();
              if (refused != 200) throw Error("M03", "not every thread was refused");
            })),
            0);
  EXPECT_EQ(files_in(path("")), 0);
}

}  // namespace
}  // namespace pellucid
