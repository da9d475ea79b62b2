// The style sheet of pages with figures. Not here: the figures (lessons/figures/svg_figure.cc).
#include "lessons/figures/figure.h"

namespace pellucid::figures {

std::string_view page_style() {
  return R"(
:root { color-scheme: light dark; --ink: #1a1a1a; --faint: #5c6670; --paper: #fff; --rule: #d5dae0; --blue: #0072b2;
  --vermillion: #c04e00; --green: #00795a; --purple: #a8487f; --brown: #7a5c00; --grey: #5c6670; }
@media (prefers-color-scheme: dark) { :root { --ink: #e8eaed; --faint: #a4adb8; --paper: #111418; --rule: #343b44;
  --blue: #56b4e9; --vermillion: #f08a4b; --green: #2bbd94; --purple: #e09ac4; --brown: #e0b84d; --grey: #a4adb8; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 72rem; padding: 1rem; background: var(--paper); color: var(--ink);
  font: 1rem/1.5 system-ui, sans-serif; overflow-wrap: anywhere; }
h1, h2 { line-height: 1.2; text-wrap: balance; }
a { color: var(--blue); }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; display: block; overflow-x: auto; }
th, td { text-align: left; padding: .2rem .6rem; border-bottom: 1px solid var(--rule); vertical-align: top; }
.figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 26rem), 1fr)); gap: 1.5rem; }
figure { margin: 1rem 0; min-width: 0; break-inside: avoid; }
figcaption { font-weight: 600; margin-bottom: .4rem; }
figure > svg { width: 100%; height: auto; max-width: 44rem; }
svg text { fill: var(--faint); font: 12px system-ui, sans-serif; }
.grid { stroke: var(--rule); } .axis { stroke: var(--faint); fill: none; }
.line { fill: none; stroke-width: 2; } .dashed .line, .line.dashed, .dashed line { stroke-dasharray: 6 4; }
.diagonal { stroke: var(--faint); stroke-dasharray: 4 4; } .bar { fill: var(--blue); }
.contour { fill: none; stroke: #1a1a1a; stroke-width: 1.2; }
.s0 { --c: var(--blue); } .s1 { --c: var(--vermillion); } .s2 { --c: var(--green); } .s3 { --c: var(--purple); }
.s4 { --c: var(--brown); } .s5 { --c: var(--grey); }
.line { stroke: var(--c); } .dot { fill: var(--c); stroke: var(--paper); stroke-width: .5; }
.legend { display: flex; flex-wrap: wrap; gap: .2rem 1.2rem; list-style: none; margin: .2rem 0; padding: 0; }
.legend svg { width: 20px; height: 12px; margin-right: .4rem; } .legend line { stroke: var(--c); stroke-width: 3; }
.legend circle { fill: var(--c); } .range { color: var(--faint); margin: .2rem 0; }
.confusion td, .confusion th { text-align: right; overflow-wrap: normal; }
.confusion td { background: color-mix(in srgb, var(--cell) calc(var(--share) * 55%), transparent); }
.confusion .right { --cell: var(--blue); } .confusion .wrong { --cell: var(--vermillion); }
.pictures { display: grid; grid-template-columns: repeat(var(--columns), minmax(3rem, 7rem)); gap: .6rem; }
.picture { display: grid; justify-items: center; font-size: .8rem; text-align: center; }
.picture img { width: 100%; image-rendering: pixelated; border: 3px solid var(--rule); }
.picture.right img { border-color: var(--blue); } .picture.wrong img { border: 3px dashed var(--vermillion); }
@media (max-width: 30rem) { .pictures { grid-template-columns: repeat(4, 1fr); } }
@media print { :root { --paper: #fff; --ink: #000; } body { max-width: none; } }
)";
}

}  // namespace pellucid::figures
