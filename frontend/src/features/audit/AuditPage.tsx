/** The audit log: who changed users, tokens, settings and more, and how. For admins. */
import { plural, t } from '@lingui/core/macro'
import { Trans } from '@lingui/react/macro'
import { Text } from '@mantine/core'
import { IconHistory } from '@tabler/icons-react'
import { useQuery } from 'urql'
import type { AuditNodeFragment } from '@/gql/graphql'
import { useBusiness, useMay } from '@/lib/business'
import { pageArguments } from '@/lib/paging'
import { AdminsOnly } from '@/ui/AdminsOnly'
import type { Column } from '@/ui/DataTable'
import { date } from '@/ui/dateFilter'
import { FieldChanges } from '@/ui/FieldChanges'
import { ListTable } from '@/ui/ListTable'
import { ClearFilters, isNarrowed, ListTools } from '@/ui/ListTools'
import { TextLink } from '@/ui/links'
import { choices, words } from '@/ui/listFilters'
import { PageHeader } from '@/ui/PageHeader'
import { EmptyMessage } from '@/ui/States'
import { When } from '@/ui/When'
import { actorLink } from './links'
import { AuditLogDocument } from './operations.generated'
import { type AuditSearch, auditActionLabels, auditFilter } from './search'

type Entry = AuditNodeFragment

const filters = [
  words('q', t`Search the audit log`, t`User, token, address or other words`),
  words('actor', t`Actor`, t`Actor, the whole name`),
  choices('action', t`Kind`, auditActionLabels),
  date('from', t`From date`),
  date('to', t`To date`),
]

export function AuditPage({ search }: { search: AuditSearch }) {
  return (
    <AdminsOnly title={t`Audit log`}>
      <AuditLog search={search} />
    </AdminsOnly>
  )
}

function AuditLog({ search }: { search: AuditSearch }) {
  const { timeZone } = useBusiness()
  const [result, refetch] = useQuery({
    query: AuditLogDocument,
    variables: { filter: auditFilter(search, timeZone), ...pageArguments(search) },
    pause: !useMay('ADMIN'),
  })
  const some = isNarrowed(filters, search)
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
      <ListTools
        label={t`Filter the audit log`}
        list="audit-log"
        search={search}
        filters={filters}
      />
      <ListTable
        label={t`Audit log`}
        result={result}
        refetch={refetch}
        pageOf={({ auditLog }) => auditLog}
        columns={columns}
        minWidth={620}
        count={(total) => plural(total, { one: '# entry', other: '# entries' })}
        empty={
          <EmptyMessage
            icon={<IconHistory />}
            title={some ? t`No entry matches` : t`Nothing was recorded yet`}
            hint={t`Every word must appear in the entry; the actor is the whole name.`}
            action={some && <ClearFilters filters={filters} />}
          />
        }
      />
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
