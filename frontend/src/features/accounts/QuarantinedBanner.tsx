/** That the bill day failed for an account, and why; shown above every tab until it is retried. */
import { t } from '@lingui/core/macro'
import { Trans } from '@lingui/react/macro'
import { Group, Text } from '@mantine/core'
import type { AccountSummaryFragment } from '@/gql/graphql'
import { serverMessage } from '@/lib/serverMessage'
import { TextLink } from '@/ui/links'
import { Warning } from '@/ui/Warning'
import { OnDate } from '@/ui/When'
import { jobRunLink } from '../jobs/links'

export function QuarantinedBanner({ account }: { account: AccountSummaryFragment }) {
  const { quarantined } = account
  if (!quarantined) return null
  const { jobRun, reason } = quarantined
  return (
    <Warning
      mt="sm"
      role="region"
      title={
        <Trans>
          The bill day of <OnDate date={jobRun.businessDate} /> failed for this account
        </Trans>
      }
    >
      <Group justify="space-between" gap="xs">
        <Text size="sm" flex="1 1 260px">
          {serverMessage(reason)} {t`Bills and payments may be missing. The next run retries it.`}
        </Text>
        <TextLink {...jobRunLink(jobRun.id)}>{t`Show the run`}</TextLink>
      </Group>
    </Warning>
  )
}
