/** Since when an account is overdue, and its effect on the status; shown above every tab. */
import { t } from '@lingui/core/macro'
import { Trans } from '@lingui/react/macro'
import { Button, Group, Text } from '@mantine/core'
import { IconAlertTriangle } from '@tabler/icons-react'
import type { AccountPageQuery, AccountSummaryFragment } from '@/gql/graphql'
import { useBusiness, useMay } from '@/lib/business'
import { useOpenDialog } from '@/lib/dialog'
import { isNothing } from '@/lib/money'
import { Warning } from '@/ui/Warning'
import { OnDate } from '@/ui/When'
import { recordPayment } from '../payments/links'
import { debtSentence } from './debt'

interface OverdueBannerProps {
  account: AccountSummaryFragment
  settings: AccountPageQuery['settings']
}

export function OverdueBanner({ account, settings }: OverdueBannerProps) {
  const { clock } = useBusiness()
  const { id, status, holds, overdue, overdueSince } = account
  if (isNothing(overdue.amount) || !overdueSince) return null
  return (
    <Warning
      icon={<IconAlertTriangle />}
      mt="sm"
      role="region"
      title={
        <Trans>
          Overdue since <OnDate date={overdueSince} />
        </Trans>
      }
    >
      <Group justify="space-between" gap="xs">
        <Text size="sm" flex="1 1 260px">
          {debtSentence(
            { status, holds, overdueSince },
            settings.inactivateAfterDaysPastDue,
            clock.today,
          )}
        </Text>
        <Record accountId={id} />
      </Group>
    </Warning>
  )
}

function Record({ accountId }: { accountId: string }) {
  const open = useOpenDialog()
  if (!useMay('MANAGER')) return null
  return (
    <Button size="xs" onClick={() => open(recordPayment(accountId))}>
      {t`Record a payment`}
    </Button>
  )
}
