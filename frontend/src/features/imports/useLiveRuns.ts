/** The progress of imports from subscriptions, or as last queried while they are down. */
import { useEffect, useEffectEvent } from 'react'
import { type CombinedError, useSubscription } from 'urql'
import type { ImportFileNodeFragment } from '@/gql/graphql'
import { useConnectionState } from '@/lib/connectionState'
import { isAsFar } from '@/lib/runProgress'
import { LiveImportRunDocument, LiveImportsDocument } from './operations.generated'
import { isLive } from './runs'

interface LiveFile {
  file: ImportFileNodeFragment
  /** The error that ended the subscription, and how to start it again. */
  error: CombinedError | undefined
  listen: () => void
}

/** A file whose running check or import is the current one. `onEnd` reads what the run has left. */
export function useLiveFile(read: ImportFileNodeFragment, onEnd: () => void): LiveFile {
  const state = useConnectionState()
  const running = read.runs.find(isLive)
  const [{ data, error }, listen] = useSubscription({
    query: LiveImportRunDocument,
    variables: { id: running?.jobRun.id ?? '' },
    pause: !running,
  })
  const update = data?.jobRun.importRun
  const hasEnded = running?.id === update?.id && update != null && !isLive(update)
  const handleEnd = useEffectEvent(onEnd)
  useEffect(() => {
    if (hasEnded) handleEnd()
  }, [hasEnded])
  const isConnected = !error && state !== 'lost'
  const runs = read.runs.map((run) =>
    run.id === update?.id && run === running && (isConnected || isAsFar(update.jobRun, run.jobRun))
      ? update
      : run,
  )
  return { file: { ...read, runs }, error, listen }
}

/** Calls back when an import starts or ends, while one of those that are shown runs. */
export function useImportsChange(isRunning: boolean, onChange: () => void): void {
  const [{ data }] = useSubscription({ query: LiveImportsDocument, pause: !isRunning })
  const run = data?.jobRuns
  const changed = run?.kind === 'IMPORT' ? `${run.id} ${run.status}` : null
  const handleChange = useEffectEvent(onChange)
  const state = useConnectionState()
  useEffect(() => {
    // Changes before the connection was open are not sent later.
    if (changed || (isRunning && state === 'open')) handleChange()
  }, [changed, isRunning, state])
}
