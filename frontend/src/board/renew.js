// Puts newer parts of the board in place of the old ones, and leaves the person where they were: focus, open folds,
// half-typed options, scrolling.
import { asking } from "../page/confirm.js"

const listeners = []

/** Calls back after every exchange, with the part that was there before. */
export const onRenew = listener => listeners.push(listener)

export function renew(html) {
  // What is asked about stays in its place until the answer; then the answer goes first.
  if (asking()) {
    document.querySelector("dialog[open]").addEventListener("close", () => setTimeout(() => renew(html)), { once: true })
    return
  }
  const fresh = new DOMParser().parseFromString(html, "text/html")
  const kept = state()
  const before = placements()
  for (const part of Array.from(fresh.querySelectorAll("[data-part]"))) {
    const old = document.getElementById(part.id)
    if (old) old.replaceWith(document.adoptNode(part))
  }
  restore(kept)
  for (const listener of listeners) listener(before)
}

/** Which change put every item where it stands. */
export function placements() {
  const items = Array.from(document.querySelectorAll("#board-columns [data-item]"))
  return new Map(items.map(item => [item.id, item.dataset.placed]))
}

function state() {
  const parts = Array.from(document.querySelectorAll("#board [data-part]"))
  const within = selector => parts.reduce((all, part) => all.concat(Array.from(part.querySelectorAll(selector))), [])
  const focus = document.activeElement
  return {
    open: within("details[id]").filter(fold => fold.open !== fold.hasAttribute("data-open")).map(fold => [fold.id, fold.open]),
    typed: within(".slip-form").filter(changed).map(form => [form.closest("[data-item]").id, values(form)]),
    focus: focus && focus.closest("#board [data-part]") ? nameOf(focus) : null,
    pages: within("[data-page-of]").map(place => [place.dataset.pageOf, place.textContent]),
  }
}

function restore(kept) {
  for (const [id, open] of kept.open) {
    const fold = document.getElementById(id)
    if (fold) fold.open = open
  }
  for (const [id, pairs] of kept.typed) {
    const form = document.querySelector(`#${id} .slip-form`)
    if (form) for (const [name, value] of pairs) if (form.elements.namedItem(name)) form.elements.namedItem(name).value = value
  }
  for (const [id, text] of kept.pages) {
    const place = document.querySelector(`[data-page-of="${id}"]`)
    if (place) place.textContent = text
  }
  if (kept.focus) focusOn(kept.focus)
}

function changed(form) {
  return Array.from(form.elements).some(field => field.name && field.type !== "hidden" && field.value !== field.defaultValue)
}

/** What is typed into the options of an item, as [name, value] pairs. */
export function values(form) {
  return Array.from(form.elements).filter(field => field.name && field.type !== "hidden").map(field => [field.name, field.value])
}

/** A control by the slip it stands in and what it is called, so that its successor can be found. */
function nameOf(control) {
  const slip = control.closest(".slip")
  return { id: control.id, slip: slip && slip.id, label: control.getAttribute("aria-label"), name: control.getAttribute("name") }
}

function focusOn({ id, slip, label, name }) {
  const root = slip ? document.getElementById(slip) : document.getElementById("board")
  const same = (id && document.getElementById(id)) || (root && find(root, label, name))
  const instead = same || (root && root.querySelector(".grab:not([hidden])"))
  if (instead && instead !== document.activeElement) instead.focus({ preventScroll: true })
}

function find(root, label, name) {
  const controls = Array.from(root.querySelectorAll("button, input, textarea, summary, a"))
  return controls.find(one => (label ? one.getAttribute("aria-label") === label : name && one.getAttribute("name") === name))
}
