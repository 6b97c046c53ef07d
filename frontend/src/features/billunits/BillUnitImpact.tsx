/** What a new bill unit affects: its first bill, who pays it, and the status of its account. */
import { t } from '@lingui/core/macro'
import { Stack, Text } from '@mantine/core'
import type { PreviewedBillUnitFragment, Status } from '@/gql/graphql'
import { statusLabels } from '@/lib/labels'
import { formatDate } from '@/lib/time'

interface BillUnitImpactProps {
  /** The bill unit as the change would make it. */
  unit: PreviewedBillUnitFragment
  /** The present status of its account. */
  present: Status
}

export function BillUnitImpact({ unit, present }: BillUnitImpactProps) {
  const status = statusLabels[unit.account.status]
  return (
    <Stack gap="sm">
      <Text size="sm">{billSentence(unit)}</Text>
      <Text size="sm" data-impact>
        {unit.account.status === present ? t`Status: ${status}, as now` : t`Status: ${status}`}
      </Text>
    </Stack>
  )
}

function billSentence({ nextBillOn, billingDayOfMonth, payingParent }: PreviewedBillUnitFragment) {
  const day = billingDayOfMonth
  const date = formatDate(nextBillOn)
  const payer = payingParent?.account.name
  return payer
    ? t`${payer} pays for it. Its charges are on the bills of ${payer}, the next one on ${date}.`
    : t`The first bill is made on ${date}, the next ones monthly on day ${day}.`
}
