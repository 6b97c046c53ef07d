/**
 * What was typed into a screen and is not saved. It is kept while other screens are shown; before
 * the page itself is left, the browser asks.
 */

const drafts = new Map<string, string>()

window.addEventListener('beforeunload', (event) => {
  if (drafts.size > 0) event.preventDefault()
})

export function draftOf(field: string): string {
  return drafts.get(field) ?? ''
}

export function keepDraft(field: string, text: string): void {
  if (text.trim() === '') drafts.delete(field)
  else drafts.set(field, text)
}
