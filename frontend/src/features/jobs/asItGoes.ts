/** Runs as they are at this moment: told by the server, and as they were last read where it cannot tell. */
import { useEffect, useEffectEvent, useRef } from 'react'
import { type CombinedError, useSubscription } from 'urql'
import {
  JobRunAsItGoesDocument,
  JobRunsAsTheyGoDocument,
  type JobRunsAsTheyGoSubscription,
  type RunNodeFragment,
  type RunStepsFragment,
} from '@/gql/graphql'
import { useLine } from '@/lib/line'

export function isRunning(run: Pick<RunNodeFragment, 'status'>): boolean {
  return run.status === 'QUEUED' || run.status === 'RUNNING'
}

/** A run with its steps and totals so far. */
export type RunTold = RunNodeFragment & RunStepsFragment

type Told = ReadonlyMap<string, RunTold>

function andThis(told: Told | undefined, { jobRuns: run }: JobRunsAsTheyGoSubscription): Told {
  return new Map(told).set(run.id, run)
}

interface Hearing {
  /** A run was told of that was not among those that were read. */
  onNew: () => void
  onEnd: (run: RunNodeFragment) => void
}

/** Why nothing is told any more, and the way to listen again. */
interface Deaf {
  error: CombinedError | undefined
  listen: () => void
}

/** The runs that were read as going on; which they are is read anew where the server tells of another one. */
export function useRunsAsTheyGo(read: RunTold[], { onNew, onEnd }: Hearing): Deaf & { runs: RunTold[] } {
  const line = useLine()
  const [{ data: told, error }, listen] = useSubscription({ query: JobRunsAsTheyGoDocument }, andThis)
  const met = useRef(new Set<string>())
  const hear = useEffectEvent((heard: Told) => {
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
    // What happened while the line was down is told by nobody.
    if (line === 'open') again()
  }, [line])
  const runs = line === 'lost' || error ? read : read.map((run) => told?.get(run.id) ?? run)
  return { runs, error, listen }
}

export function useRunAsItGoes(read: RunTold, onEnd: (run: RunNodeFragment) => void): Deaf & { run: RunTold } {
  const line = useLine()
  const [{ data, error }, listen] = useSubscription({
    query: JobRunAsItGoesDocument,
    variables: { id: read.id },
    pause: !isRunning(read),
  })
  const told = data?.jobRun
  const ended = useEffectEvent(onEnd)
  useEffect(() => {
    if (told && !isRunning(told)) ended(told)
  }, [told])
  const run = told && !error && line !== 'lost' && isRunning(read) ? told : read
  return { run, error, listen }
}
