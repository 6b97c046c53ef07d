/**
 * The end of the session while the page is open. Requests wait until the user has signed in again,
 * so no screen loses its data and no form what was typed.
 */
import { useSyncExternalStore } from 'react'

interface Wait {
  continued: Promise<void>
  end: () => void
}

let wait: Wait | null = null
const listeners = new Set<() => void>()

function change(next: Wait | null): void {
  wait = next
  for (const listener of listeners) listener()
}

/** Called by the client. Resolves when the user has signed in again. */
export function waitForSignIn(): Promise<void> {
  if (wait) return wait.continued
  let end = () => {}
  const continued = new Promise<void>((resolve) => {
    end = resolve
  })
  change({ continued, end })
  return continued
}

export function continueSession(): void {
  wait?.end()
  change(null)
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

export function useSessionEnded(): boolean {
  return useSyncExternalStore(subscribe, () => wait !== null)
}
