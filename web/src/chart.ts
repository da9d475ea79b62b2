// A chart on the page: a title sentence, the data as a table, saving as SVG, a keyboard cursor.
// Not here: the contents (curves.ts, confidence.ts and the other panels).
import { h, table, uniqueId, type TableOptions } from "./dom";

export interface Point {
  x: unknown;
  y: unknown;
  text: string;
}

export interface ChartOptions {
  name: string; // name of the saved file
  title: string;
  label: string; // for screen readers; contains the main number
  draw: (width: number) => Element; // returns a chart of Observable Plot
  twin: TableOptions;
  points?: Point[]; // stops of the keyboard cursor
  controls?: Node[];
}

interface Scale {
  apply(value: unknown): number;
  bandwidth?: number;
}
type PlotElement = Element & { scale?: (name: string) => Scale | undefined };

export function chart(options: ChartOptions): { element: HTMLElement; redraw: () => void } {
  const titleId = uniqueId("chart");
  const hint = options.points?.length ? " Arrow keys read out its values." : "";
  const plot = h("div", { class: "plot", tabindex: 0, role: "group", "aria-label": options.label + hint });
  const reading = h("output", { class: "cursor", "aria-live": "polite" });
  const twin = h("div", { class: "twin", hidden: true }, table(options.twin));
  const toggle = h("button", { type: "button", "aria-expanded": "false", click: () => show(twin.hidden) }, "show as table");
  const save = h("button", { type: "button", click: () => download(options.name, plot.querySelector("svg")!) }, "save SVG");
  const element = h(
    "figure",
    { class: "chart", "data-chart": options.name, "aria-labelledby": titleId },
    h("figcaption", { id: titleId }, options.title),
    plot,
    reading,
    h("div", { class: "tools" }, ...(options.controls ?? []), toggle, save),
    twin,
  );
  function show(open: boolean) {
    twin.hidden = !open;
    toggle.setAttribute("aria-expanded", String(open));
    toggle.textContent = open ? "hide the table" : "show as table";
  }

  let width = 0;
  function redraw() {
    const available = Math.max(240, Math.floor(plot.clientWidth));
    width = available;
    const drawn = options.draw(available);
    const svg = drawn instanceof SVGElement ? drawn : drawn.querySelector(":scope > svg");
    for (const part of [drawn, ...drawn.querySelectorAll("[aria-label]")]) part.removeAttribute("aria-label");
    svg?.setAttribute("role", "img");
    svg?.setAttribute("aria-label", options.label);
    plot.replaceChildren(drawn);
  }
  new ResizeObserver(() => {
    if (Math.abs(Math.max(240, Math.floor(plot.clientWidth)) - width) > 1) redraw();
  }).observe(plot);
  if (options.points?.length) walk(plot, reading, options.points);
  return { element, redraw };
}

// Left, right, Home and End move the cursor; Escape leaves the chart.
function walk(plot: HTMLElement, reading: HTMLOutputElement, points: Point[]) {
  let at = -1;
  plot.addEventListener("keydown", (event) => {
    const next: Record<string, number> = { ArrowRight: at + 1, ArrowLeft: at < 0 ? points.length - 1 : at - 1, Home: 0, End: points.length - 1 };
    if (event.key === "Escape") {
      at = -1;
      reading.textContent = "";
      plot.querySelector(".ring")?.remove();
      plot.blur();
    } else if (event.key in next) {
      at = Math.min(points.length - 1, Math.max(0, next[event.key]));
      reading.textContent = points[at].text;
      mark(plot, points[at]);
      event.preventDefault();
    }
  });
}

function mark(plot: HTMLElement, point: Point) {
  plot.querySelector(".ring")?.remove();
  const drawn = plot.firstElementChild as PlotElement | null;
  const svg = drawn instanceof SVGElement ? drawn : drawn?.querySelector(":scope > svg");
  const x = drawn?.scale?.("x");
  const y = drawn?.scale?.("y");
  if (!svg || !x || !y) return;
  const [cx, cy] = [x.apply(point.x) + (x.bandwidth ?? 0) / 2, y.apply(point.y) + (y.bandwidth ?? 0) / 2];
  if (!Number.isFinite(cx) || !Number.isFinite(cy)) return;
  const ring = document.createElementNS("http://www.w3.org/2000/svg", "circle");
  for (const [name, value] of Object.entries({ class: "ring", cx, cy, r: 7 })) ring.setAttribute(name, String(value));
  svg.append(ring);
}

/** Saves the chart as a self-contained file, with the page's colours written into it. */
export function download(name: string, svg: SVGElement) {
  const copy = svg.cloneNode(true) as SVGElement;
  copy.querySelector(".ring")?.remove();
  copy.setAttribute("xmlns", "http://www.w3.org/2000/svg");
  const style = getComputedStyle(document.documentElement);
  const color = (variable: string) => style.getPropertyValue(variable).trim();
  const backing = document.createElementNS("http://www.w3.org/2000/svg", "rect");
  for (const [key, value] of Object.entries({ width: "100%", height: "100%", fill: color("--paper") })) backing.setAttribute(key, value);
  copy.prepend(backing);
  copy.setAttribute("style", `color: ${color("--ink")}; font: 12px system-ui, sans-serif`);
  const text = new XMLSerializer().serializeToString(copy).replace(/var\((--[a-z]+)\)/g, (_, variable: string) => color(variable));
  const url = URL.createObjectURL(new Blob([text], { type: "image/svg+xml" }));
  h("a", { href: url, download: `${name}.svg` }).click();
  setTimeout(() => URL.revokeObjectURL(url), 1000);
}
