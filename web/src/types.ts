// The fields of report.json and examples.json that the page reads. Runs of older versions lack some of them.
// Not here: the meaning of the fields (docs/cli.md).

export interface Epoch {
  epoch: number;
  train_loss: number | null;
  val_loss: number | null;
  val_accuracy?: number | null;
  val_rmse?: number | null;
  val_r2?: number | null; // the mean of several targets
  train_seconds: number;
  seconds: number;
  best: boolean;
}

export interface ClassScore {
  class?: string;
  precision: number;
  recall: number;
  f1: number;
  support: number;
}

export interface Test {
  rows: number;
  correct?: number;
  loss: number | null;
  interval_low: number | null;
  interval_high: number | null;
  per_class?: ClassScore[];
  macro?: ClassScore;
  confusion?: number[][];
  errors?: { low: number; high: number; counts: number[] } | null;
  exact_match?: number; // with several classification targets: share of rows with all targets correct
  targets?: TargetTest[]; // with several targets; then only the main score of the fields above is present
  [metric: string]: unknown;
}

/** Scores of one of several targets on the test rows. */
export interface TargetTest {
  target: string;
  rows: number;
  correct?: number;
  per_class?: ClassScore[];
  macro?: ClassScore;
  confusion?: number[][];
  errors?: { low: number; high: number; counts: number[] } | null;
  calibration?: Calibration;
  constant_answer?: string;
  [metric: string]: unknown;
}

export interface Calibration {
  error: number;
  confidence: number;
  bins: { rows: number; confidence: number | null; accuracy: number | null }[];
}

export interface Distribution {
  low: number;
  high: number;
  mean: number;
  deviation: number;
  counts: number[];
}

export interface PreparedColumn {
  name: string;
  kind: string;
  features: number;
  categories?: number;
  earliest?: string;  // dates have earliest and latest; all other kinds have the numbers below
  latest?: string;
  low?: number;
  high?: number;
  mean?: number;
  deviation?: number;
}

export interface Finding {
  code: string;
  level: string;
  text: string;
}

export interface LayerHealth {
  layer: string;
  gradient_rms: number | null;
  step_ratio: number | null;
  dead: number | null;
  saturated: number | null;
}

export interface LayerValues {
  layer: string;
  outputs: Distribution;
  gradients: Distribution;
}

export interface Health {
  rows?: number;
  epochs: { epoch: number; layers: LayerHealth[] }[];
  kept?: { epoch: number; layers: LayerHealth[] };
  values?: { first: LayerValues[]; last: LayerValues[]; kept: LayerValues[] };
}

export interface LeaderboardEntry {
  name: string; // constant | linear | best_member | model | distilled
  interval_low: number | null;
  interval_high: number | null;
  metric_low?: number | null;
  metric_high?: number | null;
  seconds: number;
  microseconds_per_row?: number;
  [score: string]: unknown; // test_accuracy, test_rmse or test_r2, and the metric by which the run is judged
}

export interface Member {
  member: number;
  settings: string;
  diverged: boolean;
  selection_loss: number | null;
  nets: { seed: number; fold?: number; epochs: number; best_epoch: number; seconds: number }[];
  [score: string]: unknown; // val_accuracy, val_rmse or val_r2
}

export interface Members {
  trained: number;
  chosen: number[];
  folds: number;
  best: number;
  best_parameters: number;
  error_correlations?: number[][];
  list?: Member[];
  [score: string]: unknown; // of the average (val_…) and of the best single member (best_val_…)
}

export interface Report {
  pellucid?: string;
  cpu?: string;
  run: string;
  model: string;
  status: string;
  failure?: string[];
  data: string;
  target: string;
  targets?: { name: string; classes?: string[]; low?: number; high?: number; class_rows?: number[][] }[]; // only with several targets
  task: string;
  task_reason?: string;
  rows: number;
  columns: number;
  classes: string[];
  train_rows: number;
  val_rows: number;
  test_rows: number;
  stratified: boolean;
  scale: string;
  parameters: number;
  layers: { name: string; kind: string; activation: string; input: number[]; output: number[]; parameters: number }[];
  settings: Record<string, { value: string; origin: string }>;
  findings: string[];
  noticed?: Finding[]; // the same findings with their levels
  health?: Health;
  model_sha256?: string;
  test_accuracy?: number | null;
  test_rmse?: number | null;
  test_mae?: number | null;
  test_r2?: number | null;
  test_loss?: number | null;
  interval_low?: number | null;
  interval_high?: number | null;
  baseline_constant?: number | null;
  baseline_linear?: number | null;
  constant_answer?: string;
  constant_columns?: string[];
  left_out?: string[];
  preprocessed?: PreparedColumn[];
  preprocessed_columns?: number; // total number, if the page does not contain all columns
  class_rows?: number[][];
  weights?: { name: string; shape: string; first: Distribution; kept: Distribution }[];
  best_epoch: number;
  epochs: number;
  train_seconds: number;
  seconds: number;
  stopped: string;
  leaderboard?: LeaderboardEntry[];
  members?: Members;
  distilled?: { hidden: number[] };
  metric?: string;
  calibration?: Calibration;
  importance?: { rows: number; repeats: number; columns: ({ column: string; deviation: number } & Record<string, unknown>)[] };
  test?: Test;
  history: Epoch[];
  folds?: { runs: Record<string, number>[]; mean: number; deviation: number };
  repeat?: { runs: Record<string, number>[]; mean: number; deviation: number };
}

/** With several targets, the file has lists of truth, prediction, p and p_truth: see examplesOf in targets.ts. */
export interface Example {
  row: number;
  truth: number;
  prediction: number;
  p?: number;
  p_truth?: number;
  cells?: (number | string | null)[];
}

export interface Sprite {
  height: number;
  width: number;
  channels: number;
  across: number;
  png: string;
}

export interface Suspect {
  row: number;
  truth: number;
  p_truth: number;
  cells?: (number | string | null)[];
}

export interface Examples {
  suspects?: { columns: string[]; rows: Suspect[]; sprite?: Sprite | null };
  test_rows: number;
  columns: string[];
  rows: Example[];
  sprite?: Sprite | null;
  weights?: (Sprite & { units: number; most: number; layer: string }) | null;
}
