// C source of convolution and pooling. Not here: the other operations of a net (net.cc).
#include "export/c/pictures.h"

#include "export/c/text.h"

namespace pellucid::c {
namespace {

/// The loops over the pixels of a window that are in the picture; `body` is what happens to the pixel `row`, `column`.
std::string window_loops(const PictureWindow& w, const std::string& body) {
  return filled(R"(      for (int i = 0; i < @rows@; ++i) {
        const int row = r * @stride_rows@ + i * @dilation_rows@ - @top@;
        if (row < 0 || row >= @height@) continue;
        for (int j = 0; j < @columns@; ++j) {
          const int column = c * @stride_columns@ + j * @dilation_columns@ - @left@;
          if (column < 0 || column >= @width@) continue;
@body@        }
      }
)",
                {{"rows", std::to_string(w.rows)},
                 {"columns", std::to_string(w.columns)},
                 {"stride_rows", std::to_string(w.stride_rows)},
                 {"stride_columns", std::to_string(w.stride_columns)},
                 {"dilation_rows", std::to_string(w.dilation_rows)},
                 {"dilation_columns", std::to_string(w.dilation_columns)},
                 {"top", std::to_string(w.top)},
                 {"left", std::to_string(w.left)},
                 {"height", std::to_string(w.height)},
                 {"width", std::to_string(w.width)},
                 {"body", body}});
}

/// Loops over all windows, r and c.
std::string grid_loops(const PictureWindow& w, const std::string& body) {
  return filled(
      R"(  for (int r = 0; r < @out_rows@; ++r) {
    for (int c = 0; c < @out_columns@; ++c) {
@body@    }
  }
)",
      {{"out_rows", std::to_string(w.out_rows)}, {"out_columns", std::to_string(w.out_columns)}, {"body", body}});
}

}  // namespace

std::string convolution_text(const NetOperation& o, std::int64_t filters, const std::string& from,
                             const std::string& weight, const std::string& bias, const std::string& to) {
  const PictureWindow& w = o.window;
  const std::string tap = filled(R"(          for (int g = 0; g < @groups@; ++g) {
            for (int a = 0; a < @depth@; ++a) {
              const float x = @from@[(row * @width@ + column) * @channels@ + g * @depth@ + a];
              const float *w = @weight@ + ((i * @columns@ + j) * @depth@ + a) * @filters@ + g * @each@;
              for (int f = 0; f < @each@; ++f) s[g * @each@ + f] = fmaf(x, w[f], s[g * @each@ + f]);
            }
          }
)",
                                 {{"groups", std::to_string(o.groups)},
                                  {"depth", std::to_string(w.channels / o.groups)},
                                  {"each", std::to_string(filters / o.groups)},
                                  {"from", from},
                                  {"width", std::to_string(w.width)},
                                  {"channels", std::to_string(w.channels)},
                                  {"weight", weight},
                                  {"columns", std::to_string(w.columns)},
                                  {"filters", std::to_string(filters)}});
  return grid_loops(w, filled(R"(      float s[@filters@];
      for (int f = 0; f < @filters@; ++f) s[f] = @start@;
@taps@      memcpy(@to@ + (r * @out_columns@ + c) * @filters@, s, sizeof s);
)",
                              {{"start", bias.empty() ? "0.0f" : bias + "[f]"},
                               {"taps", window_loops(w, tap)},
                               {"to", to},
                               {"out_columns", std::to_string(w.out_columns)},
                               {"filters", std::to_string(filters)}}));
}

std::string pool_text(const NetOperation& o, const std::string& from, const std::string& to) {
  const PictureWindow& w = o.window;
  const bool mean = o.kind == NetOperator::average_pool;
  const std::string pixel = filled(R"(          const float *x = @from@ + (row * @width@ + column) * @channels@;
          for (int a = 0; a < @channels@; ++a) @step@;
          ++pixels;
)",
                                   {{"from", from},
                                    {"step", mean ? "y[a] += x[a]" : "if (pixels == 0 || x[a] > y[a]) y[a] = x[a]"},
                                    {"width", std::to_string(w.width)},
                                    {"channels", std::to_string(w.channels)}});
  return grid_loops(
      w, filled(R"(      float *y = @to@ + (r * @out_columns@ + c) * @channels@;
      int pixels = 0;
@clear@@loops@@end@)",
                {{"to", to},
                 {"clear", mean ? "      for (int a = 0; a < @channels@; ++a) y[a] = 0.0f;\n" : ""},
                 {"loops", window_loops(w, pixel)},
                 {"end", mean ? "      for (int a = 0; a < @channels@; ++a) y[a] *= 1.0f / (float)pixels;\n" : ""},
                 {"out_columns", std::to_string(w.out_columns)},
                 {"channels", std::to_string(w.channels)}}));
}

}  // namespace pellucid::c
