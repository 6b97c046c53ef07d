/** The progress of a job run, which is read, and sent by a subscription while that is connected. */
import type { JobRunStatus } from '@/gql/graphql'

interface Progress {
  status: JobRunStatus
  done: number
  failed: number
}

/** Whether what was sent last shows at least as much as what was read. */
export function isAsFar(sent: Progress, read: Progress): boolean {
  const isRunning = read.status === 'QUEUED' || read.status === 'RUNNING'
  return isRunning && sent.done + sent.failed >= read.done + read.failed
}
