/**
 * The same form in two tabs of a browser: what one of them has just done, the other does not repeat
 * without a question. A tab tells the others what it has submitted; a lock keeps two tabs from
 * submitting the same at the same time.
 */

const name = 'tenure-submissions'
/** The same input is meant again after this time. */
const rememberedMs = 10 * 60_000
/** The message of the tab that has just released the lock arrives within this time. */
const arrivalMs = 150

/** When other tabs have submitted a form, by the key of its input. */
const elsewhere = new Map<string, number>()
let channel: BroadcastChannel | null = null

/** From now on, this tab learns what others submit. */
export function listenToOtherTabs(): void {
  if (channel || typeof BroadcastChannel === 'undefined') return
  channel = new BroadcastChannel(name)
  channel.onmessage = ({ data }) => elsewhere.set(String(data), Date.now())
}

/** The operation and its input. The version on which a form is based is no part of its input. */
export function submissionKey(operation: string, variables: unknown): string {
  const withoutVersion = (field: string, value: unknown) =>
    field === 'expectedVersion' ? undefined : value
  return `${operation} ${JSON.stringify(variables, withoutVersion)}`
}

/**
 * Submits unless another tab has submitted the same since `openedAt`; then it returns null, once.
 * `isDone` tells from the result that it was not refused.
 */
export async function submitOnce<Result>(
  key: string,
  openedAt: number,
  submit: () => Promise<Result>,
  isDone: (result: Result) => boolean,
): Promise<Result | null> {
  return withLock(`${name} ${key}`, async () => {
    const at = elsewhere.get(key)
    elsewhere.delete(key)
    if (at !== undefined && at >= openedAt && Date.now() - at < rememberedMs) return null
    const result = await submit()
    if (isDone(result)) channel?.postMessage(key)
    return result
  })
}

/** Browsers have locks on secure origins only. */
async function withLock<Result>(lock: string, work: () => Promise<Result>): Promise<Result> {
  if (!navigator.locks) return work()
  const atOnce = await navigator.locks.request(lock, { ifAvailable: true }, async (held) =>
    held ? { result: await work() } : null,
  )
  if (atOnce) return atOnce.result
  return navigator.locks.request(lock, async () => {
    await new Promise((resume) => setTimeout(resume, arrivalMs))
    return work()
  })
}
