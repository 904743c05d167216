// Makes the plain files of the phone page: npm run build -- --data FILE --out DIR

import { build } from "esbuild";
import { createHash } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

const HERE = fileURLToPath(new URL(".", import.meta.url));
const TARGET = ["es2021", "safari15.4", "chrome97", "firefox104"];
const { values: given } = parseArgs({
  options: { out: { type: "string" }, data: { type: "string" } },
});

const hash = (content) => createHash("sha256").update(content).digest("hex").slice(0, 12);
const source = (name) => readFile(join(HERE, name), "utf8");

/** Writes the site's files; each but the first and last is named by its content. */
class Site {
  constructor(out) {
    this.out = out;
    this.names = [];
  }

  async put(name, content) {
    await mkdir(join(this.out, name, ".."), { recursive: true });
    await writeFile(join(this.out, name), content);
    return name;
  }

  async add(name, content) {
    const named = name.replace(/(\.\w+)$/, `.${hash(content)}$1`);
    this.names.push(named);
    return this.put(named, content);
  }
}

async function bundled(entry, define = {}) {
  const { outputFiles } = await build({
    entryPoints: [join(HERE, entry)],
    bundle: true,
    minify: true,
    write: false,
    format: "esm",
    target: TARGET,
    legalComments: "eof",
    define,
    logLevel: "warning",
  });
  return outputFiles[0].text;
}

const isOnWeb = (form) => !form.channels || form.channels.includes("web");

/** What the first page needs; each procedure is a file of its own. */
async function catalogue(site, { city, languages, closed, forms, texts }) {
  const listed = [];
  for (const form of forms.filter(isOnWeb)) {
    const own = texts[form.id] ?? {};
    const file = await site.add(`forms/${form.id}.json`, JSON.stringify({ form, texts: own }));
    const { id, version, label, category = "other" } = form;
    listed.push({ id, version, label, category, texts: { title: own.title ?? {} }, file });
  }
  return site.add("catalogue.json", JSON.stringify({ city, languages, closed, forms: listed }));
}

const data = JSON.parse(await readFile(given.data, "utf8"));
const site = new Site(given.out);
const names = {
  catalogue: await catalogue(site, data),
  "icon.svg": await site.add("icon.svg", await source("icon.svg")),
  "style.css": await site.add("style.css", await source("style.css")),
  "page.js": await site.add("page.js", await bundled("src/main.js")),
};
const html = (await source("index.html")).replace(/\{([\w.]+)\}/g, (_, name) => names[name]);
await site.put("index.html", html);
const define = {
  FILES: JSON.stringify(["./", ...site.names]),
  VERSION: JSON.stringify(hash(html + site.names.join())),
};
await site.put("worker.js", await bundled("src/worker.js", define));
