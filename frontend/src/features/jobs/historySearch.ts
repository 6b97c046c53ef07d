/** The history of jobs in the URL. */
import type { JobKind, JobRunStatus } from '@/gql/graphql'
import { jobKindLabels, jobStatusLabels } from '@/lib/labels'
import { listOf, type PageSearch, pageSearch } from '@/lib/paging'

export interface JobsSearch extends PageSearch {
  kind?: JobKind[]
  status?: JobRunStatus[]
}

const { QUEUED, RUNNING, ...ended } = jobStatusLabels

/** The statuses of runs that have ended. */
export const endedStatusLabels = ended as Record<JobRunStatus, string>

export function jobsSearch(search: Record<string, unknown>): JobsSearch {
  return {
    kind: listOf(search.kind, jobKindLabels),
    status: listOf(search.status, endedStatusLabels),
    ...pageSearch(search),
  }
}

/** The filter of the history: runs that have ended. */
export function historyFilter({ kind, status }: JobsSearch) {
  return { kind, status: status ?? (Object.keys(endedStatusLabels) as JobRunStatus[]) }
}
