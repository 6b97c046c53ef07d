/** One account: its header stays visible; its parts are tabs, each with its own URL. */
import { plural, t } from '@lingui/core/macro'
import { Tabs, Text } from '@mantine/core'
import { IconUserQuestion } from '@tabler/icons-react'
import { useNavigate, useRouterState } from '@tanstack/react-router'
import { type ReactNode, useEffect, useRef } from 'react'
import { useQuery } from 'urql'
import type { AccountPageQuery, AccountSummaryFragment } from '@/gql/graphql'
import { ButtonLink } from '@/ui/links'
import { NoSuchScreen, QueryResult } from '@/ui/States'
import { AccountHeader } from './AccountHeader'
import { accountsLink } from './links'
import { OverdueBanner } from './OverdueBanner'
import { AccountPageDocument } from './operations.generated'
import { QuarantinedBanner } from './QuarantinedBanner'
import { useLiveAccount } from './useLiveAccount'

const tabs = [
  ['overview', t`Overview`],
  ['assets', t`Assets`],
  ['hierarchy', t`Hierarchy`],
  ['bill-units', t`Bill units`],
  ['bills', t`Bills`],
  ['payments', t`Payments`],
  ['events', t`Timeline`],
  ['deferred-actions', t`Deferred actions`],
] as const

/** The tab is drawn while the account is loading, so that both send their queries at once. */
export function AccountPage({ number, children }: { number: string; children: ReactNode }) {
  const [result, refetch] = useQuery({ query: AccountPageDocument, variables: { number } })
  const { data } = result
  if (data && !data.account) return <NoSuchAccount number={number} />
  return (
    <>
      <QueryResult
        result={result}
        retry={() => refetch({ requestPolicy: 'network-only' })}
        lines={2}
      >
        {({ account, settings }) => account && <Found account={account} settings={settings} />}
      </QueryResult>
      {(data || !result.error) && (
        <AccountTabs number={number} pending={data?.account?.deferredActions.totalCount ?? 0}>
          {children}
        </AccountTabs>
      )}
    </>
  )
}

interface FoundProps {
  account: AccountSummaryFragment
  settings: AccountPageQuery['settings']
}

function Found({ account, settings }: FoundProps) {
  useLiveAccount(account.id)
  return (
    <>
      <title>{`${account.name} (${account.number}) · Tenure`}</title>
      <AccountHeader account={account} />
      <OverdueBanner account={account} settings={settings} />
      <QuarantinedBanner account={account} />
    </>
  )
}

interface TabsProps {
  number: string
  /** The number of pending deferred actions. */
  pending: number
  children: ReactNode
}

function AccountTabs({ number, pending, children }: TabsProps) {
  const navigate = useNavigate()
  const base = `/accounts/${encodeURIComponent(number)}`
  const path = useRouterState({ select: (state) => state.location.pathname })
  const current = path.split('/')[3] || 'overview'
  const counts: Record<string, string | undefined> = {
    'deferred-actions':
      pending > 0 ? plural(pending, { one: '# pending', other: '# pending' }) : undefined,
  }
  const list = useRef<HTMLDivElement>(null)
  // biome-ignore lint/correctness/useExhaustiveDependencies: the current tab is in the document.
  useEffect(() => showActiveTab(list.current), [current])
  return (
    <Tabs
      value={current}
      onChange={(tab) => void navigate({ to: tab === 'overview' ? base : `${base}/${tab}` })}
      mt="md"
      activateTabWithKeyboard={false}
    >
      <Tabs.List
        ref={list}
        style={{ flexWrap: 'nowrap', overflowX: 'auto', overflowY: 'hidden' }}
        aria-label={t`Parts of the account`}
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

/** Scrolls the row of tabs on a narrow screen, but not the page. */
function showActiveTab(list: HTMLElement | null): void {
  const tab = list?.querySelector<HTMLElement>('[data-active]')
  if (list && tab) list.scrollLeft = tab.offsetLeft - (list.clientWidth - tab.offsetWidth) / 2
}

function NoSuchAccount({ number }: { number: string }) {
  return (
    <NoSuchScreen
      tab={t`Account not found · Tenure`}
      icon={<IconUserQuestion />}
      title={t`No account ${number}`}
      hint={t`Check the number or search.`}
      action={<ButtonLink {...accountsLink}>{t`Search all accounts`}</ButtonLink>}
    />
  )
}
