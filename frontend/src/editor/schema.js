// The closed set of structures a text may have: paragraphs, four levels of headings, flat lists,
// tables, bold.
import { Schema } from "prosemirror-model"

const bookkeeping = { group: "block", defining: true }
const inCell = ["table_cell//", "table_header//"]
// Inside a cell everything is plain paragraphs, whatever was pasted.
const flat = (tag, rule) => inCell.map(context => ({ tag, context, priority: 60, ...rule }))

const number = (element, name) => Math.min(Math.max(parseInt(element.getAttribute(name), 10) || 1, 1), 50)
const spans = element => ({
  colspan: number(element, "colspan"),
  rowspan: number(element, "rowspan"),
  colwidth: null,
})
const spanAttributes = ({ attrs }) =>
  Object.assign(
    {},
    attrs.colspan > 1 && { colspan: attrs.colspan },
    attrs.rowspan > 1 && { rowspan: attrs.rowspan },
  )

function cell(tag, role) {
  return {
    content: "paragraph+",
    tableRole: role,
    isolating: true,
    attrs: { colspan: { default: 1 }, rowspan: { default: 1 }, colwidth: { default: null } },
    parseDOM: [...flat(tag, { node: "paragraph" }), { tag, getAttrs: spans }],
    toDOM: node => [tag, spanAttributes(node), 0],
  }
}

export const schema = new Schema({
  nodes: {
    doc: { content: "block+" },
    paragraph: {
      ...bookkeeping,
      content: "text*",
      parseDOM: [
        // A line break ends the paragraph: there is no other kind of line here.
        { tag: "br", closeParent: true, priority: 40 },
        ...flat("h1, h2, h3, h4, h5, h6, li", { node: "paragraph" }),
        {
          tag: "p[data-outline]",
          node: "heading",
          getAttrs: element => ({ level: Math.min(number(element, "data-outline"), 4) }),
        },
        { tag: "p", context: "list_item//", skip: true },
        { tag: "p" },
      ],
      toDOM: () => ["p", 0],
    },
    heading: {
      ...bookkeeping,
      content: "text*",
      attrs: { level: { default: 1 } },
      parseDOM: [1, 2, 3, 4, 5, 6].map(level => ({ tag: "h" + level, attrs: { level: Math.min(level, 4) } })),
      // The page has its own h1, so assistive technology hears these one level deeper.
      toDOM: node => ["h" + node.attrs.level, { "aria-level": node.attrs.level + 1 }, 0],
    },
    ordered_list: {
      group: "block",
      content: "list_item+",
      parseDOM: [...flat("ol", { skip: true }), { tag: "ol" }],
      toDOM: () => ["ol", 0],
    },
    bullet_list: {
      group: "block",
      content: "list_item+",
      parseDOM: [...flat("ul", { skip: true }), { tag: "ul" }],
      toDOM: () => ["ul", 0],
    },
    list_item: { content: "text*", defining: true, parseDOM: [{ tag: "li" }], toDOM: () => ["li", 0] },
    table: {
      group: "block",
      content: "table_row+",
      tableRole: "table",
      isolating: true,
      parseDOM: [...flat("table, thead, tbody, tfoot, tr", { skip: true }), { tag: "table" }],
      toDOM: () => ["table", ["tbody", 0]],
    },
    table_row: {
      content: "(table_cell | table_header)*",
      tableRole: "row",
      parseDOM: [{ tag: "tr" }],
      toDOM: () => ["tr", 0],
    },
    table_cell: cell("td", "cell"),
    table_header: cell("th", "header_cell"),
    text: { group: "inline" },
  },
  marks: {
    strong: {
      parseDOM: [
        { tag: "strong" },
        { tag: "b:not([data-normal])" },
        { tag: "[data-bold]", consuming: false },
      ],
      toDOM: () => ["strong", 0],
    },
  },
})
