/** One account: its header stays visible; its parts are tabs, each with its own URL. */
import { Tabs, Text } from '@mantine/core'
import { IconUserQuestion } from '@tabler/icons-react'
import { useNavigate, useRouterState } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useQuery } from 'urql'
import type { AccountPageQuery, AccountSummaryFragment } from '@/gql/graphql'
import { countLabel } from '@/lib/labels'
import { ButtonLink } from '@/ui/links'
import { EmptyMessage, QueryResult } from '@/ui/States'
import { AccountHeader } from './AccountHeader'
import { accountsLink } from './links'
import { OverdueBanner } from './OverdueBanner'
import { AccountPageDocument } from './operations.generated'
import { useLiveAccount } from './useLiveAccount'

const tabs = [
  ['overview', 'Overview'],
  ['assets', 'Assets'],
  ['hierarchy', 'Hierarchy'],
  ['bill-units', 'Bill units'],
  ['bills', 'Bills'],
  ['payments', 'Payments'],
  ['events', 'Timeline'],
  ['deferred-actions', 'Deferred actions'],
] as const

export function AccountPage({ number, children }: { number: string; children: ReactNode }) {
  const [result, refetch] = useQuery({ query: AccountPageDocument, variables: { number } })
  return (
    <QueryResult result={result} retry={() => refetch({ requestPolicy: 'network-only' })} lines={8}>
      {({ account, settings }) =>
        account ? (
          <Found account={account} settings={settings}>
            {children}
          </Found>
        ) : (
          <NoSuchAccount number={number} />
        )
      }
    </QueryResult>
  )
}

interface FoundProps {
  account: AccountSummaryFragment
  settings: AccountPageQuery['settings']
  children: ReactNode
}

function Found({ account, settings, children }: FoundProps) {
  useLiveAccount(account.id)
  return (
    <>
      <title>{`${account.name} (${account.number}) · Tenure`}</title>
      <AccountHeader account={account} />
      <OverdueBanner account={account} settings={settings} />
      <AccountTabs account={account}>{children}</AccountTabs>
    </>
  )
}

function AccountTabs({
  account,
  children,
}: {
  account: AccountSummaryFragment
  children: ReactNode
}) {
  const navigate = useNavigate()
  const base = `/accounts/${encodeURIComponent(account.number)}`
  const path = useRouterState({ select: (state) => state.location.pathname })
  const current = path.split('/')[3] || 'overview'
  const counts: Record<string, string | undefined> = {
    'deferred-actions':
      account.deferredActions.totalCount > 0
        ? countLabel(account.deferredActions.totalCount, 'pending', 'pending')
        : undefined,
  }
  return (
    <Tabs
      value={current}
      onChange={(tab) => void navigate({ to: tab === 'overview' ? base : `${base}/${tab}` })}
      mt="md"
      activateTabWithKeyboard={false}
    >
      <Tabs.List
        style={{ flexWrap: 'nowrap', overflowX: 'auto', overflowY: 'hidden' }}
        aria-label="Parts of the account"
      >
        {tabs.map(([value, word]) => (
          <Tabs.Tab key={value} value={value} style={{ flexShrink: 0 }}>
            {word}
            {counts[value] && (
              <Text span size="xs" c="dimmed" ml={6}>
                {counts[value]}
              </Text>
            )}
          </Tabs.Tab>
        ))}
      </Tabs.List>
      <Tabs.Panel value={current} pt="md">
        {children}
      </Tabs.Panel>
    </Tabs>
  )
}

function NoSuchAccount({ number }: { number: string }) {
  return (
    <>
      <title>Account not found · Tenure</title>
      <EmptyMessage
        icon={<IconUserQuestion />}
        title={`No account ${number}`}
        hint="Check the number or search."
        action={<ButtonLink {...accountsLink}>Search all accounts</ButtonLink>}
      />
    </>
  )
}
