/** Common properties of all calendars: accessible button names and contrast fixes. */
import type { DateInputProps } from '@mantine/dates'

export const calendarProps: Pick<
  DateInputProps,
  'hideOutsideDates' | 'weekendDays' | 'ariaLabels'
> = {
  hideOutsideDates: true,
  weekendDays: [],
  ariaLabels: {
    nextMonth: 'Next month',
    previousMonth: 'Previous month',
    nextYear: 'Next year',
    previousYear: 'Previous year',
    nextDecade: 'Next decade',
    previousDecade: 'Previous decade',
  },
}
