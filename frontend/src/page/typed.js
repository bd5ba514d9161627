// What somebody typed into a form of one step (a reason, an opinion, a feedback) is not lost when the step is refused:
// it is kept in this tab from the submission on, and put back when the same form is seen again after an error. Forms
// with data-draft-key look after themselves (autosave.js); a page that shows a refused form again has the text in it.
import { make } from "../shared/dom.js"

const place = "yaoqing:typed"
const keptFor = 30 * 60 * 1000
const ordinary = "textarea, input[type=text], input[type=search], input:not([type])"
// What differs from page to page for the same form.
const passing = new Set(["csrf_token", "version", "back", "event", "seen"])

export function startTyped() {
  document.addEventListener("submit", event => {
    if (!event.defaultPrevented && event.target.method === "post") keep(event.target)
  })
  const { page } = document.body.dataset
  const record = read()
  if (!record) return
  if (document.body.dataset.user && document.body.dataset.user !== record.user) return forget()
  if (page === "error") return waitHere(record)
  // Signing in again, waiting for a turn: the form travels along by itself.
  if (page === "plain" || page === "waiting") return
  if (!record.refused && !document.querySelector(".message.error, [data-error-summary]")) return forget()
  write({ ...record, refused: true })
  if (!refill(document) && !record.refused) reassure()
}

function reassure() {
  const messages = document.querySelector("[data-messages]")
  const text = "您刚才填写的内容还在：能再办理这一步时，打开原来的表单会重新填上。"
  if (messages) messages.append(make("div", { class: "message info", role: "status" }, make("span", {}, text)))
}

/** Puts the text back when the form it was typed into is under the root, opens the form and sets the cursor; true when
 * the form was there. */
export function refill(root) {
  const record = read()
  if (!record || !record.refused) return false
  const form = Array.from(root.querySelectorAll("form")).find(one => identity(one) === record.form)
  if (!form) return false
  forget()
  let first = null
  for (const [name, value] of record.fields) {
    const field = Array.from(form.querySelectorAll(ordinary)).find(one => one.name === name && !one.value.trim())
    if (!field) continue
    field.value = value
    field.dispatchEvent(new Event("input", { bubbles: true }))
    first = first || field
  }
  if (!first) return true
  for (const [name, value] of record.choices) {
    const list = Array.from(form.querySelectorAll("select, input[type=date]")).find(one => one.name === name)
    if (list) list.value = value
  }
  for (let fold = first.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true
  first.focus()
  return true
}

function keep(form) {
  const elsewhere = ["plain", "waiting"].includes(document.body.dataset.page) || form.dataset.draftKey || form.matches("[data-step]")
  if (elsewhere || form.querySelector("input[type=password]")) return
  const fields = named(form, ordinary).filter(([, value]) => value.trim())
  if (!fields.length) return forget()
  const choices = named(form, "select:not([multiple]), input[type=date]")
  const page = location.pathname + location.search
  write({ at: Date.now(), user: document.body.dataset.user, page, form: identity(form), fields, choices, refused: false })
}

function named(form, selector) {
  return Array.from(form.querySelectorAll(selector)).filter(field => field.name && !field.disabled).map(field => [field.name, field.value])
}

/** Which form of which thing: its address and what it carries unseen. */
function identity(form) {
  const unseen = named(form, "input[type=hidden]").filter(([name]) => !passing.has(name) && !name.endsWith("_html"))
  return [form.getAttribute("action") || location.pathname, ...unseen.map(pair => pair.join("="))].join(" ")
}

/** The error page: a way back to where the text was typed. */
function waitHere(record) {
  write({ ...record, refused: true })
  for (const thing of Array.from(document.querySelectorAll("[data-back]"))) {
    thing.hidden = false
    if (thing.tagName === "A") thing.href = record.page
  }
}

function read() {
  try {
    const record = JSON.parse(sessionStorage.getItem(place))
    return record && Date.now() - record.at < keptFor ? record : null
  } catch (error) {
    return null
  }
}

function write(record) {
  try {
    sessionStorage.setItem(place, JSON.stringify(record))
  } catch (error) {
    /* the page then works as it does without */
  }
}

function forget() {
  try {
    sessionStorage.removeItem(place)
  } catch (error) {
    /* nothing was kept */
  }
}
