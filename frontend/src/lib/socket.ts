/** The WebSocket of the subscriptions, open while there is at least one. */
import { createClient } from 'graphql-ws'
import { setConnectionState } from './connectionState'

const maxWaitMs = 8_000

function addressOf({ protocol, host }: Location): string {
  return `${protocol === 'https:' ? 'wss' : 'ws'}://${host}/graphql`
}

/** Exponential backoff up to eight seconds, with jitter to spread the reconnects. */
function waitBefore(attempt: number): number {
  return Math.min(maxWaitMs, 1_000 * 2 ** attempt) * (0.75 + Math.random() / 2)
}

let pingTimeout: ReturnType<typeof setTimeout> | undefined

export const socket = createClient({
  url: addressOf(window.location),
  keepAlive: 10_000,
  retryAttempts: Number.POSITIVE_INFINITY,
  retryWait: (attempt) => new Promise((resume) => setTimeout(resume, waitBefore(attempt))),
  shouldRetry: () => true,
  on: {
    connected: () => setConnectionState('open'),
    closed: (event) => {
      clearTimeout(pingTimeout)
      setConnectionState((event as CloseEvent).code === 1000 ? 'quiet' : 'lost')
    },
    // Terminates and reconnects a connection that does not answer a ping.
    ping: (received) => {
      if (!received) pingTimeout = setTimeout(() => socket.terminate(), 8_000)
    },
    pong: (received) => {
      if (received) clearTimeout(pingTimeout)
    },
  },
})
