// Drop-down menus are <details>; a click elsewhere or Escape closes them.

export function startMenus() {
  const open = () => Array.from(document.querySelectorAll("details[data-menu][open]"))
  document.addEventListener("click", event => {
    for (const menu of open()) if (!menu.contains(event.target)) menu.open = false
  })
  document.addEventListener("keydown", event => {
    if (event.key !== "Escape") return
    for (const menu of open()) {
      menu.open = false
      menu.querySelector("summary").focus()
    }
  })
}
