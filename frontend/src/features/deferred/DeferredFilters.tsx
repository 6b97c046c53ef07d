import { t } from '@lingui/core/macro'
import { Button, type ButtonProps, Group } from '@mantine/core'
import type { ReactNode } from 'react'
import { deferredKindLabels, deferredStatusLabels } from '@/lib/labels'
import { useChangeSearch } from '@/lib/useChangeSearch'
import { DateField } from '@/ui/DateField'
import { FilterSelect } from '@/ui/FilterSelect'
import type { DeferredSearch } from './search'

export function useChangeDeferred(): (changed: Partial<DeferredSearch>) => void {
  const change = useChangeSearch<DeferredSearch>()
  return (changed) => change({ after: undefined, before: undefined, ...changed })
}

interface KindAndStatusProps {
  search: Pick<DeferredSearch, 'kind' | 'status'>
}

/** The filters of the list and of the calendar. */
export function KindAndStatus({ search }: KindAndStatusProps) {
  const change = useChangeDeferred()
  return (
    <>
      <FilterSelect
        label={t`Status`}
        labels={deferredStatusLabels}
        selected={search.status}
        onSelect={(status) => change({ status })}
      />
      <FilterSelect
        label={t`Kind`}
        labels={deferredKindLabels}
        selected={search.kind}
        onSelect={(kind) => change({ kind })}
      />
    </>
  )
}

interface DeferredFiltersProps {
  search: DeferredSearch
  children?: ReactNode
}

export function DeferredFilters({ search, children }: DeferredFiltersProps) {
  const change = useChangeDeferred()
  const date = (label: string, end: 'from' | 'to') => (
    <DateField
      compact
      label={label}
      allowPast
      value={search[end] ?? null}
      onChange={(day) => change({ [end]: day ?? undefined })}
    />
  )
  return (
    <Group gap="xs" mb="sm">
      <KindAndStatus search={search} />
      {date(t`From date`, 'from')}
      {date(t`To date`, 'to')}
      {isNarrowed(search) && <ClearFilters />}
      {children}
    </Group>
  )
}

export function isNarrowed(search: DeferredSearch): boolean {
  return Boolean(search.kind || search.status || search.from || search.to)
}

export function ClearFilters(props: ButtonProps) {
  const change = useChangeDeferred()
  const none = { kind: undefined, status: undefined, from: undefined, to: undefined }
  return (
    <Button variant="subtle" {...props} onClick={() => change(none)}>
      {t`Clear filters`}
    </Button>
  )
}
