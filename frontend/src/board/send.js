// Sends a change and shows the board that comes back. Changes go one after another, in the order they were made.
import { showAnew } from "../page/leaving.js"
import { renewToken, signedOut, tellMore } from "../page/session.js"
import { renew } from "./renew.js"
import { say } from "./say.js"

let last = Promise.resolve()
let waiting = 0
let changes = 0
let forgone = false

/** Whether a change is on its way: then nobody else's news is fetched. */
export const busy = () => waiting > 0

/** Posts the data to an address; resolves to true when the change was made. */
export function send(url, data) {
  waiting += 1
  changes += 1
  const mine = last.then(() => post(url, data)).finally(() => (waiting -= 1))
  last = mine.catch(() => {})
  return mine
}

async function post(url, data, again = false) {
  data.set("fragment", "1")
  data.set("csrf_token", document.querySelector("meta[name=csrf-token]").content)
  let answer
  try {
    answer = await fetch(url, { method: "POST", body: data, credentials: "same-origin" })
  } catch (error) {
    return lost("网络中断，刚才的改动没有保存，请稍后再试")
  }
  // The session is over, or the page is from before a new sign-in: what is typed here must not go with a reload.
  if (answer.status === 401 || answer.status === 400) {
    const state = again ? "" : await renewToken()
    if (state === "ok") return post(url, data, true)
    if (signedOut()) return notSaved()
  }
  // A page instead of the board: the draft is no longer one. The page itself says so.
  if (answer.redirected) return showAnew()
  if (answer.status !== 200 && answer.status !== 409) {
    await refresh(true)
    return lost("刚才的改动没有保存，页面已是最新内容")
  }
  renew((await answer.json()).html)
  const refused = document.getElementById("board-refused")
  if (refused) say(refused.textContent)
  return answer.ok
}

function notSaved() {
  forgone = true
  tellMore("刚才的改动没有保存，写下的内容还在。")
  return false
}

/** Signed in again, the board is fetched anew; a change on its way brings it back by itself. */
export async function takeUp() {
  const told = forgone
  forgone = false
  if (busy()) return
  await refresh(true)
  if (told) lost("刚才的改动没有保存，请再做一次")
}

function lost(text) {
  say(text)
  const bar = document.querySelector(".board-bar")
  const old = document.getElementById("board-refused")
  if (old) old.remove()
  const message = document.createElement("div")
  message.className = "message error"
  message.id = "board-refused"
  message.setAttribute("role", "alert")
  message.textContent = text
  bar.after(message)
  return false
}

/** Fetches the board as it is now. What a change has overtaken is dropped: its own answer is newer. */
export async function refresh(now = false) {
  const board = document.getElementById("board")
  const before = changes
  const headers = now ? {} : { "X-Requested-With": "poll" }
  const answer = await fetch(board.dataset.board + location.search, { credentials: "same-origin", headers })
  if (answer.status === 401 || (answer.redirected && new URL(answer.url).pathname === "/login")) return renewToken()
  if (answer.redirected) return showAnew()
  if (answer.ok && (now || changes === before)) renew((await answer.json()).html)
}
