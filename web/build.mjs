// Builds dist/report.html: one page that contains its script and style, with a placeholder for the data of a run.
// Not here: filling it (src/run/page/page.cc of the program).
//
//   node build.mjs [FILE]       default dist/report.html
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync, existsSync, readdirSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const target = process.argv[2] ?? join(here, "dist/report.html");

async function bundled(entry) {
  const result = await build({
    entryPoints: [join(here, entry)],
    absWorkingDir: here,
    bundle: true,
    minify: true,
    write: false,
    metafile: true,
    format: "iife",
    target: "es2022",
    legalComments: "none",
    charset: "utf8",
  });
  return { text: result.outputFiles[0].text.trim(), inputs: Object.keys(result.metafile.inputs) };
}

// The licences of the packages that are in the page, each text once.
function licences(inputs) {
  const packages = new Set(inputs.map((file) => /node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(file)?.[1]).filter(Boolean));
  const names = new Map();
  for (const name of [...packages].sort()) {
    const folder = join(here, "node_modules", name);
    const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
    const about = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
    const text = file ? readFileSync(join(folder, file), "utf8").trim() : `Licence: ${about.license}`;
    names.set(text, [...(names.get(text) ?? []), `${name} ${about.version}`]);
  }
  const parts = [...names].map(([text, list]) => `${list.join(", ")}:\n\n${text}`);
  return parts.join("\n\n").replaceAll("--", "- -");
}

// A hash of the page's sources. tests/web_build.py computes the same hash without Node.
export function sourcesHash() {
  const files = ["build.mjs", "package-lock.json", ...readdirSync(join(here, "src")).sort().map((name) => `src/${name}`)];
  const hash = createHash("sha256");
  for (const file of files) hash.update(`${file}\0`).update(readFileSync(join(here, file))).update("\0");
  return hash.digest("hex");
}

if (!existsSync(join(here, "node_modules"))) throw new Error("first: npm ci");
const script = await bundled("src/report.ts");
const style = await bundled("src/style.css");
const scriptHash = createHash("sha256").update(script.text).digest("base64");
// Plot puts style elements into its charts: hence 'unsafe-inline' for styles, and for them alone.
const policy = `default-src 'none'; script-src 'sha256-${scriptHash}'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'`;
const fill = {
  CSP: policy,
  SOURCES: `sources ${sourcesHash()}`,
  STYLE: style.text,
  SCRIPT: script.text,
  LICENCES: licences(script.inputs),
};
const page = readFileSync(join(here, "src/report.html"), "utf8").replace(/@([A-Z]+)@/g, (mark, name) => fill[name] ?? mark);
mkdirSync(dirname(resolve(target)), { recursive: true });
writeFileSync(target, page);
console.log(`${target}: ${(page.length / 1024).toFixed(0)} KiB`);
