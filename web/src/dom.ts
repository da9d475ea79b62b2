// Building elements and formatting numbers. Text is inserted as text nodes only, so nothing from a run is parsed as HTML.
// Not here: charts (chart.ts), panels (verdict.ts, curves.ts and others).

type Child = Node | string | number | null | undefined | false;
type Attributes = Record<string, string | number | boolean | ((event: Event) => void) | undefined>;

export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") element.addEventListener(name, value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== undefined && value !== false) element.setAttribute(name, String(value));
  }
  element.append(...children.filter((c) => c !== null && c !== undefined && c !== false).map((c) => (c instanceof Node ? c : String(c))));
  return element;
}

/** Text from the data, isolated so that right-to-left text does not affect its surroundings. */
export function label(text: string): HTMLElement {
  return h("bdi", { class: "label" }, shown(text));
}

/** Makes control characters visible; a blank text is put in quotes. */
export function shown(text: string): string {
  const visible = text.replace(/[\u0000-\u001f\u007f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, "\ufffd");
  return visible.trim() === "" ? `“${visible}”` : visible;
}

export function short(text: string, most = 20): string {
  const letters = [...shown(text)];
  return letters.length > most ? letters.slice(0, most - 1).join("") + "…" : letters.join("");
}

export const count = (n: number): string => n.toLocaleString("en-US");

/** "1 row", "3 rows". */
export const plural = (n: number, noun: string): string =>
  `${count(n)} ${n === 1 ? noun : noun.endsWith("s") ? noun + "es" : noun + "s"}`;

/** Formats a number with four significant digits. */
export function number(x: number | null | undefined): string {
  if (x === null || x === undefined || !Number.isFinite(x)) return "–";
  if (Number.isInteger(x) && Math.abs(x) < 1e15) return count(x);
  const size = Math.abs(x);
  if (size >= 1e6 || size < 1e-4) return String(Number(x.toPrecision(4)).toExponential());
  return size >= 1000 ? count(Math.round(x)) : String(Number(x.toPrecision(4)));
}

export function percent(share: number | null | undefined, digits = 1): string {
  return share === null || share === undefined || !Number.isFinite(share) ? "–" : `${(share * 100).toFixed(digits)} %`;
}

export function seconds(s: number | null | undefined): string {
  if (s === null || s === undefined) return "–";
  return s < 1 ? `${(s * 1000).toPrecision(3)} ms` : s < 120 ? `${s.toPrecision(3)} s` : `${(s / 60).toFixed(1)} min`;
}

export interface TableOptions {
  caption: string;
  header: string[];
  rows: (Node | string)[][];
  /** Indices of text columns; all other columns are right-aligned. */
  words?: number[];
}

/** A table that scrolls on its own if it is wider than the page. */
export function table({ caption, header, rows, words = [0] }: TableOptions): HTMLElement {
  const cell = (tag: "td" | "th", index: number, content: Node | string, scope?: string) =>
    h(tag, { class: words.includes(index) ? "word" : "number", scope }, content);
  return h(
    "div",
    { class: "scroll", tabindex: 0, role: "region", "aria-label": caption },
    h(
      "table",
      {},
      h("caption", {}, caption),
      h("thead", {}, h("tr", {}, ...header.map((text, i) => cell("th", i, text, "col")))),
      h("tbody", {}, ...rows.map((row) => h("tr", {}, ...row.map((content, i) => (i === 0 ? cell("th", 0, content, "row") : cell("td", i, content)))))),
    ),
  );
}

let ids = 0;
export const uniqueId = (stem: string): string => `${stem}-${++ids}`;

export function panel(id: string, title: string, ...children: Child[]): HTMLElement {
  return h("section", { id, "aria-labelledby": `${id}-title` }, h("h2", { id: `${id}-title` }, title), ...children);
}
