// Forms with data-proof="id": when typing pauses, the form is sent and the element with that id shows
// the answer, a trial print of what the form holds. Texts count, and other fields with data-proofed.
import { renewToken } from "./session.js"

const pause = 600

export function startProof() {
  for (const form of Array.from(document.querySelectorAll("form[data-proof]"))) watch(form)
}

function watch(form) {
  const place = document.getElementById(form.dataset.proof)
  let waiting = 0
  let latest = 0
  form.addEventListener("input", event => {
    if (event.target.tagName !== "TEXTAREA" && !("proofed" in event.target.dataset)) return
    clearTimeout(waiting)
    waiting = setTimeout(() => ask(), pause)
  })

  async function ask(again = false) {
    const mine = ++latest
    const data = new FormData(form)
    // Buttons named "action" hide the property of that name.
    data.set("fragment", "1")
    place.setAttribute("aria-busy", "true")
    try {
      const answer = await fetch(form.getAttribute("action"), { method: "POST", body: data, credentials: "same-origin" })
      // The session is over, or the token is from before a new sign-in.
      if ((answer.status === 400 || answer.status === 401) && !again && (await renewToken()) === "ok") return ask(true)
      if (mine === latest && answer.ok && !answer.redirected) place.innerHTML = await answer.text()
    } finally {
      if (mine === latest) place.removeAttribute("aria-busy")
    }
  }
}
