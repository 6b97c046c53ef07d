/** The filters of the list of deferred actions and of the calendar. */
import { t } from '@lingui/core/macro'
import { deferredKindLabels, deferredStatusLabels } from '@/lib/labels'
import { date } from '@/ui/dateFilter'
import { choices } from '@/ui/listFilters'

export const calendarFilters = [
  choices('status', t`Status`, deferredStatusLabels),
  choices('kind', t`Kind`, deferredKindLabels),
]

export const deferredFilters = [
  ...calendarFilters,
  date('from', t`From date`, 'future'),
  date('to', t`To date`, 'future'),
]
