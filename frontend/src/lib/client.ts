/** The GraphQL client: same origin, authenticated by cookie. Queries rerun after mutations. */
import {
  Client,
  cacheExchange,
  type Exchange,
  fetchExchange,
  type Operation,
  type SubscriptionForwarder,
  subscriptionExchange,
} from '@urql/core'
import { authExchange } from '@urql/exchange-auth'
import { pipe, tap } from 'wonka'
import { setConnectionState } from './connectionState'
import { codeOf } from './failure'
import { keepData } from './keepData'
import { usePrefetched } from './prefetch'
import { onRefresh } from './refresh'
import { waitForSignIn } from './sessionEnd'

/** Reruns every active query on request, and after a mutation: a cascade may have changed any. */
const refreshQueries: Exchange = ({ client, forward }) => {
  const onScreen = new Map<number, Operation>()
  const rerun = () => {
    for (const operation of onScreen.values()) {
      client.reexecuteOperation(
        client.createRequestOperation('query', operation, { requestPolicy: 'network-only' }),
      )
    }
  }
  onRefresh(rerun)
  return (operations) =>
    pipe(
      operations,
      tap((operation) => {
        if (operation.kind === 'query') onScreen.set(operation.key, operation)
        if (operation.kind === 'teardown') onScreen.delete(operation.key)
      }),
      forward,
      tap((result) => {
        if (result.operation.kind === 'mutation' && !result.error) rerun()
      }),
    )
}

/** Loads the WebSocket module for the first subscription. */
const listen: SubscriptionForwarder = ({ query = '', variables, operationName }) => ({
  subscribe(sink) {
    let leave: (() => void) | null = null
    let left = false
    import('./socket').then(
      ({ socket }) => {
        if (!left) leave = socket.subscribe({ query, variables, operationName }, sink)
      },
      (fault) => {
        setConnectionState('lost')
        sink.error(fault)
      },
    )
    return {
      unsubscribe() {
        left = true
        leave?.()
      },
    }
  },
})

/** Sends what was refused because the session had ended again, after the next sign-in. */
const signInAgain = authExchange(async () => ({
  // The cookie of the session is added by the browser.
  addAuthToOperation: (operation) => operation,
  didAuthError: (error) => codeOf(error) === 'UNAUTHENTICATED',
  refreshAuth: waitForSignIn,
}))

export function makeClient(): Client {
  return new Client({
    url: '/graphql',
    requestPolicy: 'cache-and-network',
    preferGetMethod: false,
    fetchOptions: {
      credentials: 'same-origin',
      // Plain JSON is always answered with 200, so a signed-out user causes no console error.
      headers: { accept: 'application/json' },
    },
    exchanges: [
      usePrefetched,
      keepData,
      refreshQueries,
      cacheExchange,
      signInAgain,
      fetchExchange,
      subscriptionExchange({ forwardSubscription: listen }),
    ],
  })
}
