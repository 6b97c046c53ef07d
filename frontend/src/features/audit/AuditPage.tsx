/** The audit log: who changed users, tokens, settings and more, and how. For admins. */
import { plural, t } from '@lingui/core/macro'
import { Trans } from '@lingui/react/macro'
import { Text } from '@mantine/core'
import { IconHistory } from '@tabler/icons-react'
import type { AuditNodeFragment } from '@/gql/graphql'
import { actorName } from '@/lib/actorName'
import { auditTitle } from '@/lib/auditTitle'
import { useBusiness, useMay } from '@/lib/business'
import { withLineBreaks } from '@/lib/lineBreaks'
import { pageArguments } from '@/lib/paging'
import { AdminsOnly } from '@/ui/AdminsOnly'
import type { Column } from '@/ui/DataTable'
import { date } from '@/ui/dateFilter'
import { FieldChanges } from '@/ui/FieldChanges'
import { ListScreen } from '@/ui/ListScreen'
import { TextLink } from '@/ui/links'
import { choices, words } from '@/ui/listFilters'
import { When } from '@/ui/When'
import { actorLink } from './links'
import { AuditLogDocument } from './operations.generated'
import { type AuditSearch, auditActionLabels, auditFilter } from './search'

type Entry = AuditNodeFragment

const filters = [
  words('q', t`Search the audit log`, t`Words of the entry`),
  words('actor', t`Actor`, t`Actor`),
  choices('action', t`Kind`, auditActionLabels),
  date('from', t`From date`, 'past'),
  date('to', t`To date`, 'past'),
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
  const filter = auditFilter(search, timeZone)
  const hint = t`Every word must appear in the entry; the actor is the whole name.`
  return (
    <ListScreen
      title={t`Audit log`}
      hint={
        <Trans>
          Who changed users, tokens, webhooks, reasons, settings, the catalog and jobs. Changes of
          customers are events of their accounts.
        </Trans>
      }
      list="audit-log"
      toolsLabel={t`Filter the audit log`}
      search={search}
      filters={filters}
      exported={{ list: 'audit-log', filter }}
      query={AuditLogDocument}
      variables={{ filter, ...pageArguments(search) }}
      pause={!useMay('ADMIN')}
      pageOf={({ auditLog }) => auditLog}
      columns={columns}
      minWidth={620}
      count={(total) => plural(total, { one: '# entry', other: '# entries' })}
      empty={{ icon: <IconHistory />, title: t`Nothing was recorded yet`, hint }}
      noMatch={{ title: t`No entry matches`, hint }}
    />
  )
}

const columns: Column<Entry>[] = [
  { id: 'at', header: t`Time and actor`, cell: ({ row }) => <TimeAndActor entry={row.original} /> },
  {
    id: 'summary',
    header: t`What was done`,
    isText: true,
    cell: ({ row }) => <Summary entry={row.original} />,
  },
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
        {actorName(entry.actor)}
      </TextLink>
    </>
  )
}

function Summary({ entry }: { entry: Entry }) {
  const { timeZone } = useBusiness()
  return (
    <>
      <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
        {withLineBreaks(auditTitle(entry, timeZone))}
      </Text>
      <FieldChanges details={entry.details} />
    </>
  )
}
