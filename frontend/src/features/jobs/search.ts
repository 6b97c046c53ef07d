/** The state of the page of a job run in the URL: the results shown, and their page. */
import { t } from '@lingui/core/macro'
import type { DeferredActionKind, StatusChangeResultStatus } from '@/gql/graphql'
import { deferredKindLabels } from '@/lib/labels'
import { listOf, type PageSearch, pageSearch, textOf } from '@/lib/paging'

/** The page, `kind` and `q` are those of the failed actions. */
export interface JobRunSearch extends PageSearch {
  kind?: DeferredActionKind[]
  /** Words of what failed, or of the reason. */
  q?: string
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
    kind: listOf(search.kind, deferredKindLabels),
    q: textOf(search.q),
    result: listOf(search.result, resultLabels),
    resultsAfter: textOf(search.resultsAfter),
    resultsBefore: textOf(search.resultsBefore),
    ...pageSearch(search),
  }
}
