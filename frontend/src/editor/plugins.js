// Keys, history, tables, and two small guarantees about the document's shape.
import { baseKeymap, chainCommands, exitCode, toggleMark } from "prosemirror-commands"
import { gapCursor } from "prosemirror-gapcursor"
import { history, redo, undo } from "prosemirror-history"
import { keymap } from "prosemirror-keymap"
import { Plugin } from "prosemirror-state"
import { goToNextCell, isInTable, tableEditing } from "prosemirror-tables"
import { leaveEmptyItem, leaveKind, toggleKind } from "./commands.js"
import { schema } from "./schema.js"

const keys = {
  "Mod-b": toggleMark(schema.marks.strong),
  "Mod-z": undo,
  "Mod-y": redo,
  "Mod-Shift-z": redo,
  "Mod-Alt-0": toggleKind("paragraph"),
  "Mod-Alt-1": toggleKind("heading1"),
  "Mod-Alt-2": toggleKind("heading2"),
  "Mod-Alt-3": toggleKind("heading3"),
  "Mod-Alt-4": toggleKind("heading4"),
  "Mod-Shift-7": toggleKind("ordered"),
  "Mod-Shift-8": toggleKind("bullet"),
  Backspace: leaveKind,
  // A cell holds one paragraph, so Enter moves on as Tab does.
  Enter: chainCommands(nextCell, leaveEmptyItem),
  "Shift-Enter": chainCommands(nextCell, leaveEmptyItem, baseKeymap.Enter),
  Tab: goToNextCell(1),
  "Shift-Tab": goToNextCell(-1),
  "Mod-Enter": exitCode,
}

export function plugins() {
  return [
    keymap(keys),
    keymap(baseKeymap),
    history(),
    gapCursor(),
    tableEditing(),
    new Plugin({ appendTransaction: keepShape }),
  ]
}

function nextCell(state, dispatch) {
  return isInTable(state) && (goToNextCell(1)(state, dispatch) || true)
}

/** One paragraph a cell; a paragraph to write on after a table at the end. */
function keepShape(transactions, _, state) {
  if (!transactions.some(transaction => transaction.docChanged)) return null
  const transaction = state.tr
  state.doc.descendants((node, position) => {
    if (node.isTextblock) return false
    if (!/cell/.test(node.type.spec.tableRole) || node.childCount < 2) return true
    joinParagraphs(transaction, node, position)
    return false
  })
  const { lastChild } = transaction.doc
  if (lastChild.type === schema.nodes.table)
    transaction.insert(transaction.doc.content.size, schema.nodes.paragraph.create())
  return transaction.docChanged ? transaction : null
}

function joinParagraphs(transaction, cell, position) {
  let content = cell.firstChild.content
  for (let i = 1; i < cell.childCount; i++) {
    const more = cell.child(i).content
    if (content.size && more.size) content = content.addToEnd(schema.text(" "))
    content = content.append(more)
  }
  const start = transaction.mapping.map(position) + 1
  transaction.replaceWith(start, start + cell.content.size, schema.nodes.paragraph.create(null, content))
}
