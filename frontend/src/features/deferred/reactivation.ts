/** Describes an inactivation together with the reactivation that ends it. */
import { t } from '@lingui/core/macro'
import type { DeferredActionStatus, Status } from '@/gql/graphql'
import { formatWithWeekday } from '@/lib/time'

interface Paired {
  status: DeferredActionStatus
  toStatus?: Status | null
  scheduledFor: string
  pairedWith?: { status: DeferredActionStatus; scheduledFor: string } | null
}

/** "Inactive from Mon 30 Nov 2026, active again on Mon 7 Dec 2026"; null if unpaired. */
export function pairSentence(
  { status, toStatus, scheduledFor, pairedWith }: Paired,
  zone: string,
): string | null {
  if (!pairedWith) return null
  const ends = toStatus === 'ACTIVE'
  if (pairedWith.status === 'CANCELLED') {
    if (status === 'CANCELLED') return null
    return ends ? t`Its inactivation was cancelled` : t`Its reactivation was cancelled`
  }
  const [from, until] = ends
    ? [pairedWith.scheduledFor, scheduledFor]
    : [scheduledFor, pairedWith.scheduledFor]
  return inactiveSentence(from, until, zone)
}

export function inactiveSentence(from: string, until: string, zone: string): string {
  const start = formatWithWeekday(from, zone)
  const end = formatWithWeekday(until, zone)
  return t`Inactive from ${start}, active again on ${end}`
}

/** True if cancelling the action also cancels its reactivation. */
export function cancelsBoth({ status, toStatus, pairedWith }: Paired): boolean {
  return status === 'PENDING' && toStatus === 'INACTIVE' && pairedWith?.status === 'PENDING'
}
