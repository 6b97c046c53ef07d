/** The failed actions of a run with their reasons, which can be retried. */
import { plural, t } from '@lingui/core/macro'
import { Box, Button, Group, Text, VisuallyHidden } from '@mantine/core'
import { IconCircleCheck, IconRefresh } from '@tabler/icons-react'
import { useMemo } from 'react'
import type { FailedActionFragment } from '@/gql/graphql'
import { actionTitle } from '@/lib/actionTitle'
import { useMay } from '@/lib/business'
import { useOpenDialog } from '@/lib/dialog'
import { deferredKindLabels } from '@/lib/labels'
import { formatCount } from '@/lib/language'
import { withLineBreaks } from '@/lib/lineBreaks'
import type { Selection } from '@/lib/selection'
import { serverMessage } from '@/lib/serverMessage'
import { useEntrySelection } from '@/lib/useEntrySelection'
import { AccountLink } from '@/ui/AccountLink'
import type { Column } from '@/ui/DataTable'
import { type ListPage, ListRows } from '@/ui/ListTable'
import { ClearFilters, isNarrowed, ListTools } from '@/ui/ListTools'
import { ButtonLink } from '@/ui/links'
import { choices, words } from '@/ui/listFilters'
import { Panel } from '@/ui/Panel'
import { EmptyMessage } from '@/ui/States'
import { When } from '@/ui/When'
import { deferredLink, runDeferred } from '../deferred/links'
import { retryFailures } from './links'
import type { JobRunSearch } from './search'

interface FailuresProps {
  run: {
    id: string
    failures: ListPage<FailedActionFragment>
  }
  search: JobRunSearch
}

export const failureFilters = [
  words('q', t`Search the failures`, t`Words of the change or of the error`),
  choices('kind', t`Kind`, deferredKindLabels),
]

export function Failures({ run, search }: FailuresProps) {
  const { nodes, totalCount } = run.failures
  const open = useOpenDialog()
  const may = useMay('AGENT')
  const [selected, setSelected] = useEntrySelection<Selection>({})
  const columns = useMemo(() => columnsFor(may), [may])
  const some = isNarrowed(failureFilters, search)
  const picked = nodes.filter((action) => selected[action.id]).map((action) => action.id)
  const pickedCount = formatCount(picked.length)
  return (
    <Panel
      title={t`Failures`}
      actions={
        may && (
          <>
            {picked.length > 0 && (
              <Button variant="default" onClick={() => open(runDeferred(picked))}>
                {t`Retry ${pickedCount} selected`}
              </Button>
            )}
            {totalCount > 0 && !some && (
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
      {(totalCount > 0 || some) && (
        <Box px="md" pt="sm">
          <ListTools
            label={t`Filter the failures`}
            list="failures"
            search={search}
            filters={failureFilters}
            columns={columns}
            hasViews={false}
            exported={some ? undefined : { list: 'failed-actions', jobRun: run.id }}
          />
        </Box>
      )}
      <ListRows
        label={t`Failures`}
        list="failures"
        page={run.failures}
        columns={columns}
        minWidth={760}
        selected={selected}
        onSelect={may ? setSelected : undefined}
        nameOf={actionTitle}
        count={(total) => plural(total, { one: '# failure', other: '# failures' })}
        empty={some ? <NoMatch /> : <NoFailures />}
      />
    </Panel>
  )
}

function NoMatch() {
  return (
    <EmptyMessage
      title={t`No failure matches`}
      hint={t`Every word must appear in the change or in the error.`}
      action={<ClearFilters filters={failureFilters} size="xs" />}
    />
  )
}

function NoFailures() {
  return (
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
      isText: true,
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
      <Text size="sm">{withLineBreaks(actionTitle(action))}</Text>
      <Text size="xs" c="var(--mantine-color-error)">
        {serverMessage(action.failure)}
      </Text>
    </>
  )
}

function Retry({ action }: { action: FailedActionFragment }) {
  const open = useOpenDialog()
  const title = actionTitle(action)
  return (
    <Group justify="flex-end">
      <Button
        size="compact-xs"
        mih={26}
        variant="default"
        aria-label={t`Retry: ${title}`}
        onClick={() => open(runDeferred([action.id]))}
      >
        {t`Retry`}
      </Button>
    </Group>
  )
}
