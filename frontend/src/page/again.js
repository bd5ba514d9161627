// The page that waits for its turn: sends its form again every few seconds until the answer is another page. The server
// says how many seconds are left, and offers no more of it when they are over.
const shortest = 4000
const spread = 4000

export function startAgain() {
  const form = document.querySelector("form[data-again]")
  const left = form && Number(form.dataset.again)
  if (!left) return
  const says = form.querySelector("[data-again-says]")
  const stop = form.querySelector("[data-again-stop]")
  const number = form.querySelector("[data-again-left]")
  const started = Date.now()
  says.hidden = stop.hidden = false
  const count = setInterval(() => {
    number.textContent = Math.max(Math.round(left - (Date.now() - started) / 1000), 0)
  }, 1000)
  // Not all of those turned away at the same moment come back at the same moment.
  const next = setTimeout(() => form.requestSubmit(), Math.min(shortest + Math.random() * spread, left * 1000))
  const over = () => {
    clearInterval(count)
    clearTimeout(next)
    says.hidden = stop.hidden = true
  }
  form.addEventListener("submit", over)
  stop.addEventListener("click", () => {
    over()
    form.querySelector("[data-again-stopped]").hidden = false
    form.querySelector("[type=submit]").focus()
  })
}
