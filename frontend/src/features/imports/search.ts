/** The step of an import and the page of its list, in the URL. */
import { t } from '@lingui/core/macro'
import { listOf, type PageSearch, pageSearch } from '@/lib/paging'

export type ImportStep = 'check' | 'preview' | 'import' | 'rejects'

export const stepLabels: Record<ImportStep, string> = {
  check: t`Check`,
  preview: t`Preview`,
  import: t({ message: 'Import', context: 'noun' }),
  rejects: t`Rejected lines`,
}

export interface ImportSearch extends PageSearch {
  step?: ImportStep
}

export function importSearch(search: Record<string, unknown>): ImportSearch {
  const [step] = listOf(search.step, stepLabels) ?? []
  return { ...pageSearch(search), step }
}
