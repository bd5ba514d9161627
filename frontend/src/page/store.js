// Unsent text kept in this browser, one record a form: {at, url, title, page, version, pairs}. A full or
// forbidden store is no error: the page then works as it does without.
const prefix = "yaoqing:draft:"
const keptFor = 30 * 24 * 3600 * 1000

export const store = {
  read(key) {
    try {
      return JSON.parse(localStorage.getItem(prefix + key))
    } catch (error) {
      return null
    }
  },

  /** True when the text is really kept. */
  write(key, record) {
    try {
      localStorage.setItem(prefix + key, JSON.stringify(record))
      return true
    } catch (error) {
      return false
    }
  },

  remove(key) {
    try {
      localStorage.removeItem(prefix + key)
    } catch (error) {
      /* nothing was kept */
    }
  },

  /** All records of a person: keys begin with the person's id. */
  entries(user) {
    const found = []
    try {
      for (let i = 0; i < localStorage.length; i++) {
        const name = localStorage.key(i)
        if (!name.startsWith(prefix + user + ":")) continue
        const key = name.slice(prefix.length)
        const record = store.read(key)
        if (record && record.pairs) found.push([key, record])
      }
    } catch (error) {
      /* none */
    }
    return found
  },

  forgetOld(user, now) {
    for (const [key, record] of store.entries(user)) if (now - record.at > keptFor) store.remove(key)
  },
}

// What this tab has just submitted, {key, action, step, page}: only the next page can tell whether it arrived.
export const sent = {
  mark(record) {
    try {
      sessionStorage.setItem(prefix + "sent", JSON.stringify(record))
    } catch (error) {
      /* the text then stays until the form is seen again */
    }
  },

  take() {
    try {
      const record = JSON.parse(sessionStorage.getItem(prefix + "sent"))
      sessionStorage.removeItem(prefix + "sent")
      return record
    } catch (error) {
      return null
    }
  },
}

export function timeText(milliseconds) {
  const t = new Date(milliseconds)
  return `${t.getFullYear()}年${t.getMonth() + 1}月${t.getDate()}日 ${clock(t)}`
}

export function clock(t) {
  return String(t.getHours()).padStart(2, "0") + ":" + String(t.getMinutes()).padStart(2, "0")
}
