// What somebody who does not see the board hears.
export function say(text) {
  const place = document.getElementById("board-say")
  // The same words twice are two events.
  place.textContent = place.textContent === text ? text + "\u00a0" : text
}
