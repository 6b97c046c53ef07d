/** The bill days in the calendar: a sign in the month, and the details of the open day. */
import { plural, t } from '@lingui/core/macro'
import { Group, Paper, Text } from '@mantine/core'
import { IconFileInvoice } from '@tabler/icons-react'
import type { CalendarBillDayFragment, JobRunStatus } from '@/gql/graphql'
import { formatCount } from '@/lib/language'
import { JobStatusBadge, type Tone, ToneCount } from '@/ui/Badges'
import { TextLink } from '@/ui/links'
import { allBillsLink } from '../bills/links'
import { jobRunLink } from '../jobs/links'

const tones: Record<JobRunStatus, Tone> = {
  QUEUED: 'busy',
  RUNNING: 'busy',
  DONE: 'good',
  DONE_WITH_FAILURES: 'waiting',
  FAILED: 'bad',
  CANCELLED: 'ended',
}

interface BillDayProps {
  day: CalendarBillDayFragment
}

interface BillDayCountProps {
  day: CalendarBillDayFragment | undefined
  named?: boolean
}

export function BillDayCount({ day, named = false }: BillDayCountProps) {
  if (!day) return null
  const tone = day.jobRun ? tones[day.jobRun.status] : 'ended'
  return (
    <ToneCount tone={tone} sign={IconFileInvoice}>
      {named ? billDayLabel(day) : formatCount(day.bills || day.billUnits)}
    </ToneCount>
  )
}

/** "12 bills", "30 bill units to bill", or both. */
export function billDayLabel({ bills, billUnits }: CalendarBillDayFragment): string {
  const labels = [
    bills > 0 && plural(bills, { one: '# bill', other: '# bills' }),
    billUnits > 0 &&
      plural(billUnits, { one: '# bill unit to bill', other: '# bill units to bill' }),
  ]
  return labels.filter(Boolean).join(', ') || t`no bills`
}

export function BillDayOfDate({ day }: BillDayProps) {
  return (
    <Paper p="md" mb="sm" component="section" aria-label={t`Bill day`}>
      <Group gap="sm">
        <Text size="sm" fw={600}>
          {t`Bill day`}
        </Text>
        {day.jobRun && <JobStatusBadge status={day.jobRun.status} />}
        <Text size="sm">{billDayLabel(day)}</Text>
        {day.bills > 0 && (
          <TextLink
            {...allBillsLink({ from: day.date, to: day.date })}
          >{t`Show the bills`}</TextLink>
        )}
        {day.jobRun && <TextLink {...jobRunLink(day.jobRun.id)}>{t`Show the run`}</TextLink>}
      </Group>
    </Paper>
  )
}
