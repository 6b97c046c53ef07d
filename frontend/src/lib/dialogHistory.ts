/**
 * The history entries of dialogs. An entry is opened once: when its dialog has been closed,
 * Forward does not open it again, since it would be filled anew.
 */

declare module '@tanstack/history' {
  interface HistoryState {
    /** Marks a history entry that was added to open a dialog. */
    dialogEntry?: string
  }
}

const storageKey = 'tenure-closed-dialogs'
const mostRemembered = 50

export function newDialogEntry(): string {
  return `${Date.now()}-${Math.random().toString(36).slice(2)}`
}

/** Kept for the tab, so that it survives a reload of the page. */
export function isClosed(entry: string): boolean {
  return closedEntries().includes(entry)
}

export function markClosed(entry: string): void {
  const entries = [...closedEntries(), entry].slice(-mostRemembered)
  sessionStorage.setItem(storageKey, JSON.stringify(entries))
}

function closedEntries(): string[] {
  return JSON.parse(sessionStorage.getItem(storageKey) ?? '[]')
}
