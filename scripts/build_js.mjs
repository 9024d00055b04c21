/*
 * Bundle static/js into static/bundles, which the templates load. Run it with --check to compare instead of write.
 *
 * The bundles are committed, so that running the site needs no Node; the check in the gate keeps them current.
 */
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { basename, dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { build, transform } from "esbuild";

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const BUNDLES = join(ROOT, "static/bundles");

/** Names the licence of the library that is bundled with the desk. */
const IDB_KEYVAL = `/*! idb-keyval: ${readFileSync(join(ROOT, "node_modules/idb-keyval/LICENCE"), "utf8").trim()} */`;

/** Names those of the editor, which all have the same words below the line that says whose they are. */
const EDITOR = (() => {
  const licence = (path) => readFileSync(join(ROOT, "node_modules", path), "utf8").trim();
  const whose = (path) => /Copyright.*/.exec(licence(path))[0];
  const names = ["@tiptap/core/LICENSE.md", "prosemirror-model/LICENSE", "rope-sequence/LICENSE", "orderedmap/LICENSE", "w3c-keyname/LICENSE"];
  const words = licence("prosemirror-model/LICENSE").replace(/^[^]*?Copyright.*\n+/, "");
  return `/*! Tiptap, ProseMirror and what they use.\n${[...new Set(names.map(whose))].join("\n")}\n\n${words} */`;
})();

const options = {
  absWorkingDir: ROOT,
  bundle: true,
  entryNames: "[name]",
  format: "esm",
  legalComments: "inline",
  minify: true,
  preserveSymlinks: true, // node_modules may be a link, and its real place would stand in the source map
  sourcemap: "linked",
  sourcesContent: false, // the sources are served beside the bundles
  target: JSON.parse(readFileSync(join(ROOT, "tsconfig.json"), "utf8")).compilerOptions.target,
  write: false,
};

/** Modules that a script imports while it runs: each becomes a bundle of its own, named after its file. */
function lazyModules() {
  const modules = new Set();
  const plugin = {
    name: "lazy modules",
    setup({ onResolve }) {
      onResolve({ filter: /^\./ }, ({ kind, path, resolveDir }) => {
        if (kind !== "dynamic-import") return undefined;
        modules.add(join(resolveDir, path));
        return { path: `./${basename(path)}`, external: true };
      });
    },
  };
  return { modules, plugin };
}

/** The reader's script holds all that the page needs at once; what only some readers need stands beside it. */
async function buildReader() {
  const { modules, plugin } = lazyModules();
  const results = [];
  const entries = new Set(["static/js/reader.js", "static/js/front.js"]);
  for (const entry of entries) {
    results.push(await build({ ...options, entryPoints: [entry], outdir: "static/bundles", plugins: [plugin] }));
    for (const path of modules) entries.add(relative(ROOT, path)); // goes on with these
  }
  return results;
}

/** Runs before the page is drawn, so it is no module. */
const buildEarly = () => build({ ...options, entryPoints: ["static/js/no_ads.js"], format: "iife", outdir: "static/bundles" });

async function buildAdmin() {
  const shared = { ...options, outdir: "static/bundles/admin" };
  const alias = { linkifyjs: "./static/js/admin/editor/addresses.js" };
  return [
    await build({ ...shared, entryPoints: ["static/js/admin/desk.js"], banner: { js: IDB_KEYVAL } }),
    await build({ ...shared, entryPoints: ["static/js/admin/text_editor.js"], alias, banner: { js: EDITOR } }),
    await build({ ...shared, entryPoints: ["static/js/admin/welcome.js"] }),
  ];
}

/** Style sheets as strings, for the shadow root of an element: what is said of a page holds for that element there. */
const shadowStyles = {
  name: "shadow styles",
  setup({ onLoad }) {
    onLoad({ filter: /\.css$/ }, async ({ path }) => {
      const css = readFileSync(path, "utf8")
        .replaceAll(":root:where(:not([data-theme=light]))", ":host")
        .replaceAll(/:root:where\((:lang.*)\) \{/g, ".live-blog:is($1) {")
        .replaceAll(":root", ":host");
      return { contents: (await transform(css, { loader: "css", minify: true })).code, loader: "text" };
    });
  },
};

/** What pages of other sites load: each is one file, whatever it needs. */
async function buildEmbeds() {
  const names = ["embed", "frame-height", "live-blog"];
  const entryPoints = names.map((name) => `static/js/embed/${name}.js`);
  return [await build({ ...options, entryPoints, outdir: "static/bundles", plugins: [shadowStyles] })];
}

const built = [...(await buildReader()), await buildEarly(), ...(await buildEmbeds()), ...(await buildAdmin())];
const files = built.flatMap(({ outputFiles }) => outputFiles);
const paths = new Set(files.map(({ path }) => path));
const present = existsSync(BUNDLES) ? readdirSync(BUNDLES, { recursive: true }).map((name) => join(BUNDLES, name)) : [];
const superfluous = present.filter((path) => statSync(path).isFile() && !paths.has(path));
const outdated = files.filter(({ path, contents }) => !existsSync(path) || !readFileSync(path).equals(contents));

if (process.argv.includes("--check")) {
  const names = [...outdated.map(({ path }) => path), ...superfluous].map((path) => relative(ROOT, path));
  if (names.length) console.error(`Run \`make js\` and commit what it changes: ${names.join(", ")}`);
  process.exitCode = names.length ? 1 : 0;
} else {
  for (const path of superfluous) rmSync(path);
  for (const { path, contents } of outdated) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, contents);
  }
}
