/** For changes in place: what was saved is on the screen only after its query has run again. */
import { useState } from 'react'

/**
 * True until the screen has the version that was saved last. A change before that would be based on
 * the old one, and refused as a conflict with the user's own.
 */
export function useSavedVersion(shown: number): [boolean, (saved: number | undefined) => void] {
  const [last, setLast] = useState(shown)
  return [shown < last, (saved = shown) => setLast(saved)]
}
