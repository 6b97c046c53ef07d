/** Asks the GraphQL client to rerun the queries of the screen. */

/** Requests within this time are answered by one rerun. */
const refreshPauseMs = 400

let listeners: (() => void)[] = []
let isRequested = false

export function requestRefresh(): void {
  if (isRequested) return
  isRequested = true
  setTimeout(() => {
    isRequested = false
    for (const listener of listeners) listener()
  }, refreshPauseMs)
}

export function onRefresh(listener: () => void): () => void {
  listeners = [...listeners, listener]
  return () => {
    listeners = listeners.filter((each) => each !== listener)
  }
}

/** The page shows the present state when its tab is shown again, or the network is back. */
export function refreshOnReturn(): void {
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible') requestRefresh()
  })
  window.addEventListener('online', requestRefresh)
}
