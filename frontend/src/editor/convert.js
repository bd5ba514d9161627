// Between documents and text: HTML in and out, the plain text somebody without the editor would
// type, bare text.
import { DOMParser as Reader } from "prosemirror-model"
import { schema } from "./schema.js"

export const reader = Reader.fromSchema(schema)

export function readHtml(html) {
  const page = new DOMParser().parseFromString(html, "text/html")
  return reader.parse(page.body)
}

export function toHtml(doc) {
  return childrenOf(trimmed(doc)).map(blockHtml).join("")
}

function blockHtml(node) {
  switch (node.type.name) {
    case "heading":
      return wrap("h" + node.attrs.level, inlineHtml(node))
    case "ordered_list":
      return wrap(
        "ol",
        childrenOf(node)
          .map(item => wrap("li", inlineHtml(item)))
          .join(""),
      )
    case "bullet_list":
      return wrap(
        "ul",
        childrenOf(node)
          .map(item => wrap("li", inlineHtml(item)))
          .join(""),
      )
    case "table":
      return wrap("table", wrap("tbody", childrenOf(node).map(rowHtml).join("")))
    default:
      return wrap("p", inlineHtml(node))
  }
}

function rowHtml(row) {
  return wrap(
    "tr",
    childrenOf(row)
      .map(cell => {
        const tag = cell.type.name === "table_header" ? "th" : "td"
        const spans = ["colspan", "rowspan"]
          .filter(name => cell.attrs[name] > 1)
          .map(name => ` ${name}="${cell.attrs[name]}"`)
          .join("")
        return `<${tag}${spans}>${childrenOf(cell).map(inlineHtml).join(" ")}</${tag}>`
      })
      .join(""),
  )
}

function inlineHtml(node) {
  return childrenOf(node)
    .map(text => (text.marks.length ? wrap("strong", escape(text.text)) : escape(text.text)))
    .join("")
}

/** Blank line between blocks, "- " before items, "| a | b |" for table rows: the server reads it back. */
export function toPlain(doc) {
  return childrenOf(trimmed(doc))
    .map(node => {
      if (node.type.name === "table")
        return childrenOf(node)
          .map(row => "| " + childrenOf(row).map(cellText).join(" | ") + " |")
          .join("\n")
      if (/list$/.test(node.type.name))
        return childrenOf(node)
          .map(item => "- " + item.textContent)
          .join("\n")
      return node.textContent
    })
    .join("\n\n")
}

/** The bare text, for counting. */
export function toText(doc) {
  return doc.textBetween(0, doc.content.size, "\n")
}

/** Without the empty paragraphs that wait for somebody to write on. */
function trimmed(doc) {
  return {
    content: {
      content: childrenOf(doc).filter(node => node.type.name === "table" || node.textContent.trim()),
    },
  }
}

function cellText(cell) {
  return childrenOf(cell)
    .map(paragraph => paragraph.textContent)
    .join(" ")
}

function childrenOf(node) {
  return node.content.content
}

function wrap(tag, inner) {
  return `<${tag}>${inner}</${tag}>`
}

function escape(text) {
  return text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;")
}
