/** What can be done with what was scheduled. */
import type { Client } from 'urql'
import type { PairingFragment } from '@/gql/graphql'
import { errorMessage } from './failure'
import { CancelScheduledDocument } from './scheduled.generated'

/** Cancels a deferred action, and with an inactivation its reactivation; answers the problem. */
export async function cancelScheduled(client: Client, id: string): Promise<string | null> {
  const { data, error } = await client
    .mutation(CancelScheduledDocument, { input: { ids: [id] } })
    .toPromise()
  if (error) return errorMessage(error)
  return data?.cancelDeferredActions?.errors[0]?.message ?? null
}

/** True for a reactivation whose inactivation has not run: only that one can be run. */
export function waitsForInactivation({ toStatus, pairedWith }: PairingFragment): boolean {
  if (toStatus !== 'ACTIVE' || !pairedWith) return false
  return pairedWith.status !== 'DONE' && pairedWith.status !== 'CANCELLED'
}
