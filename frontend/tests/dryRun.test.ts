import { afterEach, describe, expect, it, vi } from 'vitest'
import { PreviewHierarchyDocument } from '@/features/hierarchy/operations.generated'
import { dryRun, refusalOf } from '@/lib/dryRun'
import { continueSession } from '@/lib/sessionEnd'

afterEach(() => vi.unstubAllGlobals())

const unreachable = "Can't reach Tenure. Check your connection and try again."

function ask(timeoutMs?: number) {
  const { signal } = new AbortController()
  return dryRun(PreviewHierarchyDocument, { input: { accountId: 'a' } }, signal, timeoutMs)
}

function answering(...responses: (() => Response)[]) {
  const fetch = vi.fn(async () => (responses.length > 1 ? responses.shift() : responses[0])?.())
  vi.stubGlobal('fetch', fetch)
  return fetch
}

const json = (body: unknown, status = 200) => new Response(JSON.stringify(body), { status })

describe('dryRun', () => {
  it.each([
    ['a page of a proxy', () => new Response('<h1>Bad gateway</h1>', { status: 502 }), unreachable],
    ['an empty body', () => new Response('', { status: 504 }), unreachable],
    [
      'an error',
      () => json({ data: null, errors: [{ message: 'No worker.' }] }, 503),
      'No worker.',
    ],
    ['an error beside data', () => json({ data: {}, errors: [{ message: 'Late.' }] }), 'Late.'],
    ['neither data nor errors', () => json({}), 'Something went wrong. Try again.'],
    ['null', () => json(null), unreachable],
  ])('says that it was not loaded: %s', async (_, response, failure) => {
    answering(response)
    expect((await ask()).failure).toBe(failure)
  })

  it('says that it was not loaded: no network', async () => {
    vi.stubGlobal('fetch', () => Promise.reject(new TypeError('Failed to fetch')))
    expect(await ask()).toEqual({ data: null, failure: unreachable })
  })

  it('says that it was not loaded: no answer in time', async () => {
    vi.stubGlobal('fetch', (_: string, { signal }: RequestInit) => {
      return new Promise((_, reject) => signal?.addEventListener('abort', reject))
    })
    expect(await ask(5)).toEqual({ data: null, failure: unreachable })
  })

  it('is loaded if the server refuses the change', async () => {
    const payload = {
      account: null,
      impact: null,
      errors: [{ message: 'It is closed.', path: [] }],
    }
    answering(() => json({ data: { changeHierarchy: payload } }))
    const { data, failure } = await ask()
    expect(failure).toBeNull()
    expect(refusalOf(data?.changeHierarchy)).toBe('It is closed.')
  })

  it('asks again after the user has signed in again', async () => {
    const signedOut = { message: 'Sign in.', extensions: { code: 'UNAUTHENTICATED' } }
    const fetch = answering(
      () => json({ data: null, errors: [signedOut] }),
      () => json({ data: { changeHierarchy: null } }),
    )
    const answer = ask()
    await vi.waitFor(() => expect(fetch).toHaveBeenCalledTimes(1))
    await new Promise((resume) => setTimeout(resume, 20))
    continueSession()
    expect(await answer).toEqual({ data: { changeHierarchy: null }, failure: null })
    expect(fetch).toHaveBeenCalledTimes(2)
  })
})
