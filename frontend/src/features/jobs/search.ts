/** The state of the page of a job run in the URL: the results shown, and their page. */
import { t } from '@lingui/core/macro'
import type { StatusChangeResultStatus } from '@/gql/graphql'
import { listOf, type PageSearch, pageSearch, textOf } from '@/lib/paging'

/** The page is that of the failed actions. */
export interface JobRunSearch extends PageSearch {
  /** Only the accounts with these results. */
  result?: StatusChangeResultStatus[]
  /** The page of the results. */
  resultsAfter?: string
  resultsBefore?: string
}

export const resultLabels: Record<StatusChangeResultStatus, string> = {
  DONE: t`Done`,
  UNCHANGED: t`Unchanged`,
  FAILED: t`Failed`,
  PENDING: t`Not tried`,
}

export function jobRunSearch(search: Record<string, unknown>): JobRunSearch {
  return {
    result: listOf(search.result, resultLabels),
    resultsAfter: textOf(search.resultsAfter),
    resultsBefore: textOf(search.resultsBefore),
    ...pageSearch(search),
  }
}
