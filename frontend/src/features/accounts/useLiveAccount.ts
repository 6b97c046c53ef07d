/** Reruns the queries of an account page when the account changes elsewhere. */
import { useEffect, useRef } from 'react'
import { useSubscription } from 'urql'
import { useConnectionState } from '@/lib/connectionState'
import { requestRefresh } from '@/lib/refresh'
import { AccountChangesDocument } from './operations.generated'

export function useLiveAccount(id: string): void {
  useSubscription({ query: AccountChangesDocument, variables: { account: id } }, (_, event) => {
    requestRefresh()
    return event
  })
  const state = useConnectionState()
  const wasLost = useRef(false)
  useEffect(() => {
    // Changes during an interruption are not sent later.
    if (state === 'open' && wasLost.current) requestRefresh()
    wasLost.current = state === 'lost'
  }, [state])
}
