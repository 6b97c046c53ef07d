/** The audit log: who changed users, tokens, settings and more, and how. For admins. */
import { plural, t } from '@lingui/core/macro'
import { Trans } from '@lingui/react/macro'
import { Button, Paper, Text } from '@mantine/core'
import { IconHistory } from '@tabler/icons-react'
import { useQuery } from 'urql'
import type { AuditNodeFragment } from '@/gql/graphql'
import { useBusiness, useMay } from '@/lib/business'
import { pageArguments } from '@/lib/paging'
import { AdminsOnly } from '@/ui/AdminsOnly'
import { type Column, DataTable } from '@/ui/DataTable'
import { FieldChanges } from '@/ui/FieldChanges'
import { TextLink } from '@/ui/links'
import { PageHeader } from '@/ui/PageHeader'
import { Pager } from '@/ui/Pager'
import { EmptyMessage, QueryResult } from '@/ui/States'
import { When } from '@/ui/When'
import { AuditFilters, isNarrowed, noFilters, useChangeAudit } from './AuditFilters'
import { actorLink } from './links'
import { AuditLogDocument } from './operations.generated'
import { type AuditSearch, auditActionLabels, auditFilter } from './search'

type Entry = AuditNodeFragment

export function AuditPage({ search }: { search: AuditSearch }) {
  return (
    <AdminsOnly title={t`Audit log`}>
      <AuditLog search={search} />
    </AdminsOnly>
  )
}

function AuditLog({ search }: { search: AuditSearch }) {
  const { timeZone } = useBusiness()
  const change = useChangeAudit()
  const [result, refetch] = useQuery({
    query: AuditLogDocument,
    variables: { filter: auditFilter(search, timeZone), ...pageArguments(search) },
    pause: !useMay('ADMIN'),
  })
  return (
    <>
      <PageHeader
        title={t`Audit log`}
        hint={
          <Trans>
            Who changed users, tokens, webhooks, reasons, settings, the catalog and jobs. Changes of
            customers are events of their accounts.
          </Trans>
        }
      />
      <AuditFilters search={search} />
      <Paper>
        <QueryResult
          result={result}
          retry={() => refetch({ requestPolicy: 'network-only' })}
          lines={12}
        >
          {({ auditLog }) =>
            auditLog.nodes.length > 0 ? (
              <>
                <DataTable
                  label={t`Audit log`}
                  columns={columns}
                  rows={auditLog.nodes}
                  minWidth={620}
                />
                <Pager
                  page={auditLog.pageInfo}
                  count={plural(auditLog.totalCount, { one: '# entry', other: '# entries' })}
                />
              </>
            ) : (
              <EmptyMessage
                icon={<IconHistory />}
                title={isNarrowed(search) ? t`No entry matches` : t`Nothing was recorded yet`}
                hint={t`Every word must appear in the entry; the actor is the whole name.`}
                action={
                  isNarrowed(search) && (
                    <Button variant="default" onClick={() => change(noFilters)}>
                      {t`Clear filters`}
                    </Button>
                  )
                }
              />
            )
          }
        </QueryResult>
      </Paper>
    </>
  )
}

const columns: Column<Entry>[] = [
  { id: 'at', header: t`Time and actor`, cell: ({ row }) => <TimeAndActor entry={row.original} /> },
  { id: 'summary', header: t`What was done`, cell: ({ row }) => <Summary entry={row.original} /> },
  {
    id: 'action',
    header: t`Kind`,
    cell: ({ row }) => (
      <span style={{ whiteSpace: 'nowrap' }}>{auditActionLabels[row.original.action]}</span>
    ),
  },
]

function TimeAndActor({ entry }: { entry: Entry }) {
  return (
    <>
      <Text size="sm">
        <When at={entry.at} />
      </Text>
      <TextLink {...actorLink(entry.actor)} size="xs" style={{ overflowWrap: 'anywhere' }}>
        {entry.actor}
      </TextLink>
    </>
  )
}

function Summary({ entry }: { entry: Entry }) {
  return (
    <>
      <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
        {entry.summary}
      </Text>
      <FieldChanges details={entry.details} />
    </>
  )
}
