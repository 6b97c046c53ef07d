/** The payment methods of an account with their actions. */
import { t } from '@lingui/core/macro'
import { Badge, Box, Button, Group, Stack, Text } from '@mantine/core'
import { IconAlertTriangle, IconCreditCard, IconPlus } from '@tabler/icons-react'
import { useEffect } from 'react'
import type { MethodFragment, PaymentMethodKind, Status } from '@/gql/graphql'
import { useBusiness, useMay } from '@/lib/business'
import { useOpenDialog } from '@/lib/dialog'
import { paymentMethodLabel, paymentMethodLabels } from '@/lib/labels'
import { notify, notifyOfProblem } from '@/lib/notify'
import { useAction } from '@/lib/useAction'
import { Dotted } from '@/ui/Dotted'
import { Panel } from '@/ui/Panel'
import { EmptyMessage } from '@/ui/States'
import { chargeRefusal } from './chargeable'
import { type Expiration, expirationOf, formatExpiration, validityOf } from './expiration'
import { addPaymentMethod, chargeNow, editExpiration } from './links'
import { SetDefaultPaymentMethodDocument } from './operations.generated'

interface PaymentMethodsProps {
  account: { id: string; status: Status }
  methods: MethodFragment[]
}

export function PaymentMethods({ account, methods }: PaymentMethodsProps) {
  const open = useOpenDialog()
  const may = useMay('AGENT')
  const add = may && (
    <Button
      size="xs"
      variant="default"
      leftSection={<IconPlus size={14} aria-hidden />}
      onClick={() => open(addPaymentMethod(account.id))}
    >
      {t`Add payment method`}
    </Button>
  )
  return (
    <Panel
      title={t`Payment methods`}
      hint={account.status === 'CLOSED' && t`A closed account can't be charged.`}
      actions={add}
    >
      {methods.length === 0 ? (
        <EmptyMessage
          icon={<IconCreditCard />}
          title={t`No payment methods`}
          hint={t`Without one, bills are paid by invoice.`}
        />
      ) : (
        <Stack component="ul" gap="sm" m={0} px="md" py="sm" style={{ listStyle: 'none' }}>
          {methods.map((method) => (
            <Method key={method.id} method={method} account={account} may={may} />
          ))}
        </Stack>
      )}
    </Panel>
  )
}

const described: Record<PaymentMethodKind, string> = {
  CREDIT_CARD: paymentMethodLabels.CREDIT_CARD,
  DIRECT_DEBIT: t`Collected from the bank account`,
  INVOICE: t`Customer pays by the due date`,
}

interface MethodProps {
  method: MethodFragment
  account: PaymentMethodsProps['account']
  may: boolean
}

function Method({ method, account, may }: MethodProps) {
  const expiration = expirationOf(method)
  return (
    <Group component="li" justify="space-between" gap="xs">
      <Box>
        <Group gap="xs">
          <Text size="sm" fw={600}>
            {paymentMethodLabel(method)}
          </Text>
          {method.isDefault && (
            <Badge tt="none" fw={500} variant="outline" color="gray" c="var(--mantine-color-text)">
              {t`Default`}
            </Badge>
          )}
        </Group>
        <Text size="sm" component="div">
          <Dotted>
            {described[method.kind]}
            {expiration && <Expires expiration={expiration} />}
          </Dotted>
        </Text>
      </Box>
      {may && <Actions method={method} account={account} />}
    </Group>
  )
}

function Expires({ expiration }: { expiration: Expiration }) {
  const validity = validityOf(expiration, useBusiness().clock.today)
  const shown = formatExpiration(expiration)
  if (validity === 'valid') return t`expires ${shown}`
  const color = validity === 'expired' ? 'var(--mantine-color-error)' : 'var(--tenure-waiting)'
  return (
    <Text span inherit c={color} fw={600} data-validity={validity}>
      <IconAlertTriangle size={14} style={{ verticalAlign: '-2px' }} aria-hidden />{' '}
      {validity === 'expired'
        ? t`expired at the end of ${shown} and can't be charged`
        : t`expires at the end of this month (${shown})`}
    </Text>
  )
}

function Actions({ method, account }: Omit<MethodProps, 'may'>) {
  const label = paymentMethodLabel(method)
  const open = useOpenDialog()
  const { today } = useBusiness().clock
  return (
    <Group gap="xs">
      {chargeRefusal(method, account.status, today) === null && (
        <Button
          size="xs"
          variant="default"
          aria-label={t`Charge now: ${label}`}
          onClick={() => open(chargeNow(account.id, method.id))}
        >
          {t`Charge now`}
        </Button>
      )}
      {method.kind === 'CREDIT_CARD' && (
        <Button
          size="xs"
          variant="default"
          aria-label={t`Edit expiration of ${label}`}
          onClick={() => open(editExpiration(method.id))}
        >
          {t`Edit expiration`}
        </Button>
      )}
      {!method.isDefault && <MakeDefault method={method} />}
    </Group>
  )
}

function MakeDefault({ method }: { method: MethodFragment }) {
  const label = paymentMethodLabel(method)
  const change = useAction(SetDefaultPaymentMethodDocument, (data) => data.setDefaultPaymentMethod)
  useEffect(() => {
    for (const problem of change.problems) notifyOfProblem(problem)
  }, [change.problems])

  async function choose() {
    if (await change.run({ id: method.id })) notify(t`${label} is now the default.`)
  }

  return (
    <Button
      size="xs"
      variant="default"
      aria-label={t`Make default: ${label}`}
      loading={change.busy}
      onClick={() => void choose()}
    >
      {t`Make default`}
    </Button>
  )
}
