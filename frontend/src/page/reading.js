// Reading an issue: the size of type is remembered, and after some seconds before the reader's eyes, or when its PDF
// is opened or an instruction begun, the issue counts as read. Without script both are links and buttons.
const kept = "reading-type"
const attention = 4000

export function startReading() {
  const text = document.querySelector("[data-reading]")
  if (!text) return
  startTypes(text)
  startReceipt()
}

function startTypes(text) {
  const links = Array.from(document.querySelectorAll("[data-type-switch] [data-type]"))
  const asked = new URLSearchParams(location.search).has("type")
  if (!asked) use(localStorage.getItem(kept) || "")
  for (const link of links)
    link.addEventListener("click", event => {
      event.preventDefault()
      localStorage.setItem(kept, link.dataset.type)
      use(link.dataset.type)
    })

  function use(type) {
    text.classList.remove("type-large", "type-huge")
    if (type) text.classList.add(`type-${type}`)
    for (const link of links) {
      if (link.dataset.type === type) link.setAttribute("aria-current", "true")
      else link.removeAttribute("aria-current")
    }
  }
}

function startReceipt() {
  const form = document.querySelector("form[data-read]")
  if (!form) return
  let seen = 0
  const clock = setInterval(() => {
    if (document.hidden) return
    seen += 1000
    if (seen >= attention) receive()
  }, 1000)
  for (const link of Array.from(document.querySelectorAll("a[data-reads]"))) link.addEventListener("click", receive)

  async function receive() {
    clearInterval(clock)
    if (!form.isConnected) return
    try {
      const answer = await fetch(form.action, {
        method: "POST",
        body: new FormData(form),
        credentials: "same-origin",
        headers: { "X-Requested-With": "poll" },
        keepalive: true,
      })
      if (!answer.ok) return
    } catch (error) {
      return
    }
    const mark = document.createElement("span")
    mark.className = "read-mark"
    mark.setAttribute("role", "status")
    mark.textContent = "已读"
    form.replaceWith(mark)
  }
}
