// One press, one submission: the buttons of a sent form rest until the next page (or a return to
// this one). A form with data-busy shows those words and the seconds while its answer is worked out. Forms marked data-guard also warn before unsaved input is left behind (autosaved forms
// do so themselves).
import { contentOf } from "./forms.js"

// A form whose answer is a download stays on the page; its buttons come back by themselves.
const restFor = 10000

export function startSubmit() {
  document.addEventListener("submit", event => {
    const form = event.target
    if (event.defaultPrevented || form.method === "get") return
    if (form.dataset.sent) return event.preventDefault()
    form.dataset.sent = "1"
    // Later, because a button disabled now would not send its own name and value.
    setTimeout(() => rest(form, true))
    if (form.dataset.busy) wait(form)
    else setTimeout(() => rest(form, false), restFor)
  })
  window.addEventListener("pageshow", () => {
    for (const form of Array.from(document.querySelectorAll("form[data-sent]"))) rest(form, false)
    for (const place of Array.from(document.querySelectorAll(".busy"))) place.remove()
  })
  for (const form of Array.from(document.querySelectorAll("form[data-guard]"))) guard(form)
}

// A form whose answer takes long says what is going on, and since when.
function wait(form) {
  const place = document.createElement("p")
  place.className = "busy"
  place.append(document.createElement("progress"), document.createElement("span"))
  place.setAttribute("role", "status")
  const started = Date.now()
  const tell = () => {
    const seconds = Math.round((Date.now() - started) / 1000)
    place.lastChild.textContent = form.dataset.busy + (seconds ? `，已用 ${seconds} 秒` : "")
    if (place.isConnected || !seconds) setTimeout(tell, 1000)
  }
  form.append(place)
  tell()
}

function rest(form, on) {
  if (!on) delete form.dataset.sent
  for (const button of Array.from(form.elements)) {
    if (button.type !== "submit") continue
    if (on && !button.disabled) button.dataset.resting = "1"
    if (!button.dataset.resting) continue
    button.disabled = on
    if (!on) delete button.dataset.resting
  }
}

function guard(form) {
  const before = JSON.stringify(contentOf(form))
  window.addEventListener("beforeunload", event => {
    if (form.dataset.sent || JSON.stringify(contentOf(form)) === before) return
    event.preventDefault()
    event.returnValue = ""
  })
}
