// Moving with the keyboard: space takes an item up, arrows carry it, space puts it down, Esc puts it back.
import { listsFor, put, slipsOf } from "./places.js"
import { onRenew } from "./renew.js"
import { say } from "./say.js"

let carried = null

/** Whether something is held: the board is not exchanged meanwhile. */
export const carrying = () => carried !== null

export function startKeys(board) {
  board.addEventListener("keydown", event => {
    const grab = event.target.closest && event.target.closest(".grab")
    if (!grab) return
    const slip = grab.closest(".slip")
    if (event.key === " " || event.key === "Enter") {
      event.preventDefault()
      carried ? drop() : take(slip)
    } else if (carried && event.key === "Escape") {
      event.preventDefault()
      putBack()
    } else if (carried && moves[event.key]) {
      event.preventDefault()
      moves[event.key](carried.slip)
    } else if (carried && event.key === "Tab") putBack()
  })
  // A click on the handle is the mouse's own affair, except where a screen reader makes it from a key.
  board.addEventListener("keyup", event => {
    if (event.key === " " && event.target.closest && event.target.closest(".grab")) event.preventDefault()
  })
  board.addEventListener("focusout", () =>
    setTimeout(() => {
      if (carried && !carried.slip.contains(document.activeElement)) putBack()
    }),
  )
  onRenew(() => (carried = null))
}

function take(slip) {
  const lists = listsFor(slip)
  if (!lists.length) return say("没有栏目收这一条")
  carried = { slip, home: slip.parentElement, next: slip.nextSibling, lists }
  slip.classList.add("slip-held")
  say(`已拿起《${slip.dataset.title}》。${placeOf(slip)}。方向键移动，空格键放下，Esc 键取消。`)
}

const moves = {
  ArrowUp: slip => along(slip, -1),
  ArrowDown: slip => along(slip, 1),
  ArrowLeft: slip => across(slip, -1),
  ArrowRight: slip => across(slip, 1),
}

/** Up or down; beyond the end of a column into the next one that takes the item. */
function along(slip, step) {
  if (!slip.parentElement.matches("[data-column]")) return across(slip, 1)
  const neighbour = step < 0 ? before(slip) : after(slip)
  if (!neighbour) return across(slip, step, step < 0 ? "end" : "start")
  step < 0 ? neighbour.before(slip) : neighbour.after(slip)
  settle(slip)
}

/** To the column before or after that takes the item. */
function across(slip, step, at = "end") {
  const { lists } = carried
  const here = lists.indexOf(slip.parentElement)
  const next = here < 0 ? (step > 0 ? 0 : lists.length - 1) : here + step
  if (!lists[next]) return say(step > 0 ? "已是最后一个可放的栏目" : "已是第一个可放的栏目")
  at === "end" ? lists[next].append(slip) : lists[next].prepend(slip)
  settle(slip)
}

function settle(slip) {
  slip.querySelector(".grab").focus({ preventScroll: true })
  slip.scrollIntoView({ block: "nearest" })
  say(placeOf(slip))
}

function drop() {
  const { slip, home } = carried
  const list = slip.parentElement
  slip.classList.remove("slip-held")
  const moved = list !== home || slip.nextSibling !== carried.next
  carried = null
  if (!moved) return say(`《${slip.dataset.title}》放回原处`)
  const title = slip.dataset.title
  const where = placeOf(slip)
  const submission = slip.dataset.submission
  put(slip, list).then(done => {
    if (!done) return
    // A candidate has become an item of the issue; the hand stays on it.
    const same = submission && Array.from(document.querySelectorAll("#board-columns .slip")).find(one => one.dataset.title === title)
    if (same) same.querySelector(".grab").focus({ preventScroll: true })
    say(`已放下《${title}》：${where}`)
  })
}

function putBack() {
  const { slip, home, next } = carried
  carried = null
  home.insertBefore(slip, next)
  slip.classList.remove("slip-held")
  slip.querySelector(".grab").focus({ preventScroll: true })
  say(`已取消，《${slip.dataset.title}》放回原处`)
}

function placeOf(slip) {
  const list = slip.parentElement
  if (!list.matches("[data-column]")) return "现在备选信息中"
  const all = slipsOf(list)
  return `“${list.dataset.title}”第 ${all.indexOf(slip) + 1} 条，共 ${all.length} 条`
}

const before = slip => (slip.previousElementSibling && slip.previousElementSibling.matches(".slip") ? slip.previousElementSibling : null)
const after = slip => (slip.nextElementSibling && slip.nextElementSibling.matches(".slip") ? slip.nextElementSibling : null)
