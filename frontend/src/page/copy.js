// A button that copies a text of the page: data-copy="id of the element that holds it".
export function startCopy() {
  for (const button of Array.from(document.querySelectorAll("button[data-copy]"))) {
    button.hidden = false
    button.addEventListener("click", () => copy(button))
  }
}

async function copy(button) {
  const source = document.getElementById(button.dataset.copy)
  const text = source.value === undefined ? source.textContent : source.value
  const word = button.textContent
  button.textContent = (await write(text)) ? "已复制" : "未能复制，请手工选取"
  setTimeout(() => (button.textContent = word), 2000)
}

// Where the page is not served over HTTPS the clipboard is closed to scripts; the old way still works there.
async function write(text) {
  try {
    await navigator.clipboard.writeText(text)
    return true
  } catch {
    return writeOldWay(text)
  }
}

function writeOldWay(text) {
  const field = document.createElement("textarea")
  field.value = text
  document.body.append(field)
  field.select()
  const done = document.execCommand("copy")
  field.remove()
  return done
}
