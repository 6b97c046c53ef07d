/** What closing cannot take back; it is confirmed once. */
import { t } from '@lingui/core/macro'
import { Alert, Checkbox, Text } from '@mantine/core'
import { IconAlertTriangle } from '@tabler/icons-react'
import type { Subject } from '@/lib/holds'

const warnings: Record<Subject, string> = {
  account: [
    t`All services and offers end.`,
    t`Reopening the account later restores its services, not their offers.`,
    t`Accounts that it pays for are closed too.`,
  ].join(' '),
  service: [
    t`The service and its offers end.`,
    t`Reopening the service later does not restore its offers.`,
  ].join(' '),
  offer: t`The offer ends and can't be restored. The customer has to purchase it again.`,
}

interface ClosingWarningProps {
  kind: Subject
  sure: boolean
  onSure: (sure: boolean) => void
}

export function ClosingWarning({ kind, sure, onSure }: ClosingWarningProps) {
  return (
    <Alert
      color="red"
      variant="outline"
      icon={<IconAlertTriangle />}
      title={t`Offers can't be restored`}
    >
      <Text size="sm" mb="sm">
        {warnings[kind]}
      </Text>
      <Checkbox
        color="red.9"
        label={t`I understand`}
        checked={sure}
        onChange={(event) => onSure(event.currentTarget.checked)}
      />
    </Alert>
  )
}
