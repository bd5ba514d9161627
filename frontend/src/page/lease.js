// [data-lease="address"]: says every minute that an item is still being edited. While somebody works on the page the
// server keeps it for them; it also tells who asked for it, and whether somebody else has it by now.
import { onSignedIn, renewToken, signedOut } from "./session.js"

const every = 60000

export function startLease() {
  const place = document.querySelector("[data-lease]")
  if (!place) return
  let used = true
  let lost = false
  for (const name of ["keydown", "pointerdown", "wheel"])
    document.addEventListener(name, () => (used = true), { passive: true, capture: true })

  async function beat(again = false) {
    if (lost || signedOut() || (document.hidden && !used)) return
    const now = used
    const answer = await ask(place.dataset.lease, now)
    if (!answer) return
    if (answer.status === 401 && !again) {
      if ((await renewToken()) === "ok") return beat(true)
      return say("登录已过期，这条信息暂不能继续为您保留", true)
    }
    const data = await answer.json().catch(() => null)
    if (!data) return
    if (answer.status === 409) {
      lost = true
      return say([data.message, "您写的内容仍在页面上，请先复制留存"].filter(part => part).join("。"), true)
    }
    if (!answer.ok) return
    if (now) used = false
    if (data.mine && data.asked)
      return say(`${data.asked}请您让出这条信息：请保存修改稿，或点“结束编辑”。您的编辑至 ${data.until}`, true)
    if (data.mine) return say(`您正在编辑这条信息，至 ${data.until}`)
    if (data.holder) return say(`${data.holder}正在编辑这条信息，至 ${data.until}`, true)
    say("较长时间没有操作，这条信息已不再为您保留；继续编辑即重新占用", true)
  }

  function say(text, warn = false) {
    if (place.textContent !== text) place.textContent = text
    place.classList.toggle("warning", warn)
  }

  beat()
  setInterval(beat, every)
  onSignedIn(() => beat())
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) beat()
  })
}

function ask(address, used) {
  const token = document.querySelector("meta[name=csrf-token]")
  const field = document.querySelector("input[name=csrf_token]")
  const data = new URLSearchParams({ csrf_token: field ? field.value : token.content, used: used ? "1" : "" })
  return fetch(address, {
    method: "POST",
    credentials: "same-origin",
    body: data,
    headers: { "X-Requested-With": used ? "autosave" : "poll", Accept: "application/json" },
  }).catch(() => null)
}
