// File fields in Chinese: the browser writes its own words ("Choose Files") in the language of its installation.
// The field itself stays, keyboard and screen reader use it; its own face is covered by ours.
// Files that together are more than one request may bring are not taken: the server would turn the whole form away.
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
  const note = document.createElement("p")
  note.className = "field-error"
  note.setAttribute("role", "alert")
  note.hidden = true
  frame.after(note)
  const show = () => { names.textContent = described(input.files) }
  input.addEventListener("change", () => {
    note.textContent = tooMuch(input.files)
    note.hidden = !note.textContent
    if (note.textContent) input.value = ""
    show()
  })
  show()
}

function tooMuch(files) {
  const most = Number(document.body.dataset.uploadMb)
  const size = Array.from(files || [], (file) => file.size).reduce((sum, one) => sum + one, 0) / 1024 ** 2
  if (!most || size <= most) return ""
  const what = files.length === 1 ? `“${files[0].name}”有` : "所选文件合计"
  const advice = files.length === 1 ? "请压缩后再选" : "请压缩，或分几次上传"
  return `${what} ${Math.ceil(size)} 兆字节，一次最多上传 ${most} 兆字节，没有选上。${advice}。`
}

function described(files) {
  if (!files || !files.length) return "未选择文件"
  const names = Array.from(files, (file) => file.name)
  return names.length === 1 ? names[0] : `${names.length} 个文件：${names.join("、")}`
}
