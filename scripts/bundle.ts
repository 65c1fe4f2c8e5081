// Puts the program's own modules into one file, in place of dist's src/cli/program.js: to find, read and link some ninety
// takes as long as all the rest that happens before the BPF programs are loaded. usage: bundle.ts DIST
import { readFile } from "node:fs/promises";
import { build, type Plugin } from "esbuild";

const program = `${process.argv[2] ?? "dist"}/src/cli/program.js`;

/** The bindings name their object relative to their own folder, and are now in another. */
const objects: Plugin = {
  name: "objects",
  setup(bundle) {
    bundle.onLoad({ filter: /\/src\/probe\/probe_\w+\.js$/ }, async ({ path }) => ({
      contents: (await readFile(path, "utf8")).replace("import.meta.url", 'new URL("../probe/", import.meta.url)'),
    }));
  },
};

await build({
  entryPoints: [program],
  outfile: program,
  allowOverwrite: true,
  bundle: true,
  packages: "external",
  platform: "node",
  target: "node20",
  format: "esm",
  legalComments: "none",
  // The text stays in memory: blanks and comments are a quarter of it, and one character beyond Latin-1 makes V8 take two
  // bytes for each. Names are kept, for stack traces.
  minifyWhitespace: true,
  lineLimit: 120,
  logLevel: "warning",
  plugins: [objects],
});
