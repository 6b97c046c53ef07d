import { afterEach, expect, it, vi } from 'vitest'
import { GlobalSearchDocument } from '@/features/shell/operations.generated'
import { makeClient } from '@/lib/client'

afterEach(() => vi.unstubAllGlobals())

const found = { data: { search: { accounts: [{ id: 'account:1' }] } } }
const error = { message: 'Too busy.' }

const failures: [string, () => Promise<Response>][] = [
  ['no answer', () => Promise.reject(new TypeError('Failed to fetch'))],
  ['a refusal', () => Promise.resolve(answer({ data: null, errors: [error] }))],
  ['a part', () => Promise.resolve(answer({ data: { search: null }, errors: [error] }))],
]
const reruns = failures.flatMap(([name, fail]) => [
  { name, fail, endsFirst: false },
  { name, fail, endsFirst: true },
])

it.each(reruns)('keeps the data of a query whose rerun gets $name', async (rerun) => {
  const fetch = vi.fn(async () => answer(found))
  vi.stubGlobal('fetch', fetch)
  const client = makeClient()
  const seen: [unknown, boolean][] = []
  const query = () =>
    client
      .query(GlobalSearchDocument, { text: 'a' }, { requestPolicy: 'network-only' })
      .subscribe(({ data, error: failure }) => seen.push([data, failure !== undefined]))
  const { unsubscribe } = query()
  await vi.waitFor(() => expect(seen).toEqual([[found.data, false]]))
  fetch.mockImplementation(rerun.fail)
  // A screen that reads its query again ends it first.
  if (rerun.endsFirst) unsubscribe()
  const again = query()
  await vi.waitFor(() => expect(seen.at(-1)).toEqual([found.data, true]))
  unsubscribe()
  again.unsubscribe()
})

it('does not show what a failed query has answered', async () => {
  const part = answer({ data: { search: null }, errors: [error] })
  vi.stubGlobal('fetch', async () => part)
  const result = await makeClient().query(GlobalSearchDocument, { text: 'b' }).toPromise()
  expect([result.data, result.error?.message]).toEqual([undefined, '[GraphQL] Too busy.'])
})

function answer(body: object): Response {
  return new Response(JSON.stringify(body), { headers: { 'content-type': 'application/json' } })
}
