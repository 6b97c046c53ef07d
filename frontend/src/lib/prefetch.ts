/**
 * Starts the query of a screen while the code of the screen is loading. The screen then uses the
 * result without fetching it again; later uses fetch as usual.
 */
import type { AnyVariables, Client, Exchange, TypedDocumentNode } from '@urql/core'
import { map, pipe } from 'wonka'

const usableMs = 10_000

/** When the queries that no screen has used yet were started, by their keys. */
const started = new Map<number, number>()

export function prefetch<Data, Variables extends AnyVariables>(
  client: Client,
  query: TypedDocumentNode<Data, Variables>,
  variables: Variables,
): void {
  const request = client.query(query, variables, { requestPolicy: 'network-only' })
  void request.then(({ operation }) => started.set(operation.key, Date.now()))
}

function isPrefetched(key: number): boolean {
  const at = started.get(key)
  started.delete(key)
  return at !== undefined && Date.now() - at < usableMs
}

export const usePrefetched: Exchange =
  ({ forward }) =>
  (operations) =>
    forward(
      pipe(
        operations,
        map((operation) =>
          operation.kind === 'query' &&
          operation.context.requestPolicy === 'cache-and-network' &&
          isPrefetched(operation.key)
            ? { ...operation, context: { ...operation.context, requestPolicy: 'cache-first' } }
            : operation,
        ),
      ),
    )
