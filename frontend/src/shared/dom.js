// One small helper to build elements without markup strings.

export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag)
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value)
    else if (value !== false) element.setAttribute(name, value === true ? "" : value)
  }
  element.append(...children.filter(child => child))
  return element
}
