/** Downloads a list as CSV, as it is filtered and sorted. */
import { t } from '@lingui/core/macro'
import { useMay } from '@/lib/business'
import { DownloadButton } from './DownloadButton'

type List =
  | 'accounts'
  | 'audit-log'
  | 'bills'
  | 'deferred-actions'
  | 'disputes'
  | 'failed-actions'
  | 'offers'
  | 'payments'
  | 'quarantined-accounts'
  | 'reasons'
  | 'tokens'
  | 'users'
  | 'webhooks'

export interface ExportLinkProps {
  list: List
  /** The filter of the API; or the arguments of a list that has no input type for it. */
  filter?: object
  sort?: string
  /** The id of a run, for what failed in it. */
  jobRun?: string
}

export function ExportLink({ list, filter, sort, jobRun }: ExportLinkProps) {
  if (!useMay('AGENT')) return null
  const given = { filter: filter && JSON.stringify(filter), sort, jobRun }
  const parameters = new URLSearchParams()
  for (const [name, value] of Object.entries(given)) if (value) parameters.set(name, value)
  return <DownloadButton href={`/exports/${list}.csv?${parameters}`}>{t`Export`}</DownloadButton>
}
