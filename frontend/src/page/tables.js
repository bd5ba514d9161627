// Rows with data-href follow their first link; a table that needs no scrolling is no stop for the
// Tab key.

export function startTables() {
  for (const row of Array.from(document.querySelectorAll("tr[data-href]"))) linkRow(row)
  const frames = Array.from(document.querySelectorAll("[data-table]"))
  const update = () =>
    frames.forEach(frame => {
      if (frame.scrollWidth > frame.clientWidth + 1) frame.tabIndex = 0
      else frame.removeAttribute("tabindex")
    })
  update()
  window.addEventListener("resize", update)
}

function linkRow(row) {
  const link = row.querySelector("a[href]")
  if (!link) return
  row.classList.add("linked")
  row.addEventListener("click", event => {
    if (event.target.closest("a, button, input, select, label, summary") || String(window.getSelection()))
      return
    if (event.ctrlKey || event.metaKey) window.open(link.href)
    else link.click()
  })
}
