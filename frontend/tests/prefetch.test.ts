import { afterEach, expect, it, vi } from 'vitest'
import { GlobalSearchDocument } from '@/features/shell/operations.generated'
import { makeClient } from '@/lib/client'
import { prefetch } from '@/lib/prefetch'

afterEach(() => {
  vi.unstubAllGlobals()
  vi.useRealTimers()
})

const variables = { text: 'a' }

function answering() {
  const body = JSON.stringify({ data: { search: { accounts: [] } } })
  const headers = { 'content-type': 'application/json' }
  const fetch = vi.fn(async () => new Response(body, { headers }))
  vi.stubGlobal('fetch', fetch)
  return fetch
}

/** Shows a screen with the query until it has a result that is not being fetched again. */
async function show(client: ReturnType<typeof makeClient>) {
  const results: (boolean | undefined)[] = []
  const { unsubscribe } = client
    .query(GlobalSearchDocument, variables)
    .subscribe(({ stale }) => results.push(stale))
  await vi.waitFor(() => expect(results.at(-1)).toBe(false))
  unsubscribe()
}

it.each(['before the result', 'after the result'])('is used by a screen shown %s', async (when) => {
  const fetch = answering()
  const client = makeClient()
  prefetch(client, GlobalSearchDocument, variables)
  if (when === 'after the result') {
    await vi.waitFor(() => expect(fetch).toHaveBeenCalledTimes(1))
    await new Promise((resume) => setTimeout(resume, 20))
  }
  await show(client)
  expect(fetch).toHaveBeenCalledTimes(1)
})

it('is used once', async () => {
  const fetch = answering()
  const client = makeClient()
  prefetch(client, GlobalSearchDocument, variables)
  await show(client)
  await new Promise((resume) => setTimeout(resume, 20))
  await show(client)
  await show(client)
  expect(fetch.mock.calls.length).toBeGreaterThan(1)
})

it('is not used when it is old', async () => {
  const fetch = answering()
  const client = makeClient()
  prefetch(client, GlobalSearchDocument, variables)
  await vi.waitFor(() => expect(fetch).toHaveBeenCalledTimes(1))
  await new Promise((resume) => setTimeout(resume, 20))
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 60_000 })
  await show(client)
  expect(fetch).toHaveBeenCalledTimes(2)
})
