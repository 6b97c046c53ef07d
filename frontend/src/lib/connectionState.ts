/** Whether the server can tell the page what happens: seen by whoever shows what is told. */
import { useSyncExternalStore } from 'react'

/** Quiet: nobody listens. Lost: somebody does, and the connection is being sought. */
export type ConnectionState = 'quiet' | 'open' | 'lost'

let line: ConnectionState = 'quiet'
const watchers = new Set<() => void>()

export function setConnectionState(now: ConnectionState): void {
  if (line === now) return
  line = now
  for (const watcher of watchers) watcher()
}

function watch(watcher: () => void): () => void {
  watchers.add(watcher)
  return () => watchers.delete(watcher)
}

export function useConnectionState(): ConnectionState {
  return useSyncExternalStore(watch, () => line)
}
