/** Common properties of all calendars: language, accessible button names and contrast fixes. */
import { t } from '@lingui/core/macro'
import type { DateInputProps } from '@mantine/dates'
import { language } from '@/lib/language'

export const calendarProps: Pick<
  DateInputProps,
  'locale' | 'hideOutsideDates' | 'weekendDays' | 'ariaLabels'
> = {
  locale: language(),
  hideOutsideDates: true,
  weekendDays: [],
  ariaLabels: {
    nextMonth: t`Next month`,
    previousMonth: t`Previous month`,
    nextYear: t`Next year`,
    previousYear: t`Previous year`,
    nextDecade: t`Next decade`,
    previousDecade: t`Previous decade`,
  },
}
