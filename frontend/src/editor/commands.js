// Commands on whole lines. Lists are flat, so every line outside a table is one of six kinds:
// paragraph, heading 1–4, numbered or bulleted item; changing the kind rewrites the touched lines
// and regroups the lists around them.
import { AllSelection, TextSelection } from "prosemirror-state"
import { isInTable } from "prosemirror-tables"
import { schema } from "./schema.js"

const {
  paragraph,
  heading,
  ordered_list,
  bullet_list,
  list_item,
  table,
  table_row,
  table_cell,
  table_header,
} = schema.nodes

export const kinds = {
  paragraph: { block: paragraph },
  heading1: { block: heading, attrs: { level: 1 } },
  heading2: { block: heading, attrs: { level: 2 } },
  heading3: { block: heading, attrs: { level: 3 } },
  heading4: { block: heading, attrs: { level: 4 } },
  ordered: { block: list_item, list: ordered_list },
  bullet: { block: list_item, list: bullet_list },
}

/** The kind shared by all selected lines, "" when they differ or are in a table. */
export function kindAt(state) {
  const { $from, $to } = state.selection
  if (isInTable(state)) return ""
  const found = new Set()
  state.doc.nodesBetween($from.pos, $to.pos, (node, _, parent) => {
    if (node.type === table) return false
    if (node.isTextblock) found.add(kindOf(node, parent))
  })
  return found.size === 1 ? Array.from(found)[0] : ""
}

/** Makes the selected lines that kind; pressed again, ordinary paragraphs. */
export function toggleKind(name) {
  return (state, dispatch) => setKind(kindAt(state) === name ? "paragraph" : name)(state, dispatch)
}

export function setKind(name) {
  return (state, dispatch) => {
    const { $from, $to, from, to } = state.selection
    // Depth 0 is a place between blocks, unless everything is selected.
    if (isInTable(state) || (!$from.depth && from === to)) return false
    const [first, last] = withNeighbours(state.doc, $from.index(0), $to.index(0) - ($to.depth ? 0 : 1))
    if (!dispatch) return true
    const start = positionOf(state.doc, first)
    const lines = linesOf(state.doc, first, last, start)
    const selected = line => line.kind && line.end > from - 1 && line.start < to + 1
    for (const line of lines) if (selected(line)) line.kind = name
    const blocks = regroup(lines)
    const transaction = state.tr.replaceWith(start, positionOf(state.doc, last + 1), blocks)
    const moved = point => movedTo(point, lines, blocks, start)
    transaction.setSelection(
      $from.depth
        ? TextSelection.create(transaction.doc, moved($from), moved($to))
        : new AllSelection(transaction.doc),
    )
    dispatch(transaction.scrollIntoView())
    return true
  }
}

/** Backspace at the start of a heading or item makes it a paragraph first. */
export function leaveKind(state, dispatch) {
  const { $from, empty } = state.selection
  if (!empty || $from.parentOffset || isInTable(state) || $from.parent.type === paragraph) return false
  return setKind("paragraph")(state, dispatch)
}

export function leaveEmptyItem(state, dispatch) {
  const { $from } = state.selection
  return $from.parent.type === list_item && !$from.parent.content.size && leaveKind(state, dispatch)
}

/** Three rows of three with a heading row, and the cursor in the first cell. */
export function insertTable(state, dispatch) {
  const { $from } = state.selection
  if (isInTable(state) || !$from.depth) return false
  if (!dispatch) return true
  const cells = type => [1, 2, 3].map(() => type.createAndFill())
  const rows = [table_header, table_cell, table_cell].map(type => table_row.create(null, cells(type)))
  const after = $from.after(1)
  const replaceEmpty = $from.parent.type === paragraph && !$from.parent.content.size
  const start = replaceEmpty ? $from.before(1) : after
  const transaction = state.tr.replaceWith(start, after, table.create(null, rows))
  transaction.setSelection(TextSelection.near(transaction.doc.resolve(start + 3)))
  dispatch(transaction.scrollIntoView())
  return true
}

function kindOf(node, parent) {
  if (node.type === heading) return "heading" + node.attrs.level
  if (node.type === list_item) return parent.type === ordered_list ? "ordered" : "bullet"
  return "paragraph"
}

/** Lists right beside the touched blocks join in: two numbered lists that meet become one. */
function withNeighbours(doc, first, last) {
  const isList = index =>
    index >= 0 && index < doc.childCount && doc.child(index).type.spec.content === "list_item+"
  return [isList(first - 1) ? first - 1 : first, isList(last + 1) ? last + 1 : last]
}

function positionOf(doc, index) {
  let position = 0
  for (let i = 0; i < index; i++) position += doc.child(i).nodeSize
  return position
}

function linesOf(doc, first, last, start) {
  const lines = []
  const add = (node, parent, at) =>
    lines.push({ kind: kindOf(node, parent), node, start: at, end: at + node.nodeSize })
  for (let i = first, at = start; i <= last; at += doc.child(i++).nodeSize) {
    const block = doc.child(i)
    if (block.isTextblock) add(block, doc, at)
    else if (block.type === table) lines.push({ kind: "", node: block, start: at, end: at + block.nodeSize })
    else block.forEach((item, offset) => add(item, block, at + 1 + offset))
  }
  return lines
}

function regroup(lines) {
  const blocks = []
  let list = null
  for (const { kind, node } of lines) {
    const { block, attrs, list: listType } = kinds[kind] || {}
    if (!listType) {
      blocks.push(block ? block.create(attrs, node.content) : node)
      list = null
      continue
    }
    if (!list || list.type !== listType) blocks.push((list = { type: listType, items: [] }))
    list.items.push(list_item.create(null, node.content))
  }
  return blocks.map(block => (block.items ? block.type.create(null, block.items) : block))
}

/** Where a cursor lands after regrouping: same line, same offset in it. */
function movedTo($point, lines, blocks, start) {
  const wanted = lines.findIndex(line => line.start <= $point.pos && $point.pos <= line.end)
  let seen = 0
  let result = start + 1
  let at = start
  for (const block of blocks) {
    const isList = block.type === ordered_list || block.type === bullet_list
    if (!isList && seen++ === wanted) result = at + 1 + $point.parentOffset
    if (isList)
      block.forEach((_, offset) => {
        if (seen++ === wanted) result = at + 2 + offset + $point.parentOffset
      })
    at += block.nodeSize
  }
  return result
}
