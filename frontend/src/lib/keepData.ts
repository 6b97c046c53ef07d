/**
 * Keeps the data of a query when a rerun of it fails, for example without a network: the screen
 * stays, and a form in it keeps what was typed. The result then has data and an error. What a
 * failed query has answered is not shown: a null in it does not mean that something does not exist.
 */
import type { Exchange } from '@urql/core'
import { map, pipe, tap } from 'wonka'

export const keepData: Exchange = ({ forward }) => {
  /** The last data of the queries on the screen, by their keys. */
  const last = new Map<number, unknown>()
  const ended = new Set<number>()

  function forgetEnded() {
    for (const key of ended) last.delete(key)
    ended.clear()
  }

  return (operations) =>
    pipe(
      operations,
      tap(({ kind, key }) => {
        if (kind === 'query') ended.delete(key)
        if (kind !== 'teardown') return
        ended.add(key)
        // A screen that reads its query again ends it first.
        queueMicrotask(forgetEnded)
      }),
      forward,
      map((result) => {
        const { kind, key } = result.operation
        if (kind !== 'query') return result
        if (result.error) return { ...result, data: last.get(key) }
        last.set(key, result.data)
        return result
      }),
    )
}
