/** The state of the WebSocket, for the screens that show live data. */
import { createStore } from './store'

/** Quiet: no subscription. Lost: subscribed, and reconnecting. */
export type ConnectionState = 'quiet' | 'open' | 'lost'

const state = createStore<ConnectionState>('quiet')

export const setConnectionState = state.set
export const useConnectionState = state.use
