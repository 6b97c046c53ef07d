/** The business settings and the business clock: for admins. */
import { SimpleGrid } from '@mantine/core'
import { IconLock } from '@tabler/icons-react'
import { useQuery } from 'urql'
import { useMay } from '@/lib/business'
import { PageHeader } from '@/ui/PageHeader'
import { Panel } from '@/ui/Panel'
import { EmptyMessage, QueryResult } from '@/ui/States'
import { ClockForm } from './ClockForm'
import { SettingsDocument } from './operations.generated'
import { SettingsForm } from './SettingsForm'

export function SettingsPage() {
  const mayChange = useMay('ADMIN')
  const [result, refetch] = useQuery({ query: SettingsDocument, pause: !mayChange })
  if (!mayChange) {
    return (
      <EmptyMessage
        icon={<IconLock />}
        title="Settings are for admins"
        hint="Ask an admin of your company to change them."
      />
    )
  }
  return (
    <>
      <PageHeader title="Settings" hint="Business rules and the business clock" />
      <SimpleGrid cols={{ base: 1, lg: 2 }} style={{ alignItems: 'start' }}>
        <Panel title="Business rules">
          <QueryResult
            result={result}
            retry={() => refetch({ requestPolicy: 'network-only' })}
            lines={8}
          >
            {({ settings }) => <SettingsForm key={JSON.stringify(settings)} settings={settings} />}
          </QueryResult>
        </Panel>
        <Panel title="Business clock">
          <ClockForm />
        </Panel>
      </SimpleGrid>
    </>
  )
}
