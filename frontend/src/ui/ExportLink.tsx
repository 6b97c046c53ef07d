/** Downloads a list as CSV, as it is filtered and sorted. */
import { t } from '@lingui/core/macro'
import { Button } from '@mantine/core'
import { IconDownload } from '@tabler/icons-react'
import { useMay } from '@/lib/business'

interface ExportLinkProps {
  list: 'accounts' | 'deferred-actions'
  /** The filter of the API. */
  filter: object
  sort?: string
}

export function ExportLink({ list, filter, sort }: ExportLinkProps) {
  if (!useMay('AGENT')) return null
  const parameters = new URLSearchParams({ filter: JSON.stringify(filter) })
  if (sort) parameters.set('sort', sort)
  return (
    <Button
      component="a"
      href={`/exports/${list}.csv?${parameters}`}
      download
      variant="default"
      leftSection={<IconDownload size={16} aria-hidden />}
    >
      {t`Export`}
    </Button>
  )
}
