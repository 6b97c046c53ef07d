/** The progress of a job run, which is read, and sent by a subscription while that is connected. */
import type { JobRunStatus } from '@/gql/graphql'

interface Progress {
  status: JobRunStatus
  done: number
  failed: number
}

export function isRunning({ status }: Pick<Progress, 'status'>): boolean {
  return status === 'QUEUED' || status === 'RUNNING'
}

/** Whether what was sent last shows at least as much as what was read. */
export function isAsFar(sent: Progress, read: Progress): boolean {
  return isRunning(read) && sent.done + sent.failed >= read.done + read.failed
}
