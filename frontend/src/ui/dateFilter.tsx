/** A date as the filter of a list. Separate, because the calendar is large. */
import { DateField } from './DateField'
import type { ListFilter } from './listFilters'

/** `of` says which date is meant without a year: the next one, or for "past" the last one. */
export function date(name: string, label: string, of: 'past' | 'future'): ListFilter {
  return {
    name,
    label,
    control: (value, set) => (
      <DateField
        compact
        allowPast
        meansPast={of === 'past'}
        label={label}
        value={(value as string | undefined) ?? null}
        onChange={(day) => set(day ?? undefined)}
      />
    ),
  }
}
