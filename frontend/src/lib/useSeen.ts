/** For a change that is confirmed by its effect: others may change meanwhile what it changes. */
import { useState } from 'react'

interface Seen {
  /** True if it is another one than the user has seen. */
  isOutdated: boolean
  /** The user has seen the present one. */
  accept: () => void
  /** The user's own change is done; what it starts from no longer matters. */
  finish: () => void
}

export function useSeen(shown: unknown): Seen {
  const now = JSON.stringify(shown)
  const [seen, setSeen] = useState<string | null>(now)
  return {
    isOutdated: seen !== null && seen !== now,
    accept: () => setSeen(now),
    finish: () => setSeen(null),
  }
}
