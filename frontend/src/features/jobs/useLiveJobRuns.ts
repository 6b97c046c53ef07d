/** Job runs with live progress from a subscription, or as last queried while it is down. */
import { useEffect, useEffectEvent, useRef } from 'react'
import { type CombinedError, useSubscription } from 'urql'
import type { LiveJobRunsSubscription, RunNodeFragment, RunStepsFragment } from '@/gql/graphql'
import { useConnectionState } from '@/lib/connectionState'
import { LiveJobRunDocument, LiveJobRunsDocument } from './operations.generated'

export function isRunning(run: Pick<RunNodeFragment, 'status'>): boolean {
  return run.status === 'QUEUED' || run.status === 'RUNNING'
}

/** A run with its current steps and totals. */
export type LiveRun = RunNodeFragment & RunStepsFragment

type LiveRuns = ReadonlyMap<string, LiveRun>

function andThis(told: LiveRuns | undefined, { jobRuns: run }: LiveJobRunsSubscription): LiveRuns {
  return new Map(told).set(run.id, run)
}

interface Online {
  /** Called for a run that the query did not return. */
  onNew: () => void
  onEnd: (run: RunNodeFragment) => void
}

/** The error that ended the subscription, and how to start it again. */
interface Offline {
  error: CombinedError | undefined
  listen: () => void
}

/** Merges live progress into the queried runs. A run unknown to the query triggers a new query. */
export function useLiveJobRuns(
  read: LiveRun[],
  { onNew, onEnd }: Online,
): Offline & { runs: LiveRun[] } {
  const state = useConnectionState()
  const [{ data: told, error }, listen] = useSubscription({ query: LiveJobRunsDocument }, andThis)
  const met = useRef(new Set<string>())
  const hear = useEffectEvent((heard: LiveRuns) => {
    for (const run of heard.values()) {
      const word = isRunning(run) ? `${run.id} goes on` : `${run.id} has ended`
      if (met.current.has(word)) continue
      met.current.add(word)
      if (!isRunning(run)) onEnd(run)
      else if (!read.some((each) => each.id === run.id)) onNew()
    }
  })
  useEffect(() => {
    if (told) hear(told)
  }, [told])
  const again = useEffectEvent(onNew)
  useEffect(() => {
    // Changes during an interruption are not sent later.
    if (state === 'open') again()
  }, [state])
  const runs = state === 'lost' || error ? read : read.map((run) => told?.get(run.id) ?? run)
  return { runs, error, listen }
}

export function useLiveJobRun(
  read: LiveRun,
  onEnd: (run: RunNodeFragment) => void,
): Offline & { run: LiveRun } {
  const state = useConnectionState()
  const [{ data, error }, listen] = useSubscription({
    query: LiveJobRunDocument,
    variables: { id: read.id },
    pause: !isRunning(read),
  })
  const told = data?.jobRun
  const ended = useEffectEvent(onEnd)
  useEffect(() => {
    if (told && !isRunning(told)) ended(told)
  }, [told])
  const run = told && !error && state !== 'lost' && isRunning(read) ? told : read
  return { run, error, listen }
}
