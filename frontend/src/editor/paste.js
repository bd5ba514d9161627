// What comes from Word, WPS or a web page: structure is kept by the schema, everything else falls
// away.
import { Fragment, Slice } from "prosemirror-model"
import { reader } from "./convert.js"
import { typeNumbers } from "./lists.js"

const comments = /<!--[^]*?-->/g
const noise = /<(style|script|xml|head|title|svg|object)\b[^]*?<\/\1\s*>/gi
const declarations = /<[!?]\[?[^>]*>|<\/?[a-z]+:[^>]*>/gi
const tags = /<[a-z][^>"']*(?:"[^"]*"[^>"']*|'[^']*'[^>"']*)*>/gi
const styles = /\sstyle\s*=\s*("[^"]*"|'[^']*'|[^\s>]+)/gi
const blocks = /^(p|div|h[1-6]|ul|ol|table|section|article|blockquote|pre|hr)$/i
const others = /\s(?:class|lang|align|valign|width|height|bgcolor|on[a-z]+)\s*=\s*("[^"]*"|'[^']*'|[^\s>]+)/gi

/** Works on the string, before any element exists: a style attribute would offend the page's policy. */
export function cleanPasted(html) {
  return html
    .replace(comments, "")
    .replace(noise, "")
    .replace(declarations, "")
    .replace(tags, tag => tag.replace(styles, (_, value) => meaning(value)).replace(others, ""))
}

/** The two things a style may say about structure: bold, and Word's outline level. */
function meaning(style) {
  const outline = /mso-outline-level:\s*([1-9])/i.exec(style)
  const weight = /(?:^|[;"'\s])font-weight:\s*(bold|normal|\d+)/i.exec(style)
  const bold = weight && (/bold/i.test(weight[1]) || Number(weight[1]) >= 600)
  return (
    (weight ? (bold ? ' data-bold=""' : ' data-normal=""') : "") +
    (outline ? ` data-outline="${outline[1]}"` : "")
  )
}

/** Lines parted only by <br>, outside any paragraph, become paragraphs. */
export const pasteParser = {
  parseSlice(dom, options) {
    typeNumbers(dom)
    for (const box of [dom, ...Array.from(dom.querySelectorAll("div"))]) {
      if (Array.from(box.children).some(child => child.nodeName === "BR")) wrapLines(box)
    }
    // Cells copied into a table must stay cells, so the surroundings are left out of account.
    return reader.parseSlice(dom, isOneTable(dom) ? { ...options, context: undefined } : options)
  },
}

function isOneTable(dom) {
  const table = dom.querySelector("table")
  return table && table.textContent.trim() === dom.textContent.trim()
}

function wrapLines(box) {
  let line = null
  for (const node of Array.from(box.childNodes)) {
    if (node.nodeName === "BR") node.remove()
    if (node.nodeName === "BR" || blocks.test(node.nodeName)) {
      line = null
      continue
    }
    if (!line) box.insertBefore((line = box.ownerDocument.createElement("p")), node)
    line.append(node)
  }
}

/** Drops empty paragraphs and typed indents; the page indents by itself. */
export function tidySlice(slice) {
  if (slice.content.childCount < 2 && !slice.openStart) return slice
  return new Slice(tidy(slice.content, slice.content.childCount > 1), slice.openStart, slice.openEnd)
}

function tidy(fragment, several) {
  const kept = []
  fragment.forEach(node => {
    if (node.isTextblock) {
      if (several && node.type.name === "paragraph" && !node.textContent.trim()) return
      kept.push(node.copy(withoutIndent(node.content)))
    } else kept.push(node.isText ? node : node.copy(tidy(node.content, false)))
  })
  return Fragment.fromArray(kept)
}

function withoutIndent(content) {
  const first = content.firstChild
  if (!first || !first.isText) return content
  const text = first.text
    .replace(/^[\s\u00a0\u3000]+/, "")
    .replace(/^([（(]?[\d一二三四五六七八九十]+[)）.、．])[\s\u00a0]+/, "$1")
  if (text) return content.replaceChild(0, first.type.schema.text(text, first.marks))
  return withoutIndent(content.cut(first.nodeSize))
}
