// Other people on the same board: who is there, and what they change, within seconds.
import { asking } from "../page/confirm.js"
import { showAnew } from "../page/leaving.js"
import { onSignedIn, renewToken, signedOut } from "../page/session.js"
import { held } from "./drag.js"
import { carrying } from "./keys.js"
import { onRenew } from "./renew.js"
import { say } from "./say.js"
import { busy, refresh, takeUp } from "./send.js"

const often = 2500
const hidden = 15000
let people = []
let own = new Set()

export function startLive(board) {
  onRenew(before => {
    name(people)
    mark(before)
  })
  onSignedIn(takeUp)
  listen(board)
}

async function listen(board) {
  for (;;) {
    await new Promise(done => setTimeout(done, document.hidden ? hidden : often))
    if (signedOut() || busy() || held() || carrying() || asking()) continue
    try {
      await look(board)
    } catch (error) {
      // The network is away for a while: the next question will tell.
    }
  }
}

async function look(board) {
  const data = new FormData()
  data.set("csrf_token", document.querySelector("meta[name=csrf-token]").content)
  // Asked by the page itself: no sign that somebody is there.
  const headers = { "X-Requested-With": "poll" }
  const answer = await fetch(board.dataset.pulse, { method: "POST", body: data, credentials: "same-origin", headers })
  if (answer.status === 404) return showAnew()
  if (answer.status === 400 || answer.status === 401) return renewToken()
  if (!answer.ok || answer.redirected) return
  const news = await answer.json()
  people = news.people
  name(people)
  if (news.state !== "draft") return showAnew()
  const part = document.getElementById("board-columns")
  if (news.stamp === part.dataset.stamp || busy() || held() || carrying() || asking()) return
  own = null
  await refresh()
  own = new Set()
  const newest = document.querySelector("#recent .steps li span")
  if (newest) say(`${newest.parentElement.lastElementChild.textContent}：${newest.textContent}`)
}

function name(names) {
  const place = document.getElementById("board-people")
  if (!place) return
  place.textContent = ""
  for (const one of names) {
    const person = document.createElement("span")
    person.className = "person"
    person.textContent = one
    place.append(person)
  }
  if (names.length) place.append("也在编排")
}

/** Items that somebody else has just put somewhere light up for a moment. */
function mark(before) {
  if (own) return
  for (const item of Array.from(document.querySelectorAll("#board-columns [data-item]"))) {
    if (before.get(item.id) === item.dataset.placed) continue
    item.classList.add("slip-new")
    setTimeout(() => item.classList.remove("slip-new"), 2600)
  }
}
