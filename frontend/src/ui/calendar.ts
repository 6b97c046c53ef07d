/** What every calendar of the page is given: names for its buttons, and no colours that fail contrast. */
import type { DateInputProps } from '@mantine/dates'

export const calendarProps: Partial<DateInputProps> = {
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
