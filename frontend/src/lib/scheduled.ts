/** Undoes what was scheduled. */
import type { Client } from 'urql'
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
