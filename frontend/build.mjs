// Builds everything the site serves from this folder: the style sheet, the three scripts, the icon
// macro, and the record of third-party code. `npm run check` builds in memory and fails if a
// committed file differs.
import { createHash } from "node:crypto"
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs"
import { dirname, join } from "node:path"
import { fileURLToPath } from "node:url"
import { build } from "esbuild"

const here = dirname(fileURLToPath(import.meta.url))
const project = dirname(here)
const modules = join(here, "node_modules")
const lock = JSON.parse(readFileSync(join(here, "package-lock.json"), "utf8")).packages

const bundled = [
  "orderedmap",
  "prosemirror-commands",
  "prosemirror-gapcursor",
  "prosemirror-history",
  "prosemirror-keymap",
  "prosemirror-model",
  "prosemirror-state",
  "prosemirror-tables",
  "prosemirror-transform",
  "prosemirror-view",
  "rope-sequence",
  "w3c-keyname",
]

const outputs = {
  ...(await bundle("src/editor/index.js", "static/js/editor.js")),
  ...(await bundle("src/board/index.js", "static/js/board.js")),
  ...(await bundle("src/page/index.js", "static/js/yaoqing.js")),
  ...(await bundle("src/css/index.css", "static/css/yaoqing.css")),
  "templates/macros/icons.html": iconMacro(),
  ...licences(),
  "tests/browser/axe/axe.min.js": readFileSync(join(modules, "axe-core/axe.min.js")),
  "tests/browser/axe/LICENSE": readFileSync(join(modules, "axe-core/LICENSE")),
  "tests/browser/axe/LICENSE-3RD-PARTY.txt": readFileSync(join(modules, "axe-core/LICENSE-3RD-PARTY.txt")),
}
outputs["static/vendor/vendor.json"] = vendorRecord()

process.argv.includes("--check") ? check() : write()

async function bundle(source, target) {
  const result = await build({
    absWorkingDir: here,
    entryPoints: [source],
    bundle: true,
    minify: true,
    write: false,
    format: "iife",
    target: "chrome80",
    charset: "utf8",
    legalComments: "none",
    loader: { ".svg": "text" },
    logLevel: "warning",
    logOverride: { "css-syntax-error": "error" },
  })
  return { [target]: Buffer.from(result.outputFiles[0].contents) }
}

/** A Jinja macro with the drawings inside: no icon font, no second request, nothing for the CSP to forbid. */
function iconMacro() {
  const names = JSON.parse(readFileSync(join(here, "icons.json"), "utf8"))
  const rows = Object.entries(names).map(([name, file]) => {
    const svg = readFileSync(join(modules, "bootstrap-icons/icons", file + ".svg"), "utf8")
    const inner = svg.replace(/^[^]*?<svg[^>]*>|<\/svg>[^]*$/g, "").replace(/\s*\n\s*/g, "")
    return `  "${name}": '${inner}',`
  })
  return Buffer.from(`{#- Icons drawn inline. Written by frontend/build.mjs from Bootstrap Icons (MIT); see icons.json. -#}
{%- set drawings = {
${rows.join("\n")}
} -%}

{%- macro icon(name, label="") -%}
<svg class="icon" width="16" height="16" viewBox="0 0 16 16" fill="currentColor" focusable="false"
 {%- if label %} role="img" aria-label="{{ label }}"{% else %} aria-hidden="true"{% endif %}>
 {{- drawings[name] | safe }}</svg>
{%- endmacro -%}
{%- set icon = remembered(icon) -%}
`)
}

function licences() {
  const files = {}
  for (const name of [...bundled, "bootstrap-icons", "sortablejs"]) {
    const file = readdirSync(join(modules, name)).find(f => /^licen[cs]e/i.test(f))
    files[`static/vendor/${name}/LICENSE`] = readFileSync(join(modules, name, file))
  }
  return files
}

/** Which packages went where, so that an auditor can compare with the registry without our tools. */
function vendorRecord() {
  const packages = [
    ...bundled.map(name => entry(name, ["static/js/editor.js", `static/vendor/${name}/LICENSE`])),
    entry("bootstrap-icons", [
      "templates/macros/icons.html",
      "static/js/editor.js",
      "static/vendor/bootstrap-icons/LICENSE",
    ]),
    entry("sortablejs", ["static/js/board.js", "static/vendor/sortablejs/LICENSE"]),
    entry(
      "axe-core",
      Object.keys(outputs).filter(path => path.startsWith("tests/browser/axe/")),
    ),
  ]
  const built_with = entry("esbuild", [])
  const own = ["static/css/yaoqing.css", "static/js/yaoqing.js"].map(withDigest)
  return Buffer.from(JSON.stringify({ packages, built_with, own }, null, 2) + "\n")
}

function entry(name, files) {
  const { version, integrity } = lock["node_modules/" + name]
  const licence = JSON.parse(readFileSync(join(modules, name, "package.json"), "utf8")).license
  return { name, version, integrity, licence, files: files.map(withDigest) }
}

function withDigest(path) {
  return { path, sha256: createHash("sha256").update(outputs[path]).digest("hex") }
}

function write() {
  for (const [path, content] of Object.entries(outputs)) {
    const file = join(project, path)
    mkdirSync(dirname(file), { recursive: true })
    if (!existsSync(file) || !readFileSync(file).equals(content)) writeFileSync(file, content)
  }
  for (const path of ["static/js/editor.js", "static/js/board.js", "static/js/yaoqing.js", "static/css/yaoqing.css"])
    console.log(path, outputs[path].length)
}

function check() {
  const stale = Object.keys(outputs).filter(path => {
    const file = join(project, path)
    return !existsSync(file) || !readFileSync(file).equals(outputs[path])
  })
  for (const path of stale) console.error("differs from its source:", path)
  process.exitCode = stale.length ? 1 : 0
}
