import type { DialogAddress } from '@/lib/dialog'

export const jobFailures = (jobRunId: string): DialogAddress => ({ dialog: 'job-failures', on: [jobRunId] })
