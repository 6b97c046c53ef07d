/**
 * The end of the session while the page is open. Requests wait until the user has signed in again,
 * so no screen loses its data and no form what was typed.
 */
import { createStore } from './store'

interface Wait {
  continued: Promise<void>
  end: () => void
}

const wait = createStore<Wait | null>(null)

/** Called by the client. Resolves when the user has signed in again. */
export function waitForSignIn(): Promise<void> {
  const current = wait.get()
  if (current) return current.continued
  let end = () => {}
  const continued = new Promise<void>((resolve) => {
    end = resolve
  })
  wait.set({ continued, end })
  return continued
}

export function continueSession(): void {
  wait.get()?.end()
  wait.set(null)
}

export function useSessionEnded(): boolean {
  return wait.use() !== null
}
