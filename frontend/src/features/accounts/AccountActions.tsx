/** The changes of an account that its status and the role of the user allow. */
import { t } from '@lingui/core/macro'
import { Button, Group } from '@mantine/core'
import type { AccountSummaryFragment, Status } from '@/gql/graphql'
import { useMay } from '@/lib/business'
import { useOpenDialog } from '@/lib/dialog'
import { changeHierarchy } from '../hierarchy/links'
import { changeStatus } from '../status/links'
import { editAccount } from './links'

/** The first part names the button, which keeps the focus after a change. */
const changes: Record<Status, ['status' | 'close', Status, string][]> = {
  ACTIVE: [
    ['status', 'INACTIVE', t`Inactivate`],
    ['close', 'CLOSED', t`Close`],
  ],
  INACTIVE: [
    ['status', 'ACTIVE', t`Reactivate`],
    ['close', 'CLOSED', t`Close`],
  ],
  CLOSED: [['status', 'ACTIVE', t`Reopen`]],
}

export function AccountActions({ account }: { account: AccountSummaryFragment }) {
  const open = useOpenDialog()
  if (!useMay('AGENT')) return null
  return (
    <Group gap={6} role="group" aria-label={t`Change the account`}>
      {changes[account.status].map(([key, to, label]) => (
        <Button
          key={key}
          size="xs"
          variant="default"
          c={to === 'CLOSED' ? 'var(--mantine-color-error)' : undefined}
          onClick={() => open(changeStatus(account.id, to))}
        >
          {label}
        </Button>
      ))}
      <Button size="xs" variant="default" onClick={() => open(changeHierarchy(account.id))}>
        {t`Move`}
      </Button>
      <Button size="xs" variant="default" onClick={() => open(editAccount(account.id))}>
        {t`Edit`}
      </Button>
    </Group>
  )
}
