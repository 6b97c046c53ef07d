/** The bill units of an account: their payers, and the bill units that they pay for. */
import { plural, t } from '@lingui/core/macro'
import { Trans } from '@lingui/react/macro'
import { Box, Button, DataList, Group, Stack, Text } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { useQuery } from 'urql'
import type { BillUnitsQuery } from '@/gql/graphql'
import { useMay } from '@/lib/business'
import { useOpenDialog } from '@/lib/dialog'
import { paymentMethodLabel } from '@/lib/labels'
import { AccountLink } from '@/ui/AccountLink'
import { Dotted } from '@/ui/Dotted'
import { Panel } from '@/ui/Panel'
import { QueryResult } from '@/ui/States'
import { OnDate } from '@/ui/When'
import { addBillUnit, changePayer } from './links'
import { BillUnitsDocument } from './operations.generated'

type Billed = NonNullable<BillUnitsQuery['account']>
type Unit = Billed['billUnits'][number]

export function BillUnitsTab({ number }: { number: string }) {
  const [result, refetch] = useQuery({ query: BillUnitsDocument, variables: { number } })
  return (
    <QueryResult result={result} retry={() => refetch({ requestPolicy: 'network-only' })}>
      {({ account }) =>
        account && (
          <Stack>
            <AddUnit account={account} />
            {account.billUnits.map((unit, index, { length }) => (
              <BillUnit key={unit.id} unit={unit} isDefault={length > 1 && index === 0} />
            ))}
          </Stack>
        )
      }
    </QueryResult>
  )
}

function AddUnit({ account }: { account: Billed }) {
  const open = useOpenDialog()
  const may = useMay('AGENT')
  if (!may || account.status !== 'ACTIVE') return null
  return (
    <Group justify="flex-end">
      <Button
        size="xs"
        leftSection={<IconPlus size={14} />}
        onClick={() => open(addBillUnit(account.id))}
      >
        {t`Add bill unit`}
      </Button>
    </Group>
  )
}

function BillUnit({ unit, isDefault }: { unit: Unit; isDefault: boolean }) {
  const open = useOpenDialog()
  const may = useMay('AGENT')
  const { billingDayOfMonth: billingDay, currency } = unit
  return (
    <Panel
      title={unit.name}
      hint={isDefault && t`Default bill unit`}
      actions={
        may && (
          <Button size="xs" variant="default" onClick={() => open(changePayer(unit.id))}>
            {t`Change payer`}
          </Button>
        )
      }
    >
      <Box px="md" py="sm">
        <DataList size="sm" gap={6} labelWidth={130}>
          <DataList.Item>
            <DataList.ItemLabel>{t`Payer`}</DataList.ItemLabel>
            <DataList.ItemValue>
              <Payer unit={unit} />
            </DataList.ItemValue>
          </DataList.Item>
          <DataList.Item>
            <DataList.ItemLabel>{t`Next bill`}</DataList.ItemLabel>
            <DataList.ItemValue>
              <span>
                <Trans>
                  <OnDate date={unit.nextBillOn} />, monthly on day {billingDay}, in {currency}
                </Trans>
              </span>
            </DataList.ItemValue>
          </DataList.Item>
          {unit.pays.totalCount > 0 && (
            <DataList.Item>
              <DataList.ItemLabel>{t`Pays for`}</DataList.ItemLabel>
              <DataList.ItemValue>
                <PaysFor unit={unit} />
              </DataList.ItemValue>
            </DataList.Item>
          )}
        </DataList>
      </Box>
    </Panel>
  )
}

function Payer({ unit }: { unit: Unit }) {
  if (!unit.payingParent) {
    const method = unit.paymentMethod ? paymentMethodLabel(unit.paymentMethod) : t`Invoice`
    return (
      <Dotted>
        {t`This account`}
        {method}
      </Dotted>
    )
  }
  return (
    <Text size="sm" component="div">
      <Trans>
        Billed to <AccountLink account={unit.payingParent.account} />
      </Trans>
    </Text>
  )
}

function PaysFor({ unit }: { unit: Unit }) {
  const { totalCount, nodes } = unit.pays

  return (
    <Stack gap={4}>
      {nodes.map((paid) => (
        <Text key={paid.id} size="sm" component="div">
          <AccountLink account={paid.account} /> ({paid.name})
        </Text>
      ))}
      {totalCount > nodes.length && (
        <Text size="sm">
          {plural(totalCount - nodes.length, {
            one: 'and # more bill unit',
            other: 'and # more bill units',
          })}
        </Text>
      )}
    </Stack>
  )
}
