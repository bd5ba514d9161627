// [data-remarks]: remarks on a saved text beside a form that is being filled in. A decision on one is sent in place, so
// that nothing typed is lost; only the remarks are shown anew.
import { savedPartOf } from "./forms.js"

export function startRemarks() {
  const place = document.querySelector("[data-remarks]")
  if (!place) return
  const status = document.querySelector("[data-remarks-status]")
  const say = text => { status.textContent = text }
  place.dataset.settled = "in-place"
  document.addEventListener("submit", event => {
    if (event.defaultPrevented || !place.contains(event.target)) return
    event.preventDefault()
    decide(place, event.target, say)
  })
}

async function decide(place, form, say) {
  const button = form.querySelector("button")
  button.disabled = true
  try {
    const answer = await fetch(form.getAttribute("action"), {
      method: "POST",
      credentials: "same-origin",
      body: savedPartOf(form),
      headers: { "X-Requested-With": "autosave", Accept: "application/json" },
    })
    const told = answer.redirected ? null : await answer.json().catch(() => null)
    if (!answer.ok || !told || told.html === undefined) {
      button.disabled = false
      return say(told && told.message ? [told.message, told.advice].filter(part => part).join("，") : "没有办成，请稍后再试")
    }
    place.innerHTML = told.html
    place.focus()
    say("已记下，修改中的文字未受影响")
  } catch (error) {
    button.disabled = false
    say("网络不通，请稍后再试")
  }
}
