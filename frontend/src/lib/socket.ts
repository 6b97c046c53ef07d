/** The WebSocket on which subscriptions run: opened for the first of them, sought again for as long as one is left. */
import { createClient } from 'graphql-ws'
import { setConnectionState } from './connectionState'

const longestWait = 8_000

function addressOf({ protocol, host }: Location): string {
  return `${protocol === 'https:' ? 'wss' : 'ws'}://${host}/graphql`
}

/** One, two, four, eight seconds, and a little chance, so that not everybody comes at once when a server is back. */
function waitBefore(attempt: number): number {
  return Math.min(longestWait, 1_000 * 2 ** attempt) * (0.75 + Math.random() / 2)
}

let patience: ReturnType<typeof setTimeout> | undefined

export const socket = createClient({
  url: addressOf(window.location),
  keepAlive: 10_000,
  retryAttempts: Number.POSITIVE_INFINITY,
  retryWait: (attempt) => new Promise((resume) => setTimeout(resume, waitBefore(attempt))),
  shouldRetry: () => true,
  on: {
    connected: () => setConnectionState('open'),
    closed: (event) => {
      clearTimeout(patience)
      setConnectionState((event as CloseEvent).code === 1000 ? 'quiet' : 'lost')
    },
    // A connection that died without a word is given up, and sought anew.
    ping: (received) => {
      if (!received) patience = setTimeout(() => socket.terminate(), 8_000)
    },
    pong: (received) => {
      if (received) clearTimeout(patience)
    },
  },
})
