/** The GraphQL client: same origin, authenticated by cookie. Queries rerun after mutations. */
import {
  Client,
  cacheExchange,
  type Exchange,
  fetchExchange,
  mapExchange,
  type Operation,
  type SubscriptionForwarder,
  subscriptionExchange,
} from '@urql/core'
import { pipe, tap } from 'wonka'
import { setConnectionState } from './connectionState'
import { codeOf } from './failure'

/** Reruns every active query after a mutation: a cascade may have changed any of them. */
const refreshAfterMutation: Exchange = ({ client, forward }) => {
  const onScreen = new Map<number, Operation>()
  return (operations) =>
    pipe(
      operations,
      tap((operation) => {
        if (operation.kind === 'query') onScreen.set(operation.key, operation)
        if (operation.kind === 'teardown') onScreen.delete(operation.key)
      }),
      forward,
      tap((result) => {
        if (result.operation.kind !== 'mutation' || result.error) return
        for (const operation of onScreen.values()) {
          client.reexecuteOperation(
            client.createRequestOperation('query', operation, { requestPolicy: 'network-only' }),
          )
        }
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

export function makeClient(onSignedOut: () => void): Client {
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
      refreshAfterMutation,
      cacheExchange,
      mapExchange({
        onError(error) {
          if (codeOf(error) === 'UNAUTHENTICATED') onSignedOut()
        },
      }),
      fetchExchange,
      subscriptionExchange({ forwardSubscription: listen }),
    ],
  })
}
