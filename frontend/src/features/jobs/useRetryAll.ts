/** Retries all failures of a run in batches of fifty, until all were tried or `stop` is called. */
import { t } from '@lingui/core/macro'
import { useRef, useState } from 'react'
import { useClient } from 'urql'
import type { FailedActionFragment } from '@/gql/graphql'
import { errorMessage } from '@/lib/failure'
import { indexInList } from '@/lib/payload'
import { FailuresToRetryDocument, RetryFailedActionsDocument } from './operations.generated'

export interface FailedAgain {
  action: FailedActionFragment
  why: string
}

export interface Retried {
  tried: number
  done: number
  failedAgain: FailedAgain[]
}

const nothingYet: Retried = { tried: 0, done: 0, failedAgain: [] }

export function useRetryAll(jobRunId: string) {
  const client = useClient()
  const [state, setState] = useState<'ready' | 'busy' | 'over'>('ready')
  const [problems, setProblems] = useState<string[]>([])
  const [retried, setRetried] = useState(nothingYet)
  const stopped = useRef(false)

  async function page(after: string | null) {
    const variables = { id: jobRunId, after }
    const { data, error } = await client.query(FailuresToRetryDocument, variables, {
      requestPolicy: 'network-only',
    })
    if (error) throw errorMessage(error)
    return data?.node?.__typename === 'JobRun' ? data.node.failures : null
  }

  async function retryBatch(actions: FailedActionFragment[]): Promise<FailedAgain[]> {
    const input = { ids: actions.map((action) => action.id) }
    const { data, error } = await client.mutation(RetryFailedActionsDocument, { input })
    const payload = data?.runDeferredActions
    if (error || !payload)
      throw error ? errorMessage(error) : t`Tenure returned no result. Try again.`
    const { deferredActions, errors } = payload
    const why = new Map(
      deferredActions.flatMap((action) =>
        action.status === 'DONE' ? [] : [[action.id, action.failure ?? '']],
      ),
    )
    for (const refusal of errors) {
      const action = actions[indexInList(refusal) ?? -1]
      if (action) why.set(action.id, refusal.message)
    }
    return actions.flatMap((action) => {
      const reason = why.get(action.id)
      return reason === undefined ? [] : [{ action, why: reason }]
    })
  }

  async function run(): Promise<void> {
    stopped.current = false
    setProblems([])
    setRetried(nothingYet)
    setState('busy')
    try {
      let sum = nothingYet
      let after: string | null = null
      // Retried actions leave the list; the cursor stays valid.
      for (let more = true; more && !stopped.current; ) {
        const failures = await page(after)
        if (!failures || failures.nodes.length === 0) break
        const failed = await retryBatch(failures.nodes)
        sum = {
          tried: sum.tried + failures.nodes.length,
          done: sum.done + failures.nodes.length - failed.length,
          failedAgain: [...sum.failedAgain, ...failed],
        }
        setRetried(sum)
        after = failures.pageInfo.endCursor ?? null
        more = failures.pageInfo.hasNextPage
      }
      setState('over')
    } catch (problem) {
      setProblems([String(problem)])
      setState('ready')
    }
  }

  return {
    run,
    stop: () => {
      stopped.current = true
    },
    state,
    problems,
    retried,
  }
}
