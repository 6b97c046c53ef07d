/** The services of an account with their offers, and the offers of the account itself. */
import { plural, t } from '@lingui/core/macro'
import { Button, Group, Stack, Switch, Text } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { useNavigate } from '@tanstack/react-router'
import { useQuery } from 'urql'
import type { AssetsQuery, Status } from '@/gql/graphql'
import { useMay } from '@/lib/business'
import { useOpenDialog } from '@/lib/dialog'
import { type PageSearch, pageArguments } from '@/lib/paging'
import { Pager } from '@/ui/Pager'
import { Panel } from '@/ui/Panel'
import { EmptyMessage, PageRows, QueryResult } from '@/ui/States'
import { AssetTree } from './AssetTree'
import { addService, purchaseOffer } from './links'
import { AssetsDocument } from './operations.generated'

export interface AssetsSearch extends PageSearch {
  /** Includes closed services and offers. */
  closed?: boolean
}

type AccountAssets = NonNullable<AssetsQuery['account']>

const open: Status[] = ['ACTIVE', 'INACTIVE']

export function AssetsTab({ number, search }: { number: string; search: AssetsSearch }) {
  const [result, refetch] = useQuery({
    query: AssetsDocument,
    variables: { number, status: search.closed ? undefined : open, ...pageArguments(search) },
  })
  return (
    <QueryResult result={result} retry={() => refetch({ requestPolicy: 'network-only' })}>
      {({ account }) => account && <Assets number={number} account={account} search={search} />}
    </QueryResult>
  )
}

function Assets({
  number,
  account,
  search,
}: {
  number: string
  account: AccountAssets
  search: AssetsSearch
}) {
  const navigate = useNavigate()
  const { services, offers } = account
  const closed = account.closedServices.totalCount
  const show = (all: boolean) =>
    void navigate({
      to: '/accounts/$number/assets',
      params: { number },
      search: all ? { closed: true } : {},
      resetScroll: false,
    })
  return (
    <Stack>
      <Group justify="space-between" gap="xs">
        <Switch
          label={
            closed > 0
              ? plural(closed, {
                  one: 'Show closed (# service)',
                  other: 'Show closed (# services)',
                })
              : t`Show closed`
          }
          checked={search.closed ?? false}
          onChange={(event) => show(event.currentTarget.checked)}
        />
        <Purchases account={account} />
      </Group>
      <Panel title={t`Services`}>
        <PageRows page={services} empty={<NoServices closed={closed} onShow={() => show(true)} />}>
          <AssetTree account={account} number={number} services={services.nodes} />
          <Pager
            page={services.pageInfo}
            count={plural(services.totalCount, { one: '# service', other: '# services' })}
          />
        </PageRows>
      </Panel>
      <Panel title={t`Account offers`}>
        {offers.length > 0 ? (
          <AssetTree account={account} number={number} offers={offers} />
        ) : (
          <Text size="sm" c="dimmed" px="md" py="sm">
            {t`No account offers`}
          </Text>
        )}
      </Panel>
    </Stack>
  )
}

function Purchases({ account }: { account: AccountAssets }) {
  const openDialog = useOpenDialog()
  const may = useMay('AGENT')
  if (!may || account.status !== 'ACTIVE') return null
  return (
    <Group gap="xs">
      <Button size="xs" variant="default" onClick={() => openDialog(purchaseOffer(account.id))}>
        {t`Purchase offer`}
      </Button>
      <Button
        size="xs"
        leftSection={<IconPlus size={14} />}
        onClick={() => openDialog(addService(account.id))}
      >
        {t`Add service`}
      </Button>
    </Group>
  )
}

function NoServices({ closed, onShow }: { closed: number; onShow: () => void }) {
  if (closed === 0)
    return (
      <EmptyMessage
        title={t`No services yet`}
        hint={t`Add a service, with the offers that the customer wants.`}
      />
    )
  return (
    <EmptyMessage
      title={t`All services are closed`}
      hint={t`Services can be reopened. Their offers can't be restored.`}
      action={
        <Button variant="default" size="xs" onClick={onShow}>
          {t`Show closed`}
        </Button>
      }
    />
  )
}
