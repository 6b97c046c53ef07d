import { t } from '@lingui/core/macro'
import { Trans } from '@lingui/react/macro'
import { Text, VisuallyHidden } from '@mantine/core'
import type { DeferredNodeFragment } from '@/gql/graphql'
import { actionTitle } from '@/lib/actionTitle'
import { actorName } from '@/lib/actorName'
import { useBusiness } from '@/lib/business'
import { useOpenDialog } from '@/lib/dialog'
import { deferredKindLabels } from '@/lib/labels'
import { formatCount } from '@/lib/language'
import { withLineBreaks } from '@/lib/lineBreaks'
import { waitsForInactivation } from '@/lib/scheduled'
import { serverMessage } from '@/lib/serverMessage'
import { AccountLink } from '@/ui/AccountLink'
import { DeferredStatusBadge } from '@/ui/Badges'
import type { Column } from '@/ui/DataTable'
import { TextLink } from '@/ui/links'
import { RowMenu } from '@/ui/RowMenu'
import { When } from '@/ui/When'
import { jobRunLink } from '../jobs/links'
import { cancelDeferred, rescheduleDeferred, runDeferred } from './links'
import { pairSentence } from './reactivation'

type Row = DeferredNodeFragment

export function columnsFor({
  ofOneAccount,
  may,
}: {
  ofOneAccount: boolean
  may: boolean
}): Column<Row>[] {
  const columns: Column<Row>[] = [
    {
      id: 'scheduledFor',
      header: t`Scheduled for`,
      cell: ({ row }) => <When at={row.original.scheduledFor} />,
    },
    {
      id: 'summary',
      header: t`Change`,
      isText: true,
      cell: ({ row }) => <What action={row.original} />,
    },
    {
      id: 'account',
      header: t`Account`,
      cell: ({ row }) => <AccountLink account={row.original.account} />,
    },
    {
      id: 'status',
      header: t`Status`,
      stacked: 'aside',
      cell: ({ row }) => <DeferredStatusBadge status={row.original.status} />,
    },
    { id: 'by', header: t`Requested by`, cell: ({ row }) => <AskedFor action={row.original} /> },
    {
      id: 'kind',
      header: t`Kind`,
      isExtra: true,
      cell: ({ row }) => deferredKindLabels[row.original.kind],
    },
    {
      id: 'attempts',
      header: t`Attempts`,
      isExtra: true,
      cell: ({ row }) => formatCount(row.original.attempts),
    },
    {
      id: 'run',
      header: t`Run`,
      isExtra: true,
      cell: ({ row: { original } }) =>
        original.jobRun && (
          <TextLink {...jobRunLink(original.jobRun.id)}>{t`Show the run`}</TextLink>
        ),
    },
    {
      id: 'menu',
      isPinned: true,
      header: () => <VisuallyHidden>{t`Actions`}</VisuallyHidden>,
      cell: ({ row }) => may && <ActionMenu action={row.original} />,
    },
  ]
  return ofOneAccount ? columns.filter((column) => column.id !== 'account') : columns
}

function What({ action }: { action: Row }) {
  const { timeZone } = useBusiness()
  const pair = pairSentence(action, timeZone)
  return (
    <>
      <Text size="sm">{withLineBreaks(actionTitle(action))}</Text>
      {pair && (
        <Text size="xs" c="dimmed">
          {pair}
        </Text>
      )}
      {action.failure && (
        <Text size="xs" c={action.status === 'FAILED' ? 'var(--mantine-color-error)' : 'dimmed'}>
          {serverMessage(action.failure)}
        </Text>
      )}
      {action.reason && (
        <Text size="xs" c="dimmed">
          <Trans>Reason: {action.reason}</Trans>
        </Text>
      )}
      {action.note && (
        <Text size="xs" c="dimmed">
          <Trans>Note: {action.note}</Trans>
        </Text>
      )}
    </>
  )
}

function AskedFor({ action }: { action: Row }) {
  return (
    <>
      <Text size="sm">{withLineBreaks(action.createdBy)}</Text>
      <Text size="xs" c="dimmed">
        <When at={action.createdAt} />
      </Text>
      {action.executedAt && (
        <Text size="xs" c="dimmed">
          <Trans>
            Completed <When at={action.executedAt} />
          </Trans>
        </Text>
      )}
      {action.cancelledAt && (
        <Text size="xs" c="dimmed">
          <Trans>
            Cancelled by {actorName(action.cancelledBy ?? '')}, <When at={action.cancelledAt} />
          </Trans>
        </Text>
      )}
    </>
  )
}

function ActionMenu({ action }: { action: Row }) {
  const open = useOpenDialog()
  const ids = [action.id]
  const title = actionTitle(action)
  if (action.status !== 'PENDING' && action.status !== 'FAILED') return null
  return (
    <RowMenu label={t`Actions for: ${title}`}>
      {({ Item, Label }) => (
        <>
          {waitsForInactivation(action) ? (
            <Label>{t`Its inactivation runs first`}</Label>
          ) : (
            <Item onClick={() => open(runDeferred(ids))}>{t`Run now…`}</Item>
          )}
          <Item onClick={() => open(rescheduleDeferred(ids))}>{t`Reschedule…`}</Item>
          {action.status === 'PENDING' && (
            <Item c="var(--mantine-color-error)" onClick={() => open(cancelDeferred(ids))}>
              {t`Cancel…`}
            </Item>
          )}
        </>
      )}
    </RowMenu>
  )
}
