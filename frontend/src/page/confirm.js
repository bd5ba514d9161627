// A question before what cannot be taken back: data-confirm="…" on a form or on one of its buttons.
import { make } from "../shared/dom.js"
import { sendAgain, submitterOf } from "./forms.js"

const agreed = new WeakSet()

export function startConfirm() {
  document.addEventListener("submit", event => {
    const form = event.target
    const button = submitterOf(event)
    const question = (button && button.dataset.confirm) || form.dataset.confirm
    if (!question || event.defaultPrevented) return
    if (agreed.delete(form)) return
    event.preventDefault()
    event.stopImmediatePropagation()
    ask(question, button).then(yes => {
      if (!yes) return
      // The page may have been renewed meanwhile: what was agreed to is sent all the same, and the server tells what
      // is out of date. A form that stands nowhere would be sent nowhere, without a word.
      if (!form.isConnected) {
        form.hidden = true
        document.body.append(form)
      }
      agreed.add(form)
      sendAgain(form, button)
    })
  })
}

/** Whether a question waits for its answer: what it is about stays as it is until then. */
export const asking = () => document.querySelector("dialog[open]") !== null

/** Resolves to true or false. The button gives the dialog its wording and gets the focus back. */
export function ask(question, button) {
  if (!window.HTMLDialogElement) return Promise.resolve(window.confirm(question))
  const dangerous = button && button.classList.contains("danger")
  const word = (button && button.textContent.trim()) || "确定"
  return new Promise(resolve => {
    const yes = make(
      "button",
      {
        type: "button",
        class: "button " + (dangerous ? "danger" : "primary"),
        onclick: () => dialog.close("yes"),
      },
      word,
    )
    const no = make("button", { type: "button", class: "button", onclick: () => dialog.close("") }, "取消")
    const text = make("p", { id: "confirm-text" }, question)
    const dialog = make(
      "dialog",
      { class: "dialog", "aria-label": "请确认", "aria-describedby": "confirm-text" },
      text,
      make("div", { class: "row" }, yes, no),
    )
    dialog.addEventListener("close", () => {
      dialog.remove()
      if (button) button.focus()
      resolve(dialog.returnValue === "yes")
    })
    document.body.append(dialog)
    dialog.showModal()
    const first = dangerous ? no : yes
    first.focus()
  })
}
