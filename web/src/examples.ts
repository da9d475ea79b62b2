// The Examples panel: test rows as images or as a table, filtered and sorted.
// Not here: which rows the page contains (src/run/page/examples.cc).
import type { Cell } from "./confusion";
import { count, h, label, number, panel, percent, plural, short, table } from "./dom";
import type { Example, Examples, Report, Sprite, Suspect } from "./types";

type Suspects = NonNullable<Examples["suspects"]>;

const pageful = 48;

export interface ExamplePanel {
  element: HTMLElement;
  filter: (cell: Cell) => void;
  certainWrong: () => void;
}

export function examplePanel(report: Report, examples: Examples | null): ExamplePanel | null {
  if (!examples || examples.rows.length === 0) return null;
  return report.task === "classification" ? new Browser(report, examples) : largest(examples);
}

/** "✗ predicted 3, actual 9, 90 %" */
function verdict(report: Report, row: Example): (Node | string)[] {
  const predicted = label(short(report.classes[row.prediction]));
  if (row.truth === row.prediction) return ["✓ ", predicted, `, ${percent(row.p, 0)}`];
  return ["✗ predicted ", predicted, ", actual ", label(short(report.classes[row.truth])), `, ${percent(row.p, 0)}`];
}

class Browser implements ExamplePanel {
  readonly element: HTMLElement;
  private readonly which = h("select", { change: () => this.restart() });
  private readonly order = h("select", { change: () => this.restart() });
  private readonly status = h("p", { class: "status", role: "status", tabindex: -1 });
  private readonly holder = h("div");
  private readonly more = h("button", { type: "button", click: () => this.grow() }, "show more");
  private readonly back = h("button", { type: "button", click: () => this.returnToCell() }, "back to the confusion matrix");
  private readonly sheet: Promise<HTMLImageElement> | null;
  private readonly doubted: Promise<HTMLImageElement> | null;
  private cell: Cell | null = null;
  private limit = pageful;

  constructor(
    private readonly report: Report,
    private readonly examples: Examples,
  ) {
    for (const [value, text] of [["all", "all"], ["wrong", "mistakes"], ["right", "correct predictions"], ["cell", "a cell of the confusion matrix"]]) {
      this.which.append(h("option", { value, hidden: value === "cell", disabled: value === "cell" }, text));
    }
    if (examples.suspects?.rows.length) this.which.append(h("option", { value: "suspect" }, "labels that may be wrong (training rows)"));
    this.doubted = examples.suspects?.sprite ? loaded(examples.suspects.sprite) : null;
    for (const [value, text] of [["certain", "confident mistakes first"], ["unsure", "least confident first"], ["data", "order of the data"]]) {
      this.order.append(h("option", { value }, text));
    }
    this.sheet = examples.sprite ? loaded(examples.sprite) : null;
    const given = examples.rows.length < examples.test_rows ? `${count(examples.rows.length)} of ${plural(examples.test_rows, "test row")} are in this page, with examples of every cell of the confusion matrix.` : "";
    const tools = h("div", { class: "tools" }, h("label", {}, "show ", this.which), h("label", {}, "order ", this.order), this.back);
    this.element = panel("examples", "Examples", given && h("p", { class: "hint" }, given), tools, this.status, this.holder, this.more);
    this.draw();
  }

  filter(cell: Cell) {
    this.cell = cell;
    this.which.value = "cell";
    this.restart();
    this.arrive();
  }

  certainWrong() {
    this.which.value = "wrong";
    this.order.value = "certain";
    this.restart();
    this.arrive();
  }

  private arrive() {
    this.status.focus({ preventScroll: true });
    this.element.scrollIntoView();
  }

  private returnToCell() {
    const button = document.querySelector<HTMLElement>(`[data-cell="${this.cell?.truth},${this.cell?.predicted}"]`);
    button?.focus();
  }

  private restart() {
    this.limit = pageful;
    this.draw();
  }

  private grow() {
    this.limit += pageful;
    this.draw();
  }

  private chosen(): number[] {
    const { rows } = this.examples;
    const wanted = (r: Example): boolean => {
      if (this.which.value === "cell") return r.truth === this.cell?.truth && r.prediction === this.cell?.predicted;
      return this.which.value === "all" || (this.which.value === "right") === (r.truth === r.prediction);
    };
    const list = rows.map((_, i) => i).filter((i) => wanted(rows[i]));
    const wrong = (r: Example) => (r.truth === r.prediction ? 0 : 1);
    const sure = (r: Example) => r.p ?? 0;
    if (this.order.value === "certain") list.sort((a, b) => wrong(rows[b]) - wrong(rows[a]) || sure(rows[b]) - sure(rows[a]));
    if (this.order.value === "unsure") list.sort((a, b) => sure(rows[a]) - sure(rows[b]));
    return list;
  }

  private draw() {
    this.order.disabled = this.which.value === "suspect";
    if (this.order.disabled) return this.drawSuspects(this.examples.suspects!);
    const list = this.chosen();
    const shownRows = list.slice(0, this.limit);
    this.back.hidden = this.which.value !== "cell";
    this.more.hidden = list.length <= this.limit;
    this.status.replaceChildren(...this.statusText(list.length, shownRows.length));
    this.holder.replaceChildren(this.examples.sprite ? this.grid(shownRows, this.examples.sprite) : this.rows(shownRows));
  }

  // Training rows whose labels had the lowest mean probability over all epochs.
  private drawSuspects({ rows, columns, sprite }: Suspects) {
    const list = rows.slice(0, this.limit);
    this.back.hidden = true;
    this.more.hidden = rows.length <= this.limit;
    this.status.replaceChildren(`${plural(rows.length, "training row")} whose labels had the lowest probability during training: the label may be wrong, or the row is hard to predict`);
    const words = (s: Suspect): (Node | string)[] => ["? labelled ", label(short(this.report.classes[s.truth])), `, probability ${percent(s.p_truth, 1)}`];
    if (sprite) {
      const picture = (s: Suspect, i: number) => {
        const canvas = tile(sprite, i, this.doubted!);
        canvas.setAttribute("aria-label", `row ${s.row}`);
        return h("li", { class: "picture doubted" }, canvas, h("span", {}, ...words(s)), h("small", {}, `row ${s.row}`));
      };
      this.holder.replaceChildren(h("ul", { class: "pictures" }, ...list.map(picture)));
      return;
    }
    const cells = (s: Suspect) => [String(s.row), h("span", { class: "answer" }, ...words(s)), ...(s.cells ?? []).map(cellText)];
    this.holder.replaceChildren(
      table({
        caption: "Training rows",
        header: ["row", "label", ...columns.map((name) => short(name))],
        words: [0, 1, ...columns.flatMap((_, c) => (rows.some((r) => typeof r.cells?.[c] === "string") ? [c + 2] : []))],
        rows: list.map(cells),
      }),
    );
  }

  private statusText(all: number, shownRows: number): (Node | string)[] {
    const amount = all === shownRows ? plural(all, "example") : `${shownRows} of ${plural(all, "example")}`;
    if (this.which.value !== "cell" || !this.cell) return [amount];
    const { truth, predicted } = this.cell;
    return [`${amount}: actual `, label(short(this.report.classes[truth])), ", predicted ", label(short(this.report.classes[predicted])), ` (${plural(this.report.test?.confusion?.[truth]?.[predicted] ?? 0, "test row")})`];
  }

  private grid(list: number[], sprite: Sprite): HTMLElement {
    const { rows } = this.examples;
    return h(
      "ul",
      { class: "pictures" },
      ...list.map((i) => {
        const right = rows[i].truth === rows[i].prediction;
        const canvas = tile(sprite, i, this.sheet!);
        canvas.setAttribute("aria-label", `row ${rows[i].row}`);
        return h("li", { class: `picture ${right ? "right" : "wrong"}` }, canvas, h("span", {}, ...verdict(this.report, rows[i])), h("small", {}, `row ${rows[i].row}`));
      }),
    );
  }

  private rows(list: number[]): HTMLElement {
    const { rows, columns } = this.examples;
    const whole = table({
      caption: "Test rows",
      header: ["row", "prediction", ...columns.map((name) => short(name))],
      words: [0, 1, ...columns.flatMap((_, c) => (rows.some((r) => typeof r.cells?.[c] === "string") ? [c + 2] : []))],
      rows: list.map((i) => [String(rows[i].row), h("span", { class: "answer" }, ...verdict(this.report, rows[i])), ...(rows[i].cells ?? []).map(cellText)]),
    });
    whole.querySelectorAll("tbody tr").forEach((tr, k) => tr.classList.add(rows[list[k]].truth === rows[list[k]].prediction ? "right" : "wrong"));
    return whole;
  }
}

const cellText = (cell: number | string | null): Node | string => (typeof cell === "string" ? label(short(cell, 30)) : number(cell));

/** For regression: the rows with the largest errors. */
function largest(examples: Examples): ExamplePanel {
  const size = (r: Example) => Math.abs(r.prediction - r.truth);
  const rows = [...examples.rows].sort((a, b) => size(b) - size(a)).slice(0, 30);
  const whole = table({
    caption: `The ${plural(rows.length, "row")} with the largest errors`,
    header: ["row", "actual", "predicted", "error", ...examples.columns.map((name) => short(name))],
    rows: rows.map((r) => [String(r.row), number(r.truth), number(r.prediction), number(r.prediction - r.truth), ...(r.cells ?? []).map(cellText)]),
  });
  return { element: panel("examples", "Examples", whole), filter: () => undefined, certainWrong: () => undefined };
}

export function loaded(sprite: Sprite): Promise<HTMLImageElement> {
  const image = new Image();
  image.src = sprite.png;
  return image.decode().then(() => image);
}

/** Tile k of a sprite at its original size; the style sheet enlarges it. */
export function tile(sprite: Sprite, k: number, sheet: Promise<HTMLImageElement>): HTMLCanvasElement {
  const canvas = h("canvas", { width: sprite.width, height: sprite.height, role: "img" });
  const [left, top] = [(k % sprite.across) * sprite.width, Math.floor(k / sprite.across) * sprite.height];
  void sheet.then((image) => canvas.getContext("2d")?.drawImage(image, left, top, sprite.width, sprite.height, 0, 0, sprite.width, sprite.height));
  return canvas;
}
