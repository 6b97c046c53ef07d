/** Describes an inactivation together with the reactivation that ends it. */
import type { DeferredActionStatus, Status } from '@/gql/graphql'
import { shownWithWeekday } from '@/lib/time'

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
    return ends ? 'Its inactivation was cancelled' : 'Its reactivation was cancelled'
  }
  const [from, until] = ends
    ? [pairedWith.scheduledFor, scheduledFor]
    : [scheduledFor, pairedWith.scheduledFor]
  return inactiveSentence(from, until, zone)
}

export function inactiveSentence(from: string, until: string, zone: string): string {
  const start = shownWithWeekday(from, zone)
  const end = shownWithWeekday(until, zone)
  return `Inactive from ${start}, active again on ${end}`
}

/** True where cancelling the action cancels its reactivation too. */
export function cancelsBoth({ status, toStatus, pairedWith }: Paired): boolean {
  return status === 'PENDING' && toStatus === 'INACTIVE' && pairedWith?.status === 'PENDING'
}
