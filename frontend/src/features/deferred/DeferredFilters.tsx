import { Button, type ButtonProps, Group } from '@mantine/core'
import { DateInput } from '@mantine/dates'
import '@mantine/dates/styles.layer.css'
import { useBusiness } from '@/lib/business'
import { deferredKindLabels, deferredStatusLabels } from '@/lib/labels'
import { useChangeSearch } from '@/lib/useChangeSearch'
import { calendarProps } from '@/ui/calendar'
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
        label="Status"
        labels={deferredStatusLabels}
        selected={search.status}
        onSelect={(status) => change({ status })}
      />
      <FilterSelect
        label="Kind"
        labels={deferredKindLabels}
        selected={search.kind}
        onSelect={(kind) => change({ kind })}
      />
    </>
  )
}

export function DeferredFilters({ search }: { search: DeferredSearch }) {
  const change = useChangeDeferred()
  const { clock } = useBusiness()
  const date = (label: string, end: 'from' | 'to') => (
    <DateInput
      aria-label={label}
      placeholder={label}
      w={150}
      valueFormat="YYYY-MM-DD"
      defaultDate={clock.today}
      value={search[end] ?? null}
      onChange={(day) => change({ [end]: day ?? undefined })}
      clearable
      clearButtonProps={{ 'aria-label': `Clear ${label.toLowerCase()}` }}
      {...calendarProps}
    />
  )
  return (
    <Group gap="xs" mb="sm">
      <KindAndStatus search={search} />
      {date('From date', 'from')}
      {date('To date', 'to')}
      {isNarrowed(search) && <ClearFilters />}
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
      Clear filters
    </Button>
  )
}
