import { Button, Group } from '@mantine/core'
import { DateInput } from '@mantine/dates'
import '@mantine/dates/styles.layer.css'
import { useBusiness } from '@/lib/business'
import { useChangeSearch } from '@/lib/useChangeSearch'
import { deferredKindWords, deferredStatusWords } from '@/lib/words'
import { calendarProps } from '@/ui/calendar'
import { FilterSelect } from '@/ui/FilterSelect'
import type { DeferredSearch } from './search'

export function useChangeDeferred(): (changed: Partial<DeferredSearch>) => void {
  const change = useChangeSearch<DeferredSearch>()
  return (changed) => change({ after: undefined, before: undefined, ...changed })
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
  const some = search.kind || search.status || search.from || search.to
  return (
    <Group gap="xs" mb="sm">
      <FilterSelect
        label="Status"
        words={deferredStatusWords}
        chosen={search.status}
        onChoose={(status) => change({ status })}
      />
      <FilterSelect label="Kind" words={deferredKindWords} chosen={search.kind} onChoose={(kind) => change({ kind })} />
      {date('From date', 'from')}
      {date('To date', 'to')}
      {some && (
        <Button
          variant="subtle"
          onClick={() => change({ kind: undefined, status: undefined, from: undefined, to: undefined })}
        >
          Clear filters
        </Button>
      )}
    </Group>
  )
}
