// The toolbar: one Tab stop, arrow keys between buttons, Esc back to the text; table buttons appear
// inside a table.
import bold from "bootstrap-icons/icons/type-bold.svg"
import bullets from "bootstrap-icons/icons/list-ul.svg"
import grid from "bootstrap-icons/icons/table.svg"
import numbers from "bootstrap-icons/icons/list-ol.svg"
import redoArrow from "bootstrap-icons/icons/arrow-clockwise.svg"
import undoArrow from "bootstrap-icons/icons/arrow-counterclockwise.svg"
import { toggleMark } from "prosemirror-commands"
import { redo, undo } from "prosemirror-history"
import * as tables from "prosemirror-tables"
import { make } from "../shared/dom.js"
import { insertTable, kindAt, toggleKind } from "./commands.js"
import { schema } from "./schema.js"

const { strong } = schema.marks
const kind = (label, name, key, icon) => ({
  label,
  icon,
  key,
  command: toggleKind(name),
  pressed: state => kindAt(state) === name,
})

const groups = [
  {
    name: "段落样式",
    buttons: [
      kind("正文", "paragraph", "Ctrl+Alt+0"),
      kind("标题一", "heading1", "Ctrl+Alt+1"),
      kind("标题二", "heading2", "Ctrl+Alt+2"),
      kind("标题三", "heading3", "Ctrl+Alt+3"),
      kind("标题四", "heading4", "Ctrl+Alt+4"),
    ],
  },
  {
    name: "格式",
    buttons: [
      { label: "加粗", icon: bold, key: "Ctrl+B", command: toggleMark(strong), pressed: hasBold },
      kind("编号列表", "ordered", "Ctrl+Shift+7", numbers),
      kind("项目列表", "bullet", "Ctrl+Shift+8", bullets),
    ],
  },
  { name: "插入", buttons: [{ label: "表格", icon: grid, command: insertTable }] },
  {
    name: "撤销与重做",
    buttons: [
      { label: "撤销", icon: undoArrow, key: "Ctrl+Z", command: undo },
      { label: "重做", icon: redoArrow, key: "Ctrl+Y", command: redo },
    ],
  },
  {
    name: "表格",
    onlyIf: tables.isInTable,
    buttons: [
      { label: "上插行", command: tables.addRowBefore },
      { label: "下插行", command: tables.addRowAfter },
      { label: "删除行", command: tables.deleteRow },
      { label: "左插列", command: tables.addColumnBefore },
      { label: "右插列", command: tables.addColumnAfter },
      { label: "删除列", command: tables.deleteColumn },
      { label: "合并单元格", command: tables.mergeCells },
      { label: "拆分单元格", command: tables.splitCell },
      { label: "表头行", command: tables.toggleHeaderRow },
      { label: "删除表格", command: tables.deleteTable },
    ],
  },
]

export class Toolbar {
  constructor() {
    this.element = make("div", { class: "editor-bar", role: "toolbar", "aria-label": "正文编辑工具" })
    this.parts = groups.map(group => ({
      ...group,
      element: make("div", { class: "editor-group", role: "group", "aria-label": group.name }),
    }))
    this.buttons = []
  }

  attach(box, view) {
    this.view = view
    this.element.setAttribute("aria-controls", view.dom.id)
    for (const part of this.parts) {
      for (const spec of part.buttons) this.add(part, spec)
      this.element.append(part.element)
    }
    this.element.addEventListener("keydown", event => this.move(event))
    box.prepend(this.element)
    this.update(view)
  }

  add(part, spec) {
    const element = make("button", {
      type: "button",
      tabindex: "-1",
      title: spec.label + (spec.key ? "（" + spec.key + "）" : ""),
    })
    if (spec.icon) element.append(drawing(spec.icon), make("span", { class: "visually-hidden" }, spec.label))
    else element.append(spec.label)
    // Pressing a button must not take the selection away from the text.
    element.addEventListener("mousedown", event => event.preventDefault())
    element.addEventListener("click", () => this.press(spec, element))
    part.element.append(element)
    this.buttons.push({ ...spec, part, element })
  }

  press(spec, element) {
    if (element.getAttribute("aria-disabled") === "true") return
    spec.command(this.view.state, this.view.dispatch)
    this.view.focus()
  }

  update({ state }) {
    for (const part of this.parts) part.element.hidden = Boolean(part.onlyIf && !part.onlyIf(state))
    for (const { element, command, pressed } of this.buttons) {
      element.setAttribute("aria-disabled", String(!command(state)))
      if (pressed) element.setAttribute("aria-pressed", String(pressed(state)))
    }
    this.rove(this.current())
  }

  /** Into the toolbar from the text (Alt+F10). */
  enter() {
    this.current().focus()
    return true
  }

  current() {
    const shown = this.shown()
    return shown.find(element => element.tabIndex === 0) || shown[0]
  }

  shown() {
    return this.buttons.filter(button => !button.part.element.hidden).map(button => button.element)
  }

  rove(to) {
    for (const { element } of this.buttons) element.tabIndex = element === to ? 0 : -1
  }

  move(event) {
    if (event.key === "Escape") return this.view.focus()
    const shown = this.shown()
    const here = shown.indexOf(document.activeElement)
    const next = { ArrowRight: here + 1, ArrowLeft: here - 1, Home: 0, End: shown.length - 1 }[event.key]
    if (next === undefined) return
    event.preventDefault()
    const target = shown[(next + shown.length) % shown.length]
    this.rove(target)
    target.focus()
  }
}

function hasBold(state) {
  const { from, to, empty, $from } = state.selection
  return empty
    ? Boolean(strong.isInSet(state.storedMarks || $from.marks()))
    : state.doc.rangeHasMark(from, to, strong)
}

function drawing(svg) {
  const element = document.importNode(
    new DOMParser().parseFromString(svg, "image/svg+xml").documentElement,
    true,
  )
  element.setAttribute("class", "icon")
  element.setAttribute("aria-hidden", "true")
  return element
}
