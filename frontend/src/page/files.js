// File fields in Chinese: the browser writes its own words ("Choose Files") in the language of its installation.
// The field itself stays, keyboard and screen reader use it; its own face is covered by ours.
export function startFiles() {
  for (const input of document.querySelectorAll('input[type="file"]')) dress(input)
}

function dress(input) {
  const frame = document.createElement("div")
  frame.className = "file-field"
  const face = document.createElement("span")
  face.className = "file-face"
  face.setAttribute("aria-hidden", "true")
  const button = document.createElement("span")
  button.className = "button small"
  button.textContent = "选择文件"
  const names = document.createElement("span")
  names.className = "file-names"
  face.append(button, names)
  input.before(frame)
  frame.append(input, face)
  const show = () => { names.textContent = described(input.files) }
  input.addEventListener("change", show)
  show()
}

function described(files) {
  if (!files || !files.length) return "未选择文件"
  const names = Array.from(files, (file) => file.name)
  return names.length === 1 ? names[0] : `${names.length} 个文件：${names.join("、")}`
}
