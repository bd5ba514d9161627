// A submission on its way: what it was, whether it arrived, and its going on after signing in again. The pages between
// (signing in, continuing) pass it along; what was kept of the text is dropped once it has arrived, and only then.
import { make } from "../shared/dom.js"
import { ask } from "./confirm.js"
import { formOf } from "./drafts.js"
import { contentOf, submitterOf } from "./forms.js"
import { sent, store } from "./store.js"

/** Before the offers of kept texts are made. */
export function settleSent() {
  const record = sent.take()
  if (!record) return
  const { page } = document.body.dataset
  if (page === "plain") return passOn(record)
  if (page === "waiting") return sent.mark(record)
  if (page === "error" || record.waiting) return
  const form = formOf(record.key)
  if (form && form.hasAttribute("data-dirty")) form.dataset.refused = "1"
  // Refused with a word instead of the form: it is offered where it was written.
  else if (arrived(form) && !document.querySelector("[data-messages] .message.error")) forget(record)
}

/** What was taken is answered with the address of the next page, or with the form again for more. Somebody who goes
 * elsewhere after a cut line, or goes back, comes without. */
function arrived(form) {
  const [way] = performance.getEntriesByType("navigation")
  if (!way || way.type !== "navigate") return false
  return way.redirectCount > 0 || Boolean(form && document.referrer === location.href)
}

function forget({ key }) {
  if (own(key)) store.remove(key)
}

/** Somebody else may have signed in meanwhile. */
function own(key) {
  const { user } = document.body.dataset
  return Boolean(key && user) && key.startsWith(user + ":")
}

function passOn(record) {
  sent.mark({ ...record, waiting: true })
  const place = document.querySelector("[data-resume]")
  if (!place || place.dataset.resume !== record.action || !record.step) return
  place.querySelector("[data-resume-step]").textContent = record.step
  place.querySelector("[data-resume-page]").textContent = record.page
  place.hidden = false
  for (const field of Array.from(document.querySelectorAll("[data-resumes] textarea"))) {
    if (field.labels[0] && record.labels[field.name]) field.labels[0].textContent = record.labels[field.name]
  }
}

export function startResume() {
  document.addEventListener("submit", event => {
    const form = event.target
    if (event.defaultPrevented || form.method !== "post" || form.matches("[data-step]")) return
    if (form.matches("[data-resumes]")) return goOn(form)
    if (!["plain", "waiting"].includes(document.body.dataset.page)) sent.mark(described(form, submitterOf(event)))
  })
  const form = document.querySelector("[data-resumes]")
  if (!form) return
  // Mended by hand, the plain text counts, no longer the editor's copy.
  form.addEventListener("input", event => {
    const copy = form.elements.namedItem(event.target.name + "_html")
    if (copy) copy.value = ""
  })
  form.querySelector("[data-gives-up]").addEventListener("click", event => giveUp(event))
}

function goOn(form) {
  const record = sent.take()
  if (!record || record.action !== form.getAttribute("action")) return
  sent.mark({ ...record, waiting: false })
  const kept = own(record.key) && store.read(record.key)
  // What was mended here is kept too, should this be refused.
  if (kept) store.write(record.key, { ...kept, at: Date.now(), pairs: restorable(form) })
}

/** The fields as the original form takes them back: its editor wants paragraphs where the text was mended by hand. */
function restorable(form) {
  return contentOf(form).map(([name, value]) => {
    const text = name.endsWith("_html") && !value && form.elements.namedItem(name.slice(0, -"_html".length))
    return [name, text ? text.value.split("\n").map(line => make("p", {}, line).outerHTML).join("") : value]
  })
}

async function giveUp(event) {
  const link = event.currentTarget
  event.preventDefault()
  if (!(await ask("放弃后，刚才填写的内容不能恢复。确定放弃吗？", link))) return
  forget(sent.take() || {})
  location.assign(link.href)
}

function described(form, button) {
  const pane = form.closest("[data-desk-pane]")
  const heading = (pane && pane.querySelector("h2")) || document.querySelector("h1")
  const said = button && (button.getAttribute("aria-label") || button.textContent)
  // A field or button called "action" hides the property of that name.
  const action = new URL((button && button.getAttribute("formaction")) || form.getAttribute("action") || "", location.href)
  return {
    key: form.dataset.draftKey || "",
    action: action.pathname,
    step: (said || "").trim(),
    page: heading ? heading.textContent.trim() : "",
    labels: labelsOf(form),
    waiting: false,
  }
}

/** What the page calls each field. */
function labelsOf(form) {
  const labels = {}
  for (const [name] of contentOf(form)) labels[name] = labelOf(form.elements.namedItem(name))
  return labels
}

/** The words of a label, without its marks. */
function labelOf(field) {
  const label = field && field.labels && field.labels[0]
  const words = label ? Array.from(label.childNodes).filter(one => one.nodeType === Node.TEXT_NODE) : []
  return words.map(one => one.textContent).join("").trim() || (field && field.getAttribute && field.getAttribute("aria-label")) || ""
}
