// After a new login in another window the open page carries an old token: fetch the page again and
// take over the new one.

/** "ok", "signed-out", "other-user" or "offline". */
export async function renewToken() {
  let page
  try {
    const answer = await fetch(location.href, {
      credentials: "same-origin",
      headers: { "X-Requested-With": "autosave" },
    })
    page = new DOMParser().parseFromString(await answer.text(), "text/html")
  } catch (error) {
    return "offline"
  }
  const user = page.body.dataset.user
  const token = page.querySelector("meta[name=csrf-token]")
  if (!user || !token) return "signed-out"
  if (user !== document.body.dataset.user) return "other-user"
  for (const field of Array.from(document.querySelectorAll("input[name=csrf_token]")))
    field.value = token.content
  document.querySelector("meta[name=csrf-token]").content = token.content
  return "ok"
}
