// The forms of the board, sent without leaving it; the buttons that open an item's options.
import { submitterOf } from "../page/forms.js"
import { columns, slipsOf } from "./places.js"
import { onRenew, values } from "./renew.js"
import { say } from "./say.js"
import { send } from "./send.js"

export function startSteps(board) {
  board.addEventListener("submit", event => {
    const form = event.target
    if (!form.matches("[data-step]")) return
    event.preventDefault()
    const data = new FormData(form)
    const button = submitterOf(event)
    if (button && button.name) data.set(button.name, button.value)
    const fold = form.closest("details")
    if (fold && !form.matches(".slip-form")) fold.open = false
    // What was typed is on its way: the fields that come back are what is kept.
    const typed = form.matches(".slip-form") && [form.closest("[data-item]").id, values(form)]
    if (typed) settle(form)
    const title = form.matches(".slip-places") && form.closest(".slip").dataset.title
    send(form.getAttribute("action"), data).then(done => {
      if (done && title) tellPlaced(title, data.get("column"))
      if (!done && typed) return putBack(...typed)
      const options = done && fold && document.getElementById(fold.id)
      if (options && form.matches(".slip-form")) options.open = false
    })
  })
  board.addEventListener("click", event => {
    const opener = event.target.closest("[data-opens]")
    if (!opener) return
    const fold = document.getElementById(opener.dataset.opens)
    fold.open = !fold.open
    opener.setAttribute("aria-expanded", String(fold.open))
    if (fold.open) fold.querySelector("button, input, textarea").focus()
  })
  onRenew(reveal)
  reveal()
}

/** The columns may be off the screen: says where the item went, and how many there are now. */
function tellPlaced(title, column) {
  const lists = columns()
  const list = lists.find(one => one.dataset.column === column)
  const all = lists.reduce((sum, one) => sum + slipsOf(one).length, 0)
  if (list) say(`已放入“${list.dataset.title}”：《${title}》。这一栏现有 ${slipsOf(list).length} 条，本期共 ${all} 条。`)
}

function settle(form) {
  for (const field of Array.from(form.elements)) {
    field.dataset.before = field.defaultValue
    field.defaultValue = field.value
  }
}

/** What was refused stands in the item's form again, as something still to be saved. */
function putBack(item, pairs) {
  const form = document.querySelector(`#${item} .slip-form`)
  if (!form) return
  for (const [name, value] of pairs) {
    const field = form.elements.namedItem(name)
    if (!field) continue
    if (field.dataset.before !== undefined) field.defaultValue = field.dataset.before
    field.value = value
  }
  form.closest("details").open = true
}

/** Shows the controls that need script. */
function reveal() {
  for (const control of Array.from(document.querySelectorAll("#board .grab, #board [data-opens]"))) {
    control.hidden = false
    const fold = control.dataset.opens && document.getElementById(control.dataset.opens)
    if (fold) control.setAttribute("aria-expanded", String(fold.open))
  }
}
