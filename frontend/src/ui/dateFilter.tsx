/** A date as the filter of a list. Separate, because the calendar is large. */
import { DateField } from './DateField'
import type { ListFilter } from './listFilters'

export function date(name: string, label: string): ListFilter {
  return {
    name,
    label,
    control: (value, set) => (
      <DateField
        compact
        allowPast
        label={label}
        value={(value as string | undefined) ?? null}
        onChange={(day) => set(day ?? undefined)}
      />
    ),
  }
}
