// What somebody who does not see the board hears; where the columns stand off the screen everybody reads it for a while.
const shown = 6000
let timer

export function say(text) {
  const place = document.getElementById("board-say")
  // The same words twice are two events.
  place.textContent = place.textContent === text ? text + "\u00a0" : text
  place.classList.add("fresh")
  clearTimeout(timer)
  timer = setTimeout(() => place.classList.remove("fresh"), shown)
}
