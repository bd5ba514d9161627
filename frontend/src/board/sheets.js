// The real pages beside the board: laid out again when a change has settled. While one layout is under way only the
// newest further wish is remembered. Pages that look the same stay; the first that changed is turned to.
import { renewToken, signedOut } from "../page/session.js"
import { onRenew } from "./renew.js"

const settle = 120
let laidOut = ""
let wanted = ""
let working = false
let waiting = 0

export function startSheets(board) {
  onRenew(() => ask(board))
  ask(board)
  board.addEventListener("click", event => {
    const place = event.target.closest("[data-page-of]")
    if (place && place.dataset.page) turnTo(Number(place.dataset.page) - 1)
  })
}

function ask(board) {
  wanted = document.getElementById("board-columns").dataset.stamp
  if (!document.querySelector("#board-columns [data-item]")) return empty()
  clearTimeout(waiting)
  // Signed in again, the board is fetched anew and this is asked once more.
  if (signedOut()) return tell("")
  tell(wanted === laidOut ? "" : "正在排版……")
  if (wanted !== laidOut && !working) waiting = setTimeout(() => layOut(board), settle)
}

async function layOut(board) {
  working = true
  const asked = wanted
  try {
    const headers = { "X-Requested-With": "poll" }
    const answer = await fetch(board.dataset.sheets, { credentials: "same-origin", headers })
    if (answer.status === 401) await renewToken()
    if (signedOut()) {
      working = false
      return tell("")
    }
    if (answer.ok && !answer.redirected) show((await answer.json()).html)
    laidOut = asked
    if (!answer.ok) tell("暂时不能排版，改动已经保存")
  } catch (error) {
    laidOut = asked
    tell("暂时不能排版，改动已经保存")
  }
  working = false
  if (wanted !== laidOut) layOut(board)
}

function show(html) {
  const fresh = new DOMParser().parseFromString(html, "text/html")
  const answer = fresh.querySelector("[data-sheets-answer]")
  const place = document.getElementById("sheets")
  const remarks = fresh.getElementById("board-remarks")
  if (!answer) return
  place.dataset.stamp = answer.dataset.stamp
  const pages = Array.from(answer.querySelectorAll(".sheet-page"))
  if (!pages.length) {
    place.replaceChildren ? place.replaceChildren(document.adoptNode(answer)) : (place.innerHTML = answer.outerHTML)
    count(answer)
    return tell("")
  }
  const first = exchange(place, pages)
  count(answer)
  number(JSON.parse(answer.dataset.items))
  if (remarks) renewRemarks(remarks)
  if (first > 0 || place.dataset.seen) turnTo(first)
  place.dataset.seen = "1"
  tell("")
}

/** Puts the new pages in, keeps those that look the same; the number of the first that differs. */
function exchange(place, pages) {
  const old = Array.from(place.querySelectorAll(".sheet-page"))
  let first = -1
  const kept = pages.map((page, n) => {
    if (old[n] && old[n].dataset.look === page.dataset.look) return caption(old[n], page)
    if (first < 0) first = n
    const fresh = document.adoptNode(page)
    // What is looked at is fetched now, not when the browser finds time.
    if (n <= first + 1) fresh.querySelector("img").loading = "eager"
    return fresh
  })
  const height = place.scrollTop
  while (place.firstChild) place.firstChild.remove()
  place.append(...kept)
  place.scrollTop = height
  return first
}

function caption(page, fresh) {
  page.querySelector("img").alt = fresh.querySelector("img").alt
  return page
}

function turnTo(n) {
  const place = document.getElementById("sheets")
  const page = place.querySelectorAll(".sheet-page")[n]
  if (!page) return
  place.scrollTop = page.offsetTop - place.offsetTop
  page.classList.add("sheet-new")
  setTimeout(() => page.classList.remove("sheet-new"), 1600)
}

function count(answer) {
  const { pages, plan } = answer.dataset
  const place = document.getElementById("board-pages")
  if (!place) return
  place.textContent = ""
  const strong = document.createElement("strong")
  strong.textContent = pages
  strong.classList.toggle("over", Boolean(plan) && Number(pages) > Number(plan))
  place.append(strong, plan ? ` / ${plan} 页` : " 页")
}

function number(items) {
  for (const place of Array.from(document.querySelectorAll("[data-page-of]"))) {
    const page = items[place.dataset.pageOf]
    place.textContent = page ? ` · 第 ${page} 页` : ""
    place.dataset.page = page || ""
  }
}

function renewRemarks(fresh) {
  const old = document.getElementById("board-remarks")
  if (!old || old.innerHTML === fresh.innerHTML) return
  const fold = old.querySelector("details")
  const open = !fold || fold.open
  old.replaceWith(document.adoptNode(fresh))
  const next = document.querySelector("#board-remarks details")
  if (next) next.open = open
}

function empty() {
  laidOut = wanted
  const place = document.getElementById("sheets")
  place.innerHTML = '<p class="muted">放入信息后，这里显示排出的页面。</p>'
  tell("")
}

function tell(text) {
  document.getElementById("sheets-state").textContent = text
}
