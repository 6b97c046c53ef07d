/** The failed actions of a run with their reasons, which can be retried. */
import { plural, t } from '@lingui/core/macro'
import { Button, Group, Text, VisuallyHidden } from '@mantine/core'
import { IconCircleCheck, IconRefresh } from '@tabler/icons-react'
import { useMemo, useState } from 'react'
import type { FailedActionFragment } from '@/gql/graphql'
import { useMay } from '@/lib/business'
import { useOpenDialog } from '@/lib/dialog'
import { formatCount } from '@/lib/language'
import type { Selection } from '@/lib/selection'
import { AccountLink } from '@/ui/AccountLink'
import { ColumnsMenu } from '@/ui/ColumnsMenu'
import type { Column } from '@/ui/DataTable'
import { ExportLink } from '@/ui/ExportLink'
import { type ListPage, ListRows } from '@/ui/ListTable'
import { ButtonLink } from '@/ui/links'
import { Panel } from '@/ui/Panel'
import { EmptyMessage } from '@/ui/States'
import { When } from '@/ui/When'
import { deferredLink, runDeferred } from '../deferred/links'
import { retryFailures } from './links'

interface FailuresProps {
  run: {
    id: string
    failures: ListPage<FailedActionFragment>
  }
}

export function Failures({ run }: FailuresProps) {
  const { nodes, totalCount } = run.failures
  const open = useOpenDialog()
  const may = useMay('AGENT')
  const [selected, setSelected] = useState<Selection>({})
  const columns = useMemo(() => columnsFor(may), [may])
  const picked = nodes.filter((action) => selected[action.id]).map((action) => action.id)
  const pickedCount = formatCount(picked.length)
  return (
    <Panel
      title={t`Failures`}
      actions={
        totalCount > 0 && (
          <>
            <ColumnsMenu list="failures" columns={columns} />
            <ExportLink list="failed-actions" jobRun={run.id} />
            {may && picked.length > 0 && (
              <Button variant="default" onClick={() => open(runDeferred(picked))}>
                {t`Retry ${pickedCount} selected`}
              </Button>
            )}
            {may && (
              <Button
                variant="default"
                leftSection={<IconRefresh size={16} aria-hidden />}
                onClick={() => open(retryFailures(run.id))}
              >
                {t`Retry all`}
              </Button>
            )}
          </>
        )
      }
    >
      <ListRows
        label={t`Failures`}
        list="failures"
        page={run.failures}
        columns={columns}
        minWidth={760}
        selected={selected}
        onSelect={may ? setSelected : undefined}
        nameOf={(action) => action.summary}
        count={(total) => plural(total, { one: '# failure', other: '# failures' })}
        empty={
          <EmptyMessage
            icon={<IconCircleCheck />}
            title={t`No failures`}
            hint={t`Nothing failed in this run, or all failures have been retried.`}
            action={
              <ButtonLink {...deferredLink({ status: ['FAILED'] })} size="xs" variant="default">
                {t`All failed actions`}
              </ButtonLink>
            }
          />
        }
      />
    </Panel>
  )
}

function columnsFor(may: boolean): Column<FailedActionFragment>[] {
  const columns: Column<FailedActionFragment>[] = [
    {
      id: 'scheduledFor',
      header: t`Scheduled for`,
      cell: ({ row }) => <When at={row.original.scheduledFor} />,
    },
    {
      id: 'what',
      header: t`Change and error`,
      cell: ({ row }) => <What action={row.original} />,
    },
    {
      id: 'account',
      header: t`Account`,
      cell: ({ row }) => <AccountLink account={row.original.account} />,
    },
    {
      id: 'attempts',
      header: t`Attempts`,
      cell: ({ row }) => formatCount(row.original.attempts),
    },
  ]
  if (!may) return columns
  const header = () => <VisuallyHidden>{t`Actions`}</VisuallyHidden>
  const cell: Column<FailedActionFragment>['cell'] = ({ row }) => <Retry action={row.original} />
  return [...columns, { id: 'retry', header, isPinned: true, cell }]
}

function What({ action }: { action: FailedActionFragment }) {
  return (
    <>
      <Text size="sm">{action.summary}</Text>
      <Text size="xs" c="var(--mantine-color-error)">
        {action.failure}
      </Text>
    </>
  )
}

function Retry({ action: { id, summary } }: { action: FailedActionFragment }) {
  const open = useOpenDialog()
  return (
    <Group justify="flex-end">
      <Button
        size="compact-xs"
        mih={26}
        variant="default"
        aria-label={t`Retry: ${summary}`}
        onClick={() => open(runDeferred([id]))}
      >
        {t`Retry`}
      </Button>
    </Group>
  )
}
