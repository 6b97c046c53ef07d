/** Links to the job screens and dialogs. */
import { linkOptions } from '@tanstack/react-router'
import type { DialogAddress } from '@/lib/dialog'

export const startJob: DialogAddress = { dialog: 'start-job' }

export const cancelJob = (jobRunId: string): DialogAddress => ({
  dialog: 'cancel-job',
  on: [jobRunId],
})

export const retryFailures = (jobRunId: string): DialogAddress => ({
  dialog: 'retry-failures',
  on: [jobRunId],
})

export const jobsLink = linkOptions({ to: '/jobs' })

export function jobRunLink(jobRunId: string) {
  return linkOptions({ to: '/jobs/$run', params: { run: jobRunId } })
}
