/** The runs of a file: which one a step shows, and the words for their counts. */
import { plural, t } from '@lingui/core/macro'
import type { ImportFileNodeFragment, ImportMode, ImportRunNodeFragment } from '@/gql/graphql'
import { isRunning } from '@/lib/runProgress'
import type { ImportStep } from './search'

export const modeLabels: Record<ImportMode, string> = {
  CHECK: t`Check`,
  IMPORT: t({ message: 'Import', context: 'noun' }),
}

export function isLive({ jobRun }: ImportRunNodeFragment): boolean {
  return isRunning(jobRun)
}

/** The newest run of a mode. */
export function runOf(
  file: ImportFileNodeFragment,
  mode: ImportMode,
): ImportRunNodeFragment | undefined {
  return file.runs.find((run) => run.mode === mode)
}

/** What to look at next: the import if there is one, the preview of a complete check. */
export function currentStep(file: ImportFileNodeFragment): ImportStep {
  if (runOf(file, 'IMPORT')) return 'import'
  const check = runOf(file, 'CHECK')
  return check && isComplete(check) && check.accounts > 0 ? 'preview' : 'check'
}

/** All lines were read. */
export function isComplete({ jobRun }: ImportRunNodeFragment): boolean {
  return jobRun.status === 'DONE' || jobRun.status === 'DONE_WITH_FAILURES'
}

export function accountsText(count: number): string {
  return plural(count, { one: '# account', other: '# accounts' })
}

/** The counts of what the accepted lines create; nothing for zeros. */
export function countsOf(run: ImportRunNodeFragment): [string, number][] {
  const counts: [string, number][] = [
    [t`Accounts`, run.accounts],
    [t`Services`, run.services],
    [t`Purchased offers`, run.purchases],
    [t`Payment methods`, run.paymentMethods],
    [t`Contacts`, run.contacts],
    [t`Notes`, run.notes],
    [t`New offers in the catalog`, run.newOffers],
  ]
  return counts.filter(([, count], place) => place === 0 || count > 0)
}
