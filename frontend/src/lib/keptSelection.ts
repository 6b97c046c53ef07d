/** A selection that is too long for the address of a dialog: this tab keeps the latest one. */

const place = 'tenure-selection'
const prefix = 'kept:'

interface Kept {
  name: string
  numbers: string[]
}

/** Returns the name that the address has instead. */
export function keepSelection(numbers: string[]): string {
  const name = prefix + Date.now().toString(36)
  sessionStorage.setItem(place, JSON.stringify({ name, numbers } satisfies Kept))
  return name
}

/** Null for another name: that of an older selection, or of another tab. */
export function keptSelection(name: string | undefined): string[] | null {
  if (!name?.startsWith(prefix)) return null
  const kept: Kept | null = JSON.parse(sessionStorage.getItem(place) ?? 'null')
  return kept?.name === name ? kept.numbers : null
}
