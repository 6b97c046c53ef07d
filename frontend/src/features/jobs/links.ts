/** Links to the job screens and dialogs. */
import { linkOptions } from '@tanstack/react-router'
import type { JobKind } from '@/gql/graphql'
import type { DialogAddress } from '@/lib/dialog'

/** With a kind, if the user has chosen it already. */
export const startJob = (kind?: JobKind): DialogAddress => ({ dialog: 'start-job', choice: kind })

export const cancelJob = (jobRunId: string): DialogAddress => ({
  dialog: 'cancel-job',
  on: [jobRunId],
})

export const retryFailures = (jobRunId: string): DialogAddress => ({
  dialog: 'retry-failures',
  on: [jobRunId],
})

/** Tries the accounts again that a status change job has not changed. */
export const retryStatusChanges = (jobRunId: string): DialogAddress => ({
  dialog: 'retry-status-changes',
  on: [jobRunId],
})

export const jobsLink = linkOptions({ to: '/jobs' })

export function jobRunLink(jobRunId: string) {
  return linkOptions({ to: '/jobs/$run', params: { run: jobRunId } })
}
