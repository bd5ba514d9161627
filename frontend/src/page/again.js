// The page that waits for its turn: sends its form again every few seconds until the answer is another page. The server
// says how long it has waited and how many seconds are left, and offers no more of it when they are over.
// Most turns come within a second or two, others take long: whoever has waited longer asks less often.
const soonest = 1
const latest = 4

export function startAgain() {
  const form = document.querySelector("form[data-again]")
  const left = form && Number(form.dataset.again)
  if (!left) return
  const shortest = Math.min(Math.max(Number(form.dataset.againWaited), soonest), latest)
  const advice = document.querySelector("[data-again-advice]")
  const says = form.querySelector("[data-again-says]")
  const stop = form.querySelector("[data-again-stop]")
  const number = form.querySelector("[data-again-left]")
  const started = Date.now()
  says.hidden = stop.hidden = false
  if (advice) advice.hidden = true // to click again is what this page does
  const count = setInterval(() => {
    number.textContent = Math.max(Math.round(left - (Date.now() - started) / 1000), 0)
  }, 1000)
  // Not all of those turned away at the same moment come back at the same moment.
  const pause = shortest * (1 + Math.random())
  const next = setTimeout(() => form.requestSubmit(), Math.min(pause, left) * 1000)
  const over = () => {
    clearInterval(count)
    clearTimeout(next)
    says.hidden = stop.hidden = true
  }
  form.addEventListener("submit", over)
  stop.addEventListener("click", () => {
    over()
    form.querySelector("[data-again-stopped]").hidden = false
    if (advice) advice.hidden = false
    form.querySelector("[type=submit]").focus()
  })
}
