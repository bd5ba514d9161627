// Reading forms and sending them once more after a pause.

let lastPressed = null

// Chrome 80 has no event.submitter yet.
document.addEventListener(
  "click",
  event => {
    const button = event.target.closest && event.target.closest("button, input[type=submit]")
    lastPressed = button && button.form && button.type === "submit" ? button : null
  },
  true,
)

export function submitterOf(event) {
  if (event.submitter !== undefined) return event.submitter
  return lastPressed && lastPressed.form === event.target ? lastPressed : null
}

/** Submits again as if the button had been pressed, so that its name and value are sent too. */
export function sendAgain(form, button) {
  lastPressed = button
  if (button && button.form === form && !button.disabled) form.requestSubmit(button)
  else form.requestSubmit()
}

const notContent = new Set(["csrf_token", "version", "submission_id"])

/** What the person wrote, as [name, value] pairs: no files, no passwords, no bookkeeping. */
export function contentOf(form) {
  const secret = new Set(Array.from(form.querySelectorAll("input[type=password]")).map(field => field.name))
  return Array.from(new FormData(form)).filter(
    ([name, value]) => typeof value === "string" && !notContent.has(name) && !secret.has(name),
  )
}

/** Everything to be posted by a save in the background: files wait for the real submission. */
export function savedPartOf(form) {
  const data = new URLSearchParams()
  for (const [name, value] of new FormData(form)) if (typeof value === "string") data.append(name, value)
  return data
}

/** Puts pairs read by contentOf back into the form. */
export function fill(form, pairs) {
  const values = new Map()
  for (const [name, value] of pairs) values.set(name, (values.get(name) || []).concat(value))
  for (const control of Array.from(form.elements)) {
    if (!control.name || notContent.has(control.name) || control.type === "file" || control.type === "submit")
      continue
    const given = values.get(control.name) || []
    if (control.type === "checkbox" || control.type === "radio")
      control.checked = given.includes(control.value)
    else if (control.multiple)
      for (const option of Array.from(control.options)) option.selected = given.includes(option.value)
    else if (given.length) control.value = given.shift()
    else continue
    control.dispatchEvent(new Event("change", { bubbles: true }))
  }
  for (const editor of Array.from(form.querySelectorAll("[data-editor]")))
    editor.dispatchEvent(new Event("yaoqing:refill"))
}

export function setField(form, name, value) {
  const control = form.elements.namedItem(name)
  if (control && value !== undefined && value !== null) control.value = value
}
