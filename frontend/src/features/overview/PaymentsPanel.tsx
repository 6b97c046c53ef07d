/** The last payments, and the payment methods with the expiration of a card. */
import { t } from '@lingui/core/macro'
import { Button } from '@mantine/core'
import { useMay } from '@/lib/business'
import { useOpenDialog } from '@/lib/dialog'
import { paymentMethodLabel } from '@/lib/labels'
import { Amount } from '@/ui/Amount'
import { PaymentStatusBadge } from '@/ui/Badges'
import { TextLink } from '@/ui/links'
import { paidBy } from '@/ui/Outcome'
import { Panel } from '@/ui/Panel'
import { OnDate } from '@/ui/When'
import { addPaymentMethod, editExpiration, paymentsLink, recordPayment } from '../payments/links'
import { OverviewRow, OverviewRows } from './OverviewRow'
import type { OverviewAccount } from './OverviewTab'

type Method = OverviewAccount['paymentMethods'][number]

const shownMethods = 3

export function PaymentsPanel({ account }: { account: OverviewAccount }) {
  const { payments, paymentMethods } = account
  return (
    <Panel
      title={t`Payments`}
      actions={
        <>
          <RecordPayment accountId={account.id} />
          <TextLink {...paymentsLink(account.number)}>{t`View all`}</TextLink>
        </>
      }
    >
      <OverviewRows label={t`Payments`}>
        {paymentMethods.slice(0, shownMethods).map((method) => (
          <OverviewRow
            key={method.id}
            hint={method.isDefault ? t`Default` : undefined}
            side={<Expiration method={method} />}
          >
            {paymentMethodLabel(method)}
          </OverviewRow>
        ))}
        {paymentMethods.length === 0 && (
          <OverviewRow side={<AddMethod accountId={account.id} />}>
            {t`No payment methods: bills are paid by invoice`}
          </OverviewRow>
        )}
        {payments.nodes.map((payment) => (
          <OverviewRow
            key={payment.id}
            hint={paidBy(payment)}
            side={
              <>
                <PaymentStatusBadge status={payment.status} />
                <Amount of={payment.amount} />
              </>
            }
          >
            <OnDate date={payment.businessDate} />
          </OverviewRow>
        ))}
        {payments.totalCount === 0 && <OverviewRow>{t`No payments yet`}</OverviewRow>}
      </OverviewRows>
    </Panel>
  )
}

function RecordPayment({ accountId }: { accountId: string }) {
  const open = useOpenDialog()
  if (!useMay('MANAGER')) return null
  return (
    <Button
      size="compact-xs"
      mih={26}
      variant="default"
      onClick={() => open(recordPayment(accountId))}
    >
      {t`Record a payment`}
    </Button>
  )
}

function Expiration({ method }: { method: Method }) {
  const open = useOpenDialog()
  const may = useMay('AGENT')
  const { label, expirationMonth: month, expirationYear: year } = method
  if (!month || !year) return null
  const shown = `${String(month).padStart(2, '0')}/${year}`
  if (!may) return shown
  return (
    <Button
      size="compact-xs"
      mih={26}
      variant="default"
      aria-label={t`Edit expiration of ${label}: ${shown}`}
      onClick={() => open(editExpiration(method.id))}
    >
      {shown}
    </Button>
  )
}

function AddMethod({ accountId }: { accountId: string }) {
  const open = useOpenDialog()
  if (!useMay('AGENT')) return null
  return (
    <Button
      size="compact-xs"
      mih={26}
      variant="default"
      onClick={() => open(addPaymentMethod(accountId))}
    >
      {t`Add payment method`}
    </Button>
  )
}
