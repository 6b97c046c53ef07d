import { afterEach, expect, it, vi } from 'vitest'
import { SetClockDocument } from '@/features/settings/operations.generated'
import { GlobalSearchDocument } from '@/features/shell/operations.generated'
import { makeClient } from '@/lib/client'
import { continueSession } from '@/lib/sessionEnd'

afterEach(() => vi.unstubAllGlobals())

function answering(...answers: object[]) {
  const fetch = vi.fn(async () => {
    const body = JSON.stringify(answers.length > 1 ? answers.shift() : answers[0])
    return new Response(body, { headers: { 'content-type': 'application/json' } })
  })
  vi.stubGlobal('fetch', fetch)
  return fetch
}

it('reruns the queries of the screen after a mutation', async () => {
  const found = { data: { search: { accounts: [] } } }
  const fetch = answering(found, { data: { setClock: { clock: null, errors: [] } } }, found)
  const client = makeClient()
  const seen: unknown[] = []
  const { unsubscribe } = client
    .query(GlobalSearchDocument, { text: 'a' })
    .subscribe((result) => seen.push(result.data))
  await vi.waitFor(() => expect(seen.length).toBe(1))
  await client.mutation(SetClockDocument, { input: {} }).toPromise()
  await vi.waitFor(() => expect(fetch).toHaveBeenCalledTimes(3))
  unsubscribe()
})

it('sends a request again after the user has signed in again', async () => {
  const refused = {
    data: null,
    errors: [{ message: 'Sign in first.', extensions: { code: 'UNAUTHENTICATED' } }],
  }
  const fetch = answering(refused, { data: { setClock: { clock: null, errors: [] } } })
  const results: unknown[] = []
  const request = makeClient()
    .mutation(SetClockDocument, { input: {} })
    .subscribe((result) => results.push(result.error ?? result.data))
  await vi.waitFor(() => expect(fetch).toHaveBeenCalledTimes(1))
  await new Promise((resume) => setTimeout(resume, 20))
  expect(results).toEqual([])
  continueSession()
  await vi.waitFor(() => expect(results).toHaveLength(1))
  expect(results[0]).toMatchObject({ setClock: { errors: [] } })
  request.unsubscribe()
})
