/** The business settings with their history, and the business clock: for admins. */
import { t } from '@lingui/core/macro'
import { SimpleGrid, Stack, Text } from '@mantine/core'
import { useQuery } from 'urql'
import type { SettingsChangeFragment } from '@/gql/graphql'
import { actorName } from '@/lib/actorName'
import { auditTitle } from '@/lib/auditTitle'
import { useBusiness, useMay } from '@/lib/business'
import { withLineBreaks } from '@/lib/lineBreaks'
import { AdminsOnly } from '@/ui/AdminsOnly'
import { FieldChanges } from '@/ui/FieldChanges'
import { TextLink } from '@/ui/links'
import { PageHeader } from '@/ui/PageHeader'
import { Panel } from '@/ui/Panel'
import { QueryResult } from '@/ui/States'
import { When } from '@/ui/When'
import { actionsLink } from '../audit/links'
import { ClockForm } from './ClockForm'
import { SettingsDocument } from './operations.generated'
import { SettingsForm } from './SettingsForm'

export function SettingsPage() {
  return (
    <AdminsOnly title={t`Settings`}>
      <Settings />
    </AdminsOnly>
  )
}

function Settings() {
  const [result, refetch] = useQuery({ query: SettingsDocument, pause: !useMay('ADMIN') })
  return (
    <>
      <PageHeader title={t`Settings`} hint={t`Business rules and the business clock`} />
      <QueryResult
        result={result}
        retry={() => refetch({ requestPolicy: 'network-only' })}
        lines={8}
      >
        {({ settings, clock, auditLog, changes }) => (
          <SimpleGrid cols={{ base: 1, lg: 2 }} style={{ alignItems: 'start' }}>
            <Panel title={t`Business rules`}>
              <SettingsForm settings={settings} history={changes.nodes} />
            </Panel>
            <Stack>
              <Panel title={t`Business clock`}>
                <ClockForm isSettable={clock.isSettable} />
              </Panel>
              <Panel
                title={t`Last changes`}
                actions={
                  <TextLink {...actionsLink('SETTINGS_CHANGED', 'CLOCK_SET')}>
                    {t`All changes`}
                  </TextLink>
                }
              >
                <Changes of={auditLog.nodes} />
              </Panel>
            </Stack>
          </SimpleGrid>
        )}
      </QueryResult>
    </>
  )
}

function Changes({ of }: { of: SettingsChangeFragment[] }) {
  const { timeZone } = useBusiness()
  if (of.length === 0) {
    return (
      <Text size="sm" c="dimmed" p="md">
        {t`Nothing was changed yet. Every change appears here with the values before and after.`}
      </Text>
    )
  }
  return (
    <Stack gap="sm" p="md">
      {of.map((entry) => (
        <div key={entry.id}>
          <Text size="sm">{withLineBreaks(auditTitle(entry, timeZone))}</Text>
          <Text size="xs" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
            {withLineBreaks(actorName(entry.actor))}, <When at={entry.at} />
          </Text>
          <FieldChanges details={entry.details} />
        </div>
      ))}
    </Stack>
  )
}
