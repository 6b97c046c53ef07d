/** The state of the WebSocket, for the screens that show live data. */
import { useSyncExternalStore } from 'react'

/** Quiet: no subscription. Lost: subscribed, and reconnecting. */
export type ConnectionState = 'quiet' | 'open' | 'lost'

let state: ConnectionState = 'quiet'
const listeners = new Set<() => void>()

export function setConnectionState(next: ConnectionState): void {
  if (state === next) return
  state = next
  for (const listener of listeners) listener()
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

export function useConnectionState(): ConnectionState {
  return useSyncExternalStore(subscribe, () => state)
}
