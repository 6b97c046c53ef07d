/** What was opened last with the search, on this device. */
import { accountLink } from '../accounts/links'
import { assetsLink } from '../assets/links'
import { billLink } from '../bills/links'
import { catalogLink } from '../catalog/links'

export interface RecentResult {
  kind: 'account' | 'bill' | 'offer' | 'service'
  /** The number of the account, also of a service, or of the bill; the code of the offer. */
  key: string
  label: string
  description: string
}

const kinds: RecentResult['kind'][] = ['account', 'bill', 'offer', 'service']
const storageKey = 'tenure-recent-results'
const mostKept = 6

export function recentResults(): RecentResult[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(storageKey) ?? '[]')
    return Array.isArray(kept) ? kept.filter(isResult) : []
  } catch {
    return []
  }
}

export function remember({ kind, key, label, description }: RecentResult): void {
  const others = recentResults().filter((each) => each.kind !== kind || each.key !== key)
  const kept = [{ kind, key, label, description }, ...others].slice(0, mostKept)
  localStorage.setItem(storageKey, JSON.stringify(kept))
}

/** The names of customers do not stay on the device after signing out. */
export function forgetRecent(): void {
  localStorage.removeItem(storageKey)
}

export function linkOf({ kind, key }: Pick<RecentResult, 'kind' | 'key'>) {
  if (kind === 'account') return accountLink(key)
  if (kind === 'service') return assetsLink(key)
  return kind === 'bill' ? billLink(key) : catalogLink({ q: key })
}

/** The storage may have been written by another version of the page. */
function isResult(value: unknown): value is RecentResult {
  const { kind, key, label } = (value ?? {}) as Partial<RecentResult>
  return (
    kind !== undefined &&
    kinds.includes(kind) &&
    typeof key === 'string' &&
    typeof label === 'string'
  )
}
