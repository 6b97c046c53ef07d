/** Job runs with live progress from a subscription, or as last queried while it is down. */
import { useEffect, useEffectEvent, useRef } from 'react'
import { type CombinedError, useSubscription } from 'urql'
import type { LiveJobRunsSubscription, RunNodeFragment, RunStepsFragment } from '@/gql/graphql'
import { useConnectionState } from '@/lib/connectionState'
import { isAsFar, isRunning } from '@/lib/runProgress'
import { LiveJobRunDocument, LiveJobRunsDocument } from './operations.generated'

/** A run with its current steps and totals. */
export type LiveRun = RunNodeFragment & RunStepsFragment

type LiveRuns = ReadonlyMap<string, LiveRun>

function addUpdate(
  updates: LiveRuns | undefined,
  { jobRuns: run }: LiveJobRunsSubscription,
): LiveRuns {
  return new Map(updates).set(run.id, run)
}

interface Callbacks {
  /** Called for a run that the query did not return. */
  onNew: () => void
  onEnd: (run: RunNodeFragment) => void
}

/** The error that ended the subscription, and how to start it again. */
interface Subscription {
  error: CombinedError | undefined
  listen: () => void
}

/** Merges live progress into the queried runs. A run unknown to the query triggers a new query. */
export function useLiveJobRuns(
  read: LiveRun[],
  { onNew, onEnd }: Callbacks,
): Subscription & { runs: LiveRun[] } {
  const state = useConnectionState()
  const [{ data: updates, error }, listen] = useSubscription(
    { query: LiveJobRunsDocument },
    addUpdate,
  )
  const handled = useRef(new Set<string>())
  const handleUpdates = useEffectEvent((updates: LiveRuns) => {
    for (const run of updates.values()) {
      const key = isRunning(run) ? `${run.id} running` : `${run.id} ended`
      if (handled.current.has(key)) continue
      handled.current.add(key)
      if (!isRunning(run)) onEnd(run)
      else if (!read.some((each) => each.id === run.id)) onNew()
    }
  })
  useEffect(() => {
    if (updates) handleUpdates(updates)
  }, [updates])
  const refetch = useEffectEvent(onNew)
  useEffect(() => {
    // Changes during an interruption are not sent later.
    if (state === 'open') refetch()
  }, [state])
  const isConnected = !error && state !== 'lost'
  const runs = read.map((run) => {
    const sent = updates?.get(run.id)
    return sent && (isConnected || isAsFar(sent, run)) ? sent : run
  })
  return { runs, error, listen }
}

export function useLiveJobRun(
  read: LiveRun,
  onEnd: (run: RunNodeFragment) => void,
): Subscription & { run: LiveRun } {
  const state = useConnectionState()
  const [{ data, error }, listen] = useSubscription({
    query: LiveJobRunDocument,
    variables: { id: read.id },
    pause: !isRunning(read),
  })
  const update = data?.jobRun
  const handleEnd = useEffectEvent(onEnd)
  useEffect(() => {
    if (update && !isRunning(update)) handleEnd(update)
  }, [update])
  const isConnected = !error && state !== 'lost' && isRunning(read)
  const run = update && (isConnected || isAsFar(update, read)) ? update : read
  return { run, error, listen }
}
