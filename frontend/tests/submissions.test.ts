import { afterEach, expect, it, vi } from 'vitest'
import { submissionKey } from '@/lib/submissions'

afterEach(() => {
  vi.unstubAllGlobals()
  vi.resetModules()
  vi.useRealTimers()
})

/** Two tabs: modules of their own, and what they send to each other. */
async function twoTabs() {
  const channels: FakeChannel[] = []
  class FakeChannel {
    onmessage: ((event: { data: unknown }) => void) | null = null
    constructor() {
      channels.push(this)
    }
    postMessage(data: unknown) {
      for (const other of channels) if (other !== this) other.onmessage?.({ data })
    }
  }
  vi.stubGlobal('BroadcastChannel', FakeChannel)
  vi.stubGlobal('navigator', { locks: { request } })
  const tabs = []
  for (let count = 0; count < 2; count += 1) {
    vi.resetModules()
    const tab = await import('@/lib/submissions')
    tab.listenToOtherTabs()
    tabs.push(tab)
  }
  return tabs as [typeof import('@/lib/submissions'), typeof import('@/lib/submissions')]
}

const held = new Map<string, Promise<unknown>>()

type Work = (lock: object | null) => Promise<unknown>

/** The locks of a browser: the work of one holder after that of the previous one. */
async function request(name: string, options: { ifAvailable: true } | Work, work?: Work) {
  const isHeld = held.has(name)
  if (work && isHeld) return work(null)
  const run = work ?? (options as Work)
  const result = (held.get(name) ?? Promise.resolve()).then(() => run({}))
  held.set(name, result)
  await result
  if (held.get(name) === result) held.delete(name)
  return result
}

it('submits once if two tabs submit at the same time', async () => {
  const [one, other] = await twoTabs()
  const submit = vi.fn(() => new Promise<string>((resolve) => setTimeout(resolve, 20, 'done')))
  const results = await Promise.all(
    [one, other].map((tab) => tab.submitOnce('at once', 0, submit, () => true)),
  )
  expect(results).toEqual(['done', null])
  expect(submit).toHaveBeenCalledTimes(1)
})

it('does not repeat what another tab has done, at the first try', async () => {
  const [one, other] = await twoTabs()
  const submit = vi.fn(async () => 'done')
  const openedAt = Date.now()
  const send = (tab: typeof one) => tab.submitOnce('key', openedAt, submit, () => true)
  expect(await send(one)).toBe('done')
  expect(await send(other)).toBeNull()
  expect(submit).toHaveBeenCalledTimes(1)
  expect(await send(other)).toBe('done')
})

it('repeats what the same tab has done', async () => {
  const [one] = await twoTabs()
  const submit = vi.fn(async () => 'done')
  for (let count = 0; count < 2; count += 1)
    expect(await one.submitOnce('key', 0, submit, () => true)).toBe('done')
})

it('repeats what was refused, and what was done before the form was opened', async () => {
  const [one, other] = await twoTabs()
  await one.submitOnce(
    'refused',
    0,
    async () => 'no',
    () => false,
  )
  expect(
    await other.submitOnce(
      'refused',
      0,
      async () => 'yes',
      () => true,
    ),
  ).toBe('yes')
  await one.submitOnce(
    'before',
    0,
    async () => 'first',
    () => true,
  )
  const openedAt = Date.now() + 1
  expect(
    await other.submitOnce(
      'before',
      openedAt,
      async () => 'second',
      () => true,
    ),
  ).toBe('second')
})

it('repeats what was done long ago', async () => {
  const [one, other] = await twoTabs()
  vi.useFakeTimers()
  await one.submitOnce(
    'old',
    0,
    async () => 'first',
    () => true,
  )
  vi.advanceTimersByTime(11 * 60_000)
  expect(
    await other.submitOnce(
      'old',
      0,
      async () => 'second',
      () => true,
    ),
  ).toBe('second')
})

it('compares the input without the version on which it is based', () => {
  const key = (input: object) => submissionKey('AddNote', { input })
  expect(key({ text: 'a', expectedVersion: 1 })).toBe(key({ text: 'a', expectedVersion: 2 }))
  expect(key({ text: 'a' })).not.toBe(key({ text: 'b' }))
  expect(key({ text: 'a' })).not.toBe(submissionKey('EditNote', { input: { text: 'a' } }))
})
