/** Whether a service may be used now, with what the answer depends on. */
import { t } from '@lingui/core/macro'
import { DataList, Stack, Text } from '@mantine/core'
import { useQuery } from 'urql'
import type { ServiceToUseQuery } from '@/gql/graphql'
import { useSubjectId } from '@/lib/dialog'
import { statusLabels } from '@/lib/labels'
import { withLineBreaks } from '@/lib/lineBreaks'
import { formatBalance, formatMoney } from '@/lib/money'
import { AccountLink } from '@/ui/AccountLink'
import { Dotted } from '@/ui/Dotted'
import { DialogFrame } from '@/ui/FormDialog'
import { EmptyMessage, QueryResult } from '@/ui/States'
import { Authorization } from './Authorization'
import { ServiceToUseDocument } from './operations.generated'

type Service = Extract<NonNullable<ServiceToUseQuery['node']>, { __typename: 'Service' }>

export default function AuthorizationDialog() {
  const [result, refetch] = useQuery({
    query: ServiceToUseDocument,
    variables: { id: useSubjectId() },
    requestPolicy: 'cache-and-network',
  })
  return (
    <DialogFrame title={t`May it be used?`} size={460}>
      <QueryResult result={result} retry={() => refetch({ requestPolicy: 'network-only' })}>
        {({ node }) =>
          node?.__typename === 'Service' && node.login ? (
            <Answer service={node} login={node.login} />
          ) : (
            <EmptyMessage title={t`Not found`} hint={t`There is no service with this id.`} />
          )
        }
      </QueryResult>
    </DialogFrame>
  )
}

function Answer({ service, login }: { service: Service; login: string }) {
  const { name, kind, status, account } = service
  const facts = [
    [
      t`Service`,
      <Dotted key="service">
        {name}
        {kind}
        {login}
      </Dotted>,
    ],
    [t`Status`, statusLabels[status]],
    [t`Account`, <AccountLink key="account" account={account} />],
    [t`Balance`, formatBalance(account.balance.amount, account.balance.currency)],
    [
      t`Credit limit`,
      account.creditLimit
        ? formatMoney(account.creditLimit.amount, account.creditLimit.currency)
        : t({ message: 'None', context: 'credit limit' }),
    ],
  ] as const
  return (
    <Stack gap="md">
      <Authorization kind={kind} login={login} />
      <Text size="sm">
        {t`Needs an active service and account, and a balance below the credit limit.`}
      </Text>
      <DataList size="sm" gap={6} labelWidth={120}>
        {facts.map(([label, value]) => (
          <DataList.Item key={label}>
            <DataList.ItemLabel>{label}</DataList.ItemLabel>
            <DataList.ItemValue>{withLineBreaks(value)}</DataList.ItemValue>
          </DataList.Item>
        ))}
      </DataList>
    </Stack>
  )
}
